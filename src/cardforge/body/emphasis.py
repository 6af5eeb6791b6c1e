"""Emphasis, strong emphasis and strikethrough, by runs of marks (CommonMark 0.31, section 6.2; GFM 0.29, 6.5)."""

import re
import string
import unicodedata
from dataclasses import dataclass

from cardforge.body.pieces import Piece, PieceLine

_MOST_TILDES = 2
_GAP = re.compile("(?:\ufdd0[GE]\\d+\ufdd1)+")
"""Where a gap begins or ends: not a character of the text."""
_GAP_BEFORE = re.compile(_GAP.pattern + r"\Z")
_GAP_WIDTH = 40


@dataclass(slots=True, eq=False)
class Run:
    """A run of ``*``, ``_`` or ``~`` that may open or close emphasis; ``length`` is left of ``whole``."""

    piece: Piece
    char: str
    length: int
    opens: bool
    closes: bool
    whole: int
    before: "Run | None" = None
    after: "Run | None" = None


class Emphasis:
    """The runs of a text that may yet open or close emphasis; ``last`` is the one read last."""

    def __init__(self, text: str, line: PieceLine) -> None:
        self.text, self.line = text, line
        self.last: Run | None = None
        self.gapped = "\ufdd0" in text

    def read(self, at: int) -> int:
        """Read the run of marks at ``text[at]``; where it ends."""
        char = self.text[at]
        end = at
        while end < len(self.text) and self.text[end] == char:
            end += 1
        gap = _GAP_BEFORE.search(self.text, max(at - _GAP_WIDTH, 0), at) if self.gapped else None
        start = gap.start() if gap else at
        before = self.text[start - 1] if start else "\n"
        gap = _GAP.match(self.text, end) if self.gapped else None
        stop = gap.end() if gap else end
        after = self.text[stop] if stop < len(self.text) else "\n"
        left = not after.isspace() and (not _is_sign(after) or _parts(before))
        right = not before.isspace() and (not _is_sign(before) or _parts(after))
        opens, closes = left, right
        if char == "_":
            opens, closes = left and (not right or _is_sign(before)), right and (not left or _is_sign(after))
        piece = self.line.put(self.text[at:end])
        length = end - at
        if (opens or closes) and not (char == "~" and length > _MOST_TILDES):
            run = Run(piece, char, length, opens, closes, length, self.last)
            if self.last:
                self.last.after = run
            self.last = run
        return end

    def pair(self, bottom: Run | None) -> None:
        """Make emphasis of the runs after ``bottom``, and forget them."""
        closer = self.last
        while closer and closer.before is not bottom:
            closer = closer.before
        floor: dict[tuple[str, bool, int], Run | None] = {}
        while closer:
            if not closer.closes:
                closer = closer.after
                continue
            key = (closer.char, closer.opens, closer.length if closer.char == "~" else closer.whole % 3)
            lowest = floor.get(key, bottom)
            opener = closer.before
            while opener and opener is not bottom and opener is not lowest and not _fits(opener, closer):
                opener = opener.before
            if opener is None or opener is bottom or opener is lowest:
                floor[key] = closer.before
                following = closer.after
                if not closer.opens:
                    self.forget(closer)
                closer = following
                continue
            closer = self._emphasise(opener, closer)
        while self.last and self.last is not bottom:
            self.forget(self.last)

    def _emphasise(self, opener: Run, closer: Run) -> Run | None:
        """Make one emphasis; the run to go on with."""
        between = closer.before
        while between and between is not opener:
            earlier = between.before
            self.forget(between)
            between = earlier
        length = 2 if min(opener.length, closer.length) > 1 else 1
        tag = "del" if opener.char == "~" else "strong" if length > 1 else "em"
        self.line.wrap(tag, opener.piece, closer.piece)
        for run in (opener, closer):
            run.length -= length
            run.piece.content = run.char * run.length
            if not run.length:
                self.line.remove(run.piece)
                self.forget(run)
        return closer if closer.length else closer.after

    def forget(self, run: Run) -> None:
        """Let a run be mere words."""
        if run.before:
            run.before.after = run.after
        if run.after:
            run.after.before = run.before
        else:
            self.last = run.before


def _fits(opener: Run, closer: Run) -> bool:
    if not opener.opens or opener.char != closer.char:
        return False
    if closer.char == "~":
        return opener.length == closer.length
    odd = (opener.closes or closer.opens) and (opener.whole + closer.whole) % 3 == 0
    return not odd or (opener.whole % 3 == 0 and closer.whole % 3 == 0)


def _is_sign(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _parts(char: str) -> bool:
    """Whether words may end at a character: blanks and signs, and all of a script that writes no blanks."""
    return char.isspace() or _is_sign(char) or unicodedata.east_asian_width(char) in "WF"
