"""Drawings by an enemy run nothing, load nothing and unfold into nothing large; those by a friend stay whole."""

import re
import time
from typing import Final

import pytest

from cardforge.pipeline.media.drawings import clean
from cardforge.pipeline.media.svg_tree import RefusedError

HEAD: Final = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 30">'
DRAWN: Final = '<rect id="r" width="9" height="9" fill="#123456"/>'
PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"


def _clean(inner: str, head: str = HEAD) -> str:
    return clean(f"{head}{inner}{DRAWN}</svg>".encode()).data.decode()


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<script href="https://evil.example/x.js"/>',
        '<rect onclick="alert(1)" width="1" height="1"/>',
        '<image href="https://evil.example/x.png" width="9" height="9"/>',
        '<image xlink:href="file:///etc/passwd" width="9" height="9"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xlink:href="other.svg#a"/>',
        '<a href="javascript:alert(1)"><rect width="3" height="3"/></a>',
        '<rect style="fill:url(https://evil.example/x)" width="3" height="3"/>',
        '<rect fill="url(//evil.example/x)" width="3" height="3"/>',
        '<rect style="fill:u\\72l(https://evil.example/x)" width="3" height="3"/>',
        '<style>@import "https://evil.example/x.css"; rect{fill:red}</style>',
        "<style>@font-face{font-family:x;src:url(https://evil.example/x)} text{font-family:x}</style>",
        '<style>rect{background:url(https://evil.example/x);fill:url( "https://evil.example/y" )}</style>',
        "<style>rect{fill:/**/url(https://evil.example/x)}</style>",
        '<style>rect{fill:image-set("https://evil.example/x" 1x)}</style>',
        '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="//evil.example"/></foreignObject>',
        '<animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload" to="alert(1)"/>',
        '<filter id="f"><feImage href="https://evil.example/x"/></filter><rect filter="url(#f)" width="3" height="3"/>',
        '<handler type="application/ecmascript">alert(1)</handler>',
        '<?xml-stylesheet href="https://evil.example/x.css"?>',
    ],
)
def test_what_runs_or_loads_stays_behind(attack: str) -> None:
    text = _clean(attack)
    assert DRAWN in text
    assert not re.search(
        r"evil|alert|javascript|passwd|script|\bon\w+=|import|foreign|animate|<set|feImage|svg\+xml|other\.svg|@", text
    )


def _twice(levels: int, kind: str) -> str:
    """Elements that each draw the next twice: a few lines that unfold into millions."""
    match kind:
        case "use":
            parts = (f'<g id="a{n}"><use href="#a{n + 1}"/><use href="#a{n + 1}"/></g>' for n in range(levels))
            return "".join(parts) + f'<rect id="a{levels}" width="1" height="1"/>'
        case "pattern":
            fill = '<rect width="9" height="9" fill="url(#a{0})"/>'
            parts = (
                f'<pattern id="a{n}" width="9" height="9">{fill.format(n + 1) * 2}</pattern>' for n in range(levels)
            )
            return "".join(parts) + '<rect width="9" height="9" fill="url(#a0)"/>'
        case _:
            line = '<path d="M0 0L1 1 2 2" style="marker-mid:url(#a{0})"/>'
            parts = (f'<marker id="a{n}">{line.format(n + 1) * 2}</marker>' for n in range(levels))
            return "".join(parts) + line.format(0)


@pytest.mark.parametrize(
    "drawing",
    [
        '<!DOCTYPE svg [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
        + "]>"
        f"{HEAD}&a39;</svg>",
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<text>&x;</text></svg>',
        f"{HEAD}{_twice(30, 'use')}</svg>",
        f"{HEAD}{_twice(30, 'pattern')}</svg>",
        f"{HEAD}{_twice(30, 'marker')}</svg>",
        f'{HEAD}<g id="a"><use href="#a"/></g></svg>',
        f'{HEAD}<pattern id="a"><rect fill="url(#a)"/></pattern><rect fill="url(#a)"/></svg>',
        HEAD + "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(5_000)) + "</svg>",
        HEAD + "<g>" * 5_000 + "</g>" * 5_000 + "</svg>",
        HEAD + "<path/>" * 60_000 + "</svg>",
        f"{HEAD}<text>{'ha ' * 9_000}</text></svg>",
        f"{HEAD}<g></svg>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<svg",
        "",
    ],
    ids=lambda drawing: drawing[100:130],
)
def test_what_unfolds_or_is_none_is_refused_at_once(drawing: str) -> None:
    start = time.process_time()
    with pytest.raises(RefusedError) as refused:
        clean(drawing.encode())
    assert time.process_time() - start < 2
    assert refused.value.reason
    assert refused.value.mend


def test_what_was_left_out_is_told() -> None:
    attack = '<script/><rect onclick="x"/><image href="https://x.example/a.png"/><rect filter="url(#f)"/><animate/>'
    assert clean(f"{HEAD}{attack}</svg>".encode()).lost == (
        "scripts",
        "event handlers",
        "links to other files",
        "filter effects",
        "animation",
    )
    assert clean(f"{HEAD}<title>t</title><metadata><x/></metadata>{DRAWN}</svg>".encode()).lost == ()


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('<svg width="30" height="20">', (30, 20)),
        ('<svg width="72pt" height="1in">', (96, 96)),
        ('<svg viewBox="0 0 400 100" width="100%">', (400, 100)),
        ('<svg viewBox="0 0 400 100" width="200">', (200, 50)),
        ('<svg viewBox="0 0 1e30 nan">', (300, 150)),
        ('<svg width="1e9" height="1">', (300, 1)),
        ('<svg width="90000" height="900">', (10_000, 100)),
        ("<svg>", (300, 150)),
    ],
)
def test_every_drawing_has_a_size(head: str, size: tuple[int, int]) -> None:
    drawn = clean(f"{head}{DRAWN}</svg>".encode())
    assert (drawn.width, drawn.height) == size
    assert b" viewBox=" in drawn.data


@pytest.mark.parametrize(
    "kept",
    [
        '<g transform="translate(1 2)"><circle cx="5" cy="5" r="4" stroke="#f00" stroke-width="2"/></g>',
        '<defs><linearGradient id="l"><stop offset="0" stop-color="red"/></linearGradient></defs>',
        '<path d="M0 0C1 2 3 4 5 6Z" style="fill:url(#l);opacity:.5"/>',
        "<style>.a text{fill:#333;font-size:16px}</style>",
        '<text x="1" y="9">a &amp; b <tspan font-weight="bold">c</tspan></text>',
        f'<image href="data:image/png;base64,{PNG}" width="3" height="3"/>',
        '<use href="#r" x="9"/>',
    ],
)
def test_what_draws_stays_as_it_is(kept: str) -> None:
    assert kept in _clean(kept)


def test_labels_in_html_become_text() -> None:
    label = (
        '<foreignObject x="10" y="20" width="100" height="48"><div xmlns="http://www.w3.org/1999/xhtml">'
        '<span class="nodeLabel"><p>Keep the answer<br/>and &lt;reinforce&gt;</p></span></div></foreignObject>'
    )
    text = _clean(label)
    assert re.findall(r'<tspan x="60"[^>]*>([^<]*)</tspan>', text) == ["Keep the answer", "and &lt;reinforce&gt;"]
    fallback = '<text x="50" y="34" font-size="12px" text-anchor="middle">Keep the a…</text>'
    text = _clean(f"<switch>{label}{fallback}</switch>")
    assert re.findall(r'<tspan x="50"[^>]*>([^<]*)</tspan>', text) == ["Keep the answer", "and &lt;reinforce&gt;"]


def test_cleaning_twice_changes_nothing() -> None:
    once = clean(f"{HEAD}{DRAWN}<style>text{{font:bold 12px 'Times New Roman'}}</style><text>x</text></svg>".encode())
    assert clean(once.data).data == once.data
    assert b"font-weight:bold;font-size:12px;font-family:'Times New Roman'" in once.data
