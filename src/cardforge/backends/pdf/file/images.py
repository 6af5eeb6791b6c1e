"""Pictures as a printer wants them: upright, on white, no finer than paper can show, for a press in its own inks."""

import zlib
from io import BytesIO
from typing import Final

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from cardforge.values import dataclass

MOST_PIXELS: Final = 80_000_000
"""A picture with more pixels is not decoded: its few bytes may ask for gigabytes."""
_JPEG_QUALITY: Final = 88
_ORIENTATION: Final = 0x0112  # the EXIF tag
_TURNED: Final = frozenset({5, 6, 7, 8})  # its values that swap width and height
# What Pillow raises for bytes that are no picture, or a broken one.
_BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, Pillow.DecompressionBombError, zlib.error)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture's samples as an image XObject holds them: 8 bits, grey, RGB or CMYK, under one filter."""

    data: bytes
    filter: str
    space: str
    width: int
    height: int


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of an upright picture; None if the bytes are no picture one can print."""
    try:
        with Pillow.open(BytesIO(data)) as image:
            width, height = image.size
            if width * height > MOST_PIXELS or not width or not height:
                return None
            turned = image.getexif().get(_ORIENTATION) in _TURNED
    except _BROKEN:
        return None
    return (height, width) if turned else (width, height)


def encode(data: bytes, most_wide: int, press: bytes = b"") -> Encoded | None:
    """Samples of a picture at most ``most_wide`` pixels wide; None if it cannot be decoded after all.

    ``press`` is the ICC profile of a printing condition to whose inks colours are converted.
    """
    try:
        with Pillow.open(BytesIO(data)) as image:
            kept = ("L",) if press else ("L", "RGB")
            as_is = image.format == "JPEG" and image.mode in kept and image.width <= most_wide
            if as_is and image.getexif().get(_ORIENTATION, 1) == 1:
                image.load()  # a broken one must not get into the PDF
                return Encoded(data, "DCTDecode", _space(image), image.width, image.height)
            photo = image.format == "JPEG"
            flat = _flat(ImageOps.exif_transpose(image))
    except _BROKEN:
        return None
    if flat.width > most_wide:
        height = max(1, round(flat.height * most_wide / flat.width))
        flat = flat.resize((most_wide, height), Pillow.Resampling.LANCZOS)
    if press and flat.mode == "RGB":
        flat = _inked(flat, press)
    elif photo:
        out = BytesIO()
        flat.save(out, "JPEG", quality=_JPEG_QUALITY)
        return Encoded(out.getvalue(), "DCTDecode", _space(flat), flat.width, flat.height)
    return Encoded(zlib.compress(flat.tobytes(), 9), "FlateDecode", _space(flat), flat.width, flat.height)


def _space(image: Pillow.Image) -> str:
    return {"L": "DeviceGray", "CMYK": "DeviceCMYK"}.get(image.mode, "DeviceRGB")


def _inked(image: Pillow.Image, press: bytes) -> Pillow.Image:
    """An RGB picture in the inks of a press; black stays the darkest there is (relative colorimetric, compensated)."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    made = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        BytesIO(press),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        "CMYK",
        flags=flags,
    )
    assert made is not None, "only a conversion in place returns nothing"  # noqa: S101 - for the type checker
    return made


def _flat(image: Pillow.Image) -> Pillow.Image:
    """An opaque grey or RGB picture; what is transparent shows the white of the paper."""
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a sample
        return image.point(lambda value: value / 257).convert("L") if image.mode != "F" else image.convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Pillow.new("RGBA", clear.size, "white")
        return Pillow.alpha_composite(paper, clear).convert("RGB")
    return image.convert("RGB")
