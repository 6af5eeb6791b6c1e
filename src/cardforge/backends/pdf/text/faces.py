"""The table of faces: which fonts print has, the package each comes in, and which is asked before which.

Everything that depends on what a font package calls its files stands here. The packages of :data:`EXTRAS` are optional:
a face whose package is not installed is passed over, and a missing character's finding names the extra that has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import uharfbuzz as hb

from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Packaged:
    """A font file in an installed package."""

    package: str
    file: str


@dataclass(frozen=True, slots=True)
class Given:
    """A font that a person named: the bytes of its file and its number there, which is 0 but in a collection."""

    data: bytes = field(repr=False)
    index: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where a face comes from, the axes to pin, the features to switch, and what PDF wants to know of its looks.

    ``name`` is what PDF calls it.
    """

    name: str
    origin: Packaged | Given
    axes: tuple[tuple[str, float], ...] = ()
    features: tuple[tuple[str, bool], ...] = ()
    bold: bool = False
    italic: bool = False
    fixed: bool = False


_REGULAR: Final = 400.0
_BOLD: Final = 700.0
# With its ligatures the code font would show "->" as an arrow, which is not what the author typed.
LITERAL: Final = (("calt", False), ("liga", False))


def _noto_sans(name: str, file: str, weight: float) -> Source:
    origin = Packaged("fontpkg_noto_sans", f"files/{file}[wdth,wght].ttf")
    return Source(name, origin, (("wght", weight), ("wdth", 100)), bold=weight == _BOLD, italic="Italic" in file)


def _mono(name: str, file: str, weight: float) -> Source:
    origin = Packaged("fontpkg_jetbrains_mono", f"files/{file}[wght].ttf")
    axes = (("wght", weight),)
    return Source(name, origin, axes, LITERAL, bold=weight == _BOLD, italic="Italic" in file, fixed=True)


TEXT: Final[Mapping[tuple[bool, bool], Source]] = {
    (False, False): _noto_sans("NotoSans-Regular", "NotoSans", _REGULAR),
    (True, False): _noto_sans("NotoSans-Bold", "NotoSans", _BOLD),
    (False, True): _noto_sans("NotoSans-Italic", "NotoSans-Italic", _REGULAR),
    (True, True): _noto_sans("NotoSans-BoldItalic", "NotoSans-Italic", _BOLD),
}
"""The faces of text by bold and italic."""
MONO: Final[Mapping[tuple[bool, bool], Source]] = {
    (False, False): _mono("JetBrainsMono-Regular", "JetBrainsMono", _REGULAR),
    (True, False): _mono("JetBrainsMono-Bold", "JetBrainsMono", _BOLD),
    (False, True): _mono("JetBrainsMono-Italic", "JetBrainsMono-Italic", _REGULAR),
    (True, True): _mono("JetBrainsMono-BoldItalic", "JetBrainsMono-Italic", _BOLD),
}
"""The faces of code by bold and italic."""
MATH: Final = Source("STIXTwoMath-Regular", Packaged("ziamath", "fonts/STIXTwoMath-Regular.ttf"))
DEJAVU: Final = Source("DejaVuSans", Packaged("ziafont", "fonts/DejaVuSans.ttf"))

_WORLD: Final = "manimgx_fonts"
_SCRIPTS: Final = (
    *("Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew"),
    *("Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai"),
)


def _world(name: str, *, bold: bool) -> Source:
    style, weight = ("Bold", _BOLD) if bold else ("Regular", _REGULAR)
    return Source(f"{name}-{style}", Packaged(_WORLD, f"{name}[wght].ttf"), (("wght", weight),), bold=bold)


def _cjk(package: str, region: str) -> Source:
    return Source(f"NotoSans{region}-Regular", Packaged(package, f"NotoSans{region}-Regular.otf"))


SCRIPTS: Final[Mapping[bool, tuple[Source, ...]]] = {
    bold: tuple(_world(f"NotoSans{script}", bold=bold) for script in _SCRIPTS) for bold in (False, True)
}
"""A face for each script that the first faces lack, by bold."""
SYMBOLS: Final[Mapping[bool, Source]] = {bold: _world("NotoSansSymbols", bold=bold) for bold in (False, True)}
EMOJI: Final[Mapping[bool, Source]] = {bold: _world("NotoEmoji", bold=bold) for bold in (False, True)}
SC: Final = _cjk("pylopdf_fonts_zh_cn", "SC")
TC: Final = _cjk("pylopdf_fonts_zh_tw", "TC")
JP: Final = _cjk("pylopdf_fonts_jp", "JP")
KR: Final = _cjk("pylopdf_fonts_ko", "KR")

SOURCES: Final[Sequence[Source]] = (
    *TEXT.values(),
    *MONO.values(),
    *(MATH, DEJAVU),
    *(source for bold in (False, True) for source in (*SCRIPTS[bold], SYMBOLS[bold], EMOJI[bold])),
    *(SC, TC, JP, KR),
)
"""Every face there is."""


def _east_asian(language: str) -> tuple[Source, ...]:
    """The faces of Chinese, Japanese and Korean, that of a language (BCP 47) first: they draw a character their way."""
    primary, *rest = language.lower().split("-")
    if primary == "ja":
        return JP, SC, TC, KR
    if primary == "ko":
        return KR, SC, TC, JP
    traditional = "hant" in rest or ("hans" not in rest and {"tw", "hk", "mo"} & set(rest)) or primary == "yue"
    return (TC, SC, JP, KR) if traditional else (SC, TC, JP, KR)


@cache
def fallbacks(language: str, *, bold: bool) -> tuple[Source, ...]:
    """The installed faces that text falls back to, in order; in East Asian languages their own come first."""
    east = _east_asian(language)
    native = east if language.lower().partition("-")[0] in ("zh", "yue", "ja", "ko") else ()
    order = (*native, MATH, *SCRIPTS[bold], DEJAVU, SYMBOLS[bold], EMOJI[bold], *(() if native else east))
    return tuple(source for source in order if source in (MATH, DEJAVU) or installed(source))


EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "world": (_WORLD,),
    "cjk": tuple(source.origin.package for source in (SC, TC, JP, KR) if isinstance(source.origin, Packaged)),
}
"""The packages of each optional extra of ours."""
# The blocks whose characters an extra brings, as far as the first faces lack them.
_BLOCKS: Final = (
    ("cjk", range(0x1100, 0x1200)),  # Hangul Jamo
    ("cjk", range(0x2E80, 0xA000)),  # radicals to ideographs
    ("cjk", range(0xA960, 0xA980)),  # Hangul Jamo
    ("cjk", range(0xAC00, 0xD800)),  # Hangul
    ("cjk", range(0xF900, 0xFB00)),  # ideographs
    ("cjk", range(0xFE30, 0xFE50)),  # vertical forms
    ("cjk", range(0xFF00, 0xFFF0)),  # full and half width
    ("cjk", range(0x1B000, 0x1B170)),  # kana
    ("cjk", range(0x20000, 0x32000)),  # ideographs
    ("world", range(0x0530, 0x0700)),  # Armenian, Hebrew, Arabic
    ("world", range(0x0750, 0x0780)),  # Arabic
    ("world", range(0x0860, 0x0F00)),  # Arabic, Indic scripts, Thai, Lao
    ("world", range(0x1000, 0x1100)),  # Myanmar, Georgian
    ("world", range(0x1200, 0x13A0)),  # Ethiopic
    ("world", range(0x1780, 0x1800)),  # Khmer
    ("world", range(0x19E0, 0x1A00)),  # Khmer symbols
    ("world", range(0x1C90, 0x1CC0)),  # Georgian
    ("world", range(0x2100, 0x2C00)),  # symbols
    ("world", range(0x2D00, 0x2DE0)),  # Georgian, Ethiopic
    ("world", range(0xA8E0, 0xA900)),  # Devanagari
    ("world", range(0xAA60, 0xAA80)),  # Myanmar
    ("world", range(0xAB00, 0xAB30)),  # Ethiopic
    ("world", range(0xFB13, 0xFE00)),  # Armenian, Hebrew, Arabic
    ("world", range(0xFE70, 0xFF00)),  # Arabic
    ("world", range(0x1F000, 0x1FB00)),  # emoji
)


def extra_for(char: str) -> str:
    """The extra that may have a character, "" for none and for one that is installed."""
    name = next((name for name, block in _BLOCKS if ord(char) in block), "")
    return name if name and not all(map(_folder, EXTRAS[name])) else ""


def _folder(package: str) -> Path | None:
    """Where an installed package is, found without importing it."""
    spec = find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def font_path(origin: Packaged) -> Path:
    """The file of a font. Without its package the installation lacks something: ModuleNotFoundError."""
    folder = _folder(origin.package)
    if folder is None:
        raise ModuleNotFoundError(f"No module named {origin.package!r}", name=origin.package)
    return folder / origin.file


@cache
def installed(source: Source) -> bool:
    """Whether a packaged face is there."""
    assert isinstance(source.origin, Packaged)  # noqa: S101 - a person's font is never optional
    folder = _folder(source.origin.package)
    return folder is not None and (folder / source.origin.file).is_file()


@cache
def hb_face(origin: Packaged | Given) -> Any:
    """A font as its file has it."""
    match origin:
        case Packaged():
            return hb.Face(hb.Blob.from_file_path(str(font_path(origin))))
        case Given():
            return hb.Face(hb.Blob(origin.data), origin.index)


@cache
def coverage(origin: Packaged | Given) -> frozenset[int]:
    """The code points a font has glyphs for."""
    return frozenset(hb_face(origin).unicodes)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font at one point of its design space. Lengths are in em, y up; ``descent`` is positive below the baseline."""

    source: Source
    hb_face: Any
    """The font's file, with all its designs."""
    hb_font: Any
    """The font at that point."""
    em: float
    """One font unit in em."""
    ascent: float
    descent: float
    features: Mapping[str, bool]
    cids: Sequence[int] | None
    """The CID of each glyph in a CID-keyed font; None where glyphs are their own CIDs."""
    advances: Mapping[int, int]
    """How far a glyph moves the pen by itself, in font units."""
    reaches: Mapping[int, tuple[float, float]]
    """How far a glyph's ink goes up and down from the baseline, in em, y up."""
    postscript: bool
    """Whether its outlines are PostScript's, in a CFF table."""


_Told = TypeVar("_Told")


class _Asked(dict[int, _Told]):
    """What is asked of a font glyph by glyph, once each."""

    def __init__(self, ask: Callable[[int], _Told]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, glyph: int) -> _Told:
        found = self[glyph] = self._ask(glyph)
        return found


def _reach(hb_font: Any, em: float, glyph: int) -> tuple[float, float]:
    box = hb_font.get_glyph_extents(glyph)
    top, height = (box.y_bearing, box.height) if box else (0, 0)
    return top * em, (top + height) * em


@cache
def face(source: Source) -> Face:
    """Load a face, which is kept for the life of the process. Without its package: ModuleNotFoundError."""
    from cardforge.backends.pdf.text.cff import cids  # here, for most faces have none

    loaded = hb_face(source.origin)
    hb_font = hb.Font(loaded)
    hb_font.set_variations(dict(source.axes))
    em = 1 / loaded.upem
    postscript = "CFF " in loaded.table_tags
    extents = hb_font.get_font_extents("ltr")
    return Face(
        source=source,
        hb_face=loaded,
        hb_font=hb_font,
        em=em,
        ascent=extents.ascender * em,
        descent=-extents.descender * em,
        features=dict(source.features),
        cids=cids(bytes(loaded.reference_table("CFF ").data)) if postscript else None,
        advances=_Asked(hb_font.get_glyph_h_advance),
        reaches=_Asked(partial(_reach, hb_font, em)),
        postscript=postscript,
    )
