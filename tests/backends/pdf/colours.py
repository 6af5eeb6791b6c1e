"""Which device colours a page paints with, wherever they are named: operators, colour spaces, pictures, groups."""

from collections.abc import Iterator
from typing import Any, Final

import pikepdf

_OPERATORS: Final = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}  # and in capitals, for lines
_SHORT: Final = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}  # as inline images say it
_DEVICE: Final = {name: name for name in _SHORT.values()} | _SHORT
# A resource that gives a device space a profile of its own (ISO 32000-1, 8.6.5.6).
_DEFAULTS: Final = {"/DefaultGray": "/DeviceGray", "/DefaultRGB": "/DeviceRGB", "/DefaultCMYK": "/DeviceCMYK"}


def device_colours(page: pikepdf.Page) -> set[str]:
    """The device colour spaces a page paints with, of those that its resources give no profile."""
    found = set(_content(page, page.resources, set()))
    group = page.obj.get("/Group")
    return found | set(_space(group.get("/CS"))) if group is not None else found


def _content(stream: Any, resources: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Of a content stream and all that its resources hold, used or not; each stream once."""
    if isinstance(stream, pikepdf.Stream):
        if stream.objgen in seen:
            return
        seen.add(stream.objgen)
    found: set[str] = set()
    for each in pikepdf.parse_content_stream(stream):
        name, operands = str(each.operator), each.operands
        if name.lower() in _OPERATORS:
            found.add(_OPERATORS[name.lower()])
        elif name in {"cs", "CS"}:
            found.update(_space(operands[0]))
        elif name == "INLINE IMAGE":
            found.update(_space(_inline_space(operands[0])))
    found.update(_resources(resources, seen))
    yield from found - {device for name, device in _DEFAULTS.items() if name in resources.get("/ColorSpace", {})}


def _inline_space(image: Any) -> Any:
    entries = {str(key): value for key, value in image.obj.items()}
    return entries.get("/ColorSpace", entries.get("/CS"))


def _resources(resources: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    for name, space in resources.get("/ColorSpace", {}).items():
        if name not in _DEFAULTS:
            yield from _space(space)
    for shading in resources.get("/Shading", {}).values():
        yield from _space(shading.get("/ColorSpace"))
    for state in resources.get("/ExtGState", {}).values():
        mask = state.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary):
            yield from _drawn(mask.G, resources, seen)
    for kind in ("/XObject", "/Pattern"):
        for each in resources.get(kind, {}).values():
            yield from _drawn(each, resources, seen)
    for font in resources.get("/Font", {}).values():
        for glyph in font.get("/CharProcs", {}).values():
            yield from _content(glyph, font.get("/Resources", resources), seen)


def _drawn(thing: Any, outer: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Of a form, a picture or a pattern."""
    if thing.get("/Subtype") == "/Image":
        if not thing.get("/ImageMask", False):
            yield from _space(thing.get("/ColorSpace"))
        return
    if thing.get("/PatternType") == 2:  # a shading
        yield from _space(thing.Shading.get("/ColorSpace"))
        return
    yield from _space(thing.get("/Group", {}).get("/CS"))
    yield from _content(thing, thing.get("/Resources", outer), seen)


def _space(space: Any) -> Iterator[str]:
    """The device spaces behind a colour space, through indexes, patterns and the substitutes of spot colours."""
    if isinstance(space, pikepdf.Name) and str(space) in _DEVICE:
        yield _DEVICE[str(space)]
    elif isinstance(space, pikepdf.Array):
        match str(space[0]):
            case "/Indexed" | "/I" | "/Pattern" if len(space) > 1:
                yield from _space(space[1])
            case "/Separation" | "/DeviceN":
                yield from _space(space[2])
            case name if name in _DEVICE:
                yield _DEVICE[name]
