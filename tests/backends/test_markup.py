"""The tree as HTML: well formed, without anything that acts, and with every word of the tree."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.backends.markup import Hooks, render, render_inlines, safe_href
from cardforge.doc import (
    Align,
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Gap,
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
    plain_text,
    walk,
)

HOOKS: Final = Hooks(
    math=lambda tex, display: f'<span class="math-{"display" if display else "inline"}">{escape(tex)}</span>',
    image=lambda image: f'<img src="media.png" alt="{escape(image.alt)}">',
    sound=lambda sound: f"<audio aria-label={escape(sound.label)}>",
    gap=lambda gap, inner: f'<span class="gap-{gap.ordinal}">{inner}</span>',
)
ANKI: Final = Hooks(
    math=lambda tex, _: escape(tex).replace("{", "&#123;").replace("}", "&#125;").replace(":", "&#58;"),
    image=lambda _: "<img>",
    sound=lambda _: "<audio>",
    gap=lambda gap, inner: f"{{{{c{gap.ordinal}::{inner}}}}}",
)
VOID: Final = frozenset({"br", "hr", "img"})
BLOCKS: Final = frozenset(
    "p h4 h5 h6 ul ol li blockquote pre div table thead tbody tr th td hr details summary".split()
)
ATTRIBUTES: Final = frozenset("class dir start href rel title scope role lang aria-label src alt".split())


class Reader(HTMLParser):
    """Reads HTML as strictly as a person would: everything closed, in order, and nothing where it may not be."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in BLOCKS | VOID | {mark.value for mark in Mark} | {"a", "code", "span"}
        assert {name for name, _ in attrs} <= ATTRIBUTES
        if tag in BLOCKS:
            assert not {"p", "h4", "h5", "h6", "summary", "th", "td", "a", "span", "pre"} & set(self.open)
        if tag == "a":
            assert "a" not in self.open
            self.links.append(dict(attrs).get("href"))
        if tag == "img":
            self.words.append(dict(attrs).get("alt") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"processing instruction {data!r}")

    @property
    def text(self) -> str:
        return "".join(self.words)


def html(*blocks: Block) -> str:
    return render(blocks, HOOKS)


def p(*inlines: Inline) -> Paragraph:
    return Paragraph(inlines)


T: Final = Text

# ---- each node


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (p(T("a < b & c")), '<p dir="auto">a &lt; b &amp; c</p>'),
        (
            p(Marked(Mark.STRONG, (T("a"), Marked(Mark.EMPHASIS, (T("b"),))))),
            '<p dir="auto"><strong>a<em>b</em></strong></p>',
        ),
        (p(Code("<x>")), '<p dir="auto"><code dir="ltr">&lt;x&gt;</code></p>'),
        (p(T("a"), LineBreak(), T("b")), '<p dir="auto">a<br>b</p>'),
        (p(Math("a<b")), '<p dir="auto"><span class="math-inline">a&lt;b</span></p>'),
        (MathBlock("x"), '<div class="cf-display"><span class="math-display">x</span></div>'),
        (p(Image("s", 'a"b')), '<p dir="auto"><img src="media.png" alt="a&quot;b"></p>'),
        (Quote((p(T("q")),)), '<blockquote dir="auto"><p dir="auto">q</p></blockquote>'),
        (Rule(), "<hr>"),
        (
            Details((T("More"),), (p(T("x")),)),
            '<details><summary dir="auto">More</summary><p dir="auto">x</p></details>',
        ),
        (
            CodeBlock("def f", "python"),
            (
                '<pre class="cf-code" dir="ltr"><code class="language-python">'
                '<span class="k">def</span> <span class="nf">f</span></code></pre>'
            ),
        ),
        (CodeBlock("\n<a>\n"), '<pre class="cf-code" dir="ltr"><code>\n&lt;a&gt;\n</code></pre>'),
        (CodeBlock("x", '"><script>'), '<pre class="cf-code" dir="ltr"><code>x</code></pre>'),
        (List((ListItem((p(T("a")),)), ListItem((p(T("b")),)))), '<ul><li dir="auto">a</li><li dir="auto">b</li></ul>'),
        (List((ListItem((p(T("a")),)),), tight=False), '<ul><li dir="auto"><p dir="auto">a</p></li></ul>'),
        (List((ListItem((p(T("a")),)),), start=1), '<ol><li dir="auto">a</li></ol>'),
        (List((ListItem((p(T("a")),)),), start=0), '<ol start="0"><li dir="auto">a</li></ol>'),
        (
            List((ListItem((p(T("a")), List((ListItem((p(T("b")),)),)))),)),
            '<ul><li dir="auto">a<ul><li dir="auto">b</li></ul></li></ul>',
        ),
        (
            List((ListItem((p(T("a")), p(T("b")))),)),
            '<ul><li dir="auto">a<p dir="auto">b</p></li></ul>',
        ),
        (
            Table((Align.LEFT, Align.NONE), (Cell((T("h"),)), Cell(())), ((Cell((T("c"),)), Cell((T("d"),))),)),
            (
                '<div class="cf-table"><table><thead><tr><th scope="col" class="cf-left" dir="auto">h</th>'
                '<th scope="col" dir="auto"></th></tr></thead><tbody><tr><td class="cf-left" dir="auto">c</td>'
                '<td dir="auto">d</td></tr></tbody></table></div>'
            ),
        ),
        (
            Table((Align.RIGHT,), (), ((Cell((T("c"),)), Cell((T("d"),))),)),
            (
                '<div class="cf-table"><table><tbody><tr><td class="cf-right" dir="auto">c</td>'
                '<td dir="auto">d</td></tr></tbody></table></div>'
            ),
        ),
    ],
)
def test_each_node(block: Block, expected: str) -> None:
    assert html(block) == expected


def test_inlines_need_no_paragraph() -> None:
    assert render_inlines((T("a"), Code("b")), HOOKS) == 'a<code dir="ltr">b</code>'


def test_a_task_shows_its_state_without_a_script_and_says_it() -> None:
    done, left = ListItem((p(T("a")),), checked=True), ListItem((p(T("b")),), checked=False)
    tight = html(List((done, left)))
    assert re.fullmatch(
        '<ul><li class="cf-task" dir="auto">'
        '<span class="cf-check" role="img" lang="en" aria-label="done">☑</span> a</li>'
        '<li class="cf-task" dir="auto"><span [^>]*aria-label="not done">☐</span> b</li></ul>',
        tight,
    )
    assert '<p dir="auto"><span class="cf-check"' in html(List((done,), tight=False))
    assert "☑" in html(List((ListItem((), checked=True),)))
    assert "☐" in html(List((ListItem((CodeBlock("x"),), checked=False),)))


def test_headings_go_below_those_of_a_page_and_keep_their_order() -> None:
    blocks = (Heading(1, (T("a"),)), Heading(3, (T("b"),)), Quote((Heading(4, (T("c"),)), Heading(6, (T("d"),)))))
    assert re.findall(r"<(h\d)", html(*blocks)) == ["h4", "h5", "h6", "h6"]
    assert re.findall(r"<(h\d)", html(Heading(5, ()))) == ["h4"]


# ---- links


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        "ftp://example.org",
        "x-anything:y",
        "1:2",
        ":",
        "//example.org/x",
        "\\\\server\\share",
        "/\\example.org",
        "",
        "  ",
    ],
)
def test_an_address_of_another_kind_is_no_link(href: str) -> None:
    assert safe_href(href) is None
    assert html(p(Link(href, (T("here"),), "tip"))) == '<p dir="auto">here</p>'


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#part", "#part"),
        ("../notes/a b.md", "../notes/a%20b.md"),
        ("/a:b", "/a:b"),
        ("?a:b", "?a:b"),
        ("a/b:c", "a/b:c"),
    ],
)
def test_an_address_of_the_allowed_kinds_is_kept(href: str, kept: str) -> None:
    assert Reader(html(p(Link(href, (T("here"),))))).links == [kept]


def test_only_links_that_leave_say_so() -> None:
    away = html(p(Link("https://example.org", (T("a"),), 'say "hi"')))
    assert (
        away == '<p dir="auto"><a href="https://example.org" rel="noopener noreferrer"'
        ' title="say &quot;hi&quot;">a</a></p>'
    )
    assert "rel=" not in html(p(Link("#a", (T("a"),))))


def test_a_link_in_a_link_is_only_its_words() -> None:
    inner = Marked(Mark.EMPHASIS, (Link("https://b.example", (T("in"),)),))
    assert Reader(html(p(Link("#a", (inner, T("out")))))).links == ["#a"]


# ---- gaps


def test_text_beside_a_gap_cannot_be_read_as_a_gap() -> None:
    said = render((p(T("{{c2::a}} {"), Gap(1, (T(":b}"), Code("std::v{}"), Math("{x}"))), T("} a: b {c}")),), ANKI)
    assert said.count("{{") == said.count("}}") == said.count("::") == 1
    assert re.search(r"[^{]\{\{c1::[^:{}]", said)
    assert Reader(said).text == "{{c2::a}} {{{c1:::b}std::v{}{x}}}} a: b {c}"


def test_without_gaps_braces_and_colons_stay_as_they_are() -> None:
    assert html(p(T("{{c1::a}}"))) == '<p dir="auto">{{c1::a}}</p>'


def test_beside_a_gap_only_what_must_is_a_reference() -> None:
    assert render((p(T("Note: f({x: 1}) "), Gap(1, ())),), ANKI) == '<p dir="auto">Note: f({x: 1}) {{c1::}}</p>'


# ---- any tree

HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        "</code></pre>",
        "]]><!-- -->",
        "<?php ?>",
        "&lt;b&gt; &#x6a;",
        "{{c1::a::b}}",
        "javascript:alert(1)",
        "\u202e",
    ]
)
TEXTS = HOSTILE | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
SOURCES = HOSTILE | st.sampled_from(["https://example.org/a b", "#a", "b.md", "//evil.example", "data:x", "mailto:a@b"])
LEAVES: st.SearchStrategy[Inline] = st.one_of(
    TEXTS.map(Text),
    TEXTS.map(Code),
    TEXTS.map(Math),
    st.builds(Image, SOURCES, TEXTS, TEXTS),
    st.just(LineBreak()),
)


def inline_tuples(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[tuple[Inline, ...]]:
    return st.lists(children, max_size=3).map(tuple)


INLINES = st.recursive(
    LEAVES,
    lambda children: st.one_of(
        st.builds(Marked, st.sampled_from(Mark), inline_tuples(children)),
        st.builds(Link, SOURCES, inline_tuples(children), TEXTS),
        st.builds(Gap, st.integers(1, 3), inline_tuples(children), TEXTS),
    ),
    max_leaves=5,
)
LINE = inline_tuples(INLINES)
CELLS = st.lists(LINE.map(Cell), max_size=2).map(tuple)
FLAT: st.SearchStrategy[Block] = st.one_of(
    LINE.map(Paragraph),
    st.builds(Heading, st.integers(1, 6), LINE),
    st.builds(CodeBlock, TEXTS, st.sampled_from(["", "python", "html", "c++", '"><b>'])),
    TEXTS.map(MathBlock),
    st.builds(
        Table, st.lists(st.sampled_from(Align), max_size=2).map(tuple), CELLS, st.lists(CELLS, max_size=2).map(tuple)
    ),
    st.just(Rule()),
)


def block_tuples(children: st.SearchStrategy[Block]) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(children, max_size=3).map(tuple)


TREES = block_tuples(
    st.recursive(
        FLAT,
        lambda children: st.one_of(
            block_tuples(children).map(Quote),
            st.builds(Details, LINE, block_tuples(children)),
            st.builds(
                List,
                st.lists(
                    st.builds(ListItem, block_tuples(children), st.sampled_from([None, True, False])), max_size=3
                ).map(tuple),
                st.none() | st.integers(0, 9),
                st.booleans(),
            ),
        ),
        max_leaves=4,
    )
)


def solid(text: str) -> str:
    """Text without white space and task marks."""
    return re.sub(r"[\s☑☐]", "", text)


@settings(max_examples=250, deadline=None)
@given(TREES)
def test_any_tree_is_well_formed_safe_and_complete(blocks: tuple[Block, ...]) -> None:
    page = render(blocks, HOOKS)
    reader = Reader(page)
    assert solid(reader.text) == solid(plain_text(blocks))
    assert "<script" not in page.lower()
    for href in reader.links:
        assert href is not None
        assert re.match(r"https?:|mailto:|#|(?!//)[^:]*$", href)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_any_tree_has_as_many_gaps_in_anki_as_it_says(blocks: tuple[Block, ...]) -> None:
    gaps = sum(isinstance(node, Gap) for node in walk(blocks))
    page = render(blocks, ANKI)
    if gaps:
        assert len(re.findall(r"\{\{c\d::", page)) == page.count("::") == gaps
        assert len(re.findall(r"\}\}", page)) == gaps


def test_a_hundred_levels_are_rendered() -> None:
    inline: Inline = T("deep")
    for _ in range(100):
        inline = Marked(Mark.EMPHASIS, (inline,))
    block: Block = p(inline)
    for _ in range(50):
        block = List((ListItem((Quote((block,)),)),))
    assert Reader(html(block)).text == "deep"
