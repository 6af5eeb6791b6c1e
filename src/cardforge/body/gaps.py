"""Marks the gaps of a cloze's text before Markdown reads it, and says what is wrong with them."""

import re
from bisect import bisect_right
from dataclasses import field
from html import unescape

from cardforge.body.signs import GAP, IN_CODE, IN_TEXT, Found, Notation, layout, scan
from cardforge.diagnostics import Code, Sink
from cardforge.passage import Passage
from cardforge.values import dataclass

MOST_ORDINALS = 500
"""The highest number of a gap: Anki makes no card for a higher one."""
DEEPEST = 10
"""Levels of gaps in gaps."""

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MOVE = "Take its marks away, or write a paragraph of its own with it."


@dataclass(frozen=True, slots=True)
class GapMark:
    """What a pair of marks in the text stands for, and the place of the gap in the field."""

    ordinal: int
    hint: str
    start: int
    end: int


@dataclass(slots=True)
class MarkedText:
    """A text whose gaps are marked: gap ``n`` begins with ``Gn`` and ends with ``En``, between U+FDD0 and U+FDD1."""

    text: str
    gaps: list[GapMark] = field(default_factory=list)
    _moves: list[tuple[int, int]] = field(default_factory=list)

    def place(self, at: int) -> int:
        """Where in the field the character ``text[at]`` stood."""
        before = bisect_right(self._moves, (at, len(self.text) * 9)) - 1
        return at + self._moves[before][1] if before >= 0 else at


def holds_gaps(text: str) -> bool:
    """Whether a text holds the mark of a gap outside code and formulas."""
    return (
        "{{" in text and "{{c" in text.lower() and any(GAP.search(text, start, end) for start, end in layout(text)[0])
    )


def mark(passage: Passage, text: str, notation: Notation, sink: Sink) -> MarkedText:
    """The text with its gaps marked. ``text`` is the passage's; what is wrong with a gap is reported there."""
    braces = "{{" in text and "{{c" in text.lower()
    if not braces and (notation is Notation.NONE or not notation & (Notation.BRACKETS | Notation.HIGHLIGHT)):
        return MarkedText(text)
    plain, code, maths, closed = layout(text)
    found, unclosed = scan(text, plain, notation | Notation.BRACES, hints=True)
    for scopes, tokens in ((code, IN_CODE), (maths, IN_TEXT)) if notation else ():
        for scope in scopes:
            inner, open_ = scan(text, [scope], Notation.BRACES, hints=False, tokens=tokens)
            found += inner
            unclosed += open_
    report = _Report(passage, sink)
    for start, end in closed if notation else ():
        for at in GAP.finditer(text, start, end):
            report(at.start(), at.end(), "A gap cannot stand in a tag or an address.", "Take its marks away.")
    for start, body in unclosed:
        report(start, body, "This gap is never closed.", "Close it with }} in the same text.")
    found.sort(key=lambda gap: gap.start)
    if notation:
        return _marked(text, found, _judged(text, found, report))
    for gap in found:
        report(gap.start, gap.body, "This gap stands in no cloze text: nothing would be hidden here.", _MOVE)
    return _marked(text, found, {})


@dataclass(frozen=True, slots=True)
class _Report:
    passage: Passage
    sink: Sink

    def __call__(self, start: int, end: int, message: str, hint: str) -> None:
        self.sink.add(Code.BAD_CLOZE, self.passage.span(start, end), message, hint)


def _judged(text: str, found: list[Found], report: _Report) -> dict[int, GapMark]:
    """The sound gaps, by their place in the list; those without a number take the free ones in order."""
    taken = {int(gap.number) for gap in found if gap.number.isdecimal() and len(gap.number) <= len(str(MOST_ORDINALS))}
    free = (number for number in range(1, MOST_ORDINALS + 2) if number not in taken)
    sound: dict[int, GapMark] = {}
    around: list[Found] = []
    for index, gap in enumerate(found):
        while around and around[-1].end <= gap.start:
            around.pop()
        in_hint = bool(around) and gap.start >= around[-1].last
        around.append(gap)
        number = str(next(free, MOST_ORDINALS + 1)) if gap.automatic else gap.number
        digits = number.lstrip("0")
        small = digits.isdecimal() and len(digits) <= len(str(MOST_ORDINALS))
        if not small or int(digits) > MOST_ORDINALS:
            told = f"This gap's number is {number.strip()[:20]}" if number.strip() else "This gap has no number"
            report(gap.start, gap.body, f"{told}; it has to be 1 to {MOST_ORDINALS}.", "Write {{c1::…}}, {{c2::…}}.")
        elif not text[gap.body : gap.last].strip():
            report(gap.start, gap.end, "This gap hides nothing.", "Write what it hides: {{c1::words}}.")
        elif in_hint:
            report(gap.start, gap.body, "A gap cannot stand in a gap's hint.", "Take its marks out.")
        elif len(around) > DEEPEST:
            report(gap.start, gap.body, f"Gaps are nested more than {DEEPEST} deep.", "Take the marks of some away.")
        else:
            hint = " ".join(unescape(_ESCAPED.sub(r"\1", gap.hint)).split())
            sound[index] = GapMark(int(digits), hint, gap.start, gap.end)
    return sound


def _marked(text: str, found: list[Found], sound: dict[int, GapMark]) -> MarkedText:
    """The text with the marks of sound gaps in the place of the author's, and those of others left out."""
    gaps: list[GapMark] = []
    edits: list[tuple[int, int, str]] = []
    for index, gap in enumerate(found):
        opened = closed = ""
        if index in sound:
            opened, closed = f"\ufdd0G{len(gaps)}\ufdd1", f"\ufdd0E{len(gaps)}\ufdd1"
            gaps.append(sound[index])
        edits += [(gap.start, gap.body, opened), (gap.last, gap.end, closed)]
    parts: list[str] = []
    moves: list[tuple[int, int]] = []
    position = length = 0
    for start, end, written in sorted(edits):
        if start < position:
            continue  # it stands in the hint of the gap around it
        parts += [text[position:start], written]
        length += start - position + len(written)
        position = end
        moves.append((length, end - length))
    return MarkedText("".join([*parts, text[position:]]), gaps, moves)
