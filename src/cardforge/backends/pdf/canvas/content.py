"""A page's content stream in the making: operators, a movable unit, links and the things drawn by name.

Everything below a side of a card is laid out in em of its text size and drawn under one ``cm``; this module keeps
track of where that puts things on the page, in points, for whatever PDF wants in page coordinates.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from cardforge.backends.pdf.canvas.inks import Ink, Operators, Palette
from cardforge.backends.pdf.canvas.tags import Path, Tag

LEGIBLE: Final = 6.0
"""Text that was made smaller than this many points to fit is hard to read in print."""


class Report(Protocol):
    """Takes what drawing a card brings to light."""

    def missing(self, character: str) -> None:
        """No font has a glyph for the character."""

    def too_wide(self, what: str) -> None:
        """Something had to be set smaller than one can read."""

    def unprintable(self, picture: str) -> None:
        """A picture cannot be printed; its description stands in its place."""


class Area(NamedTuple):
    """A rectangle on the page, in points, y up."""

    left: float
    bottom: float
    right: float
    top: float


class LinkArea(NamedTuple):
    """Where a click leads to an address, and the element that is the link."""

    area: Area
    href: str
    path: Path


@lru_cache(maxsize=1 << 12)  # sizes lie on a grid, so that many cards have the same places
def num(value: float) -> str:
    """A number as PDF writes it, to a ten-thousandth of the unit."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=1 << 8)
def _rounded(area: Area, radius: float) -> str:
    """The path of a rectangle with round corners."""
    left, bottom, right, top = area
    r = min(radius, (right - left) / 2, (top - bottom) / 2)
    k = r * 0.4477  # a quarter circle's control points lie 0.5523 r from its ends
    west, north, east, south = num(left), num(top), num(right), num(bottom)
    ends = (left + r, right - r, bottom + r, top - r)
    controls = (left + k, right - k, bottom + k, top - k)
    west_end, east_end, south_end, north_end = (num(value) for value in ends)
    west_k, east_k, south_k, north_k = (num(value) for value in controls)
    path = [
        f"{west_end} {south} m {east_end} {south} l",
        f"{east_k} {south} {east} {south_k} {east} {south_end} c",
        f"{east} {north_end} l",
        f"{east} {north_k} {east_k} {north} {east_end} {north} c",
        f"{west_end} {north} l",
        f"{west_k} {north} {west} {north_k} {west} {north_end} c",
        f"{west} {south_end} l",
        f"{west} {south_k} {west_k} {south} {west_end} {south} c",
        "h",
    ]
    return " ".join(path)


@dataclass(slots=True)
class Content:
    """Operators of one page; ``unit`` (points) and the origin say where ``(0, 0)`` and ``(1, 1)`` are at the moment.

    On a ``tagged`` page ``marks`` are the elements that its marked content belongs to, by marked-content identifier
    (ISO 32000-1, 14.7.4), and ``path`` is the one that is being drawn.
    """

    report: Report
    palette: Palette = field(default_factory=Palette)
    tagged: bool = False
    path: Path = ()
    marks: list[Path] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    links: list[LinkArea] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    """The XObjects drawn, in order of first use."""
    unit: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    _ink: str = ""
    _font: str = ""
    _open: Path = ()
    _aside: bool = False

    def check_legible(self, what: str) -> None:
        """Report something that was made smaller to fit if its letters are now too small."""
        if abs(self.unit) < LEGIBLE:
            self.report.too_wide(what)

    def add(self, operators: str) -> None:
        """Append operators that leave the graphics state as it was."""
        self.operators.append(operators)

    def ink(self, ink: Ink) -> Operators:
        """The operators that set an ink."""
        return self.palette[ink]

    def mark(self) -> None:
        """What is drawn from here on is content of the element at hand."""
        if self._open is self.path or not self.tagged or self._aside:
            return
        if self._open != self.path:
            self._close()
            self.operators.append(f"/{self.path[-1].role} << /MCID {len(self.marks)} >> BDC")
            self.marks.append(self.path)
        self._open = self.path

    def _close(self) -> None:
        if self._open:
            self.operators.append("EMC")
            self._open = ()

    @contextmanager
    def within(self, *tags: Tag) -> Iterator[None]:
        """Draw what belongs to an element inside the one at hand."""
        before = self.path
        self.path = (*before, *tags)
        yield
        self.path = before

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Draw what is no content: lines, grounds, what stands at the foot of every page."""
        if not self.tagged or self._aside:
            yield
            return
        self._close()
        self.operators.append("/Artifact BMC")
        self._aside = True
        yield
        self._aside = False
        self.operators.append("EMC")

    def finish(self) -> bytes:
        """The stream's bytes, once everything is drawn."""
        self._close()
        return "\n".join(self.operators).encode("ascii")

    def use_ink(self, ink: Ink) -> None:
        """Fill with ``ink`` from here on."""
        fill = self.palette[ink].fill
        if fill != self._ink:
            self._ink = fill
            self.operators.append(fill)

    def use_font(self, resource: str, size: float) -> None:
        """Set text in a font resource at ``size`` units from here on."""
        font = f"/{resource} {num(size)} Tf"
        if font != self._font:
            self._font = font
            self.operators.append(font)

    @contextmanager
    def moved(self, x: float, y: float, scale: float = 1.0) -> Iterator[None]:
        """Draw with the origin at ``(x, y)`` and a unit ``scale`` times as long; -1 draws upside down."""
        before = (self.unit, self.origin, self._ink, self._font)
        self.origin = (self.origin[0] + x * self.unit, self.origin[1] + y * self.unit)
        self.unit *= scale
        self.operators.append(f"q {num(scale)} 0 0 {num(scale)} {num(x)} {num(y)} cm")
        yield
        self.operators.append("Q")
        self.unit, self.origin, self._ink, self._font = before

    def fill(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """A filled rectangle with its lower left corner at ``(x, y)``."""
        self.use_ink(ink)
        self.operators.append(f"{num(x)} {num(y)} {num(width)} {num(height)} re f")

    def line(self, start: tuple[float, float], end: tuple[float, float], thickness: float, ink: Ink) -> None:
        """A straight line with flat ends."""
        x1, y1, x2, y2 = (num(v) for v in (*start, *end))
        self.operators.append(f"q {num(thickness)} w {self.palette[ink].stroke} {x1} {y1} m {x2} {y2} l S Q")

    def panel(self, area: Area, radius: float, fill: Ink | None, stroke: tuple[Ink, float] | None = None) -> None:
        """A rectangle with round corners, in units: filled, or outlined with an ink of a thickness, or both."""
        paint = {(True, False): "f", (False, True): "S", (True, True): "B"}[(fill is not None, stroke is not None)]
        inks = [self.palette[fill].fill] if fill else []
        if stroke:
            inks += [self.palette[stroke[0]].stroke, f"{num(stroke[1])} w"]
        self.operators.append(" ".join(["q", *inks, _rounded(area, radius), paint, "Q"]))

    def dot(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """A filled disc around ``(x, y)``."""
        at = f"{num(x)} {num(y)}"
        self.operators.append(f"q 1 J {num(2 * radius)} w {self.palette[ink].stroke} {at} m {at} l S Q")

    def xobject(self, name: str, x: float, y: float, width: float = 1.0, height: float = 1.0) -> None:
        """Draw an XObject by its resource name, its unit square stretched to a rectangle."""
        self.names[name] = None
        self.operators.append(f"q {num(width)} 0 0 {num(height)} {num(x)} {num(y)} cm /{name} Do Q")

    def link(self, x: float, y: float, width: float, height: float, href: str, tag: Tag) -> None:
        """Make a rectangle clickable; ``tag`` is the link inside the element at hand."""
        across = sorted(self.origin[0] + at * self.unit for at in (x, x + width))
        up = sorted(self.origin[1] + at * self.unit for at in (y, y + height))
        self.links.append(LinkArea(Area(across[0], up[0], across[1], up[1]), href, (*self.path, tag)))
