"""Cuts a file into blocks: just enough of Markdown's block structure to know where a card may begin and end.

What a block means is not decided here; the text of a field is parsed as a whole later (:mod:`cardforge.body`). Code
and display math are opaque. Inside a list item the blocks after its first paragraph stand on their own, with the
item's indentation, so that a fold under an item is seen as a fold.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from cardforge.diagnostics import Code, Sink
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.components import find_component, opens_component
from cardforge.source.folds import End, Open, find_end, opening_in, read_fold
from cardforge.source.labels import ANSWER_COLON
from cardforge.source.marks import (
    CODE_INDENT,
    COMMENT,
    FOLD,
    FOLD_END,
    HEADING,
    HTML,
    ITEM,
    QUOTE,
    RULE,
    SETEXT,
    TABLE_RULE,
    Fence,
    blanks_of,
    may_open,
    opens_math,
    title_of,
)
from cardforge.vocabulary import Vocabulary


def scan(file: str, lines: Sequence[Line], vocabulary: Vocabulary, sink: Sink) -> list[RawBlock]:
    """The blocks of ``lines`` in order. Reports an unclosed fence or fold, and reads on as if it ended there."""
    return _Scanner(file, lines, vocabulary, sink).run()


class _Scanner:
    """One pass over the lines; ``at`` is the next line to read, ``indents`` the content columns of the open items."""

    def __init__(self, file: str, lines: Sequence[Line], vocabulary: Vocabulary, sink: Sink) -> None:
        self.file, self.lines, self.vocabulary, self.sink = file, list(lines), vocabulary, sink
        self.at = 0
        self.indents: list[int] = []
        self.indent = 0
        """The content column of the innermost open item, 0 outside lists."""
        self.loose = True
        self.blocks: list[RawBlock] = []
        self.indented_code = True
        # The line at which each kind of end was last found: looking for it again from above that is in vain.
        self.searched: dict[str, int] = {}
        # By its character, the length from which a fence that opens below has no end.
        self.endless: dict[str, int] = {}

    def run(self) -> list[RawBlock]:
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if not text.strip():
                self.loose = True
                self.at += 1
                continue
            while self.indents and blanks_of(text) < self.indents[-1]:
                self.indents.pop()
                self.indent = self.indents[-1] if self.indents else 0
            self._block(self._text(0))
            self.loose = False
        return self.blocks

    def _block(self, text: str) -> None:
        if not may_open(text) and blanks_of(text) < CODE_INDENT:
            self._paragraph()
        elif fence := Fence.opened_by(text):
            self._fence(fence)
        elif "<" in text and opens_component(text, self.vocabulary) and self._component():
            pass
        elif FOLD.match(text):
            self._fold()
        elif COMMENT.match(text):
            self._comment(text)
        elif opens_math(text):
            self._math()
        elif heading := HEADING.match(text):
            title = self.lines[self.at].dedent(self.indent)
            inner = Passage(self.file, (title,)).part(*title_of(heading))
            self._take(BlockKind.HEADING, 1, level=len(heading["marks"]), inner=inner)
        elif RULE.match(text):
            self._take(BlockKind.RULE, 1)
        elif item := ITEM.match(text):
            self._item(item)
        elif blanks_of(text) >= CODE_INDENT:
            self._run(BlockKind.CODE, lambda t: blanks_of(t) >= CODE_INDENT)
        elif QUOTE.match(text):
            self._run(BlockKind.QUOTE, lambda t: bool(t.strip()) and (bool(QUOTE.match(t)) or not self._interrupts(t)))
        elif HTML.match(text):
            self._run(
                BlockKind.HTML,
                lambda t: bool(t.strip()) and not (FOLD_END.match(t) or opens_component(t, self.vocabulary)),
            )
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
        line = self.lines[self.at + ahead]
        return line.dedent(self.indent).text if self.indent else line.text

    def _fence(self, fence: Fence) -> None:
        for count in range(1, len(self.lines) - self.at):
            if fence.closed_by(self._text(count)):
                self._take(BlockKind.CODE, count + 1)
                return
        self._report_fence(self.lines[self.at], fence)
        self._take(BlockKind.CODE, len(self.lines) - self.at)

    def _report_fence(self, line: Line, fence: Fence) -> None:
        self.sink.add(
            Code.UNCLOSED_FENCE,
            Passage(self.file, (line,)).find(fence.char * fence.length),
            "This code fence is never closed: everything after it would be code.",
            f"Close it with a line of {fence.char * fence.length}.",
        )

    def _math(self) -> None:
        def ends(text: str) -> bool:
            return not text.strip() or text.rstrip().endswith("$$")

        count = self._ahead("$$", ends, 1)
        if count is not None and self._text(count).strip():
            self._take(BlockKind.MATH, count + 1)
        else:
            self._paragraph()

    def _comment(self, text: str) -> None:
        closer = "-->" if "<!--" in text else "*/}"
        count = self._ahead(closer, lambda t: closer in t, 0)
        if count is None or not self._text(count).rstrip().endswith(closer):
            self._paragraph()
        else:
            inner = join(self.file, self.lines[self.at : self.at + count + 1])
            self._take(BlockKind.COMMENT, count + 1, inner=inner)

    def _ahead(self, sought: str, found: Callable[[str], bool], start: int) -> int | None:
        """How far ahead the first line is that ends what stands here; a search is never made twice."""
        known = self.searched.get(sought, -1)
        if known < self.at + start:
            lines = range(self.at + start, len(self.lines))
            known = next((at for at in lines if found(self.lines[at].text)), len(self.lines))
            self.searched[sought] = known
        return known - self.at if known < len(self.lines) else None

    def _component(self) -> bool:
        """Take the component at hand, if it means something here."""

        def ahead() -> Iterator[Line]:
            return (self.lines[at].dedent(self.indent) for at in range(self.at, len(self.lines)))

        found = find_component(self.file, ahead, self.vocabulary, self.sink)
        if found is None:
            return False
        inner = None if found.kind is BlockKind.COMMENT else found.inner
        last = self.lines[self.at + found.line].dedent(self.indent)
        self._take(found.kind, found.line + 1, inner=inner, summary=found.summary)
        if last.text[found.column :].strip():
            self.at -= 1
            self.lines[self.at] = last.cut(found.column)
        return True

    def _fold(self) -> None:
        end = self._fold_end()
        count = (end.line if end else len(self.lines) - self.at - 1) + 1
        lines = [line.dedent(self.indent) for line in self.lines[self.at : self.at + count]]
        told, content = read_fold(self.file, lines, end)
        tail = lines[-1].cut(end.end) if end and lines[-1].text[end.end :].strip() else None
        if tail:
            # What follows on the last line is read as a line of its own.
            last = self.lines[self.at + count - 1]
            self.lines[self.at + count - 1] = last.head(len(last.text) - len(tail.text))
        self._take(BlockKind.DETAILS, count, inner=content, summary=told)
        if tail:
            self.at -= 1
            self.lines[self.at] = tail

    def _fold_end(self) -> End | None:
        """Where the fold at hand ends; reported if nowhere, or the open fence in it if that is the reason."""
        # Four blanks are code, unless a file then has a fold without end: its author indents.
        found = self._find_end() if self.indented_code else Open(None)
        if isinstance(found, Open):
            self.indented_code = False
            found = self._find_end()
        if isinstance(found, End):
            return found
        if found.fence is not None:
            line = self.lines[self.at + found.fence]
            fence = Fence.opened_by(line.dedent(self.indent).text)
            if fence:
                self.endless[fence.char] = min(fence.length, self.endless.get(fence.char, fence.length))
                self._report_fence(line, fence)
            again = self._find_end(found.fence)
            if isinstance(again, End):
                return again
        self.sink.add(
            Code.UNCLOSED_DETAILS,
            Passage(self.file, (self.lines[self.at],)).find("<details"),
            "This <details> is never closed: the rest of the file would be its answer.",
            "Put </details> on a line of its own after the answer.",
        )
        return None

    def _find_end(self, plain_line: int | None = None) -> End | Open:
        texts = (self._text(count) for count in range(len(self.lines) - self.at))
        return find_end(texts, indented_code=self.indented_code, endless=self.endless, plain_line=plain_line)

    def _item(self, match: re.Match[str]) -> None:
        self._part_from_fold(0)
        line = self.lines[self.at].dedent(self.indent)
        gap = len(match["gap"]) if match["gap"] and len(match["gap"]) <= CODE_INDENT else 1
        content = self.indent + match.start("mark") + len(match["mark"]) + gap
        count = 1
        while self.at + count < len(self.lines):
            raw = self.lines[self.at + count].text
            item = ITEM.match(raw)
            # A nested list belongs to the item: its lines run on.
            ends = blanks_of(raw) < content if item else self._interrupts(raw[min(blanks_of(raw), content) :])
            if not raw.strip() or ends:
                break
            self._part_from_fold(count)
            count += 1
        inner = Passage(self.file, (line.cut(match.end() if match["gap"] else len(line.text)),))
        self._take(BlockKind.ITEM, count, number=match["number"] or "", inner=inner)
        self.indents.append(content)
        self.indent = content

    def _paragraph(self) -> None:
        table = self._starts_table(0)
        count = 1
        if not table:
            self._part_from_fold(0)
        while self.at + count < len(self.lines):
            text = self._text(count)
            if not text.strip():
                break
            if SETEXT.match(text) and not self._starts_table(count - 1):
                title = tuple(line.dedent(self.indent) for line in self.lines[self.at : self.at + count])
                level = 1 if "=" in text else 2
                self._take(BlockKind.HEADING, count + 1, level=level, inner=Passage(self.file, title))
                return
            if self._interrupts(text):
                break
            if not table:
                self._part_from_fold(count)
            count += 1
        self._take(BlockKind.TABLE if table else BlockKind.PARAGRAPH, count)

    def _part_from_fold(self, ahead: int) -> None:
        """Give a fold in the middle of a line, or a fence behind "A:", a line of its own."""
        line = self.lines[self.at + ahead]
        at = opening_in(line.text)
        if at < 0 and (label := ANSWER_COLON.match(line.text)) and Fence.opened_by(line.text[label.end() :]):
            at = label.end()
        if at > 0 and line.text[:at].strip():
            parts = [Line(line.text[:at], line.number, line.column), line.cut(at)]
            self.lines[self.at + ahead : self.at + ahead + 1] = parts
            self.searched.clear()

    def _starts_table(self, ahead: int) -> bool:
        following = self.at + ahead + 1
        return (
            following < len(self.lines)
            and "|" in self._text(ahead)
            and bool(TABLE_RULE.match(self._text(ahead + 1)))
            and "-" in self._text(ahead + 1)
        )

    def _interrupts(self, text: str) -> bool:
        """Whether a line ends the paragraph before it, as on GitHub."""
        if not may_open(text):
            return False
        item = ITEM.match(text)
        return bool(
            Fence.opened_by(text)
            or HEADING.match(text)
            or RULE.match(text)
            or FOLD.match(text)
            or opens_component(text, self.vocabulary)
            or COMMENT.match(text)
            or opens_math(text)
            or (item and blanks_of(text) < CODE_INDENT and item["gap"] and item["number"] in (None, "1"))
            or QUOTE.match(text)
        )
