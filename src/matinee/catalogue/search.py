"""Finds titles: by words as they are typed, by filters, in an order.

Hits come in tiers, the best first: a name that begins with what was typed (the very name before longer ones), all
words in names, in names and facts (people, year, genres, episodes), anywhere; and, where those are few, words that
are nearly the same. Within a tier they come in the order in which titles were kept, the shelf's own first. A tier
leaves out what an earlier one gave, so that a list can go on from any place without looking back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from matinee.catalogue import cursor
from matinee.catalogue.cursor import Place
from matinee.catalogue.entries import OFFERED, SUBTITLED
from matinee.catalogue.filters import filters
from matinee.catalogue.folding import words
from matinee.catalogue.kept import read_title, read_vocabulary
from matinee.catalogue.law import Law
from matinee.catalogue.store import TitleStore
from matinee.catalogue.vocabulary import Vocabulary
from matinee.catalogue.words_index import Groups, Scope, Term, matching
from matinee.models.catalogue import Filters, Sort, TitlePage, TitleQuery
from matinee.models.rights import Standing
from matinee.models.title import Title
from matinee.storage.database import Database
from matinee.types import TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

FEW = 3
"""With fewer hits, those that are nearly right are shown too."""
MOST_WORDS = 12
"""More are not looked at: nobody types so many, and each costs."""

_NAMED, _CLOSE = 0, 4
_SORTED_CLOSE = 1
"""In a sorted list, which has no tiers: that its hits are nearly right."""
_TIERS = (_NAMED, 1, 2, 3, _CLOSE)
_SCOPES = {1: Scope.NAMES, 2: Scope.FACTS, 3: Scope.ALL, _CLOSE: Scope.FACTS}
_LAST = "\U0010ffff"
"""After every other character: no name has it."""

_ORDERS: dict[Sort, tuple[str, str, type[str] | type[float]]] = {
    Sort.TITLE: ("sort_name", ">", str),
    Sort.OLDEST: ("year", ">", float),
    Sort.NEWEST: ("year", "<", float),
    Sort.RATING: ("rating", "<", float),
    Sort.ADDED: ("added_at", "<", str),
}


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed."""

    whole: str
    groups: tuple[tuple[Term, ...], ...]


class Search:
    """Looks for titles that may be shared here, on the database's reading thread."""

    def __init__(self, database: Database, store: TitleStore, law: Law) -> None:
        self._database = database
        self._store = store
        self._law = law
        self._vocabulary: tuple[int, Vocabulary] | None = None

    async def find(self, query: TitleQuery) -> TitlePage:
        """Find a part of the titles that are asked for.

        Raises:
            BadRequest: the cursor is not of such a list.
        """
        typed = _typed(query.words)
        by_words = typed is not None and query.sort in (None, Sort.RELEVANCE)
        place = None
        if query.cursor is not None:
            order = _ORDERS[_order(query)]
            tiers = len(_TIERS) if by_words else 1 + _SORTED_CLOSE
            place = cursor.read(query.cursor, tiers, str if by_words else order[2])
        if typed is not None and by_words:
            return await self._database.read(partial(self._by_words, query=query, typed=typed, place=place))
        return await self._database.read(partial(self._sorted, query=query, typed=typed, place=place))

    async def among(self, ids: Sequence[TitleId], query: TitleQuery) -> tuple[Title, ...]:
        """Give those of some titles that are shown and pass the filters, each once, in their order; whatever the words
        are. What is part of another title gives that.
        """

        def work(connection: "Connection") -> tuple[Title, ...]:
            rows = _Question(connection, query, self._law.key, None, None, len(ids)).among(ids)
            return _titles(connection, rows)

        return await self._database.read(work) if ids else ()

    async def filters(self, *, children: bool) -> Filters:
        """Say what may be narrowed by.

        Args:
            children: of what a child may see alone.
        """
        return await self._database.read(partial(filters, judged=self._law.key, children=children))

    def _by_words(
        self, connection: "Connection", query: TitleQuery, typed: _Typed, place: Place | None
    ) -> TitlePage:
        hits: list[Place] = []
        wanted = query.limit + 1
        for tier in _TIERS if place is None else _TIERS[place.tier :]:
            if len(hits) >= wanted or (tier == _CLOSE and not _few(hits, place)):
                break
            after = place if place is not None and place.tier == tier else None
            question = _Question(connection, query, self._law.key, typed, after, wanted - len(hits))
            if tier == _NAMED:
                hits.extend(question.named())
            elif tier == _CLOSE:
                near = self._near(connection, typed)
                hits.extend(question.worded(tier, near, (typed.groups, Scope.ALL)))
            else:
                earlier = (typed.groups, _SCOPES[tier - 1]) if tier > 1 else None
                hits.extend(question.worded(tier, typed.groups, earlier))
        shown = hits[: query.limit]
        return TitlePage(
            _titles(connection, [hit.row for hit in shown]),
            cursor.write(shown[-1]) if len(hits) > len(shown) else None,
            close=bool(shown) and all(hit.tier == _CLOSE for hit in shown),
        )

    def _sorted(
        self, connection: "Connection", query: TitleQuery, typed: _Typed | None, place: Place | None
    ) -> TitlePage:
        if typed is None and query.words.strip():
            return TitlePage((), None)  # marks alone were typed
        column, way, kind = _ORDERS[_order(query)]
        question = _Question(connection, query, self._law.key, typed, place, query.limit + 1)
        close = place is not None and place.tier == _SORTED_CLOSE
        hits = [] if close else question.sorted(column, way, None if typed is None else typed.groups)
        if not hits and typed is not None and (close or place is None):
            close = True
            hits = question.sorted(column, way, self._near(connection, typed))
        shown = hits[: query.limit]
        last = shown[-1] if len(hits) > len(shown) else None
        return TitlePage(
            _titles(connection, [hit.row for hit in shown]),
            None
            if last is None
            else cursor.write(Place(int(close) * _SORTED_CLOSE, kind(last.key), last.row)),
            close=close and bool(shown),
        )

    def _near(self, connection: "Connection", typed: _Typed) -> Groups:
        """Give each word that was typed, and beside it those that are nearly it."""
        if self._vocabulary is None or self._vocabulary[0] != self._store.changes:
            changes = self._store.changes
            self._vocabulary = (changes, Vocabulary(read_vocabulary(connection)))
        vocabulary = self._vocabulary[1]
        groups: list[list[Term]] = []
        for ((word, may_go_on),) in typed.groups:
            near: list[Term] = [(one, False) for one in vocabulary.near(word)]
            if may_go_on:
                near += [(one, True) for one in vocabulary.near_beginnings(word)]
            groups.append([(word, may_go_on), *near])
        return groups


class _Question:
    """One question to the database: filters, where it goes on, how many."""

    def __init__(
        self, connection: "Connection", query: TitleQuery, judged: str, typed: _Typed | None,
        after: Place | None, limit: int,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._typed = typed
        self._after = after
        self._conditions = ["t.shown", "t.judged = :judged"]
        self._parameters: dict[str, Any] = {"judged": judged, "limit": limit}
        if query.kind is not None:
            self._conditions.append("t.kind = :kind")
            self._parameters["kind"] = query.kind.value
        if query.children:
            self._conditions.append("t.children")
        if query.playable or query.standing is Standing.ALLOWED:
            self._conditions.append("t.allowed")
        if query.standing not in (None, Standing.ALLOWED):
            self._conditions.append("NOT t.allowed")
        for column, (first, last) in (("year", query.years), ("minutes", query.minutes)):
            for way, bound in ((">=", first), ("<=", last)):
                if bound is not None:
                    name = f"{column}_{'from' if way == '>=' else 'to'}"
                    self._conditions.append(f"t.{column} {way} :{name}")
                    self._parameters[name] = bound
        for number, tag in enumerate(_tags(query)):
            self._conditions.append(
                f"EXISTS (SELECT 1 FROM title_tags g WHERE g.tag = :tag{number} AND g.row = t.row)"  # noqa: S608 - a number
            )
            self._parameters[f"tag{number}"] = tag

    def named(self) -> list[Place]:
        """Find names that begin with what was typed; each title by its first such name."""
        again = "SELECT 1 FROM title_names m WHERE m.row = n.row AND m.name >= :low AND m.name < n.name"
        conditions = ["n.name >= :low", "n.name < :high", f"NOT EXISTS ({again})"]
        if self._after is not None:
            conditions.append("(n.name, n.row) > (:key, :row)")
        rows = self._ask(
            "SELECT n.row, n.name FROM title_names n JOIN titles t ON t.row = n.row",
            conditions,
            "n.name, n.row",
        )
        return [Place(_NAMED, str(name), row) for row, name in rows]

    def worded(self, tier: int, groups: Groups, earlier: tuple[Groups, Scope] | None) -> list[Place]:
        """Find titles that have the words, but were not found by name or by ``earlier``."""
        found = matching(self._connection.dialect.name, groups, _SCOPES[tier], earlier)
        self._parameters.update(found.parameters)
        conditions = [found.condition, self._not_named()]
        if self._after is not None:
            conditions.append(f"{found.row} > :row")
        rows = self._ask(
            f"SELECT t.row FROM {found.table} JOIN titles t ON t.row = {found.row}",  # noqa: S608 - ours
            conditions,
            found.row,
        )
        return [Place(tier, "", row) for (row,) in rows]

    def sorted(self, column: str, way: str, groups: Groups | None) -> list[Place]:
        """List titles by a column."""
        conditions = []
        if groups is not None:
            found = matching(self._connection.dialect.name, groups, Scope.ALL, None)
            self._parameters.update(found.parameters)
            conditions.append(f"t.row IN (SELECT {found.row} FROM {found.table} WHERE {found.condition})")  # noqa: S608 - ours
        if self._after is not None:
            conditions.append(f"(t.{column} {way} :key OR (t.{column} = :key AND t.row > :row))")
        order = f"t.{column}{' DESC' if way == '<' else ''}, t.row"
        rows = self._ask(f"SELECT t.row, t.{column} FROM titles t", conditions, order)  # noqa: S608 - ours
        return [Place(0, key, row) for row, key in rows]

    def among(self, ids: Sequence[TitleId]) -> list[int]:
        """Give the rows of some titles, each once."""
        names = {f"id{number}": title_id for number, title_id in enumerate(ids)}
        self._parameters.update(names)
        given = ", ".join(f":{name}" for name in names)
        led = f"SELECT p.id, COALESCE(p.lead, p.id) AS lead FROM titles p WHERE p.id IN ({given})"  # noqa: S608 - names
        rows = self._ask(
            f"SELECT t.row, w.id FROM titles t JOIN ({led}) w ON t.id = w.lead",  # noqa: S608 - ours
            [],
            "t.row",
        )
        first: dict[int, int] = {}
        places = {title_id: number for number, title_id in enumerate(ids)}
        for row, title_id in rows:
            first[row] = min(first.get(row, len(ids)), places[title_id])
        return sorted(first, key=first.__getitem__)

    def _not_named(self) -> str:
        return "NOT EXISTS (SELECT 1 FROM title_names m WHERE m.row = t.row AND m.name >= :low AND m.name < :high)"

    def _ask(self, select: str, conditions: Sequence[str], order: str) -> list[Any]:
        from sqlalchemy import text

        if self._typed is not None:
            self._parameters.update(low=self._typed.whole, high=self._typed.whole + _LAST)
        if self._after is not None:
            self._parameters.update(key=self._after.key, row=self._after.row)
        where = " AND ".join([*conditions, *self._conditions])
        sql = text(f"{select} WHERE {where} ORDER BY {order} LIMIT :limit")
        return list(self._connection.execute(sql, self._parameters))


def _typed(text: str) -> _Typed | None:
    found = words(text)[:MOST_WORDS]
    if not found:
        return None
    # Behind a space a word is whole, as far as its writer knows; it may still be the beginning of one in a hurry.
    groups = tuple(((word, number == len(found)),) for number, word in enumerate(found, 1))
    return _Typed(" ".join(found), groups)


def _few(hits: Sequence[Place], place: Place | None) -> bool:
    """Whether hits that are nearly right are wanted; a list that went on to them goes on with them."""
    return (place is None and len(hits) < FEW) or (place is not None and place.tier == _CLOSE)


def _order(query: TitleQuery) -> Sort:
    return Sort.TITLE if query.sort in (None, Sort.RELEVANCE) else query.sort


def _tags(query: TitleQuery) -> list[str]:
    asked = (
        ("genre", query.genre),
        ("decade", query.decade),
        ("language", query.language.partition("-")[0] if query.language else None),
        ("shelf", query.shelf),
        ("country", query.country),
        ("licence", query.licence),
    )
    tags = [f"{kind}:{value}" for kind, value in asked if value is not None]
    return [
        *tags,
        *((OFFERED,) if query.playable else ()),
        *((SUBTITLED,) if query.subtitled else ()),
    ]


def _titles(connection: "Connection", rows: Sequence[int]) -> tuple[Title, ...]:
    from sqlalchemy import select

    from matinee.storage.tables import title_data

    found = {
        row: read_title(whole)
        for row, whole in connection.execute(
            select(title_data.c.row, title_data.c.whole).where(title_data.c.row.in_(rows))
        )
    }
    return tuple(title for row in rows if (title := found.get(row)) is not None)
