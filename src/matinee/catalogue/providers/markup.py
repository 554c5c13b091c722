"""Reads strangers' XML: feeds, and schedules of conferences. Pure.

Only what was asked for is kept, and only so much of it; what lies between is read past. No entity of a document's own
is ever expanded and nothing outside it is opened: a document that declares entities is refused. docs/decisions/0023
says why this stands on expat alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from matinee.catalogue.providers.reading import TEXT_MAX_CHARS

MOST_DEPTH = 64
MOST_NODES = 400
"""Inside one of the elements that are asked for."""


class NotWellFormed(ValueError):
    """A document is no XML, or declares entities, or is nested beyond all reason."""


@dataclass(slots=True)
class Node:
    """An element. Names are the namespace and the local name with a space between, or the local name alone."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    """Its text, in pieces; of all its descendants when those are not kept."""
    children: list["Node"] = field(default_factory=list)
    chars: int = 0

    @property
    def text(self) -> str:
        """Its text, cut at ``TEXT_MAX_CHARS``."""
        return "".join(self.parts).strip()

    @property
    def local(self) -> str:
        """Its name without the namespace."""
        return self.name.rpartition(" ")[2]

    def all(self, *names: str) -> Iterator["Node"]:
        """Give its children of these names, in the order of the names."""
        for name in names:
            yield from (one for one in self.children if one.name == name)

    def first(self, *names: str) -> str:
        """Give the text of the first child of these names that has one."""
        return next((one.text for one in self.all(*names) if one.text), "")


def read(data: bytes, wanted: Collection[str], most: int) -> list[Node]:
    """Give the elements of a document whose local names are wanted, and what is in them, in their order.

    A wanted element inside another one is given by itself too, and not kept as its child.

    Args:
        data: the document.
        wanted: local names.
        most: of elements that are given; what comes after is read past.

    Raises:
        NotWellFormed: see there.
    """
    reader = _Reader(frozenset(wanted), most)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as exc:
        # ValueError: ours, and texts that no Python string holds. LookupError: an encoding that nobody knows.
        raise NotWellFormed(str(exc)) from exc
    return reader.found


def _refuse(*_: object) -> None:
    raise NotWellFormed("it declares entities")


class _Reader:
    """What is open, and what was found."""

    def __init__(self, wanted: frozenset[str], most: int) -> None:
        self.found: list[Node] = []
        self._wanted = wanted
        self._most = most
        self._depth = 0
        self._open: list[tuple[int, Node]] = []
        """With the depth of each."""
        self._wanted_open: list[tuple[Node, int]] = []
        """Those that were asked for, with how many are in each."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise NotWellFormed("it is nested too deep")
        node = Node(name, attributes)
        if node.local in self._wanted and len(self.found) < self._most:
            self.found.append(node)
            self._wanted_open.append((node, 0))
        elif self._open and self._wanted_open[-1][1] < MOST_NODES:
            holder, count = self._wanted_open[-1]
            self._wanted_open[-1] = holder, count + 1
            self._open[-1][1].children.append(node)
        else:
            return
        self._open.append((self._depth, node))

    def end(self, _: str) -> None:
        if self._open and self._open[-1][0] == self._depth:
            node = self._open.pop()[1]
            if self._wanted_open[-1][0] is node:
                self._wanted_open.pop()
        self._depth -= 1

    def characters(self, text: str) -> None:
        if self._open:
            node = self._open[-1][1]
            if node.chars < TEXT_MAX_CHARS:
                node.parts.append(text[: TEXT_MAX_CHARS - node.chars])
                node.chars += len(text)
