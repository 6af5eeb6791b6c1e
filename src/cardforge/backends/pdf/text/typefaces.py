"""Fonts that a person names: what a file says of itself, and the faces that come of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb

from cardforge.backends import Context, FontFile
from cardforge.backends.pdf.text.faces import LITERAL, Given, Source, hb_face
from cardforge.backends.pdf.text.fonts import Named
from cardforge.values import dataclass

REGULAR: Final = 400.0
BOLD: Final = 700.0
_FAMILY_NAMES: Final = (1, 16)  # of the name table: the family of four, and the one the designer thinks of
_POSTSCRIPT_NAME: Final = 6
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9-]")
# OpenType, OS/2 table: where the fields are, and the bits of fsType and fsSelection.
_WEIGHT_AT: Final = 4
_WIDTH_AT: Final = 6
_FS_TYPE_AT: Final = 8
_FS_SELECTION_AT: Final = 62
_RESTRICTED: Final = 0x0002
_LESS_RESTRICTED: Final = 0x000C
_NO_SUBSET: Final = 0x0100
_BITMAPS_ONLY: Final = 0x0200
_ITALIC: Final = 0x0201  # italic or oblique
_SLANT_AT: Final = (4, 6)  # of the post table: the two halves of its angle
_FIXED_PITCH_AT: Final = 12  # of the post table


@dataclass(frozen=True, slots=True)
class Description:
    """What a font says of itself: its families, its weights from ``lightest`` to ``heaviest``, its width class.

    ``trouble`` is why print cannot use it, and what would help; empty if it can.
    """

    index: int
    families: tuple[str, ...]
    lightest: float
    heaviest: float
    width: int
    italic: bool
    trouble: tuple[str, str] | None

    def distance(self, weight: float) -> float:
        """How far the font stays from a weight."""
        return max(self.lightest - weight, weight - self.heaviest, 0.0)


def describe(path: Path) -> list[Description]:
    """The fonts of a file, more than one in a collection; none of what is no font. OSError where it cannot be read."""
    try:
        blob = hb.Blob.from_file_path(str(path))
    except hb.HarfBuzzError:
        path.read_bytes()  # says why, where the system does
        return []
    return [_described(hb.Face(blob, index), index) for index in range(hb.Face(blob).count)]


def _described(font: Any, index: int) -> Description:
    weights = next(((a.min_value, a.max_value) for a in font.axis_infos if a.tag == "wght"), None)
    names = {entry.name_id: None for entry in font.list_names() if entry.name_id in _FAMILY_NAMES}
    languages = [entry.language for entry in font.list_names() if entry.name_id in names]
    families = {font.get_name(name, language) or "": None for name in names for language in languages}
    own = float(_number(font, "OS/2", _WEIGHT_AT) or REGULAR)
    lightest, heaviest = weights or (own, own)
    slanted = any(_number(font, "post", at) for at in _SLANT_AT)
    italic = slanted or bool(_number(font, "OS/2", _FS_SELECTION_AT) & _ITALIC)
    width = _number(font, "OS/2", _WIDTH_AT)
    return Description(index, tuple(filter(None, families)), lightest, heaviest, width, italic, _trouble(font))


def _trouble(font: Any) -> tuple[str, str] | None:
    """Why print cannot use a font."""
    tables = set(font.table_tags)
    rights = _number(font, "OS/2", _FS_TYPE_AT)
    if not font.glyph_count or not font.unicodes:
        return "is no font that can be read", "Choose a TrueType or OpenType file (.ttf, .otf, .ttc)."
    if rights & _RESTRICTED and not rights & _LESS_RESTRICTED:
        return "may not be embedded in a document, as its maker says in it (OS/2 fsType)", "Choose another font."
    if rights & (_NO_SUBSET | _BITMAPS_ONLY):
        return "may not be embedded in part, as its maker says in it (OS/2 fsType)", "Choose another font."
    if "CFF2" in tables:
        return "is a variable font with PostScript outlines, which PDF does not know", "Choose its static files."
    if not tables & {"glyf", "CFF "}:
        return "has no outlines", "Choose a font that is no bitmap font."
    return None


def _number(font: Any, table: str, at: int) -> int:
    """An unsigned number of 16 bits in a table; 0 where there is none."""
    return int.from_bytes(bytes(font.reference_table(table).data)[at : at + 2], "big")


def named_fonts(context: Context) -> Named:
    """The faces that come before the ones print has."""
    text = (_family(files, code=False) for files in context.fonts.get("font", ()))
    code = (_family(files, code=True) for files in context.fonts.get("code_font", ()))
    return Named(tuple(filter(None, text)), tuple(filter(None, code)))


def _family(files: Sequence[FontFile], *, code: bool) -> Mapping[tuple[bool, bool], Source]:
    """The faces of a family by bold and italic."""
    return {(file.bold, file.italic): _source(file, code=code) for file in files}


def _source(file: FontFile, *, code: bool) -> Source:
    origin = Given(file.data, file.index)
    font = hb_face(origin)
    weight = BOLD if file.bold else REGULAR
    name = _NO_NAME.sub("", font.get_name(_POSTSCRIPT_NAME) or "") or "Font"
    if file.bold and "bold" not in name.lower():  # a variable font has one name for all its weights
        name = f"{name.removesuffix('Regular')}Bold"
    return Source(
        name=name,
        origin=origin,
        axes=tuple(_pins(font, weight)),
        features=LITERAL if code else (),
        bold=file.bold,
        italic=file.italic,
        fixed=any(bytes(font.reference_table("post").data)[_FIXED_PITCH_AT : _FIXED_PITCH_AT + 4]),
    )


def _pins(font: Any, weight: float) -> Iterator[tuple[str, float]]:
    """A place in a variable font's design space: every axis has to be pinned for PDF."""
    for axis in font.axis_infos:
        value = min(max(weight, axis.min_value), axis.max_value) if axis.tag == "wght" else axis.default_value
        yield axis.tag, value
