"""Rewrites the blocks of a text so that Python-Markdown reads them as GitHub does.

Python-Markdown wants four columns a level and blank lines around everything, and decides by blank lines where a list
ends. So each line is read by the rules of CommonMark (0.31, chapters 4 and 5) and written in the one form on which both
agree: every block on lines of its own between blank lines, an item's content below its mark. An item begins with a
placeholder that tells its list; the list's own facts (where it starts, whether it is tight) stand in a table.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cardforge.body.html import TooDeepError

DEEPEST = 100
"""Levels of lists and quotes a text may have."""
STEP = 4

_ITEM = re.compile(r"^ {0,3}(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?:(?P<gap> +)(?=\S)|\s*$)")
_RULE = re.compile(r"^ {0,3}([-*_])(?: *\1){2,} *$")
_QUOTE = re.compile(r"^ {0,3}> ?")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?= |$)")
_SETEXT = re.compile(r"^ {0,3}(?:(=)+|-+) *$")
_TABLE_RULE = re.compile(r"^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
_NODE = re.compile("^ *\ufdd0B\\d+\ufdd1 *$")
_HTML = re.compile(
    r"^ {0,3}</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog"
    r"|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link"
    r"|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead"
    r"|title|tr|track|ul)(?:\s|/?>|$)",
    re.IGNORECASE,
)
_RAW = re.compile(r"^ {0,3}<(?P<tag>script|pre|style|textarea)(?:\s|>|$)", re.IGNORECASE)


@dataclass(slots=True)
class ListFacts:
    """What Python-Markdown would guess about a list: its marker, its first number and whether it is tight."""

    marker: str
    start: int | None
    tight: bool = True


@dataclass(frozen=True, slots=True)
class _Open:
    """An open list item: the column of its content and its list's number."""

    content: int
    number: int


@dataclass(slots=True)
class Normalizer:
    """Writes the normal form; ``lists`` are the facts by the number in an item's placeholder."""

    store: Callable[[str], str]
    """Sets raw HTML aside and gives the placeholder for it."""
    lists: list[ListFacts] = field(default_factory=list)

    def run(self, lines: list[str], depth: int = 0) -> list[str]:
        """The lines in normal form. Raises :class:`TooDeepError`."""
        return _Level(self, lines, depth).run()


class _Level:
    """The lines of one container: the text itself, or a quote in it."""

    def __init__(self, home: Normalizer, lines: list[str], depth: int) -> None:
        self.home, self.lines, self.depth = home, lines, depth
        self.out: list[str] = []
        self.items: list[_Open] = []
        # The lists that may go on: by level, the last list there.
        self.running: dict[int, int] = {}
        self.blank = False
        self.paragraph: int | None = None
        """Where in ``out`` the open paragraph begins."""
        self.item: int | None = None
        """Where in ``out`` the placeholder of the last item stands."""
        self.beside_mark = False
        """Whether the block to come stands in the line of its item's mark."""

    @property
    def prefix(self) -> str:
        return " " * (STEP * len(self.items))

    def run(self) -> list[str]:
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if not line.strip():
                self.blank, self.paragraph = True, None
                at += 1
            else:
                self.beside_mark = False
                at = self._line(at, line)
        return self.out

    def _line(self, at: int, line: str) -> int:
        """Read the line; the number of the next one."""
        blanks = len(line) - len(line.lstrip(" "))
        outer = self.items
        kept = [item for item in outer if item.content <= blanks]
        text = line[kept[-1].content if kept else 0 :]
        if self.paragraph is not None and len(kept) == len(outer) and (level := _SETEXT.match(text)):
            joined = " ".join(part.strip() for part in self.out[self.paragraph :])
            _, end, title = joined.partition("\ufdd1") if self.paragraph == self.item else ("", "", joined)
            opened = [self.out[self.item].partition("\ufdd1")[0] + end, ""] if end and self.item is not None else []
            self.out[self.paragraph :] = [*opened, f"{self.prefix}{'#' if level[1] else '##'} {title} #"]
            self.paragraph = None
            return at + 1
        item = None if _RULE.match(text) else _ITEM.match(text)
        if item and not self._may_start(item, len(kept)):
            item = None
        if self.paragraph is not None and not item and not self._interrupts(at, text):
            self.out.append(self.prefix + _unmarked(line.lstrip(" ")))
            return at + 1
        self.items = kept
        if item:
            return self._item(at, item, text)
        self.running = {level: number for level, number in self.running.items() if level < len(kept)}
        if self.blank and kept and self.out:
            self.home.lists[kept[-1].number].tight = False
        return self._block(at, text)

    def _may_start(self, item: re.Match[str], level: int) -> bool:
        """Whether an item may interrupt the paragraph before it: not when empty, nor with a number that is not 1."""
        if self.paragraph is None or level < len(self.items):
            return True
        return item["gap"] is not None and item["number"] in (None, "1")

    def _item(self, at: int, item: re.Match[str], text: str) -> int:
        level = len(self.items)
        if self.depth + level >= DEEPEST:
            raise TooDeepError
        marker = item["mark"][-1]
        number = self.running.get(level, -1)
        if number < 0 or self.home.lists[number].marker != marker:
            number = len(self.home.lists)
            self.home.lists.append(ListFacts(marker, int(item["number"]) if item["number"] else None))
            if self.blank and self.items:
                self.home.lists[self.items[-1].number].tight = False
        elif self.blank:
            self.home.lists[number].tight = False
        self.running = {inner: known for inner, known in self.running.items() if inner < level} | {level: number}
        self._open(f"{self.prefix}{'1.' if item['number'] else '-'} \ufdd0L{number}\ufdd1")
        self.item = len(self.out) - 1
        gap = len(item["gap"] or " ")
        width = (
            item.end() - (gap - 1 if gap > STEP else 0) if item["gap"] else len(item["mark"]) + item.start("mark") + 1
        )
        column = (self.items[-1].content if self.items else 0) + width
        self.items = [*self.items, _Open(column, number)]
        self.blank, self.paragraph = False, None
        if not item["gap"]:
            return at + 1
        self.beside_mark = True
        self.lines[at] = " " * column + text[width:]
        return self._line(at, self.lines[at])

    def _block(self, at: int, text: str) -> int:
        blanks = len(text) - len(text.lstrip(" "))
        if blanks >= STEP:
            return self._code(at, text)
        if _NODE.match(text) or _HEADING.match(text) or _RULE.match(text):
            self._open(self.prefix + text.strip(" "))
            self.paragraph = None
            return at + 1
        if _QUOTE.match(text):
            return self._quote(at)
        if _RAW.match(text) or _HTML.match(text):
            return self._html(at, text)
        if self._starts_table(at, text):
            return self._table(at, text)
        words = _unmarked(text.lstrip(" "))
        if self.beside_mark:
            self.out[-1] += words
        else:
            self._open(self.prefix + words)
        self.paragraph = len(self.out) - 1
        return at + 1

    def _open(self, line: str) -> None:
        """Write the first line of a block."""
        if self.out and self.out[-1]:
            self.out.append("")
        self.out.append(line)
        self.blank = False

    def _inner(self, at: int) -> str | None:
        """A later line without the indentation of the open items; None where it does not belong to them."""
        if at >= len(self.lines):
            return None
        content = self.items[-1].content if self.items else 0
        line = self.lines[at]
        return line[content:] if not line[:content].strip() else None

    def _code(self, at: int, text: str) -> int:
        self._open(self.prefix + text)
        self.paragraph = None
        at += 1
        gap = 0
        while (line := self._inner(at + gap)) is not None:
            if not line.strip():
                gap += 1
                continue
            if not line.startswith(" " * STEP):
                break
            self.out += [""] * gap + [self.prefix + line]
            at, gap = at + gap + 1, 0
        return at

    def _quote(self, at: int) -> int:
        if self.depth + len(self.items) >= DEEPEST:
            raise TooDeepError
        inner: list[str] = []
        while (line := self._inner(at)) is not None and line.strip():
            if quote := _QUOTE.match(line):
                inner.append(line[quote.end() :])
            elif inner[-1].strip() and not _NODE.match(inner[-1].lstrip("> ")) and not self._interrupts(at, line):
                inner.append(line.lstrip(" "))
            else:
                break
            at += 1
        for index, line in enumerate(self.home.run(inner, self.depth + len(self.items) + 1)):
            (self._open if index == 0 else self.out.append)(f"{self.prefix}> {line}" if line else f"{self.prefix}>")
        self.paragraph = None
        return at

    def _html(self, at: int, text: str) -> int:
        raw = _RAW.match(text)
        taken: list[str] = []
        while (line := self._inner(at)) is not None and (raw or line.strip()):
            taken.append(line)
            at += 1
            if raw and f"</{raw['tag']}".lower() in line.lower():
                break
        self._open(self.prefix + self.home.store("\n".join(taken)))
        self.paragraph = None
        return at

    def _starts_table(self, at: int, text: str) -> bool:
        following = self._inner(at + 1) if "|" in text else None
        return following is not None and bool(_TABLE_RULE.match(following)) and _cells(text) == _cells(following)

    def _table(self, at: int, text: str) -> int:
        self._open(self.prefix + text.strip(" "))
        self.paragraph = None
        at += 1
        while (line := self._inner(at)) is not None and line.strip():
            if _ITEM.match(line) or self._interrupts(at, line):
                break
            self.out.append(self.prefix + line.strip(" "))
            at += 1
        return at

    def _interrupts(self, at: int, text: str) -> bool:
        """Whether a line that is no list item ends the paragraph before it."""
        return bool(
            _HEADING.match(text)
            or (_RULE.match(text) and not _TABLE_RULE.match(text))
            or _RULE.match(text)
            or _QUOTE.match(text)
            or _NODE.match(text)
            or _RAW.match(text)
            or _HTML.match(text)
            or self._starts_table(at, text)
        )


def _unmarked(text: str) -> str:
    """A line of a paragraph, kept from being read as a heading: Python-Markdown wants no blank after the marks."""
    return f"\\{text}" if text.startswith("#") else text


def _cells(row: str) -> int:
    bare = re.sub(r"`[^`]*`", "", row.strip(" ").replace("\\\\", "").replace("\\|", ""))
    return bare.removeprefix("|").removesuffix("|").count("|") + 1
