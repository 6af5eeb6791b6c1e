"""Sets Python-Markdown up to read a text as GitHub does: its blocks by :mod:`blocks`, its inlines by :mod:`inlines`."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString, Registry

from cardforge.body.blocks import BlockReader
from cardforge.body.inlines import InlineReader
from cardforge.body.links import Definitions, unescaped
from cardforge.body.nodes import Kind, Node
from cardforge.body.pieces import RAW

_WORDS = "words"
"""The tag of a paragraph in a tight list, which has no element of its own."""
_LEAVES = frozenset({"p", _WORDS, "h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "summary"})
_VOID = frozenset({"br", "hr", "img", "input"})
_MOST_NOTES = 500
_EMPTY = re.compile(r"<!---?>")


class GitHubBlocks(BlockParser):
    """Reads blocks by the rules of GitHub. ``elsewhere`` are definitions that stand outside of the text."""

    elsewhere: str = ""

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802 - the library's
        """The elements of the text; leaves hold their text as it is written. Raises ``TooDeepError``."""
        self.definitions = Definitions()
        root = BlockReader(self.definitions).read(list(lines))
        if self.elsewhere:
            BlockReader(self.definitions).read(self.elsewhere.split("\n"))
        self.root = Element(self.md.doc_tag)
        fill(self.root, root, tight=False)
        return ElementTree(self.root)


class GitHubInlines(Treeprocessor):
    """Reads the text of each leaf, and puts the notes that were used at the end."""

    def __init__(self, md: Markdown, blocks: GitHubBlocks) -> None:
        super().__init__(md)
        self.blocks = blocks

    def run(self, root: Element) -> None:
        """Replace the text of the leaves by their inlines."""
        self.used: dict[str, int] = {}
        self._read(root)
        notes: Element | None = None
        done = 0
        while done < len(self.used):
            notes = SubElement(root, "section", {"class": "footnotes"}) if notes is None else notes
            items = notes[0] if len(notes) else SubElement(notes, "ol")
            item = SubElement(items, "li")
            fill(item, self.blocks.definitions.notes[list(self.used)[done]], tight=False)
            self._read(item)
            done += 1

    def _read(self, root: Element) -> None:
        for leaf in [each for each in root.iter() if each.tag in _LEAVES and isinstance(each.text, AtomicString)]:
            text, leaf.text = leaf.text, None
            InlineReader(text or "", self.blocks.definitions, self._number).read_into(leaf)

    def _number(self, label: str) -> int | None:
        if label not in self.blocks.definitions.notes or (label not in self.used and len(self.used) >= _MOST_NOTES):
            return None
        return self.used.setdefault(label, len(self.used) + 1)


def fill(element: Element, node: Node, *, tight: bool) -> None:
    """Put what stands in a block into an element."""
    for child in node.children:
        match child.kind:
            case Kind.PARAGRAPH:
                _leaf(element, _WORDS if tight else "p", child.text)
            case Kind.HEADING:
                _leaf(element, f"h{child.level}", child.text)
            case Kind.SUMMARY:
                _leaf(element, "summary", child.text)
            case Kind.QUOTE if child.alert:
                _fill_alert(element, child)
            case Kind.QUOTE:
                fill(SubElement(element, "blockquote"), child, tight=False)
            case Kind.LIST:
                _fill_list(element, child)
            case Kind.FENCE | Kind.CODE:
                language = unescaped(child.info.split()[0]) if child.info else ""
                code = SubElement(SubElement(element, "pre"), "code", {"class": language} if language else {})
                code.text = child.text + "\n"
            case Kind.HTML:
                _leaf(element, RAW, without_comments(child.text))
            case Kind.NODE:
                _leaf(element, RAW, child.text)
            case Kind.TABLE:
                _fill_table(element, child)
            case Kind.RULE:
                SubElement(element, "hr")
            case Kind.ROOT | Kind.ITEM | Kind.NOTE:
                pass  # notes stand at the end of the field; roots and items in no block but a list


def _leaf(element: Element, tag: str, text: str) -> None:
    SubElement(element, tag).text = AtomicString(text)


def _fill_alert(element: Element, node: Node) -> None:
    alert = SubElement(element, "div", {"class": f"markdown-alert markdown-alert-{node.alert}"})
    first = node.children[0]
    first.lines = first.lines[1:]
    if not first.lines:
        node.children = node.children[1:]
    fill(alert, node, tight=False)


def _fill_list(element: Element, node: Node) -> None:
    ordered, tight = node.level >= 0, node.tight
    made = SubElement(element, "ol" if ordered else "ul", {"start": str(node.level)} if ordered else {})
    for each in node.children:
        item = SubElement(made, "li")
        if each.done is not None:
            SubElement(item, "input", {"type": "checkbox", **({"checked": ""} if each.done else {})})
        fill(item, each, tight=tight)


def _fill_table(element: Element, node: Node) -> None:
    table = SubElement(element, "table")
    for number, row in enumerate(node.rows):
        made = SubElement(table, "tr")
        for align, cell in zip(node.align, row, strict=True):
            made_cell = SubElement(made, "td" if number else "th", {"align": align} if align else {})
            made_cell.text = AtomicString(cell)


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


def serialize(root: Element) -> str:
    """The HTML of a tree, with what its author wrote as HTML as it stands."""
    return "".join(_written(root))


def _written(element: Element, parent: str = "") -> Iterator[str]:
    tag = element.tag
    if tag == RAW:
        yield without_comments(element.text or "")
    else:
        # What stands twice means no more than once: <strong> in <strong>, and HTML knows no link in a link.
        bare = tag == _WORDS or (tag == parent and tag in ("strong", "a"))
        if not bare:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items())
            yield f"<{tag}{attributes}>"
        yield escape(element.text or "", quote=False)
        for child in element:
            yield from _written(child, tag)
            yield escape(child.tail or "", quote=False)
        if not bare and tag not in _VOID:
            yield f"</{tag}>"
        elif tag == _WORDS:
            yield "\n"


class GitHub(Extension):
    """Puts the two readers in the place of Python-Markdown's own processors."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register the readers, and nothing else."""
        self.blocks = GitHubBlocks(md)
        md.parser = self.blocks
        md.preprocessors, md.treeprocessors, md.postprocessors = Registry(), Registry(), Registry()
        md.treeprocessors.register(GitHubInlines(md, self.blocks), "inline", 20)
        md.registerExtension(self)

    def reset(self) -> None:
        """Forget the last text."""
        self.blocks.elsewhere = ""
