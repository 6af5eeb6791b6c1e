"""The normal form of a question: what stays the same when an author tidies a source up.

GUIDs are made from it, so it must never change; ``tests/identity/golden.txt`` holds it to that.
"""

import re
import unicodedata

_QUOTES = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛‹›", "'")})
_BULLET = re.compile(r"^([ \t]*)[*+•](?=[ \t])", re.MULTILINE)
_ORDERED = re.compile(r"^([ \t]*\d{1,9})\)(?=[ \t])", re.MULTILINE)


def normal_form(source: str) -> str:
    """NFC, straight quotes, ``-`` and ``1.`` as list marks, every run of white space one blank."""
    text = source if source.isascii() else unicodedata.normalize("NFC", source).translate(_QUOTES)
    if any(mark in text for mark in "*+•"):
        text = _BULLET.sub(r"\1-", text)
    if ")" in text:
        text = _ORDERED.sub(r"\1.", text)
    return " ".join(text.split())
