"""From elements to the closed document tree. What is no node of the tree ends here, and says so."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from cardforge.body.html import KNOWN, Element
from cardforge.diagnostics import Code as Finding
from cardforge.diagnostics import Sink, Span
from cardforge.doc import (
    Align,
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Mark,
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)
from cardforge.passage import Passage

PLACEHOLDER = re.compile("\ufdd0(\\d+)\ufdd1")
"""Stands for a node that was made before Markdown saw the text."""

_MARKS = {
    "em": Mark.EMPHASIS,
    "i": Mark.EMPHASIS,
    "cite": Mark.EMPHASIS,
    "dfn": Mark.EMPHASIS,
    "var": Mark.EMPHASIS,
    "strong": Mark.STRONG,
    "b": Mark.STRONG,
    "sub": Mark.SUBSCRIPT,
    "sup": Mark.SUPERSCRIPT,
    "kbd": Mark.KEYBOARD,
    "del": Mark.DELETED,
    "s": Mark.DELETED,
    "strike": Mark.DELETED,
    "ins": Mark.INSERTED,
    "mark": Mark.HIGHLIGHT,
    "u": Mark.UNDERLINE,
    "small": Mark.SMALL,
}
_CODE = frozenset({"code", "samp", "tt"})
_DROPPED = frozenset(
    "script style iframe object embed applet frame frameset noscript template svg math canvas video audio form "
    "input textarea select button link meta base head title".split()
)
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table hr details summary div section article aside center figure "
    "figcaption header footer main nav address dl dt dd tbody thead tfoot tr td th root caption".split()
)
_SCHEME = re.compile(r"^\s*([a-zA-Z][a-zA-Z0-9+.\s-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


class ImageFinder(Protocol):
    """Resolves what an image names."""

    def __call__(self, src: str, span: Span) -> str:
        """The media name of a local image, or "" for one that stays elsewhere or is reported missing."""
        ...


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the blocks of one field. ``nodes`` are what the placeholders stand for."""

    passage: Passage
    nodes: Sequence[Block | Inline]
    find_image: ImageFinder
    sink: Sink

    def blocks(self, children: Iterable[Element | str]) -> tuple[Block, ...]:
        """Blocks and loose inlines as blocks, in order."""
        done: list[Block] = []
        loose: list[Element | str] = []

        def flush() -> None:
            if loose:
                done.extend(self._paragraphs(self._inlines(loose)))
                loose.clear()

        for child in children:
            if isinstance(child, str) or child.tag not in _BLOCKS:
                loose.append(child)
            else:
                flush()
                done.extend(self._block(child))
        flush()
        return tuple(done)

    def _block(self, element: Element) -> Iterable[Block]:
        self._warn_attributes(element)
        tag = element.tag
        if tag == "p":
            if any(not isinstance(child, str) and child.tag in _BLOCKS for child in element.children):
                return self.blocks(element.children)
            return self._paragraphs(self._inlines(element.children))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            inlines = _trim(self._inlines(element.children))
            return [Heading(int(tag[1]), inlines)] if inlines else []
        if tag in ("ul", "ol"):
            return self._list(element)
        if tag == "blockquote":
            return [Quote(self.blocks(element.children))]
        if tag == "pre":
            return [self._code_block(element)]
        if tag == "table":
            return self._table(element)
        if tag == "hr":
            return [Rule()]
        if tag == "details":
            return [self._details(element)]
        if tag == "dt":
            term = _trim(self._inlines(element.children))
            return [Paragraph((Marked(Mark.STRONG, term),))] if term else []
        return self.blocks(element.children)

    def _paragraphs(self, inlines: Iterable[Inline | Block]) -> list[Block]:
        """A run of inlines as paragraphs: blocks that stand in it (display math) divide it."""
        done: list[Block] = []
        run: list[Inline] = []
        for node in [*inlines, None]:
            if node is not None and not isinstance(node, Block):
                run.append(node)
                continue
            if trimmed := _trim(run):
                done.append(Paragraph(trimmed))
            run = []
            if node is not None:
                done.append(node)
        return done

    def _list(self, element: Element) -> Iterable[Block]:
        items: list[ListItem] = []
        tight = True
        for child in element.children:
            if isinstance(child, str):
                if child.strip():
                    items.append(ListItem(tuple(self._paragraphs([Text(child)]))))
                continue
            inner = child.children if child.tag == "li" else [child]
            tight = tight and not any(not isinstance(c, str) and c.tag == "p" for c in inner)
            items.append(_task(ListItem(self.blocks(inner))))
        if not items:
            return []
        start = None
        if element.tag == "ol":
            number = element.attributes.get("start", "1")
            start = int(number) if re.fullmatch(r"\d{1,9}", number) else 1
        return [List(tuple(items), start, tight)]

    def _code_block(self, element: Element) -> Block:
        languages = (
            re.search(r"(?:^|\s)(?:language-)?([^\s]+)", child.attributes.get("class", ""))
            for child in element.children
            if not isinstance(child, str) and child.tag == "code"
        )
        language = next((match[1] for match in languages if match), "")
        text = PLACEHOLDER.sub(lambda match: _source_of(self.nodes[int(match[1])]), element.text)
        return CodeBlock(text.removeprefix("\n").rstrip("\n"), language)

    def _table(self, element: Element) -> Iterable[Block]:
        rows = list(_rows(element))
        if not rows:
            return self.blocks(element.children)
        width = max(len(row) for _, row in rows)
        aligns = [Align.NONE] * width
        head: tuple[Cell, ...] = ()
        body: list[tuple[Cell, ...]] = []
        for is_head, row in rows:
            cells = []
            for column, cell in enumerate(row):
                self._warn_attributes(cell)
                style = f"{cell.attributes.get('style', '')};{cell.attributes.get('align', '')}"
                if aligns[column] is Align.NONE and (told := re.search(r"(left|center|right)", style)):
                    aligns[column] = Align(told[1])
                cells.append(Cell(_flat(self.blocks(cell.children))))
            filled = (*cells, *(Cell(()) for _ in range(width - len(cells))))
            if is_head and not head and not body:
                head = filled
            else:
                body.append(filled)
        return [Table(tuple(aligns), head, tuple(body))]

    def _details(self, element: Element) -> Block:
        summary: tuple[Inline, ...] = ()
        rest: list[Element | str] = []
        for child in element.children:
            if not isinstance(child, str) and child.tag == "summary" and not summary:
                summary = _trim(self._inlines(child.children))
            else:
                rest.append(child)
        return Details(summary, self.blocks(rest))

    # ---- inlines

    def _inlines(self, children: Iterable[Element | str]) -> "list[Inline | Block]":
        done: list[Inline | Block] = []
        for child in children:
            if isinstance(child, str):
                done.extend(self._text(child))
            else:
                done.extend(self._inline(child))
        return done

    def _text(self, text: str) -> "Iterable[Inline | Block]":
        position = 0
        for match in PLACEHOLDER.finditer(text):
            if match.start() > position:
                yield Text(text[position : match.start()])
            yield self.nodes[int(match[1])]
            position = match.end()
        if position < len(text):
            yield Text(text[position:])

    def _inline(self, element: Element) -> "Iterable[Inline | Block]":
        tag = element.tag
        if tag in KNOWN or element.closed:
            self._warn_attributes(element)
        if tag in _DROPPED:
            return self._dropped(element)
        if tag == "br":
            return [LineBreak()]
        if tag == "img":
            return [self._image(element)]
        if tag in _CODE:
            text = PLACEHOLDER.sub(lambda m: _source_of(self.nodes[int(m[1])]), element.text)
            return [Code(" ".join(text.split("\n")))] if text else []
        inner = self._inlines(element.children)
        if tag not in KNOWN and not element.closed:
            return [Text(element.written), *inner]
        if tag == "a":
            return self._link(element, inner)
        if tag in _MARKS:
            return _wrapped(inner, lambda run: Marked(_MARKS[tag], run))
        return inner

    def _link(self, element: Element, inner: "list[Inline | Block]") -> "Iterable[Inline | Block]":
        href = re.sub(
            r"[\x00-\x20\x7f]", lambda m: " " if m[0] == " " else "", element.attributes.get("href", "")
        ).strip()
        scheme = _SCHEME.match(href)
        if scheme and re.sub(r"\s", "", scheme[1]).lower() not in _SAFE_SCHEMES:
            self._warn(scheme[1] + ":", f"Links of the kind {scheme[1]}: do not go into a card; its words stay.")
            return inner
        if not href:
            return inner
        title = element.attributes.get("title", "")
        return _wrapped(inner, lambda run: Link(href, run, title))

    def _image(self, element: Element) -> Inline:
        src = element.attributes.get("src", "").strip()
        span = self.passage.find(src) if src else self.passage.span()
        width = re.fullmatch(r"(\d{1,5})(?:px)?", element.attributes.get("width", "").strip())
        return Image(
            src,
            " ".join(element.attributes.get("alt", "").split()),
            element.attributes.get("title", ""),
            self.find_image(src, span),
            int(width[1]) if width and int(width[1]) else None,
            span,
        )

    def _dropped(self, element: Element) -> "Iterable[Inline | Block]":
        if element.tag == "input" and element.attributes.get("type", "").lower() == "checkbox":
            return [Text("[x] " if "checked" in element.attributes else "[ ] ")]
        self._warn(f"<{element.tag}", f"<{element.tag}> does not go into a card; it and what it holds are left out.")
        return []

    def _warn_attributes(self, element: Element) -> None:
        for name in element.attributes:
            if name.startswith("on"):
                self._warn(name, f"The event handler {name} does not go into a card.")

    def _warn(self, needle: str, message: str) -> None:
        self.sink.add(Finding.DROPPED_MARKUP, self.passage.find(needle), message, "Take it out of the source.")


def _wrapped(inner: "list[Inline | Block]", wrap: Callable[[tuple[Inline, ...]], Inline]) -> "list[Inline | Block]":
    """Inlines under a mark; a block between them (display math in bold) stands outside of it."""
    done: list[Inline | Block] = []
    run: list[Inline] = []
    for node in inner:
        if isinstance(node, Block):
            if run:
                done.append(wrap(tuple(run)))
            run = []
            done.append(node)
        else:
            run.append(node)
    if run:
        done.append(wrap(tuple(run)))
    return done


def _rows(element: Element) -> Iterable[tuple[bool, list[Element]]]:
    for child in element.children:
        if isinstance(child, str):
            continue
        if child.tag == "tr":
            cells = [c for c in child.children if not isinstance(c, str) and c.tag in ("td", "th")]
            if cells:
                yield all(cell.tag == "th" for cell in cells), cells
        else:
            yield from _rows(child)


def _flat(blocks: Iterable[Block]) -> tuple[Inline, ...]:
    """A cell's blocks as inlines: paragraphs divided by line breaks, other blocks by their words."""
    done: list[Inline] = []
    for block in blocks:
        if done:
            done.append(LineBreak())
        match block:
            case Paragraph() | Heading():
                done.extend(block.children)
            case CodeBlock():
                done.append(Code(block.text))
            case MathBlock():
                done.append(Math(block.tex, block.span))
            case List():
                for index, item in enumerate(block.items):
                    mark = "• " if block.start is None else f"{block.start + index}. "
                    done.extend((*([LineBreak()] if index else []), Text(mark), *_flat(item.blocks)))
            case Quote() | Details():
                done.extend(_flat(block.blocks))
            case Table():
                for index, row in enumerate((block.head, *block.rows)):
                    done.extend([LineBreak()] if index else [])
                    for cell in row:
                        done.extend((*cell.children, Text(" ")))
            case Rule():
                pass
            case _:
                assert_never(block)
    return tuple(done)


def _task(item: ListItem) -> ListItem:
    """A GitHub task: an item whose first words are ``[ ]`` or ``[x]``."""
    if not item.blocks or not isinstance(item.blocks[0], Paragraph) or not item.blocks[0].children:
        return item
    first = item.blocks[0].children[0]
    match = re.match(r"\[([ xX])\]\s+", first.text) if isinstance(first, Text) else None
    if match is None or not isinstance(first, Text):
        return item
    rest = (Text(first.text[match.end() :]), *item.blocks[0].children[1:])
    return ListItem((Paragraph(_trim(rest)), *item.blocks[1:]), match[1] != " ")


def _trim(inlines: "Iterable[Inline | Block]") -> tuple[Inline, ...]:
    """Inlines with blanks collapsed, none at the ends nor around line breaks; neighbouring texts are one."""
    done: list[Inline] = []
    for node in inlines:
        if isinstance(node, Block):
            continue
        if isinstance(node, Text):
            text = re.sub(r"[ \t\r\n\f\v]+", " ", node.text)
            previous = done[-1] if done else None
            if isinstance(previous, Text):
                text = re.sub(r" +", " ", previous.text + text)
                done.pop()
                previous = done[-1] if done else None
            if previous is None or isinstance(previous, LineBreak):
                text = text.lstrip(" ")
            if text:
                done.append(Text(text))
        elif isinstance(node, LineBreak):
            if done and isinstance(done[-1], Text):
                done[-1] = Text(done[-1].text.rstrip(" "))
            done.append(node)
        else:
            done.append(node)
    while done and (isinstance(done[-1], LineBreak) or (isinstance(done[-1], Text) and not done[-1].text.strip(" "))):
        done.pop()
    if done and isinstance(done[-1], Text):
        done[-1] = Text(done[-1].text.rstrip(" "))
    while done and isinstance(done[0], LineBreak):
        done.pop(0)
    return tuple(done)


def _source_of(node: Block | Inline) -> str:
    """What a node that was set aside looks like inside code, where it should not have been."""
    tex = getattr(node, "tex", None)
    return f"${tex}$" if isinstance(tex, str) else getattr(node, "text", "")
