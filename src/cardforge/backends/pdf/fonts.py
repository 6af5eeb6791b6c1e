"""The faces cards are set in, and how a word becomes glyphs.

HarfBuzz shapes; the same library pins the axes of the variable fonts, which takes milliseconds. A face is loaded when
its first glyph is needed and kept for the life of the process; what a document uses of it is kept per document, because
a PDF embeds only that. A character is taken from the first face of a chain that has it, grapheme by grapheme.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import uharfbuzz as hb

from cardforge.backends.pdf.characters import graphemes, ignorable


@dataclass(frozen=True, slots=True)
class Source:
    """Where a face comes from: an installed package, a file in it, the axes to pin, features to switch."""

    package: str
    file: str
    axes: tuple[tuple[str, float], ...] = ()
    features: tuple[tuple[str, bool], ...] = ()


_NOTO: Final = "files/NotoSans[wdth,wght].ttf"
_NOTO_ITALIC: Final = "files/NotoSans-Italic[wdth,wght].ttf"
_MONO: Final = "files/JetBrainsMono[wght].ttf"
_MONO_ITALIC: Final = "files/JetBrainsMono-Italic[wght].ttf"
# With its ligatures the code font would show "->" as an arrow, which is not what the author typed.
_LITERAL: Final = (("calt", False), ("liga", False))


class FaceName(Enum):
    """The faces, named as PDF will call them."""

    REGULAR = "NotoSans-Regular"
    BOLD = "NotoSans-Bold"
    ITALIC = "NotoSans-Italic"
    BOLD_ITALIC = "NotoSans-BoldItalic"
    MONO = "JetBrainsMono-Regular"
    MONO_BOLD = "JetBrainsMono-Bold"
    MONO_ITALIC = "JetBrainsMono-Italic"
    MONO_BOLD_ITALIC = "JetBrainsMono-BoldItalic"
    MATH = "STIXTwoMath-Regular"
    WORLD = "DejaVuSans"


SOURCES: Final[Mapping[FaceName, Source]] = {
    FaceName.REGULAR: Source("fontpkg_noto_sans", _NOTO, (("wght", 400), ("wdth", 100))),
    FaceName.BOLD: Source("fontpkg_noto_sans", _NOTO, (("wght", 700), ("wdth", 100))),
    FaceName.ITALIC: Source("fontpkg_noto_sans", _NOTO_ITALIC, (("wght", 400), ("wdth", 100))),
    FaceName.BOLD_ITALIC: Source("fontpkg_noto_sans", _NOTO_ITALIC, (("wght", 700), ("wdth", 100))),
    FaceName.MONO: Source("fontpkg_jetbrains_mono", _MONO, (("wght", 400),), _LITERAL),
    FaceName.MONO_BOLD: Source("fontpkg_jetbrains_mono", _MONO, (("wght", 700),), _LITERAL),
    FaceName.MONO_ITALIC: Source("fontpkg_jetbrains_mono", _MONO_ITALIC, (("wght", 400),), _LITERAL),
    FaceName.MONO_BOLD_ITALIC: Source("fontpkg_jetbrains_mono", _MONO_ITALIC, (("wght", 700),), _LITERAL),
    FaceName.MATH: Source("ziamath", "fonts/STIXTwoMath-Regular.ttf"),
    FaceName.WORLD: Source("ziafont", "fonts/DejaVuSans.ttf"),
}

# What a style falls back to, in order: symbols and mathematics, then everything else we carry.
FALLBACKS: Final = (FaceName.MATH, FaceName.WORLD)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font at one point of its design space. Lengths are in em, y up; ``descent`` is positive below the baseline."""

    name: FaceName
    hb_face: Any
    hb_font: Any
    em: float
    """One font unit in em."""
    ascent: float
    descent: float
    characters: frozenset[int]
    features: Mapping[str, bool]
    extents: dict[int, tuple[float, float]] = field(default_factory=dict)

    def reach(self, glyph: int) -> tuple[float, float]:
        """How far a glyph's ink goes up and down from the baseline, in em, y up."""
        reach = self.extents.get(glyph)
        if reach is None:
            box = self.hb_font.get_glyph_extents(glyph)
            top, height = (box.y_bearing, box.height) if box else (0, 0)
            reach = self.extents[glyph] = (top * self.em, (top + height) * self.em)
        return reach


def font_path(source: Source) -> Path:
    """The file of a font. A package that is not there is a broken installation: FileNotFoundError."""
    spec = find_spec(source.package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the font package {source.package} is not installed")
    return Path(spec.submodule_search_locations[0]) / source.file


@cache
def face(name: FaceName) -> Face:
    """Load a face. A package that is not there is a broken installation: FileNotFoundError."""
    source = SOURCES[name]
    hb_face = hb.Face(hb.Blob.from_file_path(str(font_path(source))))
    if source.axes:
        wanted = hb.SubsetInput()
        wanted.keep_everything()
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        for tag, value in source.axes:
            wanted.pin_axis_location(hb_face, tag, value)
        hb_face = hb.subset(hb_face, wanted)
    hb_font = hb.Font(hb_face)
    em = 1 / hb_face.upem
    extents = hb_font.get_font_extents("ltr")
    return Face(
        name=name,
        hb_face=hb_face,
        hb_font=hb_font,
        em=em,
        ascent=extents.ascender * em,
        descent=-extents.descender * em,
        characters=frozenset(hb_face.unicodes),
        features=dict(source.features),
    )


class Shaped(NamedTuple):
    """Glyphs of one face in visual order, ready to be shown.

    ``advance``, ``top`` and ``bottom`` are in em (of the ink, y up). ``chunks`` are bodies of ``TJ`` arrays, each with
    its rise in em. ``spoken`` says that the glyphs alone do not tell a reader the text. ``missing`` holds the
    characters that no face has.
    """

    face: "UsedFace"
    text: str
    advance: float
    chunks: tuple[tuple[float, str], ...]
    spoken: bool
    top: float
    bottom: float
    missing: tuple[str, ...]


@dataclass(slots=True)
class UsedFace:
    """What one document uses of a face: ``glyphs`` maps glyph to the text it stands for ("" where unknown)."""

    face: Face
    resource: str
    glyphs: dict[int, str] = field(default_factory=lambda: {0: ""})

    def shape(self, text: str, *, rtl: bool, language: str, missing: tuple[str, ...] = ()) -> Shaped:
        """Shape a piece of text that this face covers."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = language  # guessed from the process's locale otherwise
        face = self.face
        hb.shape(face.hb_font, buffer, face.features)
        glyphs = [
            _Glyph(info.codepoint, info.cluster, place.x_advance, place.x_offset, place.y_offset)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]
        top = max((face.reach(g.id)[0] + g.dy * face.em for g in glyphs), default=0.0)
        bottom = min((face.reach(g.id)[1] + g.dy * face.em for g in glyphs), default=0.0)
        spoken = self._remember(glyphs, text)
        advance = sum(g.advance for g in glyphs) * face.em
        return Shaped(self, text, advance, tuple(self._chunks(glyphs)), spoken and not rtl, top, bottom, missing)

    def _remember(self, glyphs: Iterable["_Glyph"], text: str) -> bool:
        """Note the text of every glyph; True where glyph by glyph is not how the text reads."""
        starts = sorted({g.cluster for g in glyphs})
        end_of = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        seen: set[int] = set()
        unclear = False
        for glyph in glyphs:
            part = "" if glyph.cluster in seen else text[glyph.cluster : end_of[glyph.cluster]]
            unclear |= glyph.cluster in seen or glyph.id == 0
            seen.add(glyph.cluster)
            known = self.glyphs.get(glyph.id, "")
            if not known:
                self.glyphs[glyph.id] = part if glyph.id else ""
            elif known != part:
                unclear = True
        return unclear

    def _chunks(self, glyphs: Iterable["_Glyph"]) -> Iterator[tuple[float, str]]:
        """Bodies of TJ arrays: glyph ids in hex, and corrections in 1/1000 em where the advance is not the font's."""
        to_milli = 1000 * self.face.em
        rise = 0
        body: list[str] = []
        run = ""
        for glyph in glyphs:
            if glyph.dy != rise:
                if run:
                    body.append(f"<{run}>")
                if body:
                    yield rise * self.face.em, " ".join(body)
                rise, body, run = glyph.dy, [], ""
            if glyph.dx:
                if run:
                    body.append(f"<{run}>")
                body.append(_milli(-glyph.dx * to_milli))
                run = ""
            run += f"{glyph.id:04X}"
            correction = self.face.hb_font.get_glyph_h_advance(glyph.id) + glyph.dx - glyph.advance
            if correction:
                body += [f"<{run}>", _milli(correction * to_milli)]
                run = ""
        if run:
            body.append(f"<{run}>")
        if body:
            yield rise * self.face.em, " ".join(body)


class _Glyph(NamedTuple):
    """A placed glyph, in font units."""

    id: int
    cluster: int
    advance: int
    dx: int
    dy: int


def _milli(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(slots=True)
class Chain:
    """A style's face and what it falls back to, for text of one language (BCP 47)."""

    fonts: "Fonts"
    names: tuple[FaceName, ...]
    language: str
    _shaped: dict[tuple[str, bool], tuple[Shaped, ...]] = field(default_factory=dict)
    _chosen: dict[str, tuple[FaceName, bool]] = field(default_factory=dict)

    @property
    def primary(self) -> Face:
        """The face whose metrics rule the line."""
        return face(self.names[0])

    def shape(self, text: str, *, rtl: bool = False) -> tuple[Shaped, ...]:
        """Glyphs for a piece of text of one direction, in visual order; remembered, since words repeat."""
        key = (text, rtl)
        shaped = self._shaped.get(key)
        if shaped is None:
            runs = [
                self.fonts.used(name).shape(part, rtl=rtl, language=self.language, missing=missing)
                for name, part, missing in self._runs(text)
            ]
            shaped = self._shaped[key] = tuple(reversed(runs) if rtl else runs)
        return shaped

    def width(self, text: str) -> float:
        """How wide a piece of left-to-right text is, in em."""
        return sum(shaped.advance for shaped in self.shape(text))

    def _runs(self, text: str) -> list[tuple[FaceName, str, tuple[str, ...]]]:
        """Cut text where the face changes; with each piece the characters of it that no face has."""
        first = self.names[0]
        covered = face(first).characters
        if all(ord(char) in covered for char in text):
            return [(first, text, ())]
        runs: list[tuple[FaceName, str, tuple[str, ...]]] = []
        for grapheme in graphemes(text):
            name, found = self._choose(grapheme)
            missing = () if found else (_absent(grapheme, face(name)),)
            if runs and runs[-1][0] is name:
                runs[-1] = (name, runs[-1][1] + grapheme, runs[-1][2] + missing)
            else:
                runs.append((name, grapheme, missing))
        return runs

    def _choose(self, grapheme: str) -> tuple[FaceName, bool]:
        """The face for a grapheme and whether it has all of it; else the one that has its base; else the first."""
        choice = self._chosen.get(grapheme)
        if choice is None:
            needed = [ord(char) for char in grapheme if not ignorable(char)]
            whole = (n for n in self.names if face(n).characters.issuperset(needed))
            base = (n for n in self.names if needed and needed[0] in face(n).characters)
            name = next(whole, None)
            choice = (name, True) if name else (next(base, self.names[0]), False)
            self._chosen[grapheme] = choice
        return choice


def _absent(grapheme: str, chosen: Face) -> str:
    """The first character of a grapheme that a face lacks."""
    return next(char for char in grapheme if ord(char) not in chosen.characters and not ignorable(char))


@dataclass(slots=True)
class Fonts:
    """All fonts of one document."""

    in_use: dict[FaceName, UsedFace] = field(default_factory=dict)
    _chains: dict[tuple[FaceName, str], Chain] = field(default_factory=dict)

    def used(self, name: FaceName) -> UsedFace:
        """What the document uses of a face."""
        used = self.in_use.get(name)
        if used is None:
            used = self.in_use[name] = UsedFace(face(name), f"F{len(self.in_use) + 1}")
        return used

    def chain(self, name: FaceName, language: str) -> Chain:
        """The chain that starts with a face, for text of a language."""
        key = (name, language)
        chain = self._chains.get(key)
        if chain is None:
            regular = () if name is FaceName.REGULAR else (FaceName.REGULAR,)
            chain = self._chains[key] = Chain(self, (name, *regular, *FALLBACKS), language)
        return chain
