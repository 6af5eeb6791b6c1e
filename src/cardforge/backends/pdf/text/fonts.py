"""The fonts of a document: for each style a chain of faces, and from each character to the first face that has it.

What a style's own face lacks is taken from the next of its chain, grapheme by grapheme.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Final

from cardforge.backends.pdf.text.characters import emoji, graphemes, ignorable
from cardforge.backends.pdf.text.dictionaries import Hyphenator, hyphenator
from cardforge.backends.pdf.text.faces import EMOJI, MONO, TEXT, Face, Packaged, Source, coverage, face, fallbacks
from cardforge.backends.pdf.text.shaping import Shaped, UsedFace
from cardforge.values import dataclass


class FaceName(Enum):
    """The styles that text is set in: whether it is code, bold, italic."""

    REGULAR = (False, False, False)
    BOLD = (False, True, False)
    ITALIC = (False, False, True)
    BOLD_ITALIC = (False, True, True)
    MONO = (True, False, False)
    MONO_BOLD = (True, True, False)
    MONO_ITALIC = (True, False, True)
    MONO_BOLD_ITALIC = (True, True, True)


@dataclass(frozen=True, slots=True)
class Named:
    """The faces a person named, family by family, for text and for code; each by bold and italic, as far as it has."""

    text: tuple[Mapping[tuple[bool, bool], Source], ...] = ()
    code: tuple[Mapping[tuple[bool, bool], Source], ...] = ()


SOFT_HYPHEN: Final = "\u00ad"
_PLAIN: Final = (False, False)
_ALIKE: Final = 0.08  # em by which the spaces of two faces may differ


@dataclass(slots=True)
class Chain:
    """The faces of a style, the first of which rules the line, for text of one language (BCP 47).

    What none of them has is taken from the fallbacks, which are looked up when they are first needed.
    """

    fonts: "Fonts"
    sources: tuple[Source, ...]
    language: str
    bold: bool
    hyphens: Hyphenator | None
    _first: frozenset[int] = field(init=False)
    _primary: Face | None = None
    _shaped: dict[tuple[str, bool], tuple[Shaped, ...]] = field(default_factory=dict)
    _beside: dict[tuple[Source, str, bool], tuple[Shaped, ...]] = field(default_factory=dict)
    _chosen: dict[str, tuple[Source, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._first = coverage(self.sources[0].origin)

    @property
    def primary(self) -> Face:
        """The face whose metrics rule the line."""
        if self._primary is None:
            self._primary = face(self.sources[0])
        return self._primary

    def shape(self, text: str, *, rtl: bool = False) -> tuple[Shaped, ...]:
        """Glyphs for a piece of text of one direction, in visual order; remembered, since words repeat."""
        key = (text, rtl)
        shaped = self._shaped.get(key)
        if shaped is None:
            runs = [
                self.fonts.used(source).shape(part, rtl=rtl, language=self.language, missing=missing)
                for source, part, missing in self._runs(text)
            ]
            shaped = self._shaped[key] = tuple(reversed(runs) if rtl else runs)
        return shaped

    def beside(self, neighbour: Source, spaces: str, *, rtl: bool) -> tuple[Shaped, ...]:
        """Spaces that follow text in some face: in that face too, if its space is about as wide as the first face's.

        PDFium passes over a string of spaces alone, and then guesses from the gap whether there was one.
        """
        if neighbour is self.sources[0]:
            return self.shape(spaces, rtl=rtl)
        key = (neighbour, spaces, rtl)
        shaped = self._beside.get(key)
        if shaped is None:
            shaped = self.shape(spaces, rtl=rtl)
            if coverage(neighbour.origin).issuperset(map(ord, spaces)):
                own = self.fonts.used(neighbour).shape(spaces, rtl=rtl, language=self.language)
                if abs(own.advance - sum(piece.advance for piece in shaped)) < _ALIKE * len(spaces):
                    shaped = (own,)
            self._beside[key] = shaped
        return shaped

    def hyphen(self, *, rtl: bool) -> Shaped:
        """What a hyphenated line ends with, which is no letter of the word to readers (ISO 32000-1, 14.8.2.2.3)."""
        (shaped,) = self.shape("-", rtl=rtl)
        return shaped.face.standing_for(shaped, SOFT_HYPHEN)

    def width(self, text: str) -> float:
        """How wide a piece of left-to-right text is, in em."""
        return sum(shaped.advance for shaped in self.shape(text))

    def _runs(self, text: str) -> list[tuple[Source, str, tuple[str, ...]]]:
        """Cut text where the face changes; with each piece the characters of it that no face has."""
        if self._first.issuperset(map(ord, text)):
            return [(self.sources[0], text, ())]
        runs: list[tuple[Source, str, tuple[str, ...]]] = []
        for grapheme in graphemes(text):
            source, found = self._choose(grapheme)
            missing = () if found else (_absent(grapheme, source),)
            if runs and runs[-1][0] is source:
                runs[-1] = (source, runs[-1][1] + grapheme, runs[-1][2] + missing)
            else:
                runs.append((source, grapheme, missing))
        return runs

    def _choose(self, grapheme: str) -> tuple[Source, bool]:
        """The face for a grapheme and whether it has all of it; else the one that has its base; else ours."""
        choice = self._chosen.get(grapheme)
        if choice is None:
            needed = [ord(char) for char in grapheme if not ignorable(char)]
            order = (*self.sources, *fallbacks(self.language, bold=self.bold))
            pictures = EMOJI[self.bold]
            if pictures in order and emoji(grapheme):
                order = (pictures, *order)
            whole = (source for source in order if coverage(source.origin).issuperset(needed))
            base = (source for source in order if needed and needed[0] in coverage(source.origin))
            source = next(whole, None)
            ours = next(source for source in self.sources if isinstance(source.origin, Packaged))
            choice = (source, True) if source else (next(base, ours), False)
            self._chosen[grapheme] = choice
        return choice


def _absent(grapheme: str, chosen: Source) -> str:
    """The first character of a grapheme that a face lacks."""
    return next(char for char in grapheme if ord(char) not in coverage(chosen.origin) and not ignorable(char))


@dataclass(slots=True)
class Fonts:
    """All fonts of one document."""

    named: Named = Named()
    hyphenate: bool = False
    in_use: dict[Source, UsedFace] = field(default_factory=dict)
    _chains: dict[tuple[FaceName, str], Chain] = field(default_factory=dict)

    def used(self, source: Source) -> UsedFace:
        """What the document uses of a face."""
        used = self.in_use.get(source)
        if used is None:
            used = self.in_use[source] = UsedFace(face(source), f"F{len(self.in_use) + 1}")
        return used

    def chain(self, name: FaceName, language: str) -> Chain:
        """The chain of a style, for text of a language."""
        key = (name, language)
        chain = self._chains.get(key)
        if chain is None:
            hyphens = hyphenator(language) if self.hyphenate and not name.value[0] else None
            chain = self._chains[key] = Chain(self, self._sources(name), language, name.value[1], hyphens)
        return chain

    def _sources(self, name: FaceName) -> tuple[Source, ...]:
        """A style's faces: those of the named families, ours, then the plain ones, which may have more characters."""
        code, *look = name.value
        style = (look[0], look[1])
        text = (*self.named.text, TEXT)
        families = (*self.named.code, MONO, *text) if code else text
        order = [family[style] for family in families if style in family]
        order += [family[_PLAIN] for family in families if _PLAIN in family]
        return tuple(dict.fromkeys(order))
