"""Whom the program asked is remembered, the last one first, and no fetcher of it forgets to say so."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import matinee
from matinee.errors import BadSource, SourceUnreachable
from matinee.models.overview import Contact
from matinee.outside import contacts
from matinee.outside.addresses import AddressPolicy
from matinee.outside.contacts import ContactBook
from matinee.outside.fetch import Fetcher
from tests.outside.hosts import TORRENT, hosting, ok, redirect

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PRIVATE = AddressPolicy(allow_private=True)


class Clock:
    """A minute later each time it is asked."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


async def local(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_book_when_hosts_are_asked_then_has_the_last_one_first() -> None:
    book = ContactBook(lambda: NOON)
    told: list[int] = []
    book.on_asked = lambda: told.append(1)
    pictures, titles = book.note("pictures"), book.note("catalogue")
    pictures.asked("a.example")
    titles.asked("b.example")
    titles.asked("a.example")
    titles.came("a.example", 5)
    titles.came("nobody.example", 5)
    assert book.all().hosts == (
        Contact("a.example", ("catalogue", "pictures"), 2, 5, "2026-11-26T12:00:00Z"),
        Contact("b.example", ("catalogue",), 1, 0, "2026-11-26T12:00:00Z"),
    )
    assert len(told) == 3


def test_book_when_there_are_too_many_then_counts_those_of_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "MOST_HOSTS", 2)
    book = ContactBook(Clock())
    for host in ("a.example", "b.example", "a.example", "c.example"):
        book.note("films").asked(host)
    known = book.all()
    assert [one.host for one in known.hosts] == ["c.example", "a.example"]
    assert known.more == 1


async def test_fetch_when_hosts_are_asked_then_notes_each_and_what_it_sent() -> None:
    book = ContactBook(lambda: NOON)
    async with hosting(lambda head: ok() if "/b " in head else redirect("http://second.example/b")) as host:
        passed_on = hosting(lambda _: ok())
        async with passed_on as second:
            host.answer = lambda _: redirect(f"http://second.example:{second.port}/b")
            fetcher = Fetcher(PRIVATE, resolve=local, note=book.note("torrents"))
            assert await fetcher.fetch(f"http://first.example:{host.port}/a") == TORRENT
    assert {one.host: (one.requests, one.bytes_down) for one in book.all().hosts} == {
        "first.example": (1, 0),
        "second.example": (1, len(TORRENT)),
    }


async def test_fetch_when_a_host_may_not_be_asked_then_notes_nothing() -> None:
    book = ContactBook(lambda: NOON)
    fetcher = Fetcher(AddressPolicy(), resolve=local, note=book.note("torrents"))
    with pytest.raises(BadSource):
        await fetcher.fetch("https://films.example/a")
    assert book.all().hosts == ()


async def test_fetch_when_nobody_answers_then_is_noted_all_the_same() -> None:
    book = ContactBook(lambda: NOON)
    async with hosting(lambda _: ok()) as host:
        port = host.port
    with pytest.raises(SourceUnreachable):
        await Fetcher(PRIVATE, note=book.note("films")).fetch(f"http://127.0.0.1:{port}/")
    assert [one.host for one in book.all().hosts] == ["127.0.0.1"]


def test_program_when_it_makes_a_fetcher_then_has_it_noted() -> None:
    made = [
        (path.name, {keyword.arg for keyword in call.keywords})
        for path in Path(matinee.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("Fetcher", "OpenSubtitles")
    ]
    assert len(made) >= 7
    assert [name for name, keywords in made if "note" not in keywords] == []
