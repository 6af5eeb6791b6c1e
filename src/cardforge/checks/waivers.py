"""Comments by which an author passes over a finding: ``<!-- cardforge-ignore-next-line slug, slug -->``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cardforge.diagnostics import Code, Sink, Span
from cardforge.passage import split_lines
from cardforge.profile import Slip, codes_of
from cardforge.source.marks import COMMENT, Fence

_WORD = "cardforge-ignore-next-line"
_WAIVER = re.compile(rf"^[\s>]*(?:[-*+]\s+)?(?:<!--|\{{/\*)\s*{_WORD}(?=[\s:,]|-->|\*/\}})(?P<slugs>.*)$")
_ENDS = ("-->", "*/}")


@dataclass(slots=True)
class Waiver:
    """One such comment: the ``line`` it speaks of, its slugs with their places, and those that were of use."""

    line: int
    span: Span
    slugs: tuple[tuple[str, Span], ...]
    used: set[Code] = field(default_factory=set)

    def takes(self, code: Code) -> bool:
        """Whether the comment passes over a finding, which then has been of use."""
        for slug, _ in self.slugs:
            codes = codes_of([slug])
            if not isinstance(codes, Slip) and code in codes:
                self.used.add(code)
                return True
        return False

    def report(self, told: frozenset[Code], sink: Sink) -> None:
        """Say what of the comment was of no use; only findings that were looked for (``told``) can be missed."""
        if not self.slugs:
            hint = "Write the slug as the finding shows it: <!-- cardforge-ignore-next-line long-answer -->"
            sink.add(Code.UNUSED_IGNORE, self.span, "This comment names no finding.", hint)
        for slug, span in self.slugs:
            codes = codes_of([slug])
            if isinstance(codes, Slip):
                sink.add(Code.UNUSED_IGNORE, span, codes.message, codes.hint)
            elif codes <= told and not codes & self.used:
                message = f"The next line has no finding {slug}."
                sink.add(Code.UNUSED_IGNORE, span, message, "Take it out of the comment.")


def waivers_in(file: str, text: str) -> Iterator[Waiver]:
    """The comments of a file, those in code aside. Each speaks of the next line that is neither blank nor a comment."""
    if _WORD not in text:
        return
    lines = split_lines(text)
    fence: Fence | None = None
    for number, line in enumerate(lines, 1):
        if fence is not None:
            fence = None if fence.closed_by(line) else fence
            continue
        fence = Fence.opened_by(line)
        found = _WAIVER.match(line)
        if found is None or not found["slugs"].rstrip().endswith(_ENDS):
            continue
        start, end = found.start("slugs"), len(line.rstrip()) - len(_ENDS[0])
        slugs = tuple(
            (word[0], Span(file, number, start + word.start() + 1, number, start + word.end() + 1))
            for word in re.finditer(r"[^\s,:]+", line[start:end])
        )
        after = (at for at, later in enumerate(lines[number:], number + 1) if later.strip(" \t>"))
        target = next((at for at in after if not COMMENT.match(lines[at - 1])), 0)
        yield Waiver(target, Span(file, number, 1, number, len(line) + 1), slugs)
