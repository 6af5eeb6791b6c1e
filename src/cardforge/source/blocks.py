"""Cuts a file into blocks: just enough of Markdown's block structure to know where a card may begin and end.

What a block means is not decided here; the text of a field is parsed as a whole later (:mod:`cardforge.body`). Code
and display math are opaque. Inside a list item the blocks after its first paragraph stand on their own, with the
item's indentation, so that a fold under an item is seen as a fold.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cardforge.diagnostics import Code, Sink
from cardforge.passage import Line, Passage, join


class BlockKind(Enum):
    """What a block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    QUOTE = auto()
    CODE = auto()
    MATH = auto()
    TABLE = auto()
    RULE = auto()
    HTML = auto()
    COMMENT = auto()
    DETAILS = auto()
    LABEL = auto()
    """A fold's label that stands alone, as pages copied from a browser have it."""


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block: its lines as in the file, and what was read off them.

    ``indent`` is the column of the list item's content in which it stands (0 outside lists). ``inner`` is the text
    inside the markup: a heading's title, a comment's words, a fold's content; ``summary`` a fold's summary.
    ``number`` is an ordered item's number. ``loose`` says that a blank line stood before.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    indent: int = 0
    loose: bool = True
    level: int = 0
    number: str = ""
    inner: Passage | None = None
    summary: Passage | None = None

    @property
    def text(self) -> str:
        """The lines without the indentation of the list item."""
        return "\n".join(line.dedent(self.indent).text for line in self.lines)


_CODE_INDENT = 4
_FENCE = re.compile(r"^(?P<blank>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<title>.*?))??(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
ITEM = re.compile(r"^(?P<blank> *)(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?:(?P<gap>[ \t]+)(?=\S)|[ \t]*$)")
_TABLE_RULE = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DETAILS_OPEN = re.compile(r"<details\b[^>]*>", re.IGNORECASE)
_DETAILS_CLOSE = re.compile(r"</details\s*>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary\b[^>]*>(?P<summary>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK_TAG = re.compile(
    r"^ {0,3}</?(?:address|article|aside|blockquote|center|dd|dir|div|dl|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|hr|iframe|legend|li|link|main|menu|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead"
    r"|title|tr|ul|video|audio)\b",
    re.IGNORECASE,
)
_COMMENT_OPEN = re.compile(r"^[ \t]*(?:<!--|\{/\*)")
_CODE_SPAN = re.compile(r"(`+)(?!`)(?:.*?[^`])?\1(?!`)")


def scan(file: str, lines: Sequence[Line], sink: Sink) -> list[RawBlock]:
    """The blocks of ``lines`` in order. Reports an unclosed fence or fold, and reads on as if it ended there."""
    return _Scanner(file, lines, sink).run()


def details_depth(text: str) -> int:
    """How many folds more a line opens than it closes, code spans aside."""
    bare = _CODE_SPAN.sub("", text)
    return len(_DETAILS_OPEN.findall(bare)) - len(_DETAILS_CLOSE.findall(bare))


@dataclass(slots=True)
class _Fence:
    """An open code fence: its mark and where it began."""

    char: str
    length: int

    @classmethod
    def opened_by(cls, text: str) -> "_Fence | None":
        match = _FENCE.match(text)
        if match is None or (match["fence"][0] == "`" and "`" in match["info"]):
            return None
        return cls(match["fence"][0], len(match["fence"]))

    def closed_by(self, text: str) -> bool:
        bare = text.strip()
        return len(bare) >= self.length and set(bare) == {self.char}


class _Scanner:
    """One pass over the lines; ``at`` is the next line to read, ``indents`` the content columns of the open items."""

    def __init__(self, file: str, lines: Sequence[Line], sink: Sink) -> None:
        self.file, self.lines, self.sink = file, lines, sink
        self.at = 0
        self.indents: list[int] = []
        self.loose = True
        self.blocks: list[RawBlock] = []

    @property
    def indent(self) -> int:
        """The content column of the innermost open item, 0 outside lists."""
        return self.indents[-1] if self.indents else 0

    def run(self) -> list[RawBlock]:
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if not text.strip():
                self.loose = True
                self.at += 1
                continue
            while self.indents and self._blanks(text) < self.indents[-1]:
                self.indents.pop()
            self._block(self.lines[self.at].dedent(self.indent).text)
            self.loose = False
        return self.blocks

    def _block(self, text: str) -> None:
        heading = _HEADING.match(text)
        if fence := _Fence.opened_by(text):
            self._fence(fence)
        elif re.match(r"^[ \t]*<details\b", text, re.IGNORECASE):
            self._details()
        elif _COMMENT_OPEN.match(text):
            self._comment(text)
        elif text.lstrip().startswith("$$") and text.count("$$") % 2:
            self._math()
        elif heading:
            title = heading["title"] or ""
            line = self.lines[self.at].dedent(self.indent)
            inner = Passage(self.file, (Line(title, line.number, line.column + max(text.find(title), 0)),))
            self._take(BlockKind.HEADING, 1, level=len(heading["marks"]), inner=inner)
        elif _RULE.match(text):
            self._take(BlockKind.RULE, 1)
        elif item := ITEM.match(text):
            self._item(item)
        elif text.startswith(("    ", "\t")):
            self._run(BlockKind.CODE, lambda t: t.startswith(("    ", "\t")))
        elif re.match(r"^ {0,3}>", text):
            self._run(BlockKind.QUOTE, lambda t: bool(t.strip()) and not self._interrupts(t))
        elif _BLOCK_TAG.match(text):
            self._run(BlockKind.HTML, lambda t: bool(t.strip()) and not re.match(r"\s*</?details\b", t, re.IGNORECASE))
        else:
            self._paragraph()

    def _take(
        self,
        kind: BlockKind,
        count: int,
        *,
        level: int = 0,
        number: str = "",
        inner: Passage | None = None,
        summary: Passage | None = None,
    ) -> None:
        lines = tuple(self.lines[self.at : self.at + count])
        self.blocks.append(RawBlock(kind, lines, self.indent, self.loose, level, number, inner, summary))
        self.at += count

    def _run(self, kind: BlockKind, goes_on: Callable[[str], bool]) -> None:
        """Take the line at hand and those after it for which ``goes_on`` holds."""
        count = 1
        while self.at + count < len(self.lines) and goes_on(self._text(count)):
            count += 1
        self._take(kind, count)

    def _text(self, ahead: int) -> str:
        return self.lines[self.at + ahead].dedent(self.indent).text

    def _fence(self, fence: _Fence) -> None:
        for count in range(1, len(self.lines) - self.at):
            if fence.closed_by(self._text(count)):
                self._take(BlockKind.CODE, count + 1)
                return
        line = self.lines[self.at]
        place = Passage(self.file, (line,)).find(fence.char * fence.length)
        self.sink.add(
            Code.UNCLOSED_FENCE,
            place,
            "This code fence is never closed: everything after it would be code.",
            f"Close it with a line of {fence.char * fence.length}.",
        )
        self._take(BlockKind.CODE, len(self.lines) - self.at)

    def _math(self) -> None:
        for count in range(1, len(self.lines) - self.at):
            text = self._text(count)
            if not text.strip():
                break
            if text.rstrip().endswith("$$"):
                self._take(BlockKind.MATH, count + 1)
                return
        self._paragraph()

    def _comment(self, text: str) -> None:
        closer = "-->" if "<!--" in text else "*/}"
        for count in range(len(self.lines) - self.at):
            end = self._text(count).find(closer)
            if end < 0:
                continue
            if self._text(count)[end + len(closer) :].strip():
                break
            inner = join(self.file, (self.lines[self.at + i] for i in range(count + 1)))
            self._take(BlockKind.COMMENT, count + 1, inner=inner)
            return
        self._paragraph()

    def _details(self) -> None:
        depth = 0
        fence: _Fence | None = None
        for count in range(len(self.lines) - self.at):
            text = self._text(count)
            if fence:
                fence = None if fence.closed_by(text) else fence
                continue
            fence = _Fence.opened_by(text)
            depth += details_depth(text)
            if depth <= 0 and not fence:
                self._close_details(count)
                return
        place = Passage(self.file, (self.lines[self.at],)).find("<details")
        self.sink.add(
            Code.UNCLOSED_DETAILS,
            place,
            "This <details> is never closed: the rest of the file would be its answer.",
            "Put </details> on a line of its own after the answer.",
        )
        self._close_details(len(self.lines) - self.at - 1)

    def _close_details(self, count: int) -> None:
        """Take ``count + 1`` lines as a fold; what follows its end on the last line is read as a line of its own."""
        lines = [line.dedent(self.indent) for line in self.lines[self.at : self.at + count + 1]]
        closers = list(_DETAILS_CLOSE.finditer(lines[-1].text))
        rest = lines[-1].cut(closers[-1].end()) if closers else lines[-1].cut(len(lines[-1].text))
        if closers:
            lines[-1] = Line(lines[-1].text[: closers[-1].start()], lines[-1].number, lines[-1].column)
        opener = _DETAILS_OPEN.search(lines[0].text)
        lines[0] = lines[0].cut(opener.end() if opener else 0)
        whole = Passage(self.file, tuple(lines))
        summary = _SUMMARY.match(whole.text)
        told, content = Passage(self.file, ()), whole
        if summary:
            told = _slice(whole, summary.start("summary"), summary.end("summary"))
            content = _slice(whole, summary.end(), len(whole.text))
        self._take(BlockKind.DETAILS, count + 1, inner=join(self.file, _flush(content)), summary=told)
        if rest.text.strip():
            self.at -= 1
            self.lines = [*self.lines[: self.at], rest, *self.lines[self.at + 1 :]]

    def _item(self, match: re.Match[str]) -> None:
        line = self.lines[self.at].dedent(self.indent)
        gap = len(match["gap"]) if match["gap"] and len(match["gap"]) <= _CODE_INDENT else 1
        content = self.indent + match.start("mark") + len(match["mark"]) + gap
        count = 1
        while self.at + count < len(self.lines):
            raw = self.lines[self.at + count].text
            if not raw.strip() or (ITEM.match(raw) and self._blanks(raw) < content):
                break
            if ITEM.match(raw) is None and self._interrupts(self.lines[self.at + count].dedent(content).text):
                break
            if ITEM.match(raw) and self._blanks(raw) >= content:
                # A nested list belongs to the item: its lines run on.
                count += 1
                continue
            count += 1
        inner = Passage(self.file, (line.cut(match.end() if match["gap"] else len(line.text)),))
        self._take(BlockKind.ITEM, count, number=match["number"] or "", inner=inner)
        self.indents.append(content)

    def _paragraph(self) -> None:
        count = 1
        while self.at + count < len(self.lines):
            text = self._text(count)
            if not text.strip():
                break
            if _SETEXT.match(text) and self.blocks is not None and not self._starts_table(count - 1):
                title = tuple(line.dedent(self.indent) for line in self.lines[self.at : self.at + count])
                level = 1 if "=" in text else 2
                self._take(BlockKind.HEADING, count + 1, level=level, inner=Passage(self.file, title))
                return
            if self._interrupts(text):
                break
            count += 1
        table = self._starts_table(0) and count > 1
        self._take(BlockKind.TABLE if table else BlockKind.PARAGRAPH, count)

    def _starts_table(self, ahead: int) -> bool:
        following = self.at + ahead + 1
        return (
            following < len(self.lines)
            and "|" in self._text(ahead)
            and bool(_TABLE_RULE.match(self._text(ahead + 1)))
            and "-" in self._text(ahead + 1)
        )

    @staticmethod
    def _blanks(text: str) -> int:
        return len(text) - len(text.lstrip(" "))

    def _interrupts(self, text: str) -> bool:
        """Whether a line ends the paragraph before it, as on GitHub."""
        item = ITEM.match(text)
        return bool(
            _Fence.opened_by(text)
            or _HEADING.match(text)
            or _RULE.match(text)
            or re.match(r"^\s*<details\b", text, re.IGNORECASE)
            or _COMMENT_OPEN.match(text)
            or (text.lstrip().startswith("$$") and text.count("$$") % 2)
            or (item and self._blanks(text) < _CODE_INDENT and item["gap"] and item["number"] in (None, "1"))
            or re.match(r"^ {0,3}>", text)
        )


def _slice(passage: Passage, start: int, end: int) -> Passage:
    """The part of a passage between two offsets of its text."""
    lines, position = [], 0
    for line in passage.lines:
        first, last = max(start - position, 0), min(end - position, len(line.text))
        if first <= last:
            lines.append(Line(line.text[first:last], line.number, line.column + first))
        position += len(line.text) + 1
    return Passage(passage.file, tuple(lines))


def _flush(passage: Passage) -> list[Line]:
    """A fold's content without the indentation its author gave all of it; the first line stands behind the summary."""
    first, *rest = passage.lines or (Line("", 0),)
    filled = [line.text for line in rest if line.text.strip()]
    common = min((len(text) - len(text.lstrip(" ")) for text in filled), default=0)
    return [first.dedent(len(first.text)), *(line.dedent(common) for line in rest)]
