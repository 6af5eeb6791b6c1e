"""Reads a text as GitHub does: its blocks by :mod:`blocks`, its inlines by :mod:`inlines`, both into elements."""

import re
from collections.abc import Iterator
from html import escape

from cardforge.body.html import DEEPEST, VOID, Element, parse_html
from cardforge.body.inlines import InlineReader, is_plain
from cardforge.body.links import Definitions, unescaped
from cardforge.body.nodes import Kind, Node
from cardforge.body.pieces import RAW, element_of

_MOST_NOTES = 500
_LEVELS_OF_A_LEAF = 4
"""The most levels that a block with a text adds: a table, its row, its cell, and an element that is no mark."""
_EMPTY = re.compile(r"<!---?>")


def elements_of(blocks: Node, definitions: Definitions) -> tuple[Element, bool]:
    """The elements of a text's blocks under one root, and whether some are its author's, written as HTML.

    Raises ``TooDeepError``.
    """
    root = Element("root")
    reader = _Elements(definitions)
    reader.fill(root, blocks, 2, tight=False)
    reader.add_notes(root)
    if not (reader.written or reader.deep):
        return root, False
    # What its author wrote as HTML may open here what it closes there: the whole is read as HTML then.
    return parse_html(f"<div>{''.join(_written(root))}</div>"), True


class _Elements:
    """Puts blocks into elements. ``written`` says that HTML is among them, ``deep`` that they may be too deep."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.used: dict[str, int] = {}
        self.written = False
        self.deep = False

    def add_notes(self, root: Element) -> None:
        """Put the notes that were used at the end."""
        items = Element("ol")
        done = 0
        while done < len(self.used):
            item = Element("li")
            items.children.append(item)
            self.fill(item, self.definitions.notes[list(self.used)[done]], 5, tight=False)
            done += 1
        if done:
            root.children.append(Element("section", {"class": "footnotes"}, [items]))

    def fill(self, element: Element, node: Node, level: int, *, tight: bool) -> None:
        """Put what stands in a block into an element; ``level`` is how many there are above its children."""
        if level > DEEPEST:
            self.deep = True
        children = element.children
        for child in node.children:
            match child.kind:
                case Kind.PARAGRAPH if tight:
                    self._read(child.text, element, level)
                    _add_text(children, "\n")
                case Kind.PARAGRAPH:
                    children.append(self._leaf("p", child.text, level))
                case Kind.HEADING:
                    children.append(self._leaf(f"h{child.level}", child.text, level))
                case Kind.SUMMARY:
                    children.append(self._leaf("summary", child.text, level))
                case Kind.QUOTE:
                    children.append(self._quote(child, level))
                case Kind.LIST:
                    children.append(self._list(child, level))
                case Kind.FENCE | Kind.CODE:
                    language = unescaped(next(iter(child.info.split()), ""))
                    code = Element("code", {"class": language} if language else {}, [child.text + "\n"])
                    children.append(Element("pre", {}, [code]))
                case Kind.HTML:
                    children.append(element_of(RAW, without_comments(child.text)))
                    self.written = True
                case Kind.NODE:
                    _add_text(children, child.text)
                case Kind.TABLE:
                    children.append(self._table(child, level))
                case Kind.RULE:
                    children.append(Element("hr"))
                case Kind.ROOT | Kind.ITEM | Kind.NOTE:
                    pass  # notes stand at the end of the field; roots and items in no block but a list

    def _leaf(self, tag: str, text: str, level: int) -> Element:
        leaf = Element(tag)
        self._read(text, leaf, level)
        return leaf

    def _read(self, text: str, element: Element, level: int) -> None:
        """Read a text's inlines into an element."""
        text = text.strip(" \t\n")
        if not text:
            return
        if is_plain(text):
            _add_text(element.children, text)
            return
        reader = InlineReader(text, self.definitions, self._number)
        reader.read_into(element)
        self.written = self.written or reader.written
        if level + reader.line.deepest + _LEVELS_OF_A_LEAF > DEEPEST:
            self.deep = True

    def _number(self, label: str) -> int | None:
        if label not in self.definitions.notes or (label not in self.used and len(self.used) >= _MOST_NOTES):
            return None
        return self.used.setdefault(label, len(self.used) + 1)

    def _quote(self, node: Node, level: int) -> Element:
        made = Element("blockquote")
        if node.alert:
            made = Element("div", {"class": f"markdown-alert markdown-alert-{node.alert}"})
            first = node.children[0]
            first.lines = first.lines[1:]
            if not first.lines:
                node.children = node.children[1:]
        self.fill(made, node, level + 1, tight=False)
        return made

    def _list(self, node: Node, level: int) -> Element:
        ordered, tight = node.level >= 0, node.tight
        made = Element("ol" if ordered else "ul", {"start": str(node.level)} if ordered else {})
        for each in node.children:
            item = Element("li")
            made.children.append(item)
            if each.done is not None:
                item.children.append(Element("input", {"type": "checkbox", **({"checked": ""} if each.done else {})}))
            self.fill(item, each, level + 2, tight=tight)
        return made

    def _table(self, node: Node, level: int) -> Element:
        table = Element("table")
        for number, row in enumerate(node.rows):
            made = Element("tr")
            table.children.append(made)
            for align, text in zip(node.align, row, strict=True):
                cell = self._leaf("td" if number else "th", text, level)
                if align:
                    cell.attributes["align"] = align
                made.children.append(cell)
        return table


def _add_text(children: list[Element | str], text: str) -> None:
    """Put a text at the end, as one with the text that is there."""
    if children and isinstance(last := children[-1], str):
        children[-1] = last + text
    else:
        children.append(text)


def without_comments(html: str) -> str:
    """HTML without its comments."""
    parts, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        short = _EMPTY.match(html, start)
        end = short.end() if short else html.find("-->", start + 4) + 3
        parts.append(html[position:start])
        if not short and end < len("-->"):
            return "".join(parts)
        position = end
    return "".join([*parts, html[position:]])


def _written(element: Element) -> Iterator[str]:
    """The HTML of what stands in an element, with what its author wrote as HTML as it stands."""
    for child in element.children:
        if isinstance(child, str):
            yield escape(child, quote=False)
        elif child.tag == RAW:
            yield without_comments(child.text)
        else:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
            yield f"<{child.tag}{attributes}>"
            yield from _written(child)
            if child.tag not in VOID:
                yield f"</{child.tag}>"
