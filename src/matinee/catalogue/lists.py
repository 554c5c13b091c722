"""Lists that call films free: who makes each, and whether it proves anything. Pure.

The names are those of https://github.com/petterreinholdtsen/public-domain-free-imdb, which collected them until 2020;
its scripts say what each list is. All of them speak of the US, where their makers are.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilmList:
    """One list."""

    name: str
    by: str
    """Who makes it. Two lists of one maker are one opinion."""
    counts: bool = True
    """Whether it is a judgement of its own. What merely follows the Internet Archive, is computed from a year, or
    was put together by some member of a film site is not."""


_LISTS = (
    FilmList("cinemovies", "CineMovies"),
    FilmList("desertislandfilms", "Desert Island Films"),
    FilmList("desertislandfilms-xls", "Desert Island Films"),
    FilmList("fesfilm", "Festival Films"),
    FilmList("fesfilm-xls", "Festival Films"),
    FilmList("filmchest-com", "Film Chest"),
    FilmList("infodigi-pd", "InfoDigi"),
    FilmList("loveingtheclassics-pd", "Loving the Classics"),
    FilmList("openflix", "OpenFlix"),
    FilmList("profilms-pd", "ProFilms"),
    FilmList("publicdomainmovies-info", "publicdomainmovies.info"),
    FilmList("publicdomainmovies-net", "publicdomainmovies.net"),
    FilmList("publicdomainreview", "The Public Domain Review"),
    FilmList("publicdomaintorrents", "Public Domain Torrents"),
    FilmList("retrofilmvault", "Retro Film Vault"),
    FilmList("two-movies-net", "Two Movies"),
    # Matched by an archive item, or listing what the Archive has: presence there is never evidence.
    FilmList("archive-org-wikidata", "Wikidata", counts=False),
    FilmList("icheckmovies-archive-mochard", "a member of iCheckMovies", counts=False),
    # Lists of members of film sites: anybody's, and some of them are lists of what the Archive has.
    FilmList("imdb-pd", "members of IMDb", counts=False),
    FilmList("letterboxd-looney-tunes", "a member of Letterboxd", counts=False),
    FilmList("letterboxd-pd", "a member of Letterboxd", counts=False),
    FilmList("letterboxd-silent", "a member of Letterboxd", counts=False),
    FilmList("mubi", "a member of MUBI", counts=False),
    # Computed from IMDb's year: the rule of age does that itself, with today's date.
    FilmList("imdb-c-expired-gb", "IMDb", counts=False),
    FilmList("imdb-c-expired-no", "IMDb", counts=False),
    FilmList("imdb-c-expired-us", "IMDb", counts=False),
    # One person's notes, each with an address of its own: that address is the evidence.
    FilmList("manual", "the collection itself", counts=False),
    # A lead to a licence; the licence is the evidence.
    FilmList("creative-commons", "the collection itself", counts=False),
)

LISTS = {one.name: one for one in _LISTS}
"""By name."""
