"""Turns the text of one field into a document tree.

What Markdown must not touch (fences, folds, math) is set aside first; Python-Markdown reads the rest; its HTML, and any
HTML the author wrote, is read into the closed tree of :mod:`cardforge.doc`.
"""

import re
from contextlib import suppress
from functools import cache

from markdown import Markdown

from cardforge.body.brackets import shown, tame
from cardforge.body.github import GitHub
from cardforge.body.html import TooDeepError, parse_html
from cardforge.body.opaque import DETAILS, Formula, fences, formulas, indented_code, without_comments
from cardforge.body.places import Places
from cardforge.body.tree import Builder, ImageFinder
from cardforge.diagnostics import Code, Sink
from cardforge.doc import Block, CodeBlock, Details, Inline, Math, MathBlock, Paragraph
from cardforge.model import Body
from cardforge.passage import Passage

__all__ = ["LONGEST", "ImageFinder", "read_body"]

LONGEST = 64 * 1024
"""Characters a field may have: time and memory of what reads it grow faster than its length."""
_DEEPEST_QUOTE = 100

_SUMMARY = re.compile(r"\s*<summary\b[^>]*>(?P<summary>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_DEEP_LINE = re.compile(rf"^(?:[ \t]*(?:>|[-*+](?=[ \t]))){{{_DEEPEST_QUOTE}}}", re.MULTILINE)


@cache
def _markdown() -> tuple[Markdown, GitHub]:
    """The one instance of a process: making one costs as much as converting several fields."""
    github = GitHub()
    return Markdown(extensions=["tables", "sane_lists", github], output_format="html", tab_length=4), github


def read_body(passage: Passage, find_image: ImageFinder, sink: Sink) -> Body:
    """The field's document tree. A field that is too long or nested too deep is reported and comes back empty."""
    # These mark what is set aside or hidden; they are reported as forbidden where the file is read.
    text = re.sub("[\ufdd0-\ufdef]", "\ufffd", passage.text)
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
        self.places = Places(passage)
        self.nodes: list[Block | Inline] = []

    def read(self, text: str, depth: int) -> tuple[Block, ...]:
        """The blocks of ``text``, which is the passage's or that of a fold in it."""
        if depth > _DEEPEST_QUOTE:
            raise TooDeepError
        text = self._set_math_aside(text, in_passage=depth == 0)
        text = self._set_fences_aside(text)
        text = self._set_details_aside(without_comments(text), depth)
        instance, github = _markdown()
        root = parse_html(shown(instance.reset().convert(tame(text))))
        lists = github.normal_form.lists if text.strip() else []
        return Builder(self.places, self.nodes, lists, self.find_image, self.sink).blocks(root.children)

    def _keep(self, node: Block | Inline) -> str:
        self.nodes.append(node)
        return f"\ufdd0{'B' if isinstance(node, Block) else 'I'}{len(self.nodes) - 1}\ufdd1"

    def _set_math_aside(self, text: str, *, in_passage: bool) -> str:
        if "$" not in text and "\\(" not in text and "\\[" not in text:
            return text
        closed = [(fence.start, fence.end) for fence in fences(text)] + indented_code(text)
        parts, position = [], 0
        for found in formulas(text, closed):
            span = (
                self.passage.span(found.at, found.at + len(found.tex)) if in_passage else self.places.formula(found.tex)
            )
            parts.append(text[position : found.start])
            tex = _unquoted(found, text)
            parts.append(self._keep(MathBlock(tex, span) if found.display else Math(tex, span)))
            position = found.end
        return "".join([*parts, text[position:]])

    def _set_fences_aside(self, text: str) -> str:
        if "```" not in text and "~~~" not in text:
            return text
        parts, position = [], 0
        for fence in fences(text):
            math = fence.language.lower() == "math"
            node = (
                MathBlock(fence.code.strip(), self.places.formula(fence.code))
                if math
                else CodeBlock(fence.code, fence.language)
            )
            parts += [text[position : fence.start], self._keep(node)]
            position = fence.end
        return "".join([*parts, text[position:]])

    def _set_details_aside(self, text: str, depth: int) -> str:
        """Folds inside the field, outermost first, read each on its own: Markdown inside them is Markdown."""
        if "<details" not in text.lower():
            return text
        parts, position, level, opened = [], 0, 0, 0
        start = None
        for tag in DETAILS.finditer(text):
            if tag["open"]:
                if level == 0:
                    start, opened = tag.start(), tag.end()
                level += 1
            elif tag["close"] and level:
                level -= 1
                if level == 0 and start is not None:
                    lead = text[text.rfind("\n", 0, start) + 1 : start]
                    if "|" in lead:
                        continue  # a line of a table stays one
                    fold = self._fold(text[opened : tag.start()], depth)
                    parts += [text[position:start], f"\n{_blank(lead)}" if lead.strip() else "", fold]
                    position = tag.end()
                    if text[position : text.find("\n", position) % (len(text) + 1)].strip():
                        parts += ["\n", _blank(lead)]
        return "".join([*parts, text[position:]])

    def _fold(self, inner: str, depth: int) -> str:
        summary = _SUMMARY.match(inner)
        told: tuple[Inline, ...] = ()
        if summary:
            blocks = self.read(summary["summary"], depth + 1)
            told = tuple(child for block in blocks if isinstance(block, Paragraph) for child in block.children)
        rest = inner[summary.end() :] if summary else inner
        return self._keep(Details(told, self.read(rest, depth + 1)))


def _unquoted(formula: Formula, text: str) -> str:
    """A formula without the marks of the quote in whose lines it stands."""
    written = text[formula.start : formula.end]
    lead = text[text.rfind("\n", 0, formula.start) + 1 : formula.start]
    if "\n" not in written or ">" not in lead or lead.strip(" \t>"):
        return formula.tex
    delimiter = 2 if written[:2] in ("$$", "\\(", "\\[", "$`") else 1
    unquoted = re.sub(rf"\n(?:[ \t]*>){{0,{lead.count('>')}}}", "\n", written)
    return unquoted[delimiter:-delimiter].strip()


def _blank(lead: str) -> str:
    """The indentation that keeps a line in the list or quote in which a line begins with ``lead``."""
    return re.sub(r"[^\s>]", " ", lead)
