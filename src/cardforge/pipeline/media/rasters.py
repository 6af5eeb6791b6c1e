"""Pictures made of pixels: whether they can be shown, and how large they are. The pipeline's only use of Pillow."""

from io import BytesIO
from typing import Final
from warnings import catch_warnings

from cardforge.values import dataclass

FORMATS: Final = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
}
MOST_PIXELS: Final = 80_000_000
"""Pixels a picture may have: its few bytes may ask for gigabytes."""
MOST_MOVING: Final = 4_000_000_000
"""Pixels all frames of a moving picture may have together."""
_MOST_SCANS: Final = 100
"""Passes of a JPEG file over its picture. Encoders write some ten; each costs as much as decoding it once."""
_TAKES: Final = "PNG, JPEG, GIF, WebP and SVG can be shown."
_ORIENTATION: Final = 0x0112  # the EXIF tag
_TURNED: Final = frozenset({5, 6, 7, 8})  # its values that swap width and height
_OTHERS: Final = (
    (0, b"\x89PNG", "a broken PNG file"),
    (0, b"\xff\xd8\xff", "a broken JPEG file"),
    (0, b"GIF8", "a broken GIF file"),
    (8, b"WEBP", "a broken WebP file"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (0, b"\x00\x00\x01\x00", "an icon file"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF file"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (4, b"ftypavi", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftyp", "a film"),
    (0, b"\x1aE\xdf\xa3", "a film"),
    (0, b"\x1f\x8b", "a compressed file"),
    (0, b"version https://git-lfs", "a pointer to a file that Git LFS keeps"),
)
_AGAIN: Final = "Save it again from a picture editor."
_MENDS: Final = {
    **dict.fromkeys((f"a broken {kind} file" for kind in ("PNG", "JPEG", "GIF", "WebP")), _AGAIN),
    "a film": "Cards show no films: take a still, or an animated GIF or WebP.",
    "a compressed file": "Unpack it (an .svgz is an SVG packed with gzip).",
    "a pointer to a file that Git LFS keeps": "Fetch the file itself: git lfs pull.",
}


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture that can be shown; width and height in pixels as it is seen, upright."""

    ending: str
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a picture cannot be shown, after "The picture x.png …", and what to do."""

    reason: str
    mend: str


def read_raster(data: bytes) -> Raster | Refusal:
    """Decode a picture once, so that none comes into a product that nobody can see."""
    from PIL import Image, UnidentifiedImageError

    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MOST_SCANS:
        return Refusal("has more passes than any camera writes", _AGAIN)
    try:
        with catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=tuple(FORMATS)) as image:
            width, height, kind = *image.size, image.format or ""
            if width * height > MOST_PIXELS:
                return Refusal(f"has {width:,} × {height:,} pixels", "Scale it below 80 million pixels.")
            frames = _frames(data, kind)
            if frames * width * height > MOST_MOVING:
                return Refusal(f"has {frames:,} frames of {width:,} × {height:,} pixels", "Make it smaller or shorter.")
            image.load()
            if image.getexif().get(_ORIENTATION) in _TURNED:
                width, height = height, width
    except UnidentifiedImageError:
        return _other(data)
    except Image.DecompressionBombError:
        return Refusal("has far too many pixels", "Scale it below 80 million pixels.")
    except Exception as error:  # noqa: BLE001 - decoders raise whatever they run into
        return Refusal(f"cannot be read: {error}", _AGAIN)
    return Raster(*FORMATS[kind], width, height)


def _frames(data: bytes, kind: str) -> int:
    """How many frames a moving picture has, by the marks before them; looking at each would take too long."""
    marks = {"GIF": b"\x21\xf9\x04", "WEBP": b"ANMF", "PNG": b"fcTL"}
    return max(1, data.count(marks[kind])) if kind in marks else 1


def _other(data: bytes) -> Refusal:
    for at, mark, name in _OTHERS:
        if data.startswith(mark, at):
            return Refusal(f"is {name}", _MENDS.get(name, f"Save it as PNG. {_TAKES}"))
    return Refusal("is no picture" if data else "is empty", _TAKES)
