"""From elements to the closed document tree. What is no node of the tree ends here, and says so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cardforge.body.html import KNOWN, Element
from cardforge.body.links import address, unescaped
from cardforge.body.lists import read_list, read_table
from cardforge.body.media import ANKI_SOUND, described, is_local_sound, is_sound, place_of, sources_of
from cardforge.body.places import Places
from cardforge.body.runs import trim, wrapped
from cardforge.diagnostics import Code as Finding
from cardforge.diagnostics import Sink, Span
from cardforge.doc import (
    Alert,
    AlertKind,
    Audio,
    Block,
    Code,
    CodeBlock,
    Details,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Mark,
    Marked,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Text,
    plain_text,
)
from cardforge.values import dataclass

PLACEHOLDER = re.compile("\ufdd0[BI](\\d+)\ufdd1")
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
    "script style iframe object embed applet frame frameset noscript template svg math canvas video form "
    "input textarea select button link meta base head title".split()
)
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table hr details summary div section article aside center figure "
    "figcaption header footer main nav address dl dt dd tbody thead tfoot tr td th root caption".split()
)
_ALERT = re.compile(rf"^markdown-alert markdown-alert-({'|'.join(AlertKind)})$")
_ROWS = ("thead", "tbody", "tfoot", "tr", "caption", "colgroup")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "ul": ("li",),
    "ol": ("li",),
    "details": ("summary",),
    "table": _ROWS,
    "thead": _ROWS,
    "tbody": _ROWS,
    "tfoot": _ROWS,
    "tr": ("td", "th"),
}
"""The elements that are read with the one they stand in."""
_SCHEME = re.compile(r"^\s*([a-zA-Z][a-zA-Z0-9+.\s-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


class ImageFinder(Protocol):
    """Resolves what an image names."""

    def __call__(self, src: str, span: Span) -> str:
        """The media name of a local image, or "" for one that stays elsewhere or is reported missing."""
        ...


@dataclass(frozen=True, slots=True)
class Aside:
    """A node that was made before Markdown saw the text, and how it was written there."""

    node: Block | Inline
    written: str


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the blocks of one field. ``aside`` is what the placeholders stand for.

    ``written`` says that some of the elements are their author's, who may have given them any attributes.
    """

    places: Places
    aside: Sequence[Aside]
    find_image: ImageFinder
    sink: Sink
    written: bool = True

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
        tag = element.tag
        if self.written:
            for part in _parts(element):
                self._warn_attributes(part)
        if tag == "p":
            if self.written and any(not isinstance(child, str) and child.tag in _BLOCKS for child in element.children):
                return self.blocks(element.children)
            return self._paragraphs(self._inlines(element.children))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            inlines = trim(self._inlines(element.children))
            return [Heading(int(tag[1]), inlines)] if inlines else []
        if tag in ("ul", "ol"):
            return [read_list(element, self.blocks)]
        if tag == "blockquote":
            return [Quote(self.blocks(element.children))]
        if tag == "pre":
            return [self._code_block(element)]
        if tag == "table":
            return read_table(element, self.blocks)
        if tag == "hr":
            return [Rule()]
        if tag == "details":
            return [self._details(element)]
        if told := _ALERT.search(element.attributes.get("class", "")):
            return [Alert(AlertKind(told[1]), self.blocks(element.children))]
        if tag == "section" and element.attributes.get("class") == "footnotes":
            return [Rule(), *self.blocks(element.children)]
        if tag == "dt":
            term = trim(self._inlines(element.children))
            return [Paragraph((Marked(Mark.STRONG, term),))] if term else []
        return self.blocks(element.children)

    def _paragraphs(self, inlines: Iterable[Inline | Block]) -> list[Block]:
        """A run of inlines as paragraphs: blocks that stand in it (display math) divide it."""
        done: list[Block] = []
        run: list[Inline] = []
        for node in inlines:
            if isinstance(node, Text) or not isinstance(node, Block):
                run.append(node)
                continue
            if trimmed := trim(run):
                done.append(Paragraph(trimmed))
            run = []
            done.append(node)
        if trimmed := trim(run):
            done.append(Paragraph(trimmed))
        return done

    def _code_block(self, element: Element) -> Block:
        languages = (
            re.search(r"(?:^|\s)(?:language-)?([^\s]+)", child.attributes.get("class", ""))
            for child in element.children
            if not isinstance(child, str) and child.tag == "code"
        )
        language = next((match[1] for match in languages if match), "")
        language = (language or element.attributes.get("lang", "").split(" ")[0]).strip("{}.")
        text = self._written(element.text)
        if element.children and isinstance(element.children[0], str):
            text = text.removeprefix("\n")  # as in HTML, directly after <pre>
        text = text.removesuffix("\n")
        if language.lower() == "math":
            return MathBlock(text.strip(), self.places.formula(text))
        return CodeBlock(text, language)

    def _details(self, element: Element) -> Block:
        summary: tuple[Inline, ...] = ()
        rest: list[Element | str] = []
        for child in element.children:
            if not isinstance(child, str) and child.tag == "summary" and not summary:
                summary = trim(self._inlines(child.children))
            else:
                rest.append(child)
        return Details(summary, self.blocks(rest))

    def _written(self, text: str) -> str:
        """Text as its author wrote it, where no node can stand."""
        return PLACEHOLDER.sub(lambda found: self.aside[int(found[1])].written, text)

    def _attribute(self, element: Element, name: str) -> str:
        """An attribute's value. What was set aside as math in it was none."""
        value = element.attributes.get(name, "")
        return PLACEHOLDER.sub(lambda found: unescaped(self.aside[int(found[1])].written), value)

    # ---- inlines

    def _inlines(self, children: Iterable[Element | str]) -> "list[Inline | Block]":
        done: list[Inline | Block] = []
        for child in children:
            if isinstance(child, str):
                done.extend(self._text(child.lstrip(" \n") if done and isinstance(done[-1], LineBreak) else child))
            else:
                done.extend(self._inline(child))
        return done

    def _text(self, text: str) -> "Iterable[Inline | Block]":
        if "\ufdd0" not in text:
            return self._words(text)
        done: list[Inline | Block] = []
        position = 0
        for match in PLACEHOLDER.finditer(text):
            done.extend(self._words(text[position : match.start()]))
            done.append(self.aside[int(match[1])].node)
            position = match.end()
        done.extend(self._words(text[position:]))
        return done

    def _words(self, text: str) -> Iterable[Inline]:
        """Text, and the sounds that Anki's notation names in it."""
        if "[" not in text:
            return (Text(text),) if text else ()
        done: list[Inline] = []
        position = 0
        for match in ANKI_SOUND.finditer(text):
            if match.start() > position:
                done.append(Text(text[position : match.start()]))
            done.append(self._sound(match[1].strip(), ""))
            position = match.end()
        if position < len(text):
            done.append(Text(text[position:]))
        return done

    def _inline(self, element: Element) -> "Iterable[Inline | Block]":
        tag = element.tag
        if self.written and (tag in KNOWN or element.closed):
            self._warn_attributes(element)
        if tag in _DROPPED:
            return self._dropped(element)
        if tag == "br":
            return [LineBreak()]
        if tag == "img":
            return [self._image(element)]
        if tag == "audio":
            return self._audio(element)
        if tag in _CODE:
            text = self._written(element.text)
            return [Code(" ".join(text.split("\n")))] if text else []
        inner = self._inlines(element.children)
        if tag not in KNOWN and not element.closed:
            return [Text(element.written), *inner]
        if tag == "q":
            return [Text("“"), *inner, Text("”")]
        if tag == "a":
            return self._link(element, inner)
        if tag in _MARKS:
            return wrapped(inner, lambda run: Marked(_MARKS[tag], run))
        return inner

    def _link(self, element: Element, inner: "list[Inline | Block]") -> "Iterable[Inline | Block]":
        written = self._attribute(element, "href")
        href = re.sub(r"[\x00-\x20\x7f]", lambda m: " " if m[0] == " " else "", written).strip()
        scheme = _SCHEME.match(href)
        if scheme and re.sub(r"\s", "", scheme[1]).lower() not in _SAFE_SCHEMES:
            self._warn(
                written.split(":")[0].split()[0],
                f"Links of the kind {scheme[1]}: do not go into a card; its words stay.",
            )
            return inner
        if not href:
            return inner
        if is_local_sound(href):
            return [self._sound(href, plain_text(inner))]
        title = self._attribute(element, "title")
        return wrapped(inner, lambda run: Link(address(href), run, title))

    def _image(self, element: Element) -> Inline:
        src, written = self._attribute(element, "src").strip(), self._attribute(element, "alt")
        alt, width = described(element, written)
        if is_sound(src):
            return self._sound(src, alt)
        span = place_of(src, written, self.places)
        return Image(src, alt, self._attribute(element, "title"), self.find_image(src, span), width, span)

    def _sound(self, src: str, label: str) -> Inline:
        span = place_of(src, label, self.places)
        return Audio(src, label, self.find_image(src, span), span)

    def _audio(self, element: Element) -> "Iterable[Inline | Block]":
        """The first sound an <audio> names that can be played; what stands in it is for browsers that know none."""
        src = next((src for src in sources_of(element) if is_sound(src)), None)
        if src is None:
            return self._dropped(element)
        label = element.attributes.get("title") or element.attributes.get("aria-label") or ""
        return [self._sound(src, " ".join(label.split()))]

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
        self.sink.add(Finding.DROPPED_MARKUP, self.places.find(needle), message, "Take it out of the source.")


def _parts(element: Element) -> Iterable[Element]:
    """A block and the parts of it that are no blocks of their own."""
    yield element
    for child in element.children:
        if isinstance(child, Element) and child.tag in _PARTS.get(element.tag, ()):
            yield from _parts(child)
