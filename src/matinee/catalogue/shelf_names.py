"""What the rows of the home page are called. Pure."""

from collections.abc import Mapping

SHELF_NAMES: Mapping[str, Mapping[str, str]] = {
    name: {"en": english, "fr": french}
    for name, english, french in (
        ("essentials", "Essentials", "Les incontournables"),
        ("silent-classics", "Silent classics", "Grands films muets"),
        ("silent-comedy", "Silent comedy", "Burlesque muet"),
        ("noir", "Film noir", "Film noir"),
        ("crime", "Crime", "Policier"),
        ("horror", "Horror", "Épouvante"),
        ("science-fiction", "Science fiction", "Science-fiction"),
        ("comedy", "Comedy", "Comédie"),
        ("drama", "Drama", "Drame"),
        ("romance", "Romance", "Romance"),
        ("western", "Westerns", "Westerns"),
        ("adventure", "Adventure", "Aventure"),
        ("war", "War", "Guerre"),
        ("animation", "Animation", "Animation"),
        ("cartoons", "Cartoons", "Dessins animés"),
        ("children", "For children", "Pour les enfants"),
        ("documentary", "Documentaries", "Documentaires"),
        ("history", "History", "Histoire"),
        ("open-films", "Open films", "Films libres"),
        ("french", "French films", "Films français"),
        ("world", "From all over the world", "D'ici et d'ailleurs"),
        ("serials", "Serials", "Films à épisodes"),
        ("television", "Classic television", "Télévision d'autrefois"),
        ("talks", "Talks", "Conférences"),
        ("shorts", "Shorts", "Courts métrages"),
    )
}
"""By the shelf's id, by language."""
