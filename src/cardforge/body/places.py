"""Where in the file something stands that Markdown read, which keeps no positions: found again by its words."""

import re
from bisect import bisect_right

from cardforge.body.opaque import SPAN, fences
from cardforge.diagnostics import Span
from cardforge.passage import Passage, once


class Places:
    """The places of one field. What is asked for again is found where it stands the next time, never in code."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self._next: dict[str, int] = {}
        self._formula = 0

    @once
    def _code(self) -> list[tuple[int, int]]:
        text = self.passage.text
        spans = (match.span() for match in re.finditer(SPAN, text))
        return sorted([*((fence.start, fence.end) for fence in fences(text)), *spans])

    def find(self, words: str) -> Span:
        """The next place of ``words``, whatever their case; the whole field if they are nowhere."""
        key = words.lower()
        pattern = re.compile(re.escape(words), re.IGNORECASE)
        start = self._next.get(key, 0)
        while found := pattern.search(self.passage.text, start):
            before = bisect_right(self._code, (found.start(), len(self.passage.text))) - 1
            if before >= 0 and found.start() < self._code[before][1]:
                start = max(self._code[before][1], found.start() + 1)
                continue
            self._next[key] = found.end()
            return self.passage.span(found.start(), found.end())
        return self.passage.span()

    def formula(self, tex: str) -> Span:
        """The place of a formula in a part of the field that is read on its own; parts come in order, mostly."""
        at = self.passage.text.find(tex, self._formula)
        at = self.passage.text.find(tex) if at < 0 else at
        if at < 0:
            return self.passage.span()
        self._formula = at + len(tex)
        return self.passage.span(at, at + len(tex))
