"""The outline: a tree of titles that lead to pages (ISO 32000-1, 12.3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cardforge.backends.pdf.file.objects import Objects, text_string


class Entry(NamedTuple):
    """A line of the outline: its title, how deep it is from 0 on, the page it leads to, counted from 0."""

    title: str
    depth: int
    page: int


@dataclass(slots=True)
class _Node:
    number: int
    entry: Entry | None = None
    kids: "list[_Node]" = field(default_factory=list)


def write_outline(entries: Sequence[Entry], pages: Sequence[int], objects: Objects) -> int:
    """Add the outline, decks open, sections closed; returns its number. ``pages`` are the numbers of the pages."""
    root = _Node(objects.reserve())
    stack = [root]
    for entry in entries:
        while len(stack) > 1 and (above := stack[-1].entry) and above.depth >= entry.depth:
            stack.pop()
        node = _Node(objects.reserve(), entry)
        stack[-1].kids.append(node)
        stack.append(node)
    shown = len(root.kids) + sum(len(kid.kids) for kid in root.kids)
    objects.put(root.number, b"<< /Type /Outlines%s /Count %d >>" % (_ends(root), shown))
    _write(root, pages, objects)
    return root.number


def _write(parent: _Node, pages: Sequence[int], objects: Objects) -> None:
    for at, node in enumerate(parent.kids):
        if node.entry is None:
            continue
        parts = [b"<< /Title %s /Parent %d 0 R" % (text_string(node.entry.title), parent.number)]
        parts.append(b" /Dest [%d 0 R /Fit]" % pages[node.entry.page])
        if at:
            parts.append(b" /Prev %d 0 R" % parent.kids[at - 1].number)
        if at + 1 < len(parent.kids):
            parts.append(b" /Next %d 0 R" % parent.kids[at + 1].number)
        if node.kids:
            count = len(node.kids) if node.entry.depth == 0 else -len(node.kids)
            parts.append(b"%s /Count %d" % (_ends(node), count))
        objects.put(node.number, b"".join([*parts, b" >>"]))
        _write(node, pages, objects)


def _ends(node: _Node) -> bytes:
    if not node.kids:
        return b""
    return b" /First %d 0 R /Last %d 0 R" % (node.kids[0].number, node.kids[-1].number)
