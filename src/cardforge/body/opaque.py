r"""Finds what Markdown must not touch: code, and math, which Markdown would take apart.

Math is told by pandoc's rule: no blank after the opening dollar nor before the closing one, no digit after it, so that
"$5 today and $10" is money. Also ``$$…$$``, ``\(…\)``, ``\[…\]``, ``$`…`$`` and fences of the language ``math``.
"""

import re
from collections.abc import Iterator

from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block at ``text[start:end]``, its lines dedented by the fence's own ``indent``."""

    start: int
    end: int
    indent: int
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula at ``text[start:end]``; ``at`` is where its LaTeX begins."""

    start: int
    end: int
    tex: str
    at: int
    display: bool


_FENCE = re.compile(
    r"^(?P<lead>[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE
)
_INDENTED = re.compile(r"(?:^|(?<=\n\n))(?:(?: {4}|\t)[^\n]*\S[^\n]*(?:\n[ \t]*+(?=\n))*+(?:\n|$))+")
SPAN = r"(?<!`)(?P<ticks>`++)(?:[^\n]|\n(?![ \t]*\n))*?(?<!`)(?P=ticks)(?!`)"
"""Pattern of a code span, which ends with its paragraph at the latest."""
_COMMENT = re.compile(rf"\\`|{SPAN}|(?P<comment><!--)")
DETAILS = re.compile(rf"\\`|{SPAN}|(?P<open><details\b[^<>]*>)|(?P<close></details\s*>)", re.IGNORECASE)
"""Folds' tags, and the code spans in which there are none."""
_MATH = re.compile(
    r"\\(?P<escaped>[\\`$])"
    r"|\$`(?P<ticked>[^`]+)`\$"
    r"|\$\$(?P<double>(?:[^$\\]|\\.|\$(?!\$))+?)\$\$"
    r"|\$(?P<single>(?:[^\s$\\]|\\\S)(?:(?:[^$\\]|\\.)*?(?:[^\s$\\]|\\\S))?)\$(?!\d)"
    r"|\\(?P<bracket>[(\[])"
    r"|(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--(?:(?!<!--).)*?-->",
    re.DOTALL,
)
_CLOSERS = {"(": "\\)", "[": "\\]"}
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def fences(text: str) -> Iterator[Fence]:
    """All fenced code blocks; one that is never closed runs to the end."""
    position = 0
    while opened := _FENCE.search(text, position):
        mark, info = opened["mark"], opened["info"].strip()
        if mark[0] == "`" and "`" in info:
            position = opened.end()
            continue
        close = re.compile(rf"^[ \t]*(?:>[ \t]?)*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        closed = close.search(text, opened.end())
        start = opened.start("mark")
        end = closed.end() if closed else len(text)
        body = text[min(opened.end() + 1, len(text)) : closed.start() if closed else len(text)]
        quotes = opened["lead"].count(">")
        lines = [_undo(line, quotes, len(opened["lead"])) for line in body.removesuffix("\n").split("\n")]
        code = "\n".join(lines)
        yield Fence(start, end, len(opened["lead"]), info.split()[0].strip("{}.") if info else "", code)
        position = end


def _undo(line: str, quotes: int, indent: int) -> str:
    for _ in range(quotes):
        line = re.sub(r"^[ \t]{0,3}>[ \t]?", "", line, count=1)
    if quotes:
        return line
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, indent) :]


def formulas(text: str, closed: list[tuple[int, int]]) -> Iterator[Formula]:
    """All formulas outside ``closed`` ranges (code blocks) and code spans. None spans a blank line."""
    position = 0
    for start, end in [*sorted(closed), (len(text), len(text))]:
        while position < start:
            blank = _BLANK_LINE.search(text, position, start)
            yield from _between(text, position, blank.start() if blank else start)
            position = blank.end() if blank else start
        position = max(position, end)


def _between(text: str, start: int, end: int) -> Iterator[Formula]:
    position = start
    unclosed: set[str] = set()
    while match := _MATH.search(text, position, end):
        position = match.end()
        group = next((g for g in ("ticked", "double", "single") if match[g] is not None), None)
        if group is not None:
            first, last, after = match.start(group), match.end(group), match.end()
        elif match["bracket"] and match["bracket"] not in unclosed:
            first = match.end()
            last = text.find(_CLOSERS[match["bracket"]], first, end)
            after = last + 2
            if last < 0:
                unclosed.add(match["bracket"])
                continue
        else:
            continue
        inner = text[first:last]
        if not inner.strip():
            position = match.start() + 1 + bool(match["bracket"])
            continue
        position = after
        at = first + len(inner) - len(inner.lstrip())
        yield Formula(match.start(), after, inner.strip(), at, group == "double" or match["bracket"] == "[")


def without_comments(text: str) -> str:
    """The text without HTML comments outside code; ``<!--`` in code stays."""
    parts, position = [], 0
    start = 0
    while found := _COMMENT.search(text, start):
        start = found.end()
        if found["comment"]:
            end = text.find("-->", start)
            if end < 0:
                break
            parts.append(text[position : found.start()])
            position = start = end + len("-->")
    return "".join([*parts, text[position:]])


def indented_code(text: str) -> list[tuple[int, int]]:
    """Ranges of code blocks told by four blanks, at the top level of the text."""
    return [match.span() for match in _INDENTED.finditer(text)]
