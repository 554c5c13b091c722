"""Which letters a language is written with, and in which encodings its subtitles were made. Pure.

Encodings stand in the order in which they are met, by their Python names; the first wins where the letters say
nothing. Only letters beyond ASCII are listed.
"""

from dataclasses import dataclass

_WEST = ("cp1252", "iso8859_15", "cp850", "mac_roman")
_CENTRAL = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
_BALTIC = ("cp1257", "iso8859_13", "iso8859_4", "cp775")
_TURKISH = ("cp1254", "cp857", "mac_turkish")
_CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic")
_ARABIC = ("cp1256", "iso8859_6", "cp720")

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
_ARABIC_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْ،؛؟"
_PERSIAN = _ARABIC_LETTERS + "پچژکگی\u200c"
_THAI = "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))))
_VIETNAMESE = "ăâđêôơư\u0300\u0301\u0303\u0309\u0323àáãèéìíòóõùúý"
_KANA = (
    "".join(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FF))))
    + "、。「」？！…一二三人日何私君行見言今思分気"
)
# The characters met most in speech, of both ways of writing Chinese: each is common in its own way alone or in both.
_SIMPLIFIED = (
    "的我你是了不们这一他么在有个好来人那要会就什没到说吗为想能上去道她很看可知得过吧还对里以都事子生时样也和下真现做大啊"
    "怎出点起天把开让给但谢着只些如家后儿多意别所话小自回然果发见心走定听觉太该当经妈用打地再因呢女告最手前找行快而死先像等"
    "被从明中，。？！：；“”"
)
_TRADITIONAL = (
    "的我你是了不們這一他麼在有個好來人那要會就什沒到說嗎為想能上去道她很看可知得過吧還對裡以都事子生時樣也和下真現做大啊"
    "怎出點起天把開讓給但謝著只些如家後兒多意別所話小自回然果發見心走定聽覺太該當經媽用打地再因呢女告最手前找行快而死先像等"
    "被從明中，。？！：；「」"
)
_HANGUL = "".join(
    chr(0xAC00 + (lead * 21 + vowel) * 28 + tail)
    for lead in range(19)
    for vowel in range(21)
    for tail in (0, 4, 8, 16, 17, 20, 21)
)


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language is written."""

    encodings: tuple[str, ...]
    letters: frozenset[str]
    """Those beyond ASCII, small and capital."""
    is_latin: bool
    """Whether most of its letters are ASCII."""


def _writing(encodings: tuple[str, ...], letters: str) -> Writing:
    return Writing(
        encodings, frozenset(letters + letters.upper()), all(char < "\u0370" for char in letters[:3])
    )


_WESTERN = _writing(_WEST, "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿß")

WRITINGS: dict[str, Writing] = {
    "af": _writing(_WEST, "áéèêëíîïóôúû"),
    "ar": _writing(_ARABIC, _ARABIC_LETTERS),
    "az": _writing(_TURKISH, "çəğıöşü"),
    "be": _writing(_CYRILLIC, _RUSSIAN + "іў"),
    "bg": _writing(_CYRILLIC, _RUSSIAN),
    "bs": _writing(_CENTRAL, "čćđšž"),
    "ca": _writing(_WEST, "àçèéíïòóúü·"),
    "cs": _writing(_CENTRAL, "áčďéěíňóřšťúůýž"),
    "cy": _writing(_WEST, "âêîôûáéëïöẁ"),
    "da": _writing(_WEST, "æøåéö"),
    "de": _writing(_WEST, "äöüß"),
    "el": _writing(("cp1253", "iso8859_7", "cp737", "cp869", "mac_greek"), _GREEK),
    "en": _WESTERN,
    "es": _writing(_WEST, "áéíñóúü¿¡"),
    "et": _writing((*_BALTIC, *_WEST), "äõöüšž"),
    "eu": _writing(_WEST, "ñçáéíóú"),
    "fa": _writing(_ARABIC, _PERSIAN),
    "fi": _writing(_WEST, "äöåšžé"),
    "fr": _writing(_WEST, "àâæçéèêëîïôœùûüÿ"),
    "ga": _writing(_WEST, "áéíóú"),
    "gl": _writing(_WEST, "áéíñóúü"),
    "he": _writing(("cp1255", "iso8859_8", "cp862"), _HEBREW),
    "hr": _writing(_CENTRAL, "čćđšž"),
    "hu": _writing(_CENTRAL, "áéíóöőúüű"),
    "id": _WESTERN,
    "is": _writing(_WEST, "áðéíóúýþæö"),
    "it": _writing(_WEST, "àèéìíîòóùú"),
    "ja": _writing(("cp932", "euc_jp", "iso2022_jp"), _KANA),
    "kk": _writing(("kz1048", "cp1251"), _RUSSIAN + "әғқңөұүһі"),
    "ko": _writing(("cp949", "johab"), _HANGUL),
    "lt": _writing(_BALTIC, "ąčęėįšųūž"),
    "lv": _writing(_BALTIC, "āčēģīķļņšūž"),
    "mk": _writing(_CYRILLIC, "абвгдѓежзѕијклљмнњопрстќуфхцчџш"),
    "mn": _writing(_CYRILLIC, _RUSSIAN + "өү"),
    "ms": _WESTERN,
    "nb": _writing(_WEST, "æøåéòô"),
    "nl": _writing(_WEST, "áéèëïíóöúü"),
    "nn": _writing(_WEST, "æøåéòô"),
    "no": _writing(_WEST, "æøåéòô"),
    "pl": _writing(_CENTRAL, "ąćęłńóśźż"),
    "pt": _writing(_WEST, "áâãàçéêíóôõúü"),
    "ro": _writing(("cp1250", "iso8859_2", "iso8859_16", "cp852"), "ăâîșțşţ"),
    "ru": _writing(_CYRILLIC, _RUSSIAN),
    "sk": _writing(_CENTRAL, "áäčďéíĺľňóôŕšťúýž"),
    "sl": _writing(_CENTRAL, "čšž"),
    "sq": _writing((*_WEST, *_CENTRAL), "ëç"),
    "sr": _writing((*_CENTRAL, *_CYRILLIC), "čćđšžабвгдђежзијклљмнњопрстћуфхцчџш"),
    "sv": _writing(_WEST, "åäöé"),
    "th": _writing(("cp874", "tis_620"), _THAI),
    "tl": _WESTERN,
    "tr": _writing(_TURKISH, "çğıöşüâîûİ"),
    "uk": _writing(("cp1251", "koi8_u", "cp1125", "iso8859_5", "mac_cyrillic"), _RUSSIAN + "іїєґ"),
    "ur": _writing(_ARABIC, _PERSIAN + "ٹڈڑںےہھ"),
    "vi": _writing(("cp1258", "cp1252"), _VIETNAMESE),
    "zh": _writing(("gb18030", "big5hkscs", "hz"), _SIMPLIFIED + _TRADITIONAL),
    "zh-Hans": _writing(("gb18030", "hz", "big5hkscs"), _SIMPLIFIED + _TRADITIONAL),
    "zh-Hant": _writing(("big5hkscs", "cp950", "gb18030"), _SIMPLIFIED + _TRADITIONAL),
}
"""By BCP 47 tag, as ``languages.py`` gives it; a tag with a region is looked for without it."""
