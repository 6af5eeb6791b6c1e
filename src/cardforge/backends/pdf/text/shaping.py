"""How a piece of text becomes glyphs of a face, and what a document uses of that face.

A PDF embeds only the glyphs it shows, so what is used is kept for each document.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import uharfbuzz as hb

from cardforge.backends.pdf.text.bidi import mirrored
from cardforge.backends.pdf.text.faces import Face


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


class Made(NamedTuple):
    """A glyph that the font does not have: glyphs of it, each moved, with an advance and the text it stands for.

    All lengths are in font units. Without parts it is blank.
    """

    parts: tuple[tuple[int, int, int], ...]
    advance: int
    text: str


@dataclass(slots=True)
class UsedFace:
    """What one document uses of a face: ``glyphs`` maps glyph to the text it stands for ("" where unknown).

    Readers take a text glyph by glyph. Where that does not give it back (a letter drawn with two glyphs, a mark that is
    moved, a glyph for two letters), the document's font gets a glyph more: ``made`` holds these by number.
    """

    face: Face
    resource: str
    glyphs: dict[int, str] = field(default_factory=lambda: {0: ""})
    made: dict[int, Made] = field(default_factory=dict)
    _numbers: dict[Made, int] = field(default_factory=dict)

    def shape(self, text: str, *, rtl: bool, language: str, missing: tuple[str, ...] = ()) -> Shaped:
        """Shape a piece of text that this face covers."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = language  # guessed from the process's locale otherwise
        if rtl:
            buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        face = self.face
        hb.shape(face.hb_font, buffer, face.features)
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        if not rtl and not face.postscript and not missing and text:
            letters = self._letters(text, infos, places)
            if letters:
                return letters
        glyphs = [
            Glyph(info.codepoint, info.cluster, place.x_advance, place.x_offset, place.y_offset)
            for info, place in zip(infos, places, strict=True)
        ]
        advance = sum(g.advance for g in glyphs) * face.em
        top = max((face.reaches[g.id][0] + g.dy * face.em for g in glyphs), default=0.0)
        bottom = min((face.reaches[g.id][1] + g.dy * face.em for g in glyphs), default=0.0)
        if face.postscript:
            spoken = self._remember(glyphs, text)
        else:
            spoken = False
            glyphs = list(self._leftwards(glyphs, text) if rtl else self._rightwards(glyphs, text))
        return Shaped(self, text, advance, tuple(self._chunks(glyphs)), spoken and not rtl, top, bottom, missing)

    def _letters(self, text: str, infos: Sequence[Any], places: Sequence[Any]) -> Shaped | None:
        """A text whose glyphs are its letters one by one, each where the font puts it, as most are; else None."""
        if [info.cluster for info in infos] != list(range(len(text))):
            return None
        glyphs = [info.codepoint for info in infos]
        if 0 in glyphs or [place for place in places if place.x_offset or place.y_offset]:
            return None
        if list(map(self.glyphs.get, glyphs)) != list(text) and not all(map(self._means, glyphs, text)):
            return None
        face = self.face
        advances = [place.x_advance for place in places]
        natural = [face.advances[glyph] for glyph in glyphs]
        body = _hex(glyphs) if natural == advances else _kerned(glyphs, natural, advances, face.em)
        tops, bottoms = zip(*[face.reaches[glyph] for glyph in glyphs], strict=True)
        return Shaped(self, text, sum(advances) * face.em, ((0.0, body),), False, max(tops), min(bottoms), ())

    def _remember(self, glyphs: Sequence["Glyph"], text: str) -> bool:
        """Note the text of every glyph; True where glyph by glyph is not how the text reads."""
        end_of = _ends(glyphs, text)
        seen: set[int] = set()
        unclear = False
        for glyph in glyphs:
            part = "" if glyph.cluster in seen else text[glyph.cluster : end_of[glyph.cluster]]
            unclear |= glyph.cluster in seen or glyph.id == 0
            seen.add(glyph.cluster)
            unclear |= not self._means(glyph.id, part)
        return unclear

    def _rightwards(self, glyphs: Sequence["Glyph"], text: str) -> Iterator["Glyph"]:
        """Left-to-right text, so that each glyph stands where the font puts it and says its own part of the text."""
        end_of = _ends(glyphs, text)
        last = len(glyphs) - 1
        held: list[Glyph] = []
        for at, glyph in enumerate(glyphs):
            held.append(glyph)
            if at == last or glyphs[at + 1].cluster != glyph.cluster:
                yield self._one(held, text[glyph.cluster : end_of[glyph.cluster]])
                held = []

    def _leftwards(self, glyphs: Sequence["Glyph"], text: str) -> Iterator["Glyph"]:
        """Right-to-left text: readers take such glyphs from left to right, and turn the letters round.

        That would turn those of one glyph too, so it says the last, and blanks say the others. The marks on a letter,
        which PDFium does not turn, are one glyph.
        """
        end_of = _ends(glyphs, text)
        for _, group in groupby(glyphs, lambda glyph: -1 if _mark(text[glyph.cluster]) else glyph.cluster):
            held = list(group)
            said = "".join(text[at : end_of[at]] for at in sorted({glyph.cluster for glyph in held}))
            *others, last = ["".join(char for _, char in unit) for _, unit in groupby(enumerate(said), _unit)]
            yield self._one(held, mirrored(last))
            for other in reversed(others):
                yield Glyph(self._make(Made((), 0, other)), held[0].cluster, 0, 0, 0)

    def _one(self, glyphs: Sequence["Glyph"], text: str) -> "Glyph":
        """Glyphs that stand for a text, as one that stands for it alone."""
        first = glyphs[0]
        if len(glyphs) == 1 and first.id and not first.dx and not first.dy and self._means(first.id, text):
            return first
        parts: list[tuple[int, int, int]] = []
        pen = 0
        for glyph in glyphs:
            parts.append((glyph.id, pen + glyph.dx, glyph.dy))
            self.glyphs.setdefault(glyph.id, "")
            pen += glyph.advance
        return Glyph(self._make(Made(tuple(parts), pen, text)), first.cluster, pen, 0, 0)

    def _make(self, made: Made) -> int:
        number = self._numbers.get(made)
        if number is None:
            number = self._numbers[made] = self.face.hb_face.glyph_count + len(self.made)
            self.made[number] = made
            self.glyphs[number] = made.text
        return number

    def _means(self, glyph: int, text: str) -> bool:
        """Note what a glyph stands for; False where it stood for something else before."""
        known = self.glyphs.get(glyph, "")
        if not known:
            self.glyphs[glyph] = text if glyph else ""
        return known in ("", text)

    def standing_for(self, shaped: Shaped, text: str) -> Shaped:
        """What one glyph of this face shows, as a glyph that stands for another text."""
        number = next(glyph for glyph, said in self.glyphs.items() if said == shaped.text)
        if self.face.postscript:
            return shaped._replace(text=text, spoken=True)
        advance = self.advance(number)
        glyph = Glyph(self._make(Made(((number, 0, 0),), advance, text)), 0, advance, 0, 0)
        return shaped._replace(text=text, chunks=tuple(self._chunks([glyph])))

    def advance(self, glyph: int) -> int:
        """The advance that the font has for a glyph, in font units."""
        made = self.made.get(glyph)
        return self.face.advances[glyph] if made is None else made.advance

    def _chunks(self, glyphs: Iterable["Glyph"]) -> Iterator[tuple[float, str]]:
        """Bodies of TJ arrays: CIDs in hex, and corrections in 1/1000 em where the advance is not the font's."""
        to_milli = 1000 * self.face.em
        cids = self.face.cids
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
            run += f"{glyph.id if cids is None else cids[glyph.id]:04X}"
            correction = self.advance(glyph.id) + glyph.dx - glyph.advance
            if correction:
                body += [f"<{run}>", _milli(correction * to_milli)]
                run = ""
        if run:
            body.append(f"<{run}>")
        if body:
            yield rise * self.face.em, " ".join(body)


class Glyph(NamedTuple):
    """A placed glyph, in font units."""

    id: int
    cluster: int
    advance: int
    dx: int
    dy: int


def _hex(glyphs: Sequence[int]) -> str:
    """A string of glyphs, as a content stream has it."""
    return f"<{'%04X' * len(glyphs)}>" % tuple(glyphs)


def _kerned(glyphs: Sequence[int], natural: Iterable[int], advances: Iterable[int], em: float) -> str:
    """The body of a TJ array where some glyphs stand closer to the next than the font has them, or further off."""
    body: list[str] = []
    start = 0
    for at, (own, advance) in enumerate(zip(natural, advances, strict=True), 1):
        if own != advance:
            body += [_hex(glyphs[start:at]), _milli((own - advance) * 1000 * em)]
            start = at
    return " ".join([*body, _hex(glyphs[start:])] if start < len(glyphs) else body)


def _milli(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _ends(glyphs: Iterable[Glyph], text: str) -> dict[int, int]:
    """Where the text of each cluster ends, by where it begins."""
    starts = sorted({glyph.cluster for glyph in glyphs})
    return dict(zip(starts, [*starts[1:], len(text)], strict=True))


def _mark(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) == "Mn"


def _unit(place: tuple[int, str]) -> int:
    """Tells neighbouring letters apart, and keeps marks together."""
    at, char = place
    return -1 if _mark(char) else at
