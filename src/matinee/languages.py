"""Languages as films and subtitles name them, made BCP 47 tags. Pure."""

_TAGS = {
    tag: names.split()
    for tag, names in {
        "af": "afr afrikaans", "ar": "ara arabic", "az": "aze azerbaijani", "be": "bel belarusian",
        "bg": "bul bulgarian", "bn": "ben bengali", "bs": "bos bosnian", "ca": "cat catalan",
        "cs": "ces cze czech", "cy": "cym wel welsh", "da": "dan danish dansk",
        "de": "deu ger german deutsch", "el": "ell gre greek", "en": "eng english", "eo": "epo esperanto",
        "es": "spa spanish español castellano", "et": "est estonian", "eu": "eus baq basque",
        "fa": "fas per persian farsi", "fi": "fin finnish suomi", "fr": "fra fre french français",
        "ga": "gle irish", "gl": "glg galician", "he": "heb hebrew iw", "hi": "hin hindi",
        "hr": "hrv scr croatian hrvatski", "hu": "hun hungarian magyar", "hy": "hye arm armenian",
        "id": "ind indonesian", "is": "isl ice icelandic", "it": "ita italian italiano", "ja": "jpn japanese 日本語",
        "ka": "kat geo georgian", "kk": "kaz kazakh", "ko": "kor korean 한국어", "la": "lat latin",
        "lt": "lit lithuanian", "lv": "lav latvian", "mk": "mkd mac macedonian", "ml": "mal malayalam",
        "mn": "mon mongolian", "ms": "msa may malay", "nb": "nob bokmål", "nl": "nld dut dutch nederlands",
        "nn": "nno nynorsk", "no": "nor norwegian norsk", "pl": "pol polish polski",
        "pt": "por portuguese português", "pt-BR": "pob ptb pb brazilian brasil brazil",
        "ro": "ron rum romanian română",
        "ru": "rus russian русский", "sk": "slk slo slovak", "sl": "slv slovenian slovene",
        "sq": "sqi alb albanian", "sr": "srp scc serbian", "sv": "swe swedish svenska", "sw": "swa swahili",
        "ta": "tam tamil", "te": "tel telugu", "th": "tha thai", "tl": "tgl tagalog fil filipino",
        "tr": "tur turkish türkçe", "uk": "ukr ukrainian", "ur": "urd urdu", "uz": "uzb uzbek",
        "vi": "vie vietnamese", "zh": "zho chi chinese 中文", "zh-Hans": "chs zh-cn zh-sg simplified 简体",
        "zh-Hant": "cht big5 zh-tw zh-hk zh-mo traditional 繁體",
    }.items()
}  # fmt: skip

_FOUND = {name: tag for tag, names in _TAGS.items() for name in (tag.lower(), *names)}

_SCRIPTS = frozenset({"arab", "cyrl", "hans", "hant", "latn"})

UNKNOWN = "und"


def tag_of(text: str) -> str:
    """Give the BCP 47 tag of a code or an English or own name, with a region where there is one; ``und`` else."""
    word = text.strip().lower().replace("_", "-")
    if word in _FOUND:
        return _FOUND[word]
    first, _, rest = word.partition("-")
    known = _FOUND.get(first)
    if known is None:
        return UNKNOWN
    if rest in _SCRIPTS:
        return f"{known}-{rest.title()}"
    region = (
        rest.upper() if (len(rest) == 2 and rest.isalpha()) or (len(rest) == 3 and rest.isdecimal()) else ""
    )
    return f"{known}-{region}" if region else known
