"""A title's trailer, and what speaks for sharing it: never what speaks for the film. Pure."""

from matinee.catalogue.pictures import item_of
from matinee.models.rights import Licensed
from matinee.models.title import ArchiveItem, Release, Title, Trailer

ITEM_PAGE = "https://archive.org/details/"


def trailer_of(title: Title, path: str | None) -> Trailer | None:
    """Give a title's trailer: the shelf's, else its item's; None where there is none, or nothing speaks for it.

    A film may be free because of its age, and its trailer not. Only a licence that whoever uploaded the item gives to
    all of it holds for a trailer in it.

    Args:
        title: whose it is.
        path: of the trailer in the title's item; None where that has none.
    """
    if title.trailer is not None:
        return title.trailer
    item = item_of(title)
    if item is None or path is None:
        return None
    page = ITEM_PAGE + item[0]
    given = tuple(one for one in title.evidence if isinstance(one, Licensed) and one.source == page)
    return Trailer(Release(ArchiveItem(item[0]), path), given) if given else None
