"""A deck with every construct, as files in a folder."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from command import ROOT, write

SEED: Final = ROOT / "tests" / "seed" / "constructs.md"
_DRAWING: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="16" height="16">'
    '<circle r="4" cx="5" cy="5" fill="#b03060"/></svg>'
)
_SOUND: Final = b"ID3\x04" + bytes(6) + (b"\xff\xfb\x90\x64" + bytes(413)) * 4


def _photograph() -> bytes:
    """A picture of many greys and colours, partly transparent."""
    picture = Image.new("RGBA", (240, 120))
    picture.putdata([(x, 2 * y, 255 - x, 255 if x < 200 else 96) for y in range(120) for x in range(240)])
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def write_constructs(folder: Path) -> Path:
    """Put the deck and its media into a folder; returns it."""
    files: dict[str, str | bytes] = {
        "constructs.md": SEED.read_bytes(),
        "constructs.png": _photograph(),
        "constructs.svg": _DRAWING,
        "constructs.mp3": _SOUND,
    }
    return write(folder, files)
