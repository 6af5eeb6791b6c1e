"""What a PDF is made of: all of its dictionaries, and its fonts as a printer needs them who has none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf


@dataclass(frozen=True, slots=True)
class Font:
    """A font as a page names it."""

    name: str
    embedded: bool
    subset: bool
    """Whether the name has the tag of a subset (ISO 32000-1, 9.6.4)."""
    unicode: bool
    """Whether it has a ToUnicode map."""

    @property
    def complete(self) -> bool:
        """Whether it is embedded, only what is used of it, and can be read back."""
        return self.embedded and self.subset and self.unicode


def dictionaries_of(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and every stream, objects of their own or not."""
    for each in pdf.objects:
        yield from _dictionaries(each)


def _dictionaries(thing: Any) -> Iterator[Any]:
    """Down to where other objects begin."""
    entries = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
    if isinstance(entries, pikepdf.Dictionary):
        yield thing
    if isinstance(entries, pikepdf.Dictionary | pikepdf.Array):
        for value in entries.values() if isinstance(entries, pikepdf.Dictionary) else entries:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _dictionaries(value)


def fonts_of(pdf: pikepdf.Pdf) -> list[Font]:
    """Every font of a file but the descendants of composite ones, which are part of these."""
    fonts = [each for each in dictionaries_of(pdf) if each.get("/Type") == "/Font"]
    return [_font(font) for font in fonts if not str(font.get("/Subtype")).startswith("/CIDFont")]


def _font(font: Any) -> Font:
    name = str(font.get("/BaseFont", font.get("/Name", "")))[1:]
    descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
    drawn = font.get("/Subtype") == "/Type3"  # its glyphs are content of the file
    embedded = drawn or any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return Font(name, embedded, re.match(r"[A-Z]{6}\+", name) is not None, "/ToUnicode" in font)
