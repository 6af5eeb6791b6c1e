"""Text that remembers where in its file it stood, line by line."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, Generic, Self, TypeVar, overload

from cardforge.diagnostics import Span
from cardforge.values import dataclass

_Value = TypeVar("_Value")


class once(Generic[_Value]):  # noqa: N801 - used as a decorator
    """A property that is worked out once. ``functools.cached_property`` holds a lock for it before Python 3.12."""

    def __init__(self, work: Callable[[Any], _Value]) -> None:
        self.work, self.name, self.__doc__ = work, work.__name__, work.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...

    @overload
    def __get__(self, owner: object, kind: type) -> _Value: ...

    def __get__(self, owner: object | None, kind: type) -> Self | _Value:
        if owner is None:
            return self
        value = owner.__dict__[self.name] = self.work(owner)
        return value


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. ``number`` counts from 1; ``column`` is where ``text`` begins in the file's line.

    A line may start with characters the file does not have (a list marker given back to a pasted item); its column
    then lies before the first column, so that every character of the file keeps its place. ``shifts`` are the offsets
    from which on ``text`` stands at another column of the file, where something in the line was replaced.
    """

    text: str
    number: int
    column: int = 1
    shifts: tuple[tuple[int, int], ...] = ()

    def column_at(self, offset: int) -> int:
        """The column in the file of the character at ``offset``."""
        column = self.column + offset
        for at, there in self.shifts:
            if at > offset:
                return min(column, there)
            column = there + offset - at
        return column

    def cut(self, count: int) -> "Line":
        """The line without its first ``count`` characters."""
        if not count:
            return self
        if not self.shifts:
            return Line(self.text[count:], self.number, self.column + count)
        later = tuple((at - count, there) for at, there in self.shifts if at > count)
        return Line(self.text[count:], self.number, self.column_at(count), later)

    def head(self, count: int) -> "Line":
        """The first ``count`` characters of the line."""
        if count >= len(self.text):
            return self
        return Line(self.text[:count], self.number, self.column, tuple(s for s in self.shifts if s[0] <= count))

    def replace(self, edits: Iterable[tuple[int, int, str]]) -> "Line":
        """The line with ``text[start:end]`` replaced by new text, for each (start, end, new) in order."""
        parts: list[str] = []
        shifts: list[tuple[int, int]] = []
        length = position = 0
        for start, end, new in [*edits, (len(self.text), len(self.text), "")]:
            shifts += [(length + at - position, there) for at, there in self.shifts if position <= at < start]
            parts += [self.text[position:start], new]
            length += start - position
            shifts.append((length, self.column_at(start)))
            length += len(new)
            shifts.append((length, self.column_at(end)))
            position = end
        return Line("".join(parts), self.number, self.column, tuple(sorted(dict(shifts).items())))

    def dedent(self, columns: int) -> "Line":
        """The line without up to ``columns`` leading blanks."""
        if not columns or not self.text.startswith(" "):
            return self
        blanks = len(self.text) - len(self.text.lstrip(" "))
        return self.cut(min(blanks, columns))


@dataclass(frozen=True)
class Passage:
    """Some lines of one file, not necessarily adjacent, with their markup prefix removed."""

    file: str
    lines: tuple[Line, ...]

    @once
    def text(self) -> str:
        """The lines, joined."""
        return "\n".join([line.text for line in self.lines])

    @once
    def line_starts(self) -> list[int]:
        """The offset in :attr:`text` at which each line begins."""
        starts, position = [], 0
        for line in self.lines:
            starts.append(position)
            position += len(line.text) + 1
        return starts

    def __bool__(self) -> bool:
        return bool(self.text) and not self.text.isspace()

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column in the file of the character at ``offset`` of :attr:`text`."""
        index = max(bisect_right(self.line_starts, offset) - 1, 0)
        line = self.lines[index]
        return line.number, max(line.column_at(offset - self.line_starts[index]), 1)

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The range in the file of ``text[start:end]``."""
        if not self.lines:
            return Span(self.file)
        line, column = self.place(start)
        end_line, end_column = self.place(len(self.text) if end is None else end)
        return Span(self.file, line, column, end_line, end_column)

    def part(self, start: int, end: int) -> "Passage":
        """The passage of ``text[start:end]``."""
        lines, position = [], 0
        for line in self.lines:
            after = position + len(line.text)
            if start <= position and after <= end:
                lines.append(line)
            elif position > end:
                break
            elif start <= min(after, end):
                lines.append(line.head(end - position).cut(max(start - position, 0)))
            position = after + 1
        return Passage(self.file, tuple(lines))

    def trimmed(self) -> "Passage":
        """The passage without blank lines at either end; mostly it is itself."""
        if self.lines and self.lines[0].text.strip() and self.lines[-1].text.strip():
            return self
        return join(self.file, self.lines)

    def find(self, needle: str, start: int = 0) -> Span:
        """The range of the first ``needle`` at or after ``start``, whatever its case; the whole passage without one."""
        found = re.compile(re.escape(needle), re.IGNORECASE).search(self.text, start)
        return self.span(found.start(), found.end()) if found else self.span()


_OTHER_ENDS = re.compile("[\v\f\x85\u2028\u2029]")


def lines_of(text: str) -> list[Line]:
    """The lines of a file as editors count them: form feeds and Unicode's separators end none, and are blanks."""
    return [Line(line, number) for number, line in enumerate(split_lines(_OTHER_ENDS.sub(" ", text)), 1)]


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends, which are LF, CR LF or CR; after the last end there is none."""
    lines = re.split(r"\r\n|\r|\n", text) if "\r" in text else text.split("\n")
    return lines if lines[-1] else lines[:-1]


def join(file: str, lines: Iterable[Line]) -> Passage:
    """A passage of ``lines`` without the blank ones at either end."""
    kept = tuple(lines)
    start, end = 0, len(kept)
    while start < end and not kept[start].text.strip():
        start += 1
    while start < end and not kept[end - 1].text.strip():
        end -= 1
    return Passage(file, kept[start:end])
