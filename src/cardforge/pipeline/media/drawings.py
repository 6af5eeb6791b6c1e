"""An SVG drawing written anew from a closed list of elements, attributes and properties.

Whatever runs, moves, loads or stands for another document stays behind; what unfolds into too much is refused. The
same bytes go to every target.
"""

import re
from dataclasses import field
from typing import Final

from cardforge.pipeline.media.data_urls import MEDIA_TYPE, decode
from cardforge.pipeline.media.drawing_cost import check_cost
from cardforge.pipeline.media.labels import label, worded
from cardforge.pipeline.media.rasters import Raster, read_raster
from cardforge.pipeline.media.styles import declarations, rules, safe_value
from cardforge.pipeline.media.svg_names import ATTRIBUTES, ELEMENTS, GRADIENTS, PROPERTIES, SILENT, TEXTS
from cardforge.pipeline.media.svg_tree import MOST_TEXT, SVG, Element, RefusedError, read_tree
from cardforge.values import dataclass

MIME: Final = "image/svg+xml"
_HANDLERS: Final = "event handlers"
_ELSEWHERE: Final = "links to other files"
_FILTERS: Final = "filter effects"
_MOTION: Final = "animation"
_FOREIGN: Final = "foreign content"
_LOSSES: Final = {
    "script": "scripts",
    "handler": "scripts",
    "filter": _FILTERS,
    "foreignObject": _FOREIGN,
    **dict.fromkeys("animate animateColor animateMotion animateTransform set mpath discard".split(), _MOTION),
}
_UNITS: Final = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "em": 16.0}
_LENGTH: Final = re.compile(r"\s*([+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_LARGEST: Final = 10_000.0  # CSS pixels; a drawing has no resolution of its own
_DEFAULT: Final = (300.0, 150.0)  # CSS 2.2, 10.3.2: what has no size


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing that can be shown anywhere: its bytes, its size in CSS pixels, and in words what was left out."""

    data: bytes
    width: int
    height: int
    lost: tuple[str, ...]


def looks_like_svg(data: bytes) -> bool:
    """Whether a file seems meant as SVG: it is markup, and names the element near its beginning."""
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    named = b"<svg" in head or b":svg" in head or head.startswith((b"<?xml", b"<!DOCTYPE svg"))
    return head.startswith(b"<") and named


def clean(data: bytes) -> Drawing:
    """The drawing without what could do harm. Raises :class:`RefusedError`."""
    cleaner = _Cleaner()
    root = cleaner.element(read_tree(data)) or Element("svg")
    cleaner.add_styles(root)
    check_cost(root)
    width, height = _size(root)
    for key in ("width", "height", "x", "y"):
        root.attributes.pop(key, None)
    root.attributes |= {"width": f"{width:.6g}", "height": f"{height:.6g}"}
    text = "".join(_written(root, f' xmlns="{SVG}"'))
    return Drawing(text.encode("utf-8", "replace"), max(1, round(width)), max(1, round(height)), tuple(cleaner.lost))


@dataclass(slots=True)
class _Cleaner:
    """Copies elements of the list; ``lost`` says in words what it left out that someone may miss."""

    lost: dict[str, None] = field(default_factory=dict)
    gradients: set[str] = field(default_factory=set)
    sheets: list[tuple[Element, str]] = field(default_factory=list)
    characters: int = 0

    def element(self, old: Element) -> Element | None:
        name = old.name
        if name in SILENT or not name or old.html:
            return None
        if name == "foreignObject":
            return self._keep_label(old)
        if name not in ELEMENTS:
            self.lost[_LOSSES.get(name, f"<{name}>")] = None
            return None
        new = Element("g" if name in ("a", "switch") else name, attributes=self._attributes(old))
        if name in ("use", "image") and "href" not in new.attributes:
            return None
        if name in GRADIENTS:
            self.gradients.add(new.attributes.get("id", ""))
        if name == "style":
            self.sheets.append((new, old.text))
            return new
        if name == "text":
            self._count(old.text)
        children = _chosen(old) if name == "switch" else old.children
        for child in children:
            if isinstance(child, str):
                if name in TEXTS or (name == "a" and child.strip()):
                    new.children.append(child)
            elif (copy := self.element(child)) is not None:
                new.children.append(copy)
        if name == "a" and any(isinstance(child, str) for child in new.children):
            new.name = "tspan"  # a link among the words of a text
        return new

    def _keep_label(self, old: Element) -> Element | None:
        made = label(old)
        if made is None:
            if old.text.strip():
                self.lost[_FOREIGN] = None
            return None
        self._count(made.text)
        return made

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > MOST_TEXT or len(text) > MOST_TEXT // 10:
            raise RefusedError("holds too much text for a drawing", "Write it into the card instead.")

    def _attributes(self, old: Element) -> dict[str, str]:
        kept: dict[str, str] = {}
        for key, value in old.attributes.items():
            if key == "href":
                kept |= self._href(old.name, value.strip())
            elif key == "style":
                told = ";".join(f"{name}:{safe}" for name, safe in declarations(value))
                kept |= {"style": told} if told else {}
                self._miss(value)
            elif key in PROPERTIES:
                safe = safe_value(value)
                kept |= {key: safe} if safe is not None else {}
                self._miss(value)
            elif key in ATTRIBUTES or (key == "xml:space" and value == "preserve"):
                kept[key] = value
            elif key.lower().startswith("on"):
                self.lost[_HANDLERS] = None
            elif key == "filter":
                self.lost[_FILTERS] = None
        return kept

    def _miss(self, value: str) -> None:
        if re.search(r"url\(\s*[\"']?[^#\"'\s]", value, re.IGNORECASE):
            self.lost[_ELSEWHERE] = None
        if re.search(r"(?:^|;)\s*filter\s*:(?!\s*none)", value, re.IGNORECASE):
            self.lost[_FILTERS] = None

    def _href(self, name: str, value: str) -> dict[str, str]:
        if name == "image":
            data = decode(value)
            picture = read_raster(data) if data is not None else None
            if data is None or not isinstance(picture, Raster):
                self.lost[_ELSEWHERE if data is None else "a picture that cannot be read"] = None
                return {}
            self_made = MEDIA_TYPE.sub(f"data:{picture.mime};base64,", value, count=1)
            return {"href": self_made, "data-pixels": str(picture.width * picture.height)}
        if name == "a":
            return {}
        if value.startswith("#"):
            return {"href": value}
        self.lost[_ELSEWHERE] = None
        return {}

    def add_styles(self, root: Element) -> None:
        """Fill in the style sheets: their rules may name gradients, which cost nothing, and no other element."""
        del root
        for element, sheet in self.sheets:
            kept = rules(sheet, self.gradients.__contains__)
            if re.search(r"@import|url\(\s*[\"']?[^#\"'\s]", sheet, re.IGNORECASE):
                self.lost[_ELSEWHERE] = None
            element.attributes.clear()
            element.children[:] = [kept] if kept else []


def _chosen(switch: Element) -> list["Element | str"]:
    """What a renderer without foreign objects shows of a <switch>: the first child that it knows."""
    foreign = next((child for child in switch.elements if child.name == "foreignObject"), None)
    for child in switch.elements:
        if child.name in ELEMENTS and "systemLanguage" not in child.attributes:
            return [worded(child, foreign) if foreign and child.name == "text" else child]
    return list(switch.elements[-1:])


def _size(root: Element) -> tuple[float, float]:
    """Width and height in CSS pixels; gives the root a viewBox if it has none."""
    box = [float(part) for part in _NUMBER.findall(root.attributes.get("viewBox", ""))]
    ratio = (box[2], box[3]) if len(box) == 4 and 0 < box[2] < 1e9 and 0 < box[3] < 1e9 else None  # noqa: PLR2004 - x y w h
    width, height = (_length(root.attributes.get(key, "")) for key in ("width", "height"))
    if ratio is None:
        root.attributes.pop("viewBox", None)
        size = (width or _DEFAULT[0], height or _DEFAULT[1])
        root.attributes["viewBox"] = f"0 0 {size[0]:.6g} {size[1]:.6g}"
    elif width and height:
        size = (width, height)
    elif width or height:
        size = (width or height * ratio[0] / ratio[1], height or width * ratio[1] / ratio[0])
    else:
        size = ratio
    shrink = min(1.0, _LARGEST / max(size))
    return max(size[0] * shrink, 1.0), max(size[1] * shrink, 1.0)


def _length(value: str) -> float:
    """A length in CSS pixels; 0 for none, a relative one or an impossible one."""
    found = _LENGTH.fullmatch(value)
    if not found or found[2].lower() not in _UNITS:
        return 0.0
    length = float(found[1]) * _UNITS[found[2].lower()]
    return length if length < 1e9 else 0.0  # noqa: PLR2004 - nothing is that large, and infinity is not


_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _written(element: Element, extra: str = "") -> list[str]:
    from xml.sax.saxutils import escape, quoteattr  # here, for it loads half a web client

    attributes = "".join(
        f" {key}={quoteattr(_NO_XML.sub('', value))}"
        for key, value in element.attributes.items()
        if not key.startswith("data-")
    )
    if not element.children:
        return [f"<{element.name}{extra}{attributes}/>"]
    parts = [f"<{element.name}{extra}{attributes}>"]
    for child in element.children:
        parts += [escape(_NO_XML.sub("", child))] if isinstance(child, str) else _written(child)
    return [*parts, f"</{element.name}>"]
