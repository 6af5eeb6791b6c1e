"""Reads the blocks of a text as GitHub does: line by line, by the strategy in the appendix of CommonMark 0.31.

Each line goes down through the containers that are open, opens what begins on it, and adds what is left to the leaf at
the end. The inlines of a leaf are read later, when all definitions are known.
"""

from cardforge.body.cursor import Cursor
from cardforge.body.html import TooDeepError
from cardforge.body.links import Definitions, normal_label, read_definitions
from cardforge.body.lists import MOST_EMPTY_CELLS
from cardforge.body.nodes import CONTAINERS, VERBATIM, Kind, Node
from cardforge.body.starts import (
    FENCE,
    HEADING,
    HEADING_END,
    HTML,
    ITEM,
    NODE,
    NOTE,
    RULE,
    SETEXT,
    SUMMARY,
    TASK,
    alignments,
    cells_of,
)

DEEPEST = 100
"""Levels of lists and quotes a text may have."""
CODE_INDENT = 4
_FIRST = frozenset("\ufdd0>#`~<=-_*+[|:0123456789")
"""What a block that is no paragraph may begin with."""

_FIRST_OF_MORE = _FIRST | frozenset(" \t")
"""The same, and what a line begins with that is indented."""
_FIRST_OF_LEAF = frozenset("\ufdd0#`~<")
"""What a block whose first line tells all may begin with."""


class BlockReader:
    """Reads lines into :attr:`root`; what definitions say goes to ``definitions``, the first of a label counting."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.root = Node(Kind.ROOT, 0, 0)
        self.open = [self.root]
        self.number = 0
        self._empty_cells = 0

    def read(self, lines: list[str]) -> Node:
        """The blocks of all lines. Raises :class:`TooDeepError`."""
        for line in lines:
            self.number += 1
            if not self._is_taken_at_once(line):
                self._line(Cursor(line))
        self._close(1)
        return self.root

    def _is_taken_at_once(self, line: str) -> bool:
        """Add a line of words to the paragraph at hand, whatever holds it, or begin one; or a line to a fence's code.

        False where the line may be more than that.
        """
        tip = self.open[-1]
        if tip.kind is Kind.FENCE and tip.mark[0] not in line and not tip.indent and self.open[-2] is self.root:
            self._add_line(tip, line)
            return True
        if not line or line[0] in _FIRST_OF_MORE:
            return False
        if tip.kind is Kind.ROOT:
            tip = self._add(Kind.PARAGRAPH)
        elif tip.kind is not Kind.PARAGRAPH:
            return False
        self._add_line(tip, line)
        return True

    def _line(self, cursor: Cursor) -> None:
        matched = 1
        for node in self.open[1:]:
            goes_on = self._goes_on(node, cursor)
            if goes_on is None:
                self._close(matched)
                return
            if not goes_on:
                break
            matched += 1
        while self.open[matched - 1].kind not in VERBATIM:
            opened = self._start(cursor, matched)
            if not opened:
                break
            matched = len(self.open)
            if len(self.open) > 2 * DEEPEST:
                raise TooDeepError
            if self.open[-1].kind not in CONTAINERS:
                return
        tip = self.open[-1]
        if matched < len(self.open) and not cursor.blank and tip.kind is Kind.PARAGRAPH:
            self._add_line(tip, cursor.text)
            return
        self._close(matched)
        tip = self.open[-1]
        if tip.kind in VERBATIM:
            self._add_line(tip, cursor.rest)
            tip.done = tip.kind is Kind.HTML and _html_ends(tip, cursor.rest)
        elif tip.kind is Kind.TABLE:
            self._add_row(tip, cursor.text)
        elif tip.kind is Kind.PARAGRAPH:
            self._add_line(tip, cursor.text)
        elif not cursor.blank:
            self._add_line(self._add(Kind.PARAGRAPH), cursor.text)

    def _add_line(self, node: Node, line: str) -> None:
        node.lines.append(line)
        if node.kind is not Kind.CODE or line.strip(" \t"):
            node.last = self.number

    def _goes_on(self, node: Node, cursor: Cursor) -> bool | None:
        """Whether an open block goes on in the line; None where the line ends it and holds nothing else."""
        match node.kind:
            case Kind.PARAGRAPH:
                return bool(cursor.text)
            case Kind.ROOT | Kind.LIST:
                return True
            case Kind.QUOTE if self._quote_mark(cursor):
                node.last = self.number
                return True
            case Kind.ITEM | Kind.CODE if cursor.indent >= node.indent:
                cursor.skip_columns(node.indent)
                return True
            case Kind.ITEM if cursor.blank:
                cursor.skip_blanks()
                return bool(node.children)
            case Kind.CODE if cursor.blank:
                cursor.skip_blanks()
                return True
            case Kind.NOTE if cursor.indent >= CODE_INDENT or cursor.blank:
                cursor.skip_columns(CODE_INDENT)
                return True
            case Kind.FENCE:
                closing = cursor.text.rstrip(" \t")
                if cursor.indent < CODE_INDENT and len(closing) >= len(node.mark) and not closing.strip(node.mark[0]):
                    node.last = self.number
                    return None
                cursor.skip_columns(node.indent)
                return True
            case Kind.HTML:
                return not (node.done or (cursor.blank and HTML[node.level][1] is None))
            case Kind.TABLE:
                return not cursor.blank and self._empty_cells <= MOST_EMPTY_CELLS
            case _:
                return False

    def _quote_mark(self, cursor: Cursor) -> bool:
        if cursor.indent >= CODE_INDENT or not cursor.text.startswith(">"):
            return False
        cursor.skip_blanks()
        cursor.skip(1)
        cursor.skip_columns(1)
        return True

    def _start(self, cursor: Cursor, matched: int) -> bool:
        """Open the block that begins here, if one does; the leaf of a single line is closed by the next line."""
        text = cursor.text
        if not text:
            return False
        container = self.open[matched - 1]
        lazy = self.open[-1].kind is Kind.PARAGRAPH
        if cursor.indent >= CODE_INDENT:
            if lazy:
                return False
            self._close(matched)
            cursor.skip_columns(CODE_INDENT)
            code = self._add(Kind.CODE)
            code.indent = CODE_INDENT
            self._add_line(code, cursor.rest)
            return True
        if text[0] not in _FIRST:
            return False
        if text[0] == ">":
            self._close(matched)
            self._quote_mark(cursor)
            self._add(Kind.QUOTE)
            return True
        return (
            self._start_leaf(cursor, text, matched)
            or self._start_html(cursor, text, matched, lazy=lazy)
            or self._start_setext(text, container, matched)
            or self._start_rule(text, matched)
            or self._start_note(cursor, text, matched)
            or self._start_item(cursor, text, container, matched)
            or self._start_table(text, container, matched)
        )

    def _start_leaf(self, cursor: Cursor, text: str, matched: int) -> bool:
        if text[0] not in _FIRST_OF_LEAF:
            return False
        if found := NODE.match(text):
            self._close(matched)
            self._add(Kind.NODE).lines = [found["node"]]
        elif found := HEADING.match(text):
            self._close(matched)
            heading = self._add(Kind.HEADING)
            heading.level = len(found["marks"])
            heading.lines = [HEADING_END.sub("", text[found.end() :]).strip(" \t")]
        elif found := FENCE.match(text):
            self._close(matched)
            fence = self._add(Kind.FENCE)
            fence.mark, fence.info, fence.indent = found["mark"], found["info"].strip(" \t"), cursor.indent
        elif found := SUMMARY.match(text):
            self._close(matched)
            self._add(Kind.SUMMARY).lines = [found["words"]]
        else:
            return False
        return True

    def _start_html(self, cursor: Cursor, text: str, matched: int, *, lazy: bool) -> bool:
        if text[0] != "<":
            return False
        for level, (start, _) in enumerate(HTML):
            if start.match(text) and not (level == len(HTML) - 1 and lazy):
                self._close(matched)
                html = self._add(Kind.HTML)
                html.level = level
                self._add_line(html, cursor.rest)
                html.done = _html_ends(html, text)
                return True
        return False

    def _start_setext(self, text: str, container: Node, matched: int) -> bool:
        if container.kind is not Kind.PARAGRAPH or not SETEXT.match(text):
            return False
        self._define(container)
        if not container.lines:
            return False
        container.kind, container.level, container.last = Kind.HEADING, 1 if text[0] == "=" else 2, self.number
        self._close(matched)
        return True

    def _start_rule(self, text: str, matched: int) -> bool:
        if not RULE.match(text):
            return False
        self._close(matched)
        self._add(Kind.RULE)
        return True

    def _start_note(self, cursor: Cursor, text: str, matched: int) -> bool:
        found = NOTE.match(text) if text[0] == "[" else None
        if not found:
            return False
        self._close(matched)
        cursor.skip_blanks()
        cursor.skip(len(text[: found.end()].rstrip(" \t")))
        cursor.skip_blanks()
        note = self._add(Kind.NOTE)
        self.definitions.notes.setdefault(normal_label(found["label"]), note)
        return True

    def _start_item(self, cursor: Cursor, text: str, container: Node, matched: int) -> bool:
        found = ITEM.match(text)
        if not found:
            return False
        empty = not text[found.end() :].strip(" \t")
        if container.kind is Kind.PARAGRAPH and (empty or found["number"] not in (None, "1")):
            return False
        self._close(matched)
        offset = cursor.indent
        cursor.skip_blanks()
        cursor.skip(found.end())
        gap = cursor.indent
        gap = 1 if empty or gap > CODE_INDENT else gap
        cursor.skip_columns(gap)
        mark = found["mark"][-1]
        if self.open[-1].kind is not Kind.LIST or self.open[-1].mark != mark:
            known = self._add(Kind.LIST)
            known.mark, known.level = mark, int(found["number"] or -1)
        item = self._add(Kind.ITEM)
        item.indent = offset + found.end() + gap
        if task := TASK.match(cursor.rest):
            item.done = task["done"] != " "
            cursor.skip(task.end())
        return True

    def _start_table(self, text: str, container: Node, matched: int) -> bool:
        if container.kind is not Kind.PARAGRAPH or text[0] not in "|:-":
            return False
        align = alignments(text)
        head = cells_of(container.lines[-1])
        if align is None or len(align) != len(head):
            return False
        container.lines.pop()
        container.last -= 1
        self._close(matched)
        if not container.lines:
            self._close(matched - 1)
        table = self._add(Kind.TABLE)
        table.first, table.align, table.rows = self.number - 1, align, [head]
        return True

    def _add_row(self, table: Node, text: str) -> None:
        cells = cells_of(text)[: len(table.align)]
        missing = len(table.align) - len(cells)
        self._empty_cells += missing
        table.rows.append(cells + [""] * missing)
        table.last = self.number

    def _add(self, kind: Kind) -> Node:
        """A new block at the end of the innermost that can hold it."""
        while self.open[-1].kind not in CONTAINERS or (self.open[-1].kind is Kind.LIST) != (kind is Kind.ITEM):
            self._close(len(self.open) - 1)
        node = Node(kind, self.number, self.number)
        self.open[-1].children.append(node)
        self.open.append(node)
        return node

    def _close(self, kept: int) -> None:
        """Close all open blocks but the ``kept`` outermost."""
        while len(self.open) > kept:
            node = self.open.pop()
            if node.kind is Kind.PARAGRAPH:
                self._define(node)
                if not node.lines:
                    self.open[-1].children.pop()
            elif node.kind is Kind.CODE:
                while node.lines and not node.lines[-1].strip(" \t"):
                    node.lines.pop()

    def _define(self, paragraph: Node) -> None:
        """Take the definitions off a paragraph's beginning."""
        if not paragraph.lines or not paragraph.lines[0].startswith("["):
            return
        text = paragraph.text
        targets = self.definitions.targets
        end = read_definitions(text, lambda label, target: targets.setdefault(normal_label(label), target))
        if end:
            rest = text[end:]
            paragraph.lines = [line.lstrip(" \t") for line in rest.split("\n")] if rest.strip() else []


def _html_ends(html: Node, line: str) -> bool:
    end = HTML[html.level][1]
    return bool(end and end.search(line))
