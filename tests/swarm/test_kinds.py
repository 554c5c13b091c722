"""Torrents of every kind: v1, v2 and hybrid, tiny and giant pieces, many files, odd names, no peer but a web server."""

import contextlib
import hashlib
import http.server
import random
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import libtorrent as lt
import pytest

from matinee.data_folder import FILMS_MARK
from matinee.torrent.bencode import encode
from tests.swarm.parts import (
    RIGHTS,
    Matinee,
    Seeded,
    aria2_seed,
    make_torrent,
    matinee,
    matinee_here,
    seeding,
)
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

KINDS = {
    "v1": lt.create_torrent.v1_only,
    "hybrid": 0,
    "v2": lt.create_torrent.v2_only,
}
ADDING: dict[str, Callable[[Matinee, Seeded], Awaitable[object]]] = {
    "magnet": lambda running, seeded: running.add(seeded.magnet),
    "file": lambda running, seeded: running.add_seeded(seeded),
}
NOISE = random.Random(7).randbytes(3_000_000)
SMALL_PIECE = 16 * 1024


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A film of random bytes in a folder of the seed's own."""
    path = tmp_path / "noise" / "noise.mkv"
    path.parent.mkdir()
    path.write_bytes(NOISE)
    return path


@pytest.mark.parametrize("way", ["magnet", "file"])
@pytest.mark.parametrize("kind", KINDS)
async def test_torrent_when_of_any_version_then_plays_and_again_after_a_restart(
    kind: str, way: str, noise: Path, tmp_path: Path
) -> None:
    info_hash, metainfo = make_torrent(noise, tmp_path, piece_bytes=SMALL_PIECE, flags=KINDS[kind])
    with seeding(noise, info_hash, metainfo) as seeded:
        async with matinee(tmp_path / "data") as running:
            await ADDING[way](running, seeded)
            first = await running.whole(info_hash)
            await running.until(info_hash, lambda film: film["state"] == "complete")
        async with matinee(tmp_path / "data") as running:
            back = await running.until(info_hash, lambda film: film["state"] == "complete")
            second = await running.whole(info_hash)
    assert first == second == NOISE
    assert back["rights"]["licence"] == RIGHTS["licence"]


@pytest.mark.parametrize("piece_bytes", [16 * 1024, 64 * 1024 * 1024], ids=["16KiB", "64MiB"])
async def test_pieces_when_tiny_or_giant_then_plays(piece_bytes: int, noise: Path, tmp_path: Path) -> None:
    info_hash, metainfo = make_torrent(noise, tmp_path, piece_bytes=piece_bytes)
    with seeding(noise, info_hash, metainfo) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.add_seeded(seeded)
            tail = await running.bytes_of(info_hash, 2_900_000, 3_000_000)
            found = await running.whole(info_hash)
    assert tail == NOISE[2_900_000:]
    assert found == NOISE


async def test_torrent_when_of_a_kind_that_is_not_played_then_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    tiny = folder_v1(file_v1(4, "film.mkv"))
    tiny.update({b"piece length": 1, b"pieces": bytes(80)})
    outside = folder_v1(file_v1(50_000, "..", "..", "etc", "passwd.mkv"))
    async with matinee(tmp_path / "data") as running:
        answers = [
            await running.client.post("api/v1/torrents", files={"file": torrent(info)})
            for info in (tiny, outside)
        ]
        listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "bad-torrent")] * 2
    assert ["1 bytes" in answers[0].json()["detail"], "outside" in answers[1].json()["detail"]] == [True] * 2
    assert listed == []


HOSTILE = [
    ("/etc/passwd.mkv",),
    ("C:\\Windows\\film.mkv",),
    ("CON.mkv",),
    ("a\x00b\x1b[2J.mkv",),
    ("\u202egnp.mkv",),
    ("x" * 300 + ".mkv",),
    (".", "film.mkv"),
    ("y" * 4_200 + ".mkv",),
    ("e\u0301.mkv",),
    ("\u00e9.mkv",),
    ("Clash.mkv",),
    ("clash.mkv",),
    (" ", "trailing. ", "film.mkv "),
]


async def test_names_when_hostile_then_all_play_and_nothing_is_outside(tmp_path: Path) -> None:
    content = NOISE[: len(HOSTILE) * SMALL_PIECE]
    info = folder_v1(*(file_v1(SMALL_PIECE, *path) for path in HOSTILE), name=b"../../outside")
    info[b"pieces"] = b"".join(
        hashlib.sha1(content[at : at + SMALL_PIECE]).digest() for at in range(0, len(content), SMALL_PIECE)
    )
    metainfo = tmp_path / "hostile.torrent"
    metainfo.write_bytes(torrent(info))
    info_hash = hashlib.sha1(encode(info)).hexdigest()
    store = tmp_path / "store"
    store.mkdir()
    data = tmp_path / "deep" / "er" / "data"
    with seeding_bytes(content, metainfo, store) as port:
        async with matinee(data) as running:
            found = await running.add_seeded(Seeded(info_hash, metainfo, port))
            got = [await running.whole(info_hash, file["index"]) for file in found["files"]]
    names = [file["path"] for file in found["files"]]
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size == SMALL_PIECE]
    assert b"".join(got) == content
    assert not [
        name
        for name in names
        if set(name) & set("\x00\x1b\u202e") or name.startswith("/") or ".." in name.split("/")
    ]
    assert {path.relative_to(tmp_path).parts[0] for path in written} == {"deep", "store"}
    assert all(({data / "films" / info_hash, store} & set(path.parents)) for path in written)


async def test_files_when_of_one_byte_or_none_then_are_there_beside_the_film(tmp_path: Path) -> None:
    content = NOISE[: SMALL_PIECE + 1]
    info = folder_v1(file_v1(0, "none.srt"), file_v1(1, "one.mkv"), file_v1(SMALL_PIECE, "film.mkv"))
    info[b"pieces"] = hashlib.sha1(content[:SMALL_PIECE]).digest() + hashlib.sha1(content[-1:]).digest()
    metainfo, store = tmp_path / "small.torrent", tmp_path / "store"
    metainfo.write_bytes(torrent(info))
    info_hash = hashlib.sha1(encode(info)).hexdigest()
    with seeding_bytes(content, metainfo, store) as port:
        async with matinee(tmp_path / "data") as running:
            found = await running.add_seeded(Seeded(info_hash, metainfo, port))
            index = {file["path"].rpartition("/")[2]: file["index"] for file in found["files"]}
            film = await running.whole(info_hash, index["film.mkv"])
            one = await running.whole(info_hash, index["one.mkv"])
            ranges = [
                await running.client.get(f"stream/{info_hash}/{index['one.mkv']}", headers={"Range": asked})
                for asked in ("bytes=0-0", "bytes=-1", "bytes=0-", "bytes=1-")
            ]
            none = await running.client.get(f"stream/{info_hash}/{index['none.srt']}")
    assert (one, film) == (content[:1], content[1:])
    assert [(answer.status_code, answer.headers["content-range"]) for answer in ranges] == [
        *[(206, "bytes 0-0/1")] * 3,
        (416, "bytes */1"),
    ]
    assert [answer.content for answer in ranges[:3]] == [content[:1]] * 3
    assert (none.status_code, none.content) == (200, b"")


async def test_f21_hybrid_when_named_by_either_hash_then_is_there_once_and_plays(
    noise: Path, tmp_path: Path
) -> None:
    first, metainfo = make_torrent(noise, tmp_path, piece_bytes=SMALL_PIECE, flags=0)
    second = str(lt.load_torrent_buffer(metainfo.read_bytes()).info_hashes.v2)
    with seeding(noise, first, metainfo) as seeded:
        async with matinee(tmp_path / "data") as running:
            by_first = await running.offer(seeded.magnet)
            await running.until(first, lambda film: bool(film["files"]))
            by_second = await running.offer(Seeded(second, metainfo, seeded.port).magnet)
            listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
            wholes = [await running.whole(name) for name in (first, second)]
    assert (by_first.status_code, by_second.status_code) == (201, 200)
    assert by_second.json()["info_hash"] == by_first.json()["info_hash"]
    assert [torrent["info_hash"] for torrent in listed] == [by_first.json()["info_hash"]]
    assert wholes == [NOISE, NOISE]


@pytest.mark.parametrize("stated_by", ["first", "second"])
async def test_f21_hybrid_when_both_links_come_before_its_files_are_known_then_is_there_once_and_plays(
    noise: Path, tmp_path: Path, stated_by: str
) -> None:
    first, metainfo = make_torrent(noise, tmp_path, piece_bytes=SMALL_PIECE, flags=0)
    second = str(lt.load_torrent_buffer(metainfo.read_bytes()).info_hashes.v2)
    links = {"first": f"magnet:?xt=urn:btih:{first}", "second": f"magnet:?xt=urn:btmh:1220{second}"}
    with seeding(noise, first, metainfo) as seeded:
        async with matinee(tmp_path / "data") as running:
            offers = [
                await running.client.post(
                    "api/v1/torrents",
                    json={"magnet": link, **({"rights": RIGHTS} if name == stated_by else {})},
                )
                for name, link in links.items()
            ]
            for link in links.values():
                await running.client.post(
                    "api/v1/torrents", json={"magnet": f"{link}&x.pe=127.0.0.1:{seeded.port}"}
                )
            listed = await running.until_listed(lambda films: len(films) == 1 and bool(films[0]["files"]))
            wholes = [await running.whole(name) for name in (first, second)]
        async with matinee(tmp_path / "data") as running:
            back = await running.until_listed(lambda films: bool(films) and films[0]["state"] == "complete")
    assert [offer.status_code for offer in offers] == [201, 201]
    assert wholes == [NOISE, NOISE]
    assert listed[0]["rights"]["licence"] == back[0]["rights"]["licence"] == RIGHTS["licence"]
    assert listed[0]["trouble"] is None
    assert [film["info_hash"] for film in back] == [listed[0]["info_hash"]]


async def test_f21_hybrid_when_named_by_its_other_hash_while_its_files_are_read_then_is_there_once(
    noise: Path, tmp_path: Path
) -> None:
    first, metainfo = make_torrent(noise, tmp_path, piece_bytes=SMALL_PIECE, flags=0)
    info = lt.load_torrent_file(str(metainfo)).ti
    assert info is not None
    async with matinee_here(tmp_path / "data") as running:
        await running.add(f"magnet:?xt=urn:btih:{first}")
        running.torrent(first).handle.set_metadata(info.info_section())
        again = await running.offer(f"magnet:?xt=urn:btmh:1220{info.info_hashes().v2}")
        listed = await running.until_listed(lambda films: bool(films[0]["files"]))
    assert (again.status_code, again.json()["info_hash"]) == (200, first)
    assert [film["info_hash"] for film in listed] == [first]


@contextlib.contextmanager
def seeding_bytes(content: bytes, metainfo: Path, store: Path) -> Iterator[int]:
    """Seed bytes, whatever the names of the files are; gives the port."""
    parameters = lt.load_torrent_file(str(metainfo))
    assert parameters.ti is not None
    layout = parameters.ti.layout()
    for index in range(layout.num_files()):
        path = store / parameters.renamed_files.get(index, layout.file_path(index))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[layout.file_offset(index) :][: layout.file_size(index)])
    with seeding(store / "any", "0" * 40, metainfo) as seeded:
        yield seeded.port


async def test_web_seed_when_there_is_nobody_else_then_the_film_plays(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    with web_server(film.parent) as (address, asked):
        info_hash, metainfo = make_torrent(film, tmp_path, web_seed=f"{address}/bbb.mp4")
        async with matinee(tmp_path / "data") as running:
            await running.add_file(metainfo)
            tail = await running.bytes_of(info_hash, 40_000_000, 40_100_000)
            found = await running.whole(info_hash)
            activity = (await running.client.get(f"api/v1/torrents/{info_hash}/activity")).json()
    assert tail == expected[40_000_000:40_100_000]
    assert found == expected
    assert activity["peers"] == []
    assert set(asked) == {"/bbb.mp4"}


async def test_address_when_it_holds_a_torrent_then_it_is_fetched_and_plays(
    film: Path, tmp_path: Path
) -> None:
    with aria2_seed(film, tmp_path) as seeded, web_server(tmp_path) as (address, _):
        async with matinee(tmp_path / "data") as running:
            answer = await running.client.post(
                "api/v1/torrents", json={"url": f"{address}/film.torrent", "rights": RIGHTS}
            )
            await running.add(seeded.magnet)
            found = await running.bytes_of(seeded.info_hash, 1_000_000, 1_100_000)
            missing = await running.client.post(
                "api/v1/torrents", json={"url": f"{address}/none.torrent", "rights": RIGHTS}
            )
    assert (answer.status_code, answer.json()["info_hash"]) == (201, seeded.info_hash)
    assert found == film.read_bytes()[1_000_000:1_100_000]
    assert (missing.status_code, missing.json()["code"]) == (400, "bad-source")


async def test_tracker_when_it_refuses_then_the_film_says_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_METADATA_TIMEOUT_S", "2")
    said = b"d14:failure reason16:not for today...e"
    with web_server(tmp_path, said) as (address, _):
        async with matinee(tmp_path / "data") as running:
            await running.add(f"magnet:?xt=urn:btih:{'c' * 40}&tr={address}/announce")
            found = await running.until("c" * 40, lambda film: film["trouble"] is not None)
    assert found["trouble"]["code"] == "metadata-timeout"
    assert "not for today" in found["trouble"]["sentence"]


async def test_torrent_when_removed_with_its_files_then_they_are_gone_and_others_stay(
    noise: Path, film: Path, tmp_path: Path
) -> None:
    films = tmp_path / "data" / "films"
    (tmp_path / "other").mkdir()
    first_hash, first = make_torrent(noise, tmp_path / "other")
    with seeding(noise, first_hash, first) as one, aria2_seed(film, tmp_path) as two:
        async with matinee(tmp_path / "data") as running:
            await running.add(one.magnet)
            await running.add(two.magnet)
            await running.whole(one.info_hash)
            await running.bytes_of(two.info_hash, 0, 1000)
            await running.client.delete(f"api/v1/torrents/{one.info_hash}?files=delete")
            await running.client.delete(f"api/v1/torrents/{two.info_hash}")
            listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
            kept = {path.name for path in films.iterdir()}
            await running.add(two.magnet)
            again = await running.until(two.info_hash, lambda film: film["progress"]["bytes_done"] > 0)
    assert (listed, kept) == ([], {two.info_hash, FILMS_MARK})
    assert again["progress"]["bytes_done"] > 0
    assert noise.read_bytes() == NOISE


@contextlib.contextmanager
def web_server(folder: Path, answer: bytes | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder with ranges, or one answer to everything; gives the address and what was asked for."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            asked.append(self.path.partition("?")[0])
            path = folder / self.path.partition("?")[0].lstrip("/")
            body = answer if answer is not None else path.read_bytes() if path.is_file() else None
            if body is None:
                self.send_error(404)
                return
            start, stop = _asked_span(self.headers.get("Range"), len(body))
            self.send_response(206 if "Range" in self.headers else 200)
            self.send_header("Content-Length", str(stop - start))
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(body)}")
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body[start:stop])

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def _asked_span(header: str | None, length: int) -> tuple[int, int]:
    if header is None:
        return 0, length
    first, _, last = header.removeprefix("bytes=").partition("-")
    return int(first), min(int(last) + 1 if last else length, length)
