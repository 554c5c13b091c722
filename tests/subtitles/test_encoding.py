"""Bytes to text, with lines such as subtitles have them."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.subtitles.alphabets import WRITINGS
from matinee.subtitles.encoding import decode, encoding_of

SPOKEN = {
    "cs": "Nevěřím ti ani slovo.\nKde jsi byl včera večer? Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "da": "Jeg så hende på broen i går.\nHvorfor sørger du så over det, mor?",
    "de": "Schließen Sie die Tür, bitte!\n„Wir müssen zurück“, sagte er über die Straße hinweg.",
    "el": "Δεν ξέρω τι να σου πω.\nΠού πήγες χθες το βράδυ;",
    "es": "¿Dónde está el niño?\n¡No lo sé, señor! Mañana será otro día.",
    "fr": "Où étais-tu, garçon ?\nJe t’ai cherché à l’hôtel, près de la forêt… Ça n’a pas été drôle, ma sœur.",
    "he": "אני לא יודע מה להגיד לך.\nאיפה היית אתמול בערב?",
    "hu": "Nem tudom, hová tűnt.\nŐrült vagy? Kérlek, jöjj vissza hozzám, öregem, a tűz előtt.",
    "ja": "どこに行っていたんですか。\n昨日の夜、ずっと待っていたのに！",
    "ko": "어디에 있었어요?\n어젯밤에 계속 기다렸는데요.",
    "pl": "Gdzie byłeś wczoraj wieczorem?\nNie wiem, co ci powiedzieć. Źle się czuję, idź już, proszę.",
    "pt": "Onde você estava ontem à noite?\nNão sei o que dizer. A manhã já vem aí, irmão.",
    "ru": "Где ты был вчера вечером?\nЯ не знаю, что тебе сказать. Подожди, объясню.",
    "sv": "Var var du i går kväll?\nJag vet inte vad jag ska säga, så här är det.",
    "th": "เมื่อคืนคุณอยู่ที่ไหน\nฉันไม่รู้จะพูดอะไร",
    "tr": "Dün gece neredeydin?\nSana ne diyeceğimi bilmiyorum. Işığı söndür, şimdi çıkıyoruz.",
    "uk": "Де ти був учора ввечері?\nЯ не знаю, що тобі сказати. Їй було дуже важко, є такі дні.",
    "zh-Hans": "你昨天晚上去哪儿了？\n我不知道该怎么跟你说，我们等了很久。",
    "zh-Hant": "你昨天晚上去哪裡了？\n我不知道該怎麼跟你說，我們等了很久。",
    "ar": "أين كنت مساء أمس؟\nلا أعرف ماذا أقول لك.",
    "lt": "Kur tu buvai vakar vakare?\nNežinau, ką tau pasakyti. Šąla, eikš čia greičiau.",
    "ro": "Unde ai fost aseară?\nNu ştiu ce să-ţi spun, fetiţă. Mâine o să fie mai bine în oraş.",
}
MADE_IN = [
    ("cs", "cp1250"), ("cs", "iso8859_2"), ("cs", "cp852"), ("da", "cp1252"), ("de", "cp1252"), ("el", "cp1253"),
    ("el", "cp737"), ("es", "cp1252"), ("es", "cp850"), ("fr", "cp1252"), ("he", "cp1255"), ("hu", "cp1250"),
    ("hu", "iso8859_2"), ("ja", "cp932"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "cp949"), ("ko", "euc_kr"),
    ("pl", "cp1250"), ("pl", "iso8859_2"), ("pt", "cp1252"), ("ru", "cp1251"), ("ru", "koi8_r"), ("ru", "cp866"),
    ("ru", "iso8859_5"), ("ru", "mac_cyrillic"), ("sv", "iso8859_1"), ("th", "cp874"), ("tr", "cp1254"),
    ("tr", "iso8859_9"),
    ("uk", "cp1251"), ("uk", "koi8_u"), ("zh-Hans", "gb18030"), ("zh-Hans", "gb2312"), ("zh-Hans", "hz"),
    ("zh-Hant", "big5"), ("zh-Hant", "big5hkscs"), ("ar", "cp1256"), ("lt", "cp1257"), ("ro", "cp1250"),
    ("ro", "iso8859_2"),
]  # fmt: skip
WITHOUT = [
    ("ru", "cp1251"), ("ru", "koi8_r"), ("ja", "cp932"), ("ko", "cp949"), ("zh-Hant", "big5"), ("el", "cp1253"),
    ("he", "cp1255"), ("zh-Hans", "gb18030"), ("fr", "cp1252"),
    ("de", "cp1252"), ("pl", "cp1250"), ("tr", "cp1254"), ("ja", "euc_jp"), ("ar", "cp1256"),
]  # fmt: skip
"""What is told without a language too."""


def srt(text: str) -> str:
    """Give a file such as the text would stand in."""
    return f"1\r\n00:00:01,000 --> 00:00:03,500\r\n{text}\r\n\r\n"


@pytest.mark.parametrize(("language", "encoding"), MADE_IN)
def test_decode_when_the_language_is_known_then_each_encoding_it_is_made_in(
    language: str, encoding: str
) -> None:
    text = srt(SPOKEN[language])
    assert decode(text.encode(encoding), language) == text


@pytest.mark.parametrize(("language", "encoding"), WITHOUT)
def test_decode_when_the_language_is_not_known_then_the_letters_tell(language: str, encoding: str) -> None:
    text = srt(SPOKEN[language]) * 3
    assert decode(text.encode(encoding), "und") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", SPOKEN)
def test_decode_when_unicode_without_a_mark_then_whatever_language_is_claimed(
    language: str, encoding: str
) -> None:
    text = srt(SPOKEN[language])
    assert decode(text.encode(encoding), "ru") == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_decode_when_there_is_a_mark_then_it_is_believed_and_taken_off(mark: bytes, encoding: str) -> None:
    text = srt(SPOKEN["ja"])
    assert decode(mark + text.encode(encoding), "und") == text


def test_decode_when_utf8_is_broken_in_a_place_then_only_that_place() -> None:
    text = srt(SPOKEN["fr"])
    broken = text.encode().replace("ç".encode(), b"\xc3", 1)
    assert decode(broken, "fr") == text.replace("ç", "\ufffd", 1)


def test_decode_when_the_language_lies_then_the_letters_win() -> None:
    text = srt(SPOKEN["ru"]) * 3
    assert decode(text.encode("cp1251"), "en") == text


def test_decode_when_it_is_ascii_then_ascii() -> None:
    assert decode(b"plain", "zh") == "plain"
    assert decode(b"", "und") == ""


def test_encoding_of_when_the_line_has_no_end_then_a_sample_is_enough() -> None:
    assert encoding_of(("да" * 100_000).encode("cp1251"), "ru") == "cp1251"


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["und", "en", "ru", "ja", "zh-Hant", "vi", "xx-YY"]))
def test_decode_when_bytes_are_anything_then_text(data: bytes, language: str) -> None:
    assert isinstance(decode(data, language), str)


@pytest.mark.parametrize("language", WRITINGS)
@pytest.mark.parametrize(
    "tail",
    [
        b"\x1b$(\x80\x80\x80\x80\x80\x80\x80",
        b"\xff" * 50,
        b"\x1b" * 50,
        b"~{" * 20,
        b"\x81\x30\x81",
        b"\x8f\xa1",
    ],
)
def test_decode_when_an_encoding_breaks_off_then_text_all_the_same(language: str, tail: bytes) -> None:
    assert decode(b"\xe9 abc\n\x1b$B" + tail, language)
