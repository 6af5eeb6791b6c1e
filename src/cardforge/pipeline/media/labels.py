"""Labels that a drawing sets as HTML in a <foreignObject>, as Mermaid and draw.io do, as SVG text in its place.

No renderer of print knows HTML, and no HTML of a stranger goes to a browser.
"""

import re
from textwrap import wrap
from typing import Final

from cardforge.pipeline.media.svg_tree import Element

_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "pre"})
_FONT_SIZE: Final = 16.0  # HTML's own
_NARROW: Final = 0.52  # of a letter, in em, on average
_LEADING: Final = 1.2
_ROOMY: Final = 2.0  # em; a lower box holds one line
_LEAST: Final = 0.8  # of its size, to which a label shrinks
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:px)?")


def label(foreign: Element) -> Element | None:
    """The words of a foreign object in its middle; None if it has none, or a place that only a browser can tell."""
    lines = _lines(foreign)
    x, y, width, height = (_number(foreign.attributes.get(key, "0")) for key in ("x", "y", "width", "height"))
    if not lines or x is None or y is None or not width or not height:
        return None
    size = _font_size(foreign) or _FONT_SIZE
    attributes: dict[str, str] = {k: v for k, v in foreign.attributes.items() if k in ("class", "transform")}
    if height > _ROOMY * size:
        lines = _wrapped(lines, width, size)
    widest = max(map(len, lines)) * _NARROW * size
    if widest > width:  # our letters are wider than those it was made for
        size *= max(width / widest, _LEAST)
        attributes["font-size"] = f"{size:.4g}"
    middle = (x + width / 2, y + height / 2)
    return _text(lines, middle, size, attributes | {"text-anchor": "middle"})


def worded(fallback: Element, foreign: Element) -> Element:
    """draw.io's short form of a label, with all of the label's words."""
    lines = _lines(foreign)
    x, y = (_number(fallback.attributes.get(key, "0")) for key in ("x", "y"))
    if not lines or x is None or y is None or " ".join(lines) == " ".join(fallback.text.split()):
        return fallback
    size = _number(fallback.attributes.get("font-size", "")) or _font_size(foreign) or _FONT_SIZE
    width = _css(foreign, "width") or 0.0
    attributes = {key: value for key, value in fallback.attributes.items() if key not in ("x", "y")}
    return _text(_wrapped(lines, width, size), (x, y - 0.3 * size), size, attributes)


def _text(lines: list[str], middle: tuple[float, float], size: float, attributes: dict[str, str]) -> Element:
    text = Element("text", attributes=attributes)
    first = middle[1] - (len(lines) - 1) / 2 * _LEADING * size + 0.34 * size
    for number, line in enumerate(lines):
        place = {"x": f"{middle[0]:.5g}", "y": f"{first + number * _LEADING * size:.5g}"}
        text.children.append(Element("tspan", attributes=place, children=[line]))
    return text


def _lines(element: Element) -> list[str]:
    parts: list[str] = []

    def collect(node: Element) -> None:
        for child in node.children:
            if isinstance(child, str):
                parts.append(re.sub(r"\s+", " ", child))
            elif child.name not in ("style", "script"):
                edge = "\n" if child.name in _BREAKS else ""
                parts.append(edge)
                collect(child)
                parts.append(edge)

    collect(element)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return [line for line in lines if line]


def _wrapped(lines: list[str], width: float, size: float) -> list[str]:
    """Lines of at most some width; one that would only just not fit stays whole."""
    most = int(width / (_NARROW * size))
    if most < 1:
        return lines
    parts = (wrap(line, most, break_long_words=False) if most < len(line) * 0.8 else [line] for line in lines)
    return [part for each in parts for part in each]


def _number(value: str) -> float | None:
    return float(value.strip().removesuffix("px")) if _NUMBER.fullmatch(value.strip()) else None


def _css(element: Element, name: str) -> float | None:
    """The largest length in pixels that a style below gives a property."""
    found = re.findall(rf"(?:^|;)\s*{name}\s*:\s*([\d.]+)px", element.attributes.get("style", ""))
    told = [float(value) for value in found if value.count(".") < 2]  # noqa: PLR2004 - a number has one point
    told += [value for child in element.elements if (value := _css(child, name)) is not None]
    return max(told, default=None)


def _font_size(element: Element) -> float | None:
    return _css(element, "font-size") or None
