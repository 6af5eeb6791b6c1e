"""What a body becomes: the tree as short words, so that a case reads at a glance."""

import pytest

from cardforge.doc import (
    Alert,
    Audio,
    Block,
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
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)
from deck_notation import read_blocks


def short(node: Block | Inline) -> str:
    """A node as ``name(children)``; words as they are."""
    match node:
        case Text():
            return node.text
        case Marked():
            return f"{node.mark}({line(node.children)})"
        case Code():
            return f"code({node.text})"
        case Math():
            return f"math({node.tex})"
        case Link():
            return f"a({node.href}{f' “{node.title}”' if node.title else ''}: {line(node.children)})"
        case Image():
            return f"img({node.src}, {node.alt}{f' “{node.title}”' if node.title else ''}, {node.width})"
        case Audio():
            return f"audio({node.src}, {node.label})"
        case LineBreak():
            return "⏎"
        case Gap():
            return f"gap({line(node.children)})"
        case Paragraph():
            return f"p({line(node.children)})"
        case Heading():
            return f"h{node.level}({line(node.children)})"
        case List():
            name = "ul" if node.start is None else f"ol{node.start}"
            marks = {None: "", True: "[x] ", False: "[ ] "}
            items = (f"{marks[item.checked]}{blocks(item.blocks)}" for item in node.items)
            return f"{name}{'' if node.tight else '~'}({'; '.join(items)})"
        case Quote():
            return f"quote({blocks(node.blocks)})"
        case Alert():
            return f"{node.kind}!({blocks(node.blocks)})"
        case CodeBlock():
            return f"pre({node.language}|{node.text})"
        case MathBlock():
            return f"MATH({node.tex})"
        case Table():
            rows = (" | ".join(line(cell.children) for cell in row) for row in (node.head, *node.rows))
            return f"table[{','.join(align or '-' for align in node.align)}]({' // '.join(rows)})"
        case Rule():
            return "hr"
        case Details():
            return f"details({line(node.summary)}: {blocks(node.blocks)})"


def line(nodes: tuple[Inline, ...]) -> str:
    return "".join(map(short, nodes))


def blocks(nodes: tuple[Block, ...]) -> str:
    return " ".join(map(short, nodes))


CASES = {
    # math, by pandoc's rule
    "costs $5 today and $10 tomorrow": "p(costs $5 today and $10 tomorrow)",
    "$x$ and $ y $ and $z $ and $w$5": "p(math(x) and $ y $ and $z $ and $w$5)",
    "an escaped \\$x$ and a real $\\$x$": "p(an escaped $x$ and a real math(\\$x))",
    r"so \(a_b*c*\) and \[d\\e\]": r"p(so math(a_b*c*) and) MATH(d\\e)",
    "$`a_b`$ and `$x$`": "p(math(a_b) and code($x$))",
    "$$\na \\\\\nb\n$$": "MATH(a \\\\\nb)",
    "before $$x$$ after": "p(before) MATH(x) p(after)",
    "- item\n  $$\n  x\n  $$\n- next": "ul(p(item) MATH(x); p(next))",
    "> $$\n> x\n> $$": "quote(MATH(x))",
    "```math\na\n```": "MATH(a)",
    "```\u00a0\na\n```": "pre(|a)",
    "**bold $x_1$ more**": "p(strong(bold math(x_1) more))",
    "$a\n\nb$": "p($a) p(b$)",
    "| $a$ | b |\n|---|---|\n| $c$ | d |": "table[-,-](math(a) | b // math(c) | d)",
    "    $x$": "pre(|$x$)",
    "a\n$x$\nb": "p(a math(x) b)",
    # code is opaque
    "`<b>` `**x**` `<!-- c -->` `<details>`": "p(code(<b>) code(**x**) code(<!-- c -->) code(<details>))",
    "```html\n<details>\n<!-- c -->\n$x$\n```": "pre(html|<details>\n<!-- c -->\n$x$)",
    "```\n\n a\n\n```": "pre(|\n a\n)",
    "> ```\n> a\n>\n>  b\n> ```\n> c": "quote(pre(|a\n\n b) p(c))",
    "1. a\n\n       code\n\n2. b": "ol1~(p(a) pre(|code); p(b))",
    "```{.python}\nx\n```": "pre(python|x)",
    # lists
    "a\n- b\n- c\n\nd": "p(a) ul(p(b); p(c)) p(d)",
    "- a\n  - b\n    1. c\n- d": "ul(p(a) ul(p(b) ol1(p(c))); p(d))",
    "1. a\n   - b\n2. c": "ol1(p(a) ul(p(b)); p(c))",
    "- a\n\n- b": "ul~(p(a); p(b))",
    "- a\n+ b\n\n3) c": "ul(p(a)) ul(p(b)) ol3(p(c))",
    "- [ ] a\n- [x] **b**": "ul([ ] p(a); [x] p(strong(b)))",
    "- - a\n  - b": "ul(ul(p(a); p(b)))",
    # tables
    "| a | b |\n|:-:|--:|\n| `x \\| y` | *z* |": "table[center,right](a | b // code(x | y) | em(z))",
    "|a|\n|-|": "table[-](a)",
    # HTML as nodes, or as text, or not at all
    "H<sub>2</sub>O<br>x<sup>2</sup>": "p(Hsub(2)O⏎xsup(2))",
    '<img src="a.png" alt="A" width="40">': "p(img(a.png, A, 40))",
    "<ul><li>a<li>b</ul>": "ul(p(a); p(b))",
    "<div align=center>\n\n**a**\n\n</div>": "p(strong(a))",
    "<table><tr><th>a<th>b<tr><td>c<td>d</table>": "table[-,-](a | b // c | d)",
    "List<String> and <T>": "p(List<String> and <T>)",
    "a < b && c > d": "p(a < b && c > d)",
    "<custom-tag>in</custom-tag>": "p(in)",
    "a <!-- b --> c": "p(a c)",
    "<q>a</q> <samp>b</samp> <tt>c</tt> <var>d</var> <cite>e</cite> <s>f</s>": (
        "p(“a” code(b) code(c) em(d) em(e) del(f))"
    ),
    "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> <time>1</time> a<wbr>b": "p(漢(kan) 1 ab)",
    "<picture><source srcset=b.webp><img src=a.png alt=A></picture>": "p(img(a.png, A, None))",
    "<dl><dt>T</dt><dd>D</dd></dl>": "p(strong(T)) p(D)",
    "<figure><img src=a.png alt=A><figcaption>C</figcaption></figure>": "p(img(a.png, A, None)) p(C)",
    "<abbr title=W>a</abbr> <u>b</u> <mark>c</mark> <small>d</small> <ins>e</ins>": (
        "p(a u(b) mark(c) small(d) ins(e))"
    ),
    "<blink>a</blink> <foo>b": "p(a <foo>b)",
    "<font><b>a</font></b>": "p(strong(a))",
    "<bdo dir=rtl>a</bdo> <big>b</big> <center>c</center>": "p(a b) p(c)",
    "<?php x ?>": "p(<?php x ?>)",
    # entities and escapes
    "&lt;b&gt; &amp; &copy; &nope; \\*x\\* \\\\": "p(<b> & © &nope; *x* \\)",
    "a\\\nb  \nc": "p(a⏎b⏎c)",
    # folds in a body
    "<details><summary>**S**</summary>\n\n- a\n\n</details>\n\nb": "details(strong(S): ul(p(a))) p(b)",
    "<details>\n<summary>A</summary>\n<details><summary>B</summary>c</details>\n</details>": (
        "details(A: details(B: p(c)))"
    ),
    "- a\n  <details><summary>S</summary>\n\n  b\n  </details>\n- c": "ul~(p(a) details(S: p(b)); p(c))",
    # links and images
    '[a](<b c> "t") ![d](e.png "f") [g][h]\n\n[h]: http://i "j"': (
        "p(a(b%20c “t”: a) img(e.png, d “f”, None) a(http://i “j”: g))"
    ),
    "see https://a.b/c_d_(e). And <https://f.g>": (
        "p(see a(https://a.b/c_d_(e): https://a.b/c_d_(e)). And a(https://f.g: https://f.g))"
    ),
    "[b](javascript:alert)": "p(b)",
    # alerts and footnotes
    "> [!NOTE]\n> a\n>\n> - b": "note!(p(a) ul(p(b)))",
    "> [!warning]\n>\n> a": "warning!(p(a))",
    "> [!NOTE] a\n> b": "quote(p([!NOTE] a b))",
    "> [!OTHER]\n> a": "quote(p([!OTHER] a))",
    "a[^x] b[^y] c[^x] [^z]\n\n[^y]: Y\n[^x]: *X*\n\n    more": (
        "p(asup(1) bsup(2) csup(1) [^z]) hr ol1~(p(em(X)) p(more); p(Y))"
    ),
    "# A\nb\n***\nC\n===": "h1(A) p(b) hr h1(C)",
    "~~a~~ ~b~ ~c": "p(del(a) del(b) ~c)",
}


@pytest.mark.parametrize(("body", "tree"), CASES.items())
def test_a_body_becomes_the_tree(body: str, tree: str) -> None:
    assert blocks(read_blocks(body)[0]) == tree


DROPPED = {
    "a <script>alert(1)</script> b": ("p(a b)", ["dropped-markup 1:3"]),
    "a\n\n<iframe src=x></iframe>": ("p(a)", ["dropped-markup 3:1"]),
    "<ul onclick=x><li onfocus=y>a</li></ul>": ("ul(p(a))", ["dropped-markup 1:5", "dropped-markup 1:19"]),
    "<table onclick=x><tr onblur=y><td onfocus=z>a</td></tr></table>": (
        "table[-]( // a)",
        ["dropped-markup 1:8", "dropped-markup 1:22", "dropped-markup 1:35"],
    ),
    "<p onclick=x>a</p>": ("p(a)", ["dropped-markup 1:4"]),
    "<pre onclick=x>a</pre>": ("pre(|a)", ["dropped-markup 1:6"]),
    "<img src=a.png onerror=x>": ("p(img(a.png, , None))", ["dropped-markup 1:16"]),
    "<form action=x>a<input></form> b": ("p(b)", ["dropped-markup 1:1"]),
    "x <b onclick='y'>z</b>": ("p(x strong(z))", ["dropped-markup 1:6"]),
    "[a](javascript:b) c": ("p(a c)", ["dropped-markup 1:5"]),
    "[a](<JAVA\tscript:b>)": ("p(a)", ["dropped-markup 1:6"]),
    "<a href='vbscript:x'>y</a>": ("p(y)", ["dropped-markup 1:10"]),
    "<svg><b>x</b></svg> <style>y</style>": ("", ["dropped-markup 1:1", "dropped-markup 1:21"]),
    "<script>a</script>\n\n<script>b</script>": ("", ["dropped-markup 1:1", "dropped-markup 3:1"]),
    "`<script>` then <script>x</script>": ("p(code(<script>) then)", ["dropped-markup 1:17"]),
}


@pytest.mark.parametrize(("body", "told"), DROPPED.items())
def test_what_cannot_be_in_a_card_is_left_out_with_one_word_at_its_place(
    body: str, told: tuple[str, list[str]]
) -> None:
    tree, findings = read_blocks(body)
    assert (blocks(tree), findings) == told


@pytest.mark.parametrize(
    "deep", ["> " * 101 + "a", "- " * 101 + "a", "<b>" * 200, "<details>" * 150 + "</details>" * 150]
)
def test_a_body_nested_too_deep_is_reported_once_and_empty(deep: str) -> None:
    assert read_blocks(deep) == ((), ["field-too-deep 1:1"])


def test_a_body_may_have_64_kib() -> None:
    assert read_blocks("a" * 65536)[1] == []
    assert read_blocks("a" * 65537) == ((), ["field-too-long 1:1"])
