"""What other screens are shown is made anew in time, for new addresses, and by a process of its own."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matinee.errors import BadSetting, Unavailable
from matinee.tls.authority import AuthorityFolder
from matinee.tls.issuing import issue
from matinee.tls.keeper import Keeper
from matinee.tls.making import make_authority, make_leaf

NAMES = ["matinee.local"]
DAY_S = 86_400.0


@dataclass
class Signer:
    """Signs in this process, and counts; or fails."""

    signed: int = 0
    fails: bool = False
    asked: list[Sequence[str]] = field(default_factory=list)

    async def __call__(self, folder: AuthorityFolder, names: Sequence[str], addresses: Sequence[str]) -> None:
        self.asked.append(addresses)
        if self.fails:
            raise Unavailable("no room on the disk")
        assert issue(folder, list(names), list(addresses)) == {}
        self.signed += 1


@pytest.fixture
def folder(tmp_path: Path) -> AuthorityFolder:
    made = make_authority("study")
    folder = AuthorityFolder(tmp_path / "tls")
    folder.keep(made.certificate, made.issuer)
    return folder


async def test_look_when_there_is_no_authority_then_nothing_is_encrypted(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    await keeper.look(NAMES, ["10.0.0.1"])
    assert (keeper.shown, keeper.authority) == (None, None)


async def test_look_when_addresses_change_or_its_end_is_near_then_made_anew_else_not(
    folder: AuthorityFolder, tmp_path: Path
) -> None:
    signer, now = Signer(), datetime.now(UTC).timestamp()
    clock = [now]
    keeper = Keeper(tmp_path, issue=signer, clock=lambda: clock[0])
    for addresses, signed in (
        (["10.0.0.1"], 1),
        (["10.0.0.1"], 1),
        (["10.0.0.1", "fd00::1"], 2),
        (["fd00::1"], 2),
    ):
        await keeper.look(NAMES, addresses)
        assert signer.signed == signed
        assert keeper.shown is not None
        assert all(map(keeper.shown.fits, [*NAMES, *addresses]))
    for days, signed in ((59, 2), (61, 3)):
        clock[0] = now + days * DAY_S
        await keeper.look(NAMES, ["fd00::1"])
        assert signer.signed == signed
    folder.remove()
    await keeper.look(NAMES, ["fd00::1"])
    assert (keeper.shown, keeper.authority) == (None, None)


async def test_look_when_nothing_can_be_made_then_the_old_one_goes_on_and_without_one_it_says_so(
    folder: AuthorityFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signer = Signer()
    keeper = Keeper(tmp_path, issue=signer)
    await keeper.look(NAMES, ["10.0.0.1"])
    before, signer.fails = keeper.shown, True
    with caplog.at_level(logging.WARNING, "matinee.tls.keeper"):
        await keeper.look(NAMES, ["10.0.0.2"])
    assert before is not None
    assert keeper.shown is not None
    assert keeper.shown.addresses == before.addresses
    assert "no room on the disk" in caplog.text
    folder.shown.write_text("damaged")
    with pytest.raises(Unavailable, match="no room"):
        await Keeper(tmp_path, issue=signer).look(NAMES, ["10.0.0.2"])


async def test_look_when_a_process_signs_then_it_is_done_and_failures_are_told(
    folder: AuthorityFolder, tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path)
    await keeper.look(NAMES, ["10.0.0.1"])
    assert keeper.shown is not None
    assert keeper.shown.fits("10.0.0.1")
    assert folder.shown.stat().st_mode & 0o777 == 0o600
    folder.shown.unlink()
    folder.issuer.write_bytes(b"nothing")
    with pytest.raises(Unavailable, match="matinee tls --off"):
        await Keeper(tmp_path).look(NAMES, ["10.0.0.1"])


async def test_own_certificate_when_it_is_written_anew_then_shown_anew_and_a_bad_one_not(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.pem"
    authority = make_authority("study")
    own.write_bytes(make_leaf(authority.issuer, ["films.local"], []))
    keeper = Keeper(tmp_path, (own, None))
    keeper.check()
    first = keeper.shown
    own.write_bytes(make_leaf(authority.issuer, ["other.local"], []))
    await keeper.look(NAMES, [])
    assert first is not None
    assert keeper.shown is not None
    assert (first.names, keeper.shown.names) == (frozenset(["films.local"]), frozenset(["other.local"]))
    own.write_bytes(b"half")
    with pytest.raises(BadSetting, match="no certificate"):
        await keeper.look(NAMES, [])
    assert keeper.shown.fits("other.local")
    then = datetime.now(UTC) - timedelta(days=365)
    own.write_bytes(make_leaf(make_authority("study", then).issuer, ["films.local"], [], then))
    with pytest.raises(BadSetting, match="has ended"):
        keeper.check()
