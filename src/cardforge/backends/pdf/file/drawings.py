"""What pages draw by name: the outlines of formulas, each once a document, and pictures at the size they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reportlab.pdfbase import pdfdoc

from cardforge.backends.math import Outline
from cardforge.backends.pdf.canvas.content import num
from cardforge.backends.pdf.file import images, svg
from cardforge.backends.pdf.file.embedding import Stream
from cardforge.model import Media

DPI: Final = 300
"""The finest resolution a picture is stored at, in pixels an inch of its place."""
_POINTS_AN_INCH: Final = 72
SVG: Final = "image/svg+xml"
_TRIAL: Final = 1200  # pixels


@dataclass(slots=True)
class Drawings:
    """The XObjects of one document by resource name, in order of first use; ``load`` gives a media file's bytes.

    ``press`` is the ICC profile of the printing condition whose inks pictures are to be in, if any.
    """

    media: Mapping[str, Media]
    load: Callable[[Media], bytes]
    press: bytes = b""
    objects: dict[str, Stream] = field(default_factory=dict)
    _outlines: dict[Outline, str] = field(default_factory=dict)
    _known: dict[int, tuple[Outline, str]] = field(default_factory=dict)
    _sizes: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    _pictures: dict[tuple[str, int], str | None] = field(default_factory=dict)
    _renderer: svg.Renderer = field(default_factory=svg.Renderer)

    def outline(self, outline: Outline) -> str:
        """The form that draws an outline at 1 em to the unit, filled with the ink of the moment."""
        known = self._known.get(id(outline))  # hashing an outline costs more than drawing it
        if known:
            return known[1]
        name = self._outlines.get(outline)
        if name is None:
            name = self._outlines[outline] = f"G{len(self._outlines) + 1}"
            self.objects[name] = _form(outline)
        self._known[id(outline)] = (outline, name)
        return name

    def picture_size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels of a picture among the media; None if it cannot be printed."""
        if name not in self._sizes:
            media = self.media.get(name)
            self._sizes[name] = self._size(media) if media else None
        return self._sizes[name]

    def _size(self, media: Media) -> tuple[int, int] | None:
        """A drawing that cannot be drawn is found out here, where its description can still take its place."""
        data = self.load(media)
        if media.mime != SVG:
            return images.size(data)
        return svg.size(data) if self._renderer.png(data, _TRIAL) else None

    def picture(self, name: str, width: float) -> str | None:
        """The image XObject for a picture placed ``width`` points wide; None if it cannot be decoded."""
        pixels = self.picture_size(name)
        if pixels is None:
            return None
        wanted, media = max(1, round(width / _POINTS_AN_INCH * DPI)), self.media[name]
        drawn = media.mime == SVG
        key = (name, wanted if drawn else min(pixels[0], wanted))
        if key not in self._pictures:
            data = self.load(media)
            data = self._renderer.png(data, wanted) or b"" if drawn else data
            encoded = images.encode(data, wanted, self.press)
            self._pictures[key] = self._add_picture(encoded) if encoded else None
        return self._pictures[key]

    def _add_picture(self, encoded: images.Encoded) -> str:
        name = f"I{sum(name is not None for name in self._pictures.values()) + 1}"
        entries: Mapping[str, object] = {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": encoded.width,
            "Height": encoded.height,
            "BitsPerComponent": 8,
            "ColorSpace": f"/{encoded.space}",
            "Filter": f"/{encoded.filter}",
        }
        self.objects[name] = Stream(encoded.data, dict(entries), compress=False)
        return name


def _form(outline: Outline) -> Stream:
    points = [value for _, values in outline.commands for value in values]
    across, up = points[0::2] or [0.0], points[1::2] or [0.0]
    box = [num(min(across) - 0.01), num(min(up) - 0.01), num(max(across) + 0.01), num(max(up) + 0.01)]
    entries = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": f"[{' '.join(box)}]",
        "Resources": pdfdoc.PDFDictionary(),
    }
    return Stream(f"{_path(outline)} f".encode("ascii"), entries)


def _path(outline: Outline) -> str:
    """The path's operators; a quadratic curve becomes the cubic one of the same shape."""
    out: list[str] = []
    at = (0.0, 0.0)
    for command, values in outline.commands:
        match command, values:
            case "M", (x, y):
                out.append(f"{num(x)} {num(y)} m")
            case "L", (x, y):
                out.append(f"{num(x)} {num(y)} l")
            case "Q", (cx, cy, x, y):
                first = (at[0] + (cx - at[0]) * 2 / 3, at[1] + (cy - at[1]) * 2 / 3)
                second = (x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3)
                out.append(" ".join(num(v) for v in (*first, *second, x, y)) + " c")
            case "C", _:
                out.append(" ".join(num(v) for v in values) + " c")
            case _:
                out.append("h")
        if values:
            at = (values[-2], values[-1])
    return " ".join(out)
