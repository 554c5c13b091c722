"""The options of hardware encoders, set on the library that is bundled: none of them is here to be run."""

import ctypes
from pathlib import Path

import av
import pytest

from matinee.media.encoders import OPTIONS
from matinee.media.hardware import DEVICES, ENCODERS

_IN_CHILDREN = 1
"""AV_OPT_SEARCH_CHILDREN: options that only this encoder has, too."""


def library(name: str) -> ctypes.CDLL:
    """Load a part of FFmpeg from the wheel."""
    folder = Path(av.__file__).parent.parent / "av.libs"
    return ctypes.CDLL(str(next(folder.glob(f"lib{name}*"))))


@pytest.mark.parametrize("name", OPTIONS)
def test_options_when_set_then_the_library_knows_every_one_and_its_value(name: str) -> None:
    codec, util = library("avcodec"), library("avutil")
    codec.avcodec_find_encoder_by_name.restype = ctypes.c_void_p
    codec.avcodec_alloc_context3.restype = ctypes.c_void_p
    codec.avcodec_alloc_context3.argtypes = [ctypes.c_void_p]
    codec.avcodec_free_context.argtypes = [ctypes.POINTER(ctypes.c_void_p)]
    util.av_opt_set.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    context = ctypes.c_void_p(codec.avcodec_alloc_context3(codec.avcodec_find_encoder_by_name(name.encode())))
    assert context
    refused = {
        option: value
        for option, value in {**OPTIONS[name], "maxrate": "4000000", "bufsize": "8000000"}.items()
        if util.av_opt_set(context, option.encode(), value.encode(), _IN_CHILDREN) != 0
    }
    assert util.av_opt_set(context, b"no_such_option", b"1", _IN_CHILDREN) != 0
    codec.avcodec_free_context(ctypes.byref(context))
    assert refused == {}


def test_encoders_when_listed_then_each_has_options_and_devices() -> None:
    assert set(ENCODERS) == set(DEVICES) <= set(OPTIONS)
