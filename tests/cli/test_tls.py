"""``matinee tls``, and what ``matinee doctor`` says of certificates. In this process: nothing of it needs another."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from matinee.cli.commands import doctor, tls
from matinee.config import load
from matinee.errors import Conflict
from matinee.tls.authority import AuthorityFolder
from matinee.tls.issuing import issue
from matinee.tls.making import LEAF_LIFE, make_authority, make_leaf
from matinee.tls.names import names_here


def _say(data: Path, *words: str) -> str:
    app = typer.Typer(pretty_exceptions_enable=False)
    tls.add_to(app)
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data)], catch_exceptions=True)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def _found(data: Path, **settings: str) -> list[tuple[str, str]]:
    config = load({"data_dir": str(data), **settings}, {})
    return [(one.level, one.sentence) for one in doctor._certificate(config)]


def test_tls_makes_an_authority_once_says_what_to_do_and_deletes_it(tmp_path: Path) -> None:
    folder = AuthorityFolder(tmp_path / "tls")
    first, second = _say(tmp_path), _say(tmp_path)
    assert "has an authority of its own now" in first
    assert "now" not in second
    for said in (first, second):
        assert folder.read().fingerprint[:47] in said
        assert "Other screens" in said
    assert "its key" in _say(tmp_path, "--off")
    assert not folder.path.exists()
    assert "no authority here" in _say(tmp_path, "--off")


def test_tls_when_there_is_a_certificate_of_ones_own_then_refuses(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('tls_cert = "/x.pem"\n')
    with pytest.raises(Conflict, match="tls_cert"):
        _say(tmp_path)
    assert not (tmp_path / "tls").exists()


def test_doctor_says_when_a_certificate_ends_does_not_fit_or_lies_open(tmp_path: Path) -> None:
    assert _found(tmp_path) == []
    folder, made = AuthorityFolder(tmp_path / "tls"), make_authority("study")
    folder.keep(made.certificate, made.issuer)
    assert _found(tmp_path) == [("ok", "The authority for other screens signs when they are first let in.")]
    assert issue(folder, names_here(), []) == {}
    assert _found(tmp_path)[0][0] == "ok"
    folder.issuer.chmod(0o644)
    assert _found(tmp_path) == [("warning", f"Others can read a key: chmod 600 {folder.issuer}")]
    own, soon = tmp_path / "own.pem", datetime.now(UTC) - LEAF_LIFE + timedelta(days=5)
    own.write_bytes(make_leaf(make_authority("study", soon).issuer, ["elsewhere.local"], [], soon))
    own.chmod(0o600)
    ends, fits = _found(tmp_path, tls_cert=str(own))
    assert (ends[0], fits[0]) == ("warning", "warning")
    assert "ends in 5 days. Have a new one made." in ends[1]
    assert "is for elsewhere.local" in fits[1]
    own.write_text("nothing")
    ((level, sentence),) = _found(tmp_path, tls_cert=str(own))
    assert (level, "no certificate in PEM" in sentence) == ("problem", True)
