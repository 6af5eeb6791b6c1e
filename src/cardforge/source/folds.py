"""Folds (``<details>``): where one ends, and what its summary and its content are."""

import re
from collections.abc import Iterable, Mapping

from cardforge.passage import Line, Passage, join
from cardforge.source.marks import CODE_INDENT, Fence, blanks_of
from cardforge.values import dataclass

_TAG = re.compile(
    r"(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)"
    r"|(?P<open><details\b[^<>]*(?:>|$))|(?P<close></details\s*>)",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"\s*<summary\b[^<>]*>(?P<summary>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class End:
    """Where a fold ends: ``line`` lines below its first, the closing tag at ``text[start:end]`` of that line."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Open:
    """A fold without end; ``fence`` is the line, if any, whose code fence swallowed everything after it."""

    fence: int | None


def find_end(
    texts: Iterable[str], *, indented_code: bool, endless: Mapping[str, int], plain_line: int | None = None
) -> End | Open:
    """The end of the fold that the first of ``texts`` opens. Tags in code are none.

    Without ``indented_code`` four blanks make no code: authors indent what stands in a fold. ``plain_line`` is a line
    whose fence does not count. ``endless`` is, by its character, the length from which a fence is known to have no end.
    """
    depth = 0
    fence: Fence | None = None
    fenced = 0
    blank = code = False
    for index, text in enumerate(texts):
        if fence:
            fence = None if fence.closed_by(text) else fence
            continue
        if not text.strip():
            blank = True
            continue
        code = indented_code and blanks_of(text) >= CODE_INDENT and (blank or code)
        blank = False
        if code:
            continue
        if index != plain_line and (fence := Fence.opened_by(text)):
            fenced = index
            if fence.length >= endless.get(fence.char, fence.length + 1):
                return Open(index)
            continue
        for tag in _TAG.finditer(text) if "<" in text else ():
            depth += bool(tag["open"]) - bool(tag["close"])
            if tag["close"] and depth <= 0:
                return End(index, tag.start(), tag.end())
    return Open(fenced if fence else None)


def opening_in(text: str) -> int:
    """Where the first fold of a line opens, code spans aside; -1 without one."""
    return next((tag.start() for tag in _TAG.finditer(text) if tag["open"]), -1) if "<" in text else -1


def read_fold(file: str, lines: list[Line], end: End | None) -> tuple[Passage, Passage]:
    """The summary and the content of the fold on ``lines``, its ``end`` on the last of them; None: it never ends."""
    opened = next((tag.end() for tag in _TAG.finditer(lines[0].text) if tag["open"]), 0)
    whole = Passage(file, tuple(lines))
    last = len(whole.text) - (len(lines[-1].text) - end.start if end else 0)
    inside = whole.part(opened, last)
    summary = _SUMMARY.match(inside.text)
    if summary is None:
        return Passage(file, ()), join(file, _flush(inside))
    told = inside.part(summary.start("summary"), summary.end("summary"))
    return told, join(file, _flush(inside.part(summary.end(), len(inside.text))))


def _flush(passage: Passage) -> list[Line]:
    """A fold's content without the indentation its author gave all of it; the first line stands behind the summary."""
    first, *rest = passage.lines or (Line("", 0),)
    common = min([blanks_of(line.text) for line in rest if line.text.strip()], default=0)
    return [first.dedent(len(first.text)), *([line.dedent(common) for line in rest] if common else rest)]
