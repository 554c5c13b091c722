"""An archive whose entry has no name was a defect of the program, and not a bad archive (found by fuzzing)."""

import io
import zipfile

import pytest

from matinee.errors import BadSubtitles
from matinee.subtitles.archive import unpack


def test_unpack_when_an_entry_has_no_name_then_a_clear_error() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"1\n00:00:01,000 --> 00:00:02,000\nA line\n")
    with pytest.raises(BadSubtitles, match="no subtitles"):
        unpack(made.getvalue())
