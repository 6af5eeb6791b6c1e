"""``data:`` URLs that hold a picture, as document editors write them when they export Markdown."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

MEDIA_TYPE: Final = re.compile(
    r"data:\s*image/(?:png|jpe?g|gif|webp)\s*(?:;[\w.+-]+=[\w.+-]*)*;\s*base64\s*,", re.IGNORECASE
)


def decode(url: str) -> bytes | None:
    """The bytes of a PNG, JPEG, GIF or WebP picture in base64; None for any other URL."""
    found = MEDIA_TYPE.match(url)
    if found is None:
        return None
    packed = re.sub(r"\s+", "", unquote(url[found.end() :]))
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
