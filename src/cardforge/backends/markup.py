"""The document tree as HTML: one renderer for Anki and the practice page.

What differs between the two (formulas, pictures, gaps) comes in as :class:`Hooks`; what a hook returns is HTML and
stands as it is. All else is escaped here. The HTML needs no script and names only classes that begin with ``cf-``,
``language-`` and the token classes of :mod:`cardforge.backends.highlight`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from html import escape
from typing import Final, assert_never

from cardforge.backends.highlight import language_name, tokens
from cardforge.doc import (
    Alert,
    Align,
    Audio,
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Gap,
    Heading,
    Hole,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Marked,
    Math,
    MathBlock,
    Node,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    gaps_in,
    mere_text,
    walk,
)
from cardforge.values import dataclass

_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_FIRST_RANK: Final = 4  # a page has a title (h1), sections (h2) and cards (h3); what a card says comes below
_LAST_RANK: Final = 6
_MARKS: Final = {
    True: '<span class="cf-check" role="img" lang="en" aria-label="done">☑</span> ',
    False: '<span class="cf-check" role="img" lang="en" aria-label="not done">☐</span> ',
}
_COLUMN: Final = ' scope="col"'
_CLASSES: Final = {
    Align.NONE: "",
    Align.LEFT: ' class="cf-left"',
    Align.CENTER: ' class="cf-center"',
    Align.RIGHT: ' class="cf-right"',
}
# A hook may write a gap as Anki does, {{c1::…}}. In a tree with gaps no text may read as a part of that.
# Only what could be is written as a character reference, as Anki's search reads the HTML.
_CLOZE_SYNTAX: Final = re.compile(r"[{}]{2,}|:{2,}|\A[{}:]|[{}:]\Z")
_REFERENCES: Final = str.maketrans({"{": "&#123;", "}": "&#125;", ":": "&#58;"})


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the two targets do differently. Each returns phrasing HTML: no element that breaks a paragraph.

    ``math`` takes LaTeX and whether it is displayed, ``gap`` the gap and the HTML of its children, ``gapped`` a formula
    with gaps in it; without it their formula is set as any other. Without ``gap`` what gaps hide stands as all else
    does.
    """

    math: Callable[[str, bool], str]
    image: Callable[[Image], str]
    sound: Callable[[Audio], str]
    gap: Callable[[Gap, str], str] | None = None
    gapped: Callable[[Math | MathBlock], str] | None = None


def render(blocks: Sequence[Block], hooks: Hooks) -> str:
    """The HTML of one field."""
    words = plain(blocks)
    if words is not None:
        return words
    return _Writer(hooks, blocks, hooks.gap is not None and _has_gaps(blocks)).blocks(blocks)


def plain(blocks: Sequence[Block]) -> str | None:
    """The HTML of a field that is one text, as most questions are; None for any other."""
    text = mere_text(blocks)
    return None if text is None else f'<p dir="auto">{escape(text)}</p>'


def render_inlines(inlines: Sequence[Inline], hooks: Hooks) -> str:
    """The HTML of inlines, without a paragraph around them."""
    return _Writer(hooks, (), _has_gaps(inlines)).inlines(inlines)


def _has_gaps(nodes: Iterable[Node]) -> bool:
    return any(True for _ in gaps_in(nodes))


def safe_href(href: str) -> str | None:
    """An address as it may stand in a link: http, https, mailto, relative or a fragment; None for any other.

    Stricter than browsers, which ignore blanks and control characters, take a backslash for a slash and follow
    ``//host`` to a host of the page's own scheme (on a page opened as a file, to a network share).
    """
    href = href.strip(" \t\r\n")
    if not href or any(character < " " or character == "\x7f" for character in href):
        return None
    if href.replace("\\", "/").startswith("//"):
        return None
    before = re.match(r"([^/?#\\]*?):", href)
    if before is not None and before[1].lower() not in _SCHEMES:
        return None
    return href.replace(" ", "%20")


@dataclass(frozen=True, slots=True)
class _Writer:
    hooks: Hooks
    whole: Sequence[Block]
    """All of the field."""
    gaps: bool
    in_link: bool = False
    ranks: dict[int, int] = field(default_factory=dict)
    """The heading element for each level that the field uses: its highest level is h4, whatever the author wrote."""

    def text(self, text: str) -> str:
        """Text, or a part of an attribute's value, escaped."""
        escaped = escape(text)
        return _CLOZE_SYNTAX.sub(lambda m: m[0].translate(_REFERENCES), escaped) if self.gaps else escaped

    def rank(self, level: int) -> int:
        if not self.ranks:  # most fields have no heading, and are not searched for any
            levels = sorted({node.level for node in walk(self.whole) if isinstance(node, Heading)})
            self.ranks.update((each, min(_FIRST_RANK + rank, _LAST_RANK)) for rank, each in enumerate(levels))
        return self.ranks[level]

    def gap(self, gap: Gap, inner: str) -> str:
        return self.hooks.gap(gap, inner) if self.hooks.gap else inner

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(map(self.block, blocks))

    def inlines(self, inlines: Iterable[Inline]) -> str:
        return "".join(map(self.inline, inlines))

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(children):
                return f'<p dir="auto">{self.inlines(children)}</p>'
            case Heading(level, children):
                rank = self.rank(level)
                return f'<h{rank} dir="auto">{self.inlines(children)}</h{rank}>'
            case List(items, start, tight):
                inner = "".join(self.item(item, tight=tight) for item in items)
                if start is None:
                    return f"<ul>{inner}</ul>"
                return f"<ol>{inner}</ol>" if start == 1 else f'<ol start="{start}">{inner}</ol>'
            case Quote(blocks):
                return f'<blockquote dir="auto">{self.blocks(blocks)}</blockquote>'
            case Alert(kind, blocks):
                title = f'<p class="cf-alert-title"><span lang="en" dir="ltr">{kind.word}</span></p>'
                return f'<div class="cf-alert cf-{kind.value}" role="note">{title}{self.blocks(blocks)}</div>'
            case CodeBlock():
                return self.code_block(block)
            case MathBlock(tex):
                gapped = self.hooks.gapped(block) if block.holes and self.hooks.gapped else None
                return f'<div class="cf-display">{gapped or self.hooks.math(tex, True)}</div>'
            case Table():
                return self.table(block)
            case Rule():
                return "<hr>"
            case Details(summary, blocks):
                return f'<details><summary dir="auto">{self.inlines(summary)}</summary>{self.blocks(blocks)}</details>'
            case _:
                assert_never(block)

    def item(self, item: ListItem, *, tight: bool) -> str:
        mark = "" if item.checked is None else _MARKS[item.checked]
        parts: list[str] = []
        bare = False
        for block in item.blocks:
            if isinstance(block, Paragraph):
                # Two bare paragraphs in a row would run into one another.
                bare = tight and not bare
                inner = mark + self.inlines(block.children)
                parts.append(inner if bare else f'<p dir="auto">{inner}</p>')
            else:
                bare = False
                parts.append(mark + self.block(block))
            mark = ""
        css_class = "" if item.checked is None else ' class="cf-task"'
        return f'<li{css_class} dir="auto">{"".join(parts) or mark}</li>'

    def code_block(self, block: CodeBlock) -> str:
        name = language_name(block.language)
        css_class = f' class="language-{self.text(name)}"' if re.fullmatch(r"[\w+#.-]+", name) else ""
        runs: list[tuple[int, str, str]] = []
        length = 0
        for kind, part in tokens(block.text, block.language):
            runs.append((length, kind, part))
            length += len(part)
        return f'<pre class="cf-code" dir="ltr"><code{css_class}>{self.code(runs, 0, length, block.holes)}</code></pre>'

    def code(self, runs: Sequence[tuple[int, str, str]], start: int, end: int, holes: Sequence[Hole]) -> str:
        """The characters from ``start`` to ``end`` of coloured code; ``holes`` are those between the two."""
        parts: list[str] = []
        while holes:
            hole = holes[0]
            after = next((n for n, other in enumerate(holes) if other.start >= hole.end), len(holes))
            inner = self.code(runs, hole.start, hole.end, holes[1:after])
            text = "".join(part for at, _, part in runs)[hole.start : hole.end]
            parts += [self.code(runs, start, hole.start, ()), self.gap(Gap(hole.ordinal, (Code(text),)), inner)]
            start, holes = hole.end, holes[after:]
        at = max(0, bisect_right(runs, start, key=lambda run: run[0]) - 1)
        while at < len(runs) and runs[at][0] < end:
            first, kind, whole = runs[at]
            part = self.text(whole[max(0, start - first) : end - first])
            parts.append(f'<span class="{kind}">{part}</span>' if kind and part else part)
            at += 1
        return "".join(parts)

    def table(self, table: Table) -> str:
        def row(cells: Iterable[Cell], name: str, attributes: str = "") -> str:
            return "".join(
                f"<{name}{attributes}{_CLASSES[table.align[n]] if n < len(table.align) else ''}"
                f' dir="auto">{self.inlines(cell.children)}</{name}>'
                for n, cell in enumerate(cells)
            )

        head = f"<thead><tr>{row(table.head, 'th', _COLUMN)}</tr></thead>" if table.head else ""
        rows = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in table.rows)
        body = f"<tbody>{rows}</tbody>" if rows else ""
        return f'<div class="cf-table"><table>{head}{body}</table></div>'

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return self.text(text)
            case Marked(mark, children):
                return f"<{mark.value}>{self.inlines(children)}</{mark.value}>"
            case Code(text):
                return f'<code dir="ltr">{self.text(text)}</code>'
            case Math(tex):
                gapped = self.hooks.gapped(inline) if inline.holes and self.hooks.gapped else None
                return gapped or self.hooks.math(tex, False)
            case Link(href, children, title):
                return self.link(href, children, title)
            case Image():
                return self.hooks.image(inline)
            case Audio():
                return self.hooks.sound(inline)
            case LineBreak():
                return "<br>"
            case Gap(_, children):
                return self.gap(inline, self.inlines(children))
            case _:
                assert_never(inline)

    def link(self, href: str, children: tuple[Inline, ...], title: str) -> str:
        target = safe_href(href)
        if target is None or self.in_link:  # HTML knows no link in a link
            return self.inlines(children)
        rel = ' rel="noopener noreferrer"' if re.match(r"https?:", target, re.IGNORECASE) else ""
        tip = f' title="{self.text(title)}"' if title else ""
        inner = _Writer(self.hooks, self.whole, self.gaps, in_link=True).inlines(children)
        return f'<a href="{self.text(target)}"{rel}{tip}>{inner}</a>'
