r"""Finds the gaps of a text by its signs.

``{{c1::hidden::hint}}`` is a gap everywhere, in code and formulas too, where ``::`` ends nothing; ``[hidden]`` and
``==hidden==`` are gaps where the text is read so. A gap ends at the ``}}`` that leaves no brace in it open, so that
``{{c1::\frac{1}{2}}}`` hides the whole fraction; where braces do not come in pairs, at the first one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Flag, auto

from cardforge.body.opaque import SPAN, fences, formulas, indented_code
from cardforge.values import dataclass

_NEAR = 100
"""Open signs that are looked through for the one that a sign closes."""


class Notation(Flag):
    """How a text writes its gaps. ``NONE``: it has none, and a mark of one is a mistake."""

    NONE = 0
    BRACES = auto()
    BRACKETS = auto()
    HIGHLIGHT = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """A gap: the mark ``text[start:body]``, what is hidden ``[body:last]``, hint and closing mark ``[last:end]``."""

    start: int
    body: int
    last: int
    end: int
    number: str
    """As written; None of the author's is ""."""
    hint: str = ""
    automatic: bool = False


Ranges = list[tuple[int, int]]

_OPEN = r"\{\{[cC](?P<number>[\d, ]*)::"
_SIGNS = rf"(?P<open>{_OPEN})|(?P<sign>[{{}}\[\]]|={{2,}}|::)"
IN_CODE = re.compile(_SIGNS)
IN_TEXT = re.compile(rf"\\[\s\S]|{_SIGNS}")
GAP = re.compile(rf"(?<!\\){_OPEN}")
_NUMBER = re.compile(r"[cC](?P<number>[\d, ]+)::")
# Where no gap can stand: comments, tags, and the addresses of links and pictures.
_CLOSED = re.compile(
    rf"\\[\\`<]|(?P<code>{SPAN})|<!--(?:(?!<!--)[\s\S])*?-->|(?P<tag></?[a-zA-Z][^<>]*>)|(?<=\])(?P<to>\([^()\n]*\)?)"
)
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
_TASK = re.compile(r"(?:^|\n)[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+$")


@dataclass(slots=True)
class _Open:
    """What was opened and not yet closed: a gap ``{{``, a brace, a square bracket or a highlight."""

    sign: str
    start: int
    body: int
    number: str = ""
    hint: int = -1


def layout(text: str) -> tuple[Ranges, Ranges, Ranges, Ranges]:
    """The ranges of a text that are plain, code, formulas, and tags and addresses; comments are in none of them."""
    blocks: Ranges = []
    for start, end in sorted([*((each.start, each.end) for each in fences(text)), *indented_code(text)]):
        if not blocks or start >= blocks[-1][1]:
            blocks.append((start, end))
    maths = [(each.start, each.end) for each in formulas(text, blocks)]
    spans: Ranges = []
    closed: Ranges = []
    plain: Ranges = []
    for start, end in _between(sorted([*blocks, *maths]), len(text)):
        position = start
        for found in _CLOSED.finditer(text, start, end):
            if found[0].startswith("\\"):
                continue
            plain.append((position, found.start()))
            position = found.end()
            if found["code"]:
                spans.append(found.span())
            elif found["tag"] or found["to"]:
                closed.append(found.span())
        plain.append((position, end))
    return plain, [*blocks, *spans], maths, closed


def _between(ranges: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in ranges:
        if position < start:
            yield position, start
        position = max(position, end)
    yield position, length


def scan(
    text: str, ranges: Ranges, notation: Notation, *, hints: bool, tokens: re.Pattern[str] = IN_TEXT
) -> tuple[list[Found], Ranges]:
    """The gaps of some ranges of a text, and the marks of those that nothing closes."""
    scanner = _Scanner(text, notation, hints=hints)
    unclosed = scanner.run(ranges, tokens)
    if unclosed:
        simple = _Scanner(text, notation, hints=hints, braces=False)
        left = simple.run(ranges, tokens)
        if len(left) < len(unclosed):
            return simple.gaps(), left
    return scanner.gaps(), unclosed


class _Scanner:
    """One pass over the signs of a text; without ``braces``, only ``}}`` counts."""

    def __init__(self, text: str, notation: Notation, *, hints: bool, braces: bool = True) -> None:
        self.text, self.notation, self.hints, self.braces = text, notation, hints, braces
        self.stack: list[_Open] = []
        self.found: list[Found] = []
        self.squares: list[Found] = []
        self.defined: set[str] = set()
        if notation & Notation.BRACKETS:
            self.defined = {" ".join(label.split()).casefold() for label in _DEFINED.findall(text)}

    def run(self, ranges: Ranges, tokens: re.Pattern[str]) -> Ranges:
        for start, end in ranges:
            at = start
            while token := tokens.search(self.text, at, end):
                at = token.end()
                if token["open"]:
                    self.stack.append(_Open("{{", token.start(), token.end(), token["number"]))
                elif token["sign"]:
                    at = self._sign(token["sign"], token.start(), token.end())
        return [(each.start, each.body) for each in self.stack if each.sign == "{{"]

    def gaps(self) -> list[Found]:
        """All that was found; a bracket in a bracket is a part of what is hidden, unless it has a number."""
        done: list[Found] = []
        reach = 0
        for gap in sorted(self.squares, key=lambda gap: gap.start):
            if gap.automatic and gap.start < reach:
                continue
            done.append(gap)
            reach = max(reach, gap.end)
        return self.found + done

    def _sign(self, sign: str, start: int, end: int) -> int:
        """Read one sign; where to go on."""
        top = self.stack[-1] if self.stack else None
        if sign == "::":
            if top and top.hint < 0 and self.hints and top.sign != "{":
                top.hint = start
        elif sign == "{":
            if self.braces:
                self.stack.append(_Open("{", start, end))
        elif sign == "}":
            return self._brace(start, end)
        elif sign == "[":
            if self.notation & Notation.BRACKETS:
                return self._opened("[", start, end)
        elif sign == "]":
            self._close("[", start, end)
        elif sign == "==" and self.notation & Notation.HIGHLIGHT:
            before, after = self.text[start - 1 : start], self.text[end : end + 1]
            if before.strip() and any(each.sign == "==" for each in self.stack[-_NEAR:]):
                self._close("==", start, end)
            elif after.strip():
                return self._opened("==", start, end)
        return end

    def _opened(self, sign: str, start: int, end: int) -> int:
        number = _NUMBER.match(self.text, end)
        body = number.end() if number else end
        self.stack.append(_Open(sign, start, body, number["number"] if number else ""))
        return body

    def _brace(self, start: int, end: int) -> int:
        while self.stack and self.stack[-1].sign in ("[", "=="):
            self.stack.pop()
        if not self.stack:
            return end
        if self.stack[-1].sign == "{":
            self.stack.pop()
        elif self.text.startswith("}", end):
            top = self.stack.pop()
            self.found.append(self._gap(top, start, end + 1))
            return end + 1
        return end

    def _close(self, sign: str, start: int, end: int) -> None:
        """Close the innermost bracket or highlight, unless a gap in braces was opened after it."""
        depth = len(self.stack)
        while depth > max(0, len(self.stack) - _NEAR) and self.stack[depth - 1].sign not in ("{{", sign):
            depth -= 1
        if not depth or self.stack[depth - 1].sign != sign:
            return
        top = self.stack[depth - 1]
        del self.stack[depth - 1 :]
        gap = replace(self._gap(top, start, end), automatic=not top.number)
        if sign == "==" or not self._is_link(gap):
            self.squares.append(gap)

    def _gap(self, top: _Open, start: int, end: int) -> Found:
        last = top.hint if top.hint >= 0 else start
        hint = self.text[last + 2 : start] if top.hint >= 0 else ""
        return Found(top.start, top.body, last, end, top.number, hint)

    def _is_link(self, gap: Found) -> bool:
        """Whether brackets are Markdown's: a link, a picture, a footnote, a task, a definition, an alert."""
        text, inner = self.text, self.text[gap.start + 1 : gap.end - 1]
        before, after = text[gap.start - 1 : gap.start], text[gap.end : gap.end + 1]
        if not inner.strip() or inner[0] in "^!" or before in ("!", "]") or after in ("(", "["):
            return True
        if (before == "[" and after == "]") or (inner[0] == "[" and inner[-1] == "]"):
            return True
        line = text[text.rfind("\n", 0, gap.start) + 1 : gap.start]
        if after == ":" and not line.strip():
            return True
        if inner in ("x", "X") and _TASK.match(f"\n{line}"):
            return True
        return " ".join(inner.split()).casefold() in self.defined
