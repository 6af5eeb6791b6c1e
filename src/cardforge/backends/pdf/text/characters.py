"""What characters are to a reader: visible or not, alone or part of the one before."""

import re
import unicodedata
from typing import Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_JOINERS: Final = "\u200d\ufe0e\ufe0f\u20e3"
_SKIN: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_IGNORABLE: Final = (
    *(range(0x34F, 0x350), range(0x115F, 0x1161), range(0x17B4, 0x17B6), range(0x180B, 0x1810)),
    *(range(0x3164, 0x3165), range(0xFE00, 0xFE10), range(0xFFA0, 0xFFA1), range(0x1BCA0, 0x1BCA4)),
    *(range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000)),
)
# Signs that enclose the digits after them, and marks of annotation: formats that are seen.
_VISIBLE_FORMATS: Final = (
    *(range(0x600, 0x606), range(0x6DD, 0x6DE), range(0x70F, 0x710), range(0x890, 0x892), range(0x8E2, 0x8E3)),
    *(range(0xFFF9, 0xFFFC), range(0x110BD, 0x110BE), range(0x110CD, 0x110CE), range(0x13430, 0x13440)),
)


def ignorable(char: str) -> bool:
    """Whether a character is invisible by nature (Unicode's Default_Ignorable_Code_Point)."""
    if char.isascii():
        return False
    code = ord(char)
    if any(code in span for span in _IGNORABLE):
        return True
    return unicodedata.category(char) == "Cf" and not any(code in span for span in _VISIBLE_FORMATS)


_EMOJI: Final = re.compile("[\ufe0f\u20e3\U0001f000-\U0001faff]")


def emoji(grapheme: str) -> bool:
    """Whether a character is to be shown as a picture (UTS #51): by nature, or because its writer asked for it."""
    return _EMOJI.search(grapheme) is not None and not grapheme.endswith("\ufe0e")


def graphemes(text: str) -> list[str]:
    """Cut text into what a reader takes for single characters (the core of UAX #29's extended clusters)."""
    out: list[str] = []
    for char in text:
        if out and _continues(out[-1], char):
            out[-1] += char
        else:
            out.append(char)
    return out


def _continues(cluster: str, char: str) -> bool:
    if char.isascii():
        return False
    code = ord(char)
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char in _JOINERS
        or cluster[-1] == "\u200d"
        or code in _SKIN
        or code in _TAGS
        or (code in _REGIONAL and len(cluster) == 1 and ord(cluster) in _REGIONAL)
    )


def clean(text: str) -> str:
    """Text without lone surrogates, which no encoding can carry."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def utf16(text: str) -> str:
    """Text as hex digits of UTF-16BE, without a byte order mark."""
    return text.encode("utf-16-be", "replace").hex().upper()
