"""How much a drawing unfolds into: elements that use others, and those others more, grow beyond any file's size."""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cardforge.pipeline.media.styles import LOCAL
from cardforge.pipeline.media.svg_names import INHERITED, PAINTING, TEXTS
from cardforge.pipeline.media.svg_tree import Element, RefusedError

MOST: Final = 100_000
"""Elements a drawing may unfold into."""
_DEEPEST: Final = 200
_PIXELS: Final = 10_000  # of a picture in it that cost as much as an element
_CHARACTERS: Final = 10
_MEND: Final = "Simplify it, or export it as PNG."


class _Cost(NamedTuple):
    """``elements`` once all is unfolded, ``vertices`` that may carry a marker, and the ``total`` to draw them."""

    elements: int
    vertices: int
    total: int


def check_cost(root: Element) -> None:
    """Raise :class:`RefusedError` for a drawing that refers to itself or unfolds into too much."""
    meter = _Meter()
    meter.note(root)
    meter.cost(root, 0)


@dataclass(slots=True)
class _Meter:
    by_id: dict[str, Element] = field(default_factory=dict)
    known: dict[int, _Cost] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def note(self, element: Element) -> None:
        """Remember what can be referred to."""
        if name := element.attributes.get("id"):
            self.by_id.setdefault(name, element)
        for child in element.elements:
            self.note(child)

    def cost(self, element: Element, depth: int) -> _Cost:
        """What an element costs wherever it is drawn once."""
        key = id(element)
        if key in self.known:
            return self.known[key]
        if key in self.open:
            raise RefusedError("refers to itself", _MEND)
        if depth > _DEEPEST:
            raise RefusedError(f"refers from element to element more than {_DEEPEST} times", _MEND)
        self.open.add(key)
        below = [self.cost(child, depth + 1) for child in element.elements]
        if used := self.by_id.get(element.attributes.get("href", "").removeprefix("#")):
            below.append(self.cost(used, depth + 1))
        elements = 1 + sum(cost.elements for cost in below)
        vertices = _vertices(element) + sum(cost.vertices for cost in below)
        total = _own(element) + sum(cost.total for cost in below)
        for name, target in _painted_with(element):
            if target in self.by_id:
                times = vertices if name.startswith("marker") else elements if name in INHERITED else 1
                total += self.cost(self.by_id[target], depth + 1).total * times
        if total > MOST:
            raise RefusedError(f"unfolds into more than {MOST:,} elements", _MEND)
        self.open.discard(key)
        self.known[key] = _Cost(elements, vertices, total)
        return self.known[key]


def _own(element: Element) -> int:
    words = sum(len(child) for child in element.children if isinstance(child, str)) if element.name in TEXTS else 0
    return 1 + words // _CHARACTERS + int(element.attributes.get("data-pixels", "0")) // _PIXELS


def _vertices(element: Element) -> int:
    drawn = element.attributes.get("d") or element.attributes.get("points") or ""
    return 1 + len(re.findall(r"\d+", drawn)) // 2


def _painted_with(element: Element) -> list[tuple[str, str]]:
    """The ids that its paints, clips, masks and markers name, each with its property."""
    found = []
    for name in PAINTING:
        found += [(name, target) for _, target in LOCAL.findall(element.attributes.get(name, ""))]
    for part in element.attributes.get("style", "").split(";"):
        name, _, value = part.partition(":")
        found += [(name, target) for _, target in LOCAL.findall(value)]
    return sorted(found)
