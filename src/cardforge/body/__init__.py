"""Turns the text of one field into a document tree.

What Markdown must not touch (fences, folds, math) is set aside first; Python-Markdown reads the rest; its HTML, and any
HTML the author wrote, is read into the closed tree of :mod:`cardforge.doc`.
"""

import re
from contextlib import suppress
from functools import cache

from markdown import Markdown

from cardforge.body.github import GitHub, reindent, without_comments
from cardforge.body.html import TooDeepError, parse_html
from cardforge.body.opaque import fences, formulas, indented_code
from cardforge.body.tree import Builder, ImageFinder
from cardforge.diagnostics import Code, Sink
from cardforge.doc import Block, CodeBlock, Details, Inline, Math, MathBlock, Paragraph
from cardforge.model import Body
from cardforge.passage import Passage

__all__ = ["LONGEST", "ImageFinder", "read_body"]

LONGEST = 64 * 1024
"""Characters a field may have: time and memory of what reads it grow faster than its length."""
_DEEPEST_QUOTE = 100

_DETAILS = re.compile(r"<(?P<close>/?)details\b[^>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary\b[^>]*>(?P<summary>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_DEEP_LINE = re.compile(rf"^(?:[ \t]*(?:>|[-*+](?=[ \t]))){{{_DEEPEST_QUOTE}}}", re.MULTILINE)


@cache
def _markdown() -> Markdown:
    """The one instance of a process: making one costs as much as converting several fields."""
    return Markdown(extensions=["tables", "sane_lists", GitHub()], output_format="html", tab_length=4)


def read_body(passage: Passage, find_image: ImageFinder, sink: Sink) -> Body:
    """The field's document tree. A field that is too long or nested too deep is reported and comes back empty."""
    text = passage.text
    if len(text) > LONGEST:
        sink.add(
            Code.FIELD_TOO_LONG,
            passage.span(0, 1),
            f"This text has {len(text):,} characters; a field may have {LONGEST:,}.",
            "Divide it over several cards.",
        )
        return Body(text, ())
    if not _DEEP_LINE.search(text):
        with suppress(TooDeepError, RecursionError):
            return Body(text, _Field(passage, find_image, sink).read(text, 0))
    sink.add(
        Code.FIELD_TOO_DEEP,
        passage.span(0, 1),
        "This text is nested more than 100 levels deep.",
        "Take some of the quotes, lists or elements around it away.",
    )
    return Body(text, ())


class _Field:
    """One field being read; ``nodes`` are those set aside, by the number in their placeholder."""

    def __init__(self, passage: Passage, find_image: ImageFinder, sink: Sink) -> None:
        self.passage, self.find_image, self.sink = passage, find_image, sink
        self.nodes: list[Block | Inline] = []

    def read(self, text: str, depth: int) -> tuple[Block, ...]:
        """The blocks of ``text``, which is the passage's or that of a fold in it."""
        if depth > _DEEPEST_QUOTE:
            raise TooDeepError
        text = self._set_math_aside(text, in_passage=depth == 0)
        text = self._set_fences_aside(text)
        text = self._set_details_aside(without_comments(text), depth)
        instance = _markdown()
        html = instance.reset().convert(reindent(text))
        return Builder(self.passage, self.nodes, self.find_image, self.sink).blocks(parse_html(html).children)

    def _keep(self, node: Block | Inline) -> str:
        self.nodes.append(node)
        return f"\ufdd0{len(self.nodes) - 1}\ufdd1"

    def _set_math_aside(self, text: str, *, in_passage: bool) -> str:
        if "$" not in text and "\\(" not in text and "\\[" not in text:
            return text
        closed = [(fence.start, fence.end) for fence in fences(text)] + indented_code(text)
        parts, position = [], 0
        for found in formulas(text, closed):
            span = (
                self.passage.span(found.at, found.at + len(found.tex)) if in_passage else self.passage.find(found.tex)
            )
            parts.append(text[position : found.start])
            parts.append(self._keep(MathBlock(found.tex, span) if found.display else Math(found.tex, span)))
            position = found.end
        return "".join([*parts, text[position:]])

    def _set_fences_aside(self, text: str) -> str:
        if "```" not in text and "~~~" not in text:
            return text
        parts, position = [], 0
        for fence in fences(text):
            line = text[text.rfind("\n", 0, fence.start) + 1 : fence.start]
            math = fence.language.lower() == "math"
            node = (
                MathBlock(fence.code.strip(), self.passage.find(fence.code))
                if math
                else CodeBlock(fence.code, fence.language)
            )
            opens_item = line.strip(" \t>") != ""
            before = "" if opens_item or not text[: fence.start - len(line)].strip() else f"{line.rstrip()}\n{line}"
            after = "" if _is_last(text, fence.end) else "\n" + (line.rstrip() if not opens_item else "")
            parts.append(text[position : fence.start - (0 if opens_item or not before else len(line))])
            parts.append(before + self._keep(node) + after)
            position = fence.end
        return "".join([*parts, text[position:]])

    def _set_details_aside(self, text: str, depth: int) -> str:
        """Folds inside the field, outermost first, read each on its own: Markdown inside them is Markdown."""
        if "<details" not in text.lower():
            return text
        parts, position, level, opened = [], 0, 0, 0
        start = None
        for tag in _DETAILS.finditer(text):
            if not tag["close"]:
                if level == 0:
                    start, opened = tag.start(), tag.end()
                level += 1
            elif level:
                level -= 1
                if level == 0 and start is not None:
                    parts += [text[position:start], "\n\n", self._fold(text[opened : tag.start()], depth), "\n\n"]
                    position = tag.end()
        return "".join([*parts, text[position:]])

    def _fold(self, inner: str, depth: int) -> str:
        summary = _SUMMARY.match(inner)
        told: tuple[Inline, ...] = ()
        if summary:
            blocks = self.read(summary["summary"], depth + 1)
            told = tuple(child for block in blocks if isinstance(block, Paragraph) for child in block.children)
        rest = inner[summary.end() :] if summary else inner
        return self._keep(Details(told, self.read(rest, depth + 1)))


def _is_last(text: str, end: int) -> bool:
    """Whether nothing but blanks follows ``end``."""
    return not text[end:].strip()
