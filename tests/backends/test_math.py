"""Formulas against the real mathra. The first tests are canaries: they say what an update of mathra changes."""

import re
import time
from importlib.metadata import version
from itertools import pairwise
from xml.etree import ElementTree as ET

import mathra
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.backends.math import (
    LONGEST,
    MathBox,
    MathError,
    Placed,
    RuleBox,
    Shape,
    Stroke,
    formula,
    refusal,
    to_svg,
)
from cardforge.backends.math.box import Unreadable
from cardforge.backends.math.reading import read
from cardforge.backends.math.spelling import respelled
from cardforge.backends.math.usual import is_usual

DPO = (
    r"\mathcal{L}_{\mathrm{DPO}}(\pi_\theta;\pi_{\mathrm{ref}})=-\mathbb{E}_{(x,y_w,y_l)\sim\mathcal{D}}"
    r"\left[\log\sigma\left(\beta\log\frac{\pi_\theta(y_w\mid x)}{\pi_{\mathrm{ref}}(y_w\mid x)}"
    r"-\beta\log\frac{\pi_\theta(y_l\mid x)}{\pi_{\mathrm{ref}}(y_l\mid x)}\right)\right]"
)
PPO = (
    r"L^{\mathrm{CLIP}}(\theta)=\hat{\mathbb{E}}_t\left[\min\left(r_t(\theta)\hat{A}_t,"
    r"\operatorname{clip}(r_t(\theta),1-\epsilon,1+\epsilon)\hat{A}_t\right)\right]"
)
CASES = r"f(x)=\begin{cases}x^2&\text{if }x>0\\0&\text{otherwise}\end{cases}"
RULED = r"\begin{array}{c|c}a&b\\\hline c&d\end{array}"

# Width, ascent and descent in em when displayed.
SIZES = {
    r"x": (0.559, 0.479, 0.01),
    r"E=mc^2": (3.57, 0.83, 0.012),
    r"\frac{1}{2}": (0.735, 1.279, 0.64),
    r"\sqrt[3]{x}": (1.392, 1.025, 0.24),
    r"\boxed{E=mc^2}": (4.25, 1.17, 0.352),
    r"\operatorname*{arg\,max}_{\theta}": (3.322, 0.488, 0.916),
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}": (3.103, 1.458, 0.942),
    r"\left[\sum_{t} x_t\right]": (3.139, 1.571, 1.081),
    r"\ce{2H2 + O2 -> 2H2O}": (8.131, 0.669, 0.21),
    r"\cancel{x}": (0.559, 0.479, 0.01),
    CASES: (10.022, 1.458, 0.942),
    PPO: (22.931, 0.862, 0.335),
    DPO: (32.768, 1.399, 0.882),
    RULED: (3.151, 1.478, 0.962),
}


def box_of(tex: str, *, display: bool = True, language: str = "en") -> MathBox:
    box = formula(tex, display=display, language=language)
    assert isinstance(box, MathBox), box
    return box


def error_of(tex: str) -> MathError:
    error = formula(tex, display=True)
    assert isinstance(error, MathError), error
    return error


def bounds(shape: Shape) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a shape, in em."""
    match shape:
        case Placed(outline, x, y):
            xs = [x + v for _, values in outline.commands for v in values[::2]] or [x]
            ys = [y + v for _, values in outline.commands for v in values[1::2]] or [y]
            return min(xs), min(ys), max(xs), max(ys)
        case RuleBox(x, y, width, height):
            return x, y, x + width, y + height
        case Stroke(x1, y1, x2, y2, thickness):
            half = thickness / 2
            return min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half


def uprights(box: MathBox) -> list[RuleBox]:
    return [shape for shape in box.shapes if isinstance(shape, RuleBox) and shape.height > shape.width]


# ---- canaries


def test_mathra_is_the_version_this_room_was_read_against() -> None:
    assert version("mathra") == mathra.__version__ == "1.5.0"


@pytest.mark.parametrize("tex", SIZES, ids=lambda tex: tex[:30])
def test_known_formulas_keep_their_sizes(tex: str) -> None:
    box = box_of(tex)
    assert (box.width, box.ascent, box.descent) == pytest.approx(SIZES[tex], abs=0.002)


@pytest.mark.parametrize(
    ("tex", "column"),
    [
        (r"a+\foo", 3),
        (r"\href{javascript:alert(1)}{x}", 1),
        (r"x\class{a}{b}", 2),
        (r"\style{color:red}{x}", 1),
        (r"\includegraphics{x}", 1),
        (r"\begin{tabbing}x\end{tabbing}", 1),
        (r"x^", 3),
        (r"\left(x", 1),
        (r"é\foo", 2),
    ],
)
def test_what_tex_does_not_allow_is_refused_with_its_column(tex: str, column: int) -> None:
    error = error_of(tex)
    assert error.column == column
    assert error.message
    assert not error.message.startswith("column")


def test_a_character_the_font_lacks_is_refused_by_name() -> None:
    error = error_of(r"\text{中}")
    assert error.column is None
    assert "中" in error.message


def test_markup_in_a_formula_is_drawn_as_letters() -> None:
    box = box_of(r"\text{<script>alert(1)</script>}")
    assert len(box.shapes) == len("<script>alert(1)</script>")
    assert all(isinstance(shape, Placed) for shape in box.shapes)
    assert "<script" not in to_svg(box, css_class="m")


def test_mathml_is_no_latex() -> None:
    assert error_of(" <math><mi>x</mi></math>").column == 1


def test_a_macro_stays_in_its_formula() -> None:
    box_of(r"\gdef\mine{x}\mine")
    assert error_of(r"\mine y").column == 1


# ---- too much


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 2000,
        "{" * 2000 + "}" * 2000,
        r"\frac" * 1500,
        "x" * (LONGEST + 1),
        "é" * (LONGEST // 2 + 1),
        r"\def\a{\a\a}\a",
        r"\def\a{" + "x" * 180 + "}" + r"\a" * 990,
        r"\begin{array}{" + "c|" * 50 + "}" + r"a\\" * 1900 + r"\end{array}",
        r"\def\a{" + r"a\\" * 60 + r"}\begin{array}{" + "c|" * 50 + "}" + r"\a" * 900 + r"\end{array}",
        r"\rule{100000em}{1em}",
        r"\hspace{9999999em}x",
        "x\0y",
        "x\ud800y",
    ],
    ids=lambda tex: ascii(tex[:24]),
)
def test_too_much_is_refused_and_soon(tex: str) -> None:
    start = time.perf_counter()
    assert error_of(tex).message
    assert time.perf_counter() - start < 5


def test_a_long_formula_is_set() -> None:
    assert len(box_of("x+" * 400 + "x").shapes) == 801


# ---- what the box holds


@pytest.mark.parametrize(
    "tex",
    [
        *SIZES,
        r"\mathllap{abc}x",
        r"x\mathrlap{abc}",
        r"\smash{\frac{a}{b}}",
        r"\hspace{-2em}x",
        r"\kern-3em x",
        r"\raisebox{2em}{x}y",
        r"\cancel{x}\bcancel{y}\xcancel{z}",
        r"\widehat{abc}\vec{x}f",
        r"\chemfig{H_3C-*6(=-=-=-)}",
        r"\begin{tikzcd}A\arrow[r,bend left=60]&B\end{tikzcd}",
        r"\begin{array}{|c||c|}\hline p&q\\\hline \frac12&F\\\hline F&T\\\hline\end{array}",
    ],
    ids=lambda tex: tex[:30],
)
@pytest.mark.parametrize("display", [True, False])
def test_ink_stays_in_the_box(tex: str, display: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    box = box_of(tex, display=display)
    assert box.shapes
    assert min(box.width, box.ascent, box.descent) >= 0
    for shape in box.shapes:
        left, bottom, right, top = bounds(shape)
        assert left >= -0.1001
        assert right <= box.width + 0.1001
        assert top <= box.ascent + 0.1001
        assert bottom >= -box.descent - 0.1001


def test_a_superscript_is_above_a_subscript() -> None:
    base, upper, lower = (shape for shape in box_of("x^a_b", display=False).shapes if isinstance(shape, Placed))
    assert upper.y > base.y == 0 > lower.y


def test_display_gives_a_sum_its_limits_above_and_below() -> None:
    tall, flat = box_of(r"\sum_{i=1}^n i"), box_of(r"\sum_{i=1}^n i", display=False)
    assert tall.ascent + tall.descent > 1.5 * (flat.ascent + flat.descent)


def test_a_fraction_has_its_bar_on_the_axis_and_a_strike_is_a_stroke() -> None:
    (bar,) = (shape for shape in box_of(r"\frac{a}{b}").shapes if isinstance(shape, RuleBox))
    assert bar.y < 0.258 < bar.y + bar.height
    (strike,) = (shape for shape in box_of(r"\cancel{x}").shapes if isinstance(shape, Stroke))
    assert (strike.x1, strike.y1) < (strike.x2, strike.y2)
    assert strike.thickness == pytest.approx(0.068)


def test_the_same_letter_is_the_same_outline() -> None:
    first, second = (shape for shape in box_of("aa").shapes if isinstance(shape, Placed))
    assert first.outline is second.outline
    assert {letter for letter, _ in first.outline.commands} <= set("MLCQZ")


def test_colour_is_not_ink() -> None:
    assert box_of(r"\textcolor{red}{\frac12}").shapes == box_of(r"\frac12").shapes
    ground_left_out = box_of(r"\colorbox{yellow}{x}")
    assert [type(shape) for shape in ground_left_out.shapes] == [Placed]
    frame = box_of(r"\fcolorbox{red}{yellow}{x}")
    assert sum(isinstance(shape, RuleBox) for shape in frame.shapes) == 4


def test_an_empty_formula_is_an_empty_box() -> None:
    assert box_of("") == MathBox(0.0, 0.0, 0.0, (), "")


def test_a_formula_is_set_once() -> None:
    assert formula("a+b", display=True) is formula("a+b", display=True, language="en-GB")


# ---- words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "3 over 4"),
        ("fr", "trois quarts"),
        ("fr-CA", "trois quarts"),
        ("pt", box_of(r"\frac{3}{4}", language="pt-BR").words),
        ("PT_br", box_of(r"\frac{3}{4}", language="pt-BR").words),
        ("tlh", "3 over 4"),
        ("", "3 over 4"),
    ],
)
def test_the_words_are_in_the_decks_language(language: str, words: str) -> None:
    assert box_of(r"\frac{3}{4}", language=language).words == words


def test_portuguese_is_not_english() -> None:
    assert box_of(r"\frac{3}{4}", language="pt").words != box_of(r"\frac{3}{4}").words


# ---- where mathra sets otherwise than TeX


@pytest.mark.parametrize("tex", ["g'_n", "g_n'", r"g^{\prime}_n", r"g_n^\prime", "g''_{n}", r"\pi'_\theta", "x_{i}'"])
def test_an_index_stands_below_its_prime(tex: str) -> None:
    _, prime, *_, lower = (shape for shape in box_of(tex, display=False).shapes if isinstance(shape, Placed))
    assert prime.x == pytest.approx(lower.x, abs=0.06)  # but for the slant
    assert prime.y > 0 > lower.y


@pytest.mark.parametrize("alphabet", ["mathbb", "mathbf", "boldsymbol", "mathsf", "mathtt"])
def test_digits_have_their_alphabets(alphabet: str) -> None:
    plain, digit, alone = (box_of(tex) for tex in ("1", rf"\{alphabet}{{1}}", rf"\{alphabet} 1"))
    assert digit.shapes == alone.shapes
    assert digit.shapes != plain.shapes
    assert len(box_of(rf"\{alphabet}{{x1}}_A").shapes) == 3
    assert digit.words == mathra_words(rf"\{alphabet}{{1}}")


def mathra_words(tex: str) -> str:
    """What mathra itself says for a formula."""
    return ET.fromstring(mathra.tex_to_svg(tex, strict=True)).findtext("{http://www.w3.org/2000/svg}title") or ""  # noqa: S314


@pytest.mark.parametrize("tex", [r"\operatorname*{arg\,max}_x", r"\operatorname{arg\,max}f", r"\operatorname{arg~max}"])
def test_a_space_in_an_operators_name_is_kept(tex: str) -> None:
    tight = box_of(re.sub(r"\\,|~", "", tex))
    assert box_of(tex).width > tight.width + 0.15
    assert box_of(tex).descent == pytest.approx(tight.descent, abs=0.01)


def test_arrows_of_logic_are_long() -> None:
    for short, long in (
        (r"\iff", r"\Longleftrightarrow"),
        (r"\implies", r"\Longrightarrow"),
        (r"\impliedby", r"\Longleftarrow"),
    ):
        assert box_of(f"a{short} b").shapes == box_of(rf"a\;{long}\;b").shapes


@pytest.mark.parametrize(
    "tex", [r"\varGamma", r"\varOmega", r"\varinjlim_n", r"\varprojlim", r"\varlimsup_x", r"\varliminf"]
)
def test_what_mathra_has_no_name_for_is_set(tex: str) -> None:
    assert box_of(tex).shapes


@pytest.mark.parametrize(
    "tex",
    [
        "f'(x)",
        r"a\\mathbf{1}",
        r"\text{it's_x}",
        r"\ce{A'_n}",
        r"\operatorname{arg\,max}_x",
        r"\mathbf{x}",
        r"\iffy",
        "x'^2_n",
    ],
)
def test_other_formulas_are_set_as_they_are_spelled(tex: str) -> None:
    assert respelled(tex) == tex


def test_a_column_is_the_sources_even_where_a_formula_is_respelled() -> None:
    assert error_of(r"\mathbb{1}+\foo").column == 12


@pytest.mark.parametrize(
    "braces", ["{" * 2000, "_{" * 2000, r"\text{" * 1300, r"_\ce{'" * 1200, "_'" * 4000, "'" * 8190]
)
def test_respelling_takes_no_longer_than_it_should(braces: str) -> None:
    start = time.process_time()
    respelled(braces)
    assert time.process_time() - start < 0.3


# ---- rules of tables


def test_a_frames_corners_meet() -> None:
    box = box_of(r"\begin{array}{|c|c|}\hline a&b\\\hline c&d\\\hline\end{array}")
    level = [shape for shape in box.shapes if isinstance(shape, RuleBox) and shape.width > shape.height]
    left, right = min(rule.x for rule in level), max(rule.x + rule.width for rule in level)
    assert min(rule.x for rule in uprights(box)) == pytest.approx(left, abs=0.002)
    assert max(rule.x + rule.width for rule in uprights(box)) == pytest.approx(right, abs=0.002)


def test_a_rule_and_its_double_are_two() -> None:
    box = box_of(r"\begin{array}{||c||c||}a&b\end{array}")
    places = sorted({rule.x for rule in uprights(box)})
    assert [round(after - before, 3) for before, after in zip(places[::2], places[1::2], strict=True)] == [0.24] * 3


def test_a_table_without_space_at_its_edges_keeps_its_rules_there() -> None:
    box = box_of(r"\begin{array}{@{}|c|@{}}\hline a\end{array}")
    assert min(rule.x for rule in uprights(box)) == 0


def test_a_table_of_two_rows_is_ruled_from_top_to_bottom() -> None:
    box = box_of(RULED)
    lower, upper = sorted(uprights(box), key=lambda rule: rule.y)
    assert lower.x == upper.x
    assert upper.y + upper.height == pytest.approx(box.ascent, abs=0.002)
    assert lower.y + lower.height == pytest.approx(upper.y, abs=0.002)
    assert lower.y == pytest.approx(-box.descent, abs=0.002)
    a, _, c, _ = (shape for shape in box.shapes if isinstance(shape, Placed))
    assert upper.y < a.y < upper.y + upper.height
    assert lower.y < c.y < lower.y + lower.height


def test_rows_of_unequal_height_have_unequal_pieces() -> None:
    box = box_of(r"\begin{array}{c|c}\frac{\frac12}{f}&b\\c&d\\\frac{\frac12}{\frac34}&f\end{array}")
    pieces = sorted(uprights(box), key=lambda rule: -rule.y)
    assert len({piece.height for piece in pieces}) == 3
    for above, below in pairwise(pieces):
        assert below.y + below.height == pytest.approx(above.y, abs=0.002)
    assert pieces[0].y + pieces[0].height == pytest.approx(box.ascent, abs=0.002)


@pytest.mark.parametrize(
    "around",
    [
        r"%s",
        r"\left[%s\right]",
        r"x^{%s}",
        r"\frac{1}{%s}",
        r"\boxed{%s}",
        r"\sqrt{%s}",
        r"\begin{array}{c|c}a&%s\\\hline %s&\boxed{d}\end{array}",
    ],
)
@pytest.mark.parametrize(
    "table",
    [
        r"\begin{array}{cc|c}1&0&3\\0&1&4\end{array}",
        r"\begin{array}{|c||c|}\hline p&q\\\hline \frac12&F\\\hline F&T\\\hline\end{array}",
        r"\begin{array}{|c|}a\end{array}",
        r"\begin{array}{c|c|c}\multicolumn{2}{c|}{x}&y\\a&c&d\\a&\multicolumn{2}{c}{x}\end{array}",
    ],
)
def test_rules_stay_with_their_table_wherever_it_stands(table: str, around: str) -> None:
    box = box_of(around.replace("%s", table))
    assert uprights(box)
    for rule in uprights(box):
        # A row's piece of rule is as high as the row: the row's letters stand beside it, none half out of it.
        assert -box.descent - 0.002 <= rule.y
        assert rule.y + rule.height <= box.ascent + 0.002
        beside = [
            shape
            for shape in box.shapes
            if isinstance(shape, Placed) and rule.y - 0.002 <= shape.y <= rule.y + rule.height
        ]
        assert beside


def test_a_merged_cell_interrupts_the_rule() -> None:
    box = box_of(r"\begin{array}{c|c|c}a&b&c\\\multicolumn{2}{c|}{x}&y\\a&b&c\end{array}")
    left, right = sorted({rule.x for rule in uprights(box)})
    assert sum(rule.x == left for rule in uprights(box)) == 2
    assert sum(rule.x == right for rule in uprights(box)) == 3


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{array}{c|c}\multicolumn{2}{c}{x}\\c&d\end{array}",
        r"\begin{array}{c|c}\rule{0.04em}{1.2em}&a\end{array}",
    ],
)
def test_a_table_whose_rules_cannot_be_placed_is_refused(tex: str) -> None:
    assert "rules" in error_of(tex).message


def test_bars_that_are_no_rules_are_left_alone() -> None:
    assert box_of(r"|x|+\left|\frac{a}{b}\right|+P(a|b)").shapes
    assert len(uprights(box_of(r"|x|\rule{1em}{2em}"))) == 1


# ---- an SVG that is not as expected


def drawn(extra: str) -> MathBox:
    svg = mathra.tex_to_svg(r"\frac12", strict=True)
    return read(svg.replace("<rect ", extra + "<rect ", 1), (), backgrounds=False)


def test_the_untouched_svg_is_read() -> None:
    assert drawn("") == box_of(r"\frac12")


@pytest.mark.parametrize(
    "extra",
    [
        "<script>alert(1)</script>",
        '<ellipse cx="1" cy="1" rx="1" ry="1"/>',
        '<image href="https://example.org/x.png"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<text x="0" y="0">visible</text>',
        '<use href="#missing"/>',
        '<use href="https://example.org/x.svg#a"/>',
        '<rect x="0" y="0" width="1" height="1" onclick="alert(1)"/>',
        '<rect x="0" y="0" width="1e9" height="1"/>',
        '<rect x="0" y="0" width="nan" height="1"/>',
        '<rect x="0" y="0" width="10000000" height="1"/>',
        '<g transform="rotate(45)"></g>',
        '<g transform="scale(1) translate(a b)"></g>',
        '<path d="M0 0Z"/>',
        '<line x1="0" y1="0" x2="9" y2="9" stroke-dasharray="3"/>',
        "<!-- a comment -->",
    ],
)
def test_what_is_not_known_to_be_ink_is_refused(extra: str) -> None:
    with pytest.raises(Unreadable):
        drawn(extra)


def test_an_svg_out_of_all_proportion_is_not_parsed() -> None:
    with pytest.raises(Unreadable, match="too many parts"):
        drawn(" " * 4_000_000)


def test_a_shape_that_cannot_be_drawn_is_an_error_of_the_formula() -> None:
    assert "ellipse" in error_of(r"\circled{1}").message


# ---- our own SVG


def svg_bounds(element: ET.Element) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a drawn element in thousandths of an em, y up; of curves, the control points'."""
    if element.tag == "rect":
        x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        return x, -y - height, x + width, -y
    pen = start = (0, 0)
    seen: list[tuple[int, int]] = []
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", element.attrib["d"]):
        numbers = list(map(int, re.findall(r"-?\d+", text)))
        origin = pen if letter.islower() else (0, 0)
        points = [(origin[0] + x, origin[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        seen.extend(points)
        pen = points[-1] if points else start
        if letter in "mM":
            start = pen
    half = float(element.get("stroke-width", "0")) / 2
    xs, ys = [x for x, _ in seen], [-y for _, y in seen]
    return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half


@pytest.mark.parametrize("tex", [*SIZES, r"\scalebox{0.7}{g}_{j_q}\cancel{y}"], ids=lambda tex: tex[:30])
def test_our_svg_draws_the_box(tex: str) -> None:
    box = box_of(tex)
    svg = ET.fromstring(to_svg(box, css_class="cf-math"))  # noqa: S314 - our own
    assert len(svg) == len(box.shapes)
    for element, shape in zip(svg, box.shapes, strict=True):
        assert svg_bounds(element) == pytest.approx([1000 * edge for edge in bounds(shape)], abs=1.5)
    top, width, height = (float(svg.attrib["viewBox"].split()[n]) for n in (1, 2, 3))
    assert (width, -top, height + top) == pytest.approx(
        (1000 * box.width, 1000 * box.ascent, 1000 * box.descent), abs=1
    )
    assert svg.attrib["width"] == f"{width / 1000:g}em"
    assert svg.attrib["height"] == f"{height / 1000:g}em"
    assert svg.attrib["style"] == f"vertical-align:{-(height + top) / 1000:g}em"


def test_our_svg_is_said_in_words_and_has_nothing_to_collide() -> None:
    svg = to_svg(box_of(r'a<b \text{ "&"}'), css_class="cf-math")
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith("a is less than b")
    assert root.attrib["class"] == "cf-math"
    assert not re.search(r"\b(id|href|xmlns|on\w+)\s*=", svg)
    assert "currentColor" in svg


# ---- what is only asked for


@pytest.mark.parametrize("tex", SIZES, ids=lambda tex: tex[:30])
def test_most_formulas_are_known_at_a_glance(tex: str) -> None:
    """Canary: an update of mathra that draws otherwise makes every build slower, and no other test fails."""
    svg = mathra.tex_to_svg(tex, "en", display=True, strict=True)
    assert is_usual(svg) is (tex != r"\cancel{x}")


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ('<use href="#', '<use href="#no-'),
        ('x="0"', 'x="1000000"'),
        ('x="0"', 'x="0" fill="red"'),
        ("scale(0.7)", "scale(7)"),
        ("scale(1,-1)", "scale(9,-9)"),
        (' d="M', ' d="A'),
        ("<title", "<title>&nbsp;</title><title"),
        ("<style>", "<!-- --><style>"),
        ("</g>", "<image/></g>"),
        ("</svg>", ""),
    ],
)
def test_of_anything_unusual_nothing_is_said(usual: str, other: str) -> None:
    svg = mathra.tex_to_svg("x^2", "en", display=True, strict=True)
    assert is_usual(svg)
    assert usual in svg
    assert not is_usual(svg.replace(usual, other, 1))


# ---- anything at all

PIECES = (
    r"\frac \sqrt [ ] { } ^ _ & \\ \left( \right) \begin{array}{c|c} \end{array} \begin{matrix} \end{matrix} \hline "
    r"\sum \limits \text{ \mathrm{ \ce{ -> x 1 \alpha \hat \overline \cancel \boxed{ \color{red} \colorbox{red}{ "
    r"\rule{1em}{2em} \hspace{-9em} \smash{ \binom \begin{cases} \end{cases} \chemfig{ =C ( ) \def\a{ \a ~ ' "
    r'" % $ # é 中 | \raisebox{ \xrightarrow[ \multicolumn{2}{c|} < > <math> \\[2em]'
).split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=30), st.booleans())
def test_anything_is_a_box_or_an_error(tex: str, display: bool) -> None:  # noqa: FBT001 - hypothesis passes it
    match formula(tex, display=display):
        case MathBox() as box:
            assert min(box.width, box.ascent, box.descent) >= 0
            ET.fromstring(to_svg(box, css_class="m"))  # noqa: S314 - our own
            assert refusal(tex, display=display) is None
        case MathError(column, message) as error:
            assert refusal(tex, display=display) == error
            assert message
            assert column is None or 1 <= column <= len(tex) + 1
