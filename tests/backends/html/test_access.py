"""Everyone can use the page: axe, contrast, narrow screens, right to left, without a script, without motion."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from page_cards import Maker, body, collection, hostile, line, page, right_to_left, sampler
from playwright.sync_api import Page
from visiting import Visitor

from cardforge.backends import Context, highlight
from cardforge.backends.html import index
from cardforge.backends.html.palette import DARK, LIGHT
from cardforge.diagnostics import Sink
from cardforge.doc import Math
from cardforge.model import Collection, Flashcard, Section

Violations = Callable[[Page], list[str]]
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 320, "height": 640}}
KINDS: Final[dict[str, Callable[[], Collection]]] = {
    "sampler": sampler,
    "hostile": hostile,
    "right to left": right_to_left,
}
READABLE: Final = 4.5


def use_everything(page: Page) -> None:
    """Open, choose and answer all there is."""
    for form in page.locator(".cf-commit").all():
        pick = form.locator("input")
        if pick.count():
            pick.first.check()
        else:
            form.locator("textarea").fill("my own words")
        form.locator("[type=submit]").click()
    for form in page.locator(".cf-choosing").all():
        form.locator("input").last.check()
        form.locator("[type=submit]").click()
    page.click("[data-cf=open-all]")
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(kind: str, scheme: str, visit: Visitor, violations: Violations) -> None:
    shown = visit(KINDS[kind](), color_scheme=scheme, reduced_motion="reduce")
    assert violations(shown) == []
    use_everything(shown)
    assert violations(shown) == []
    shown.click("[data-cf=study] >> nth=0")
    assert violations(shown) == []
    shown.click("[data-cf=show]")
    assert violations(shown) == []


def test_axe_finds_nothing_in_an_index_and_an_embedded_fragment(visit: Visitor, violations: Violations) -> None:
    source = sampler()
    context = Context(0, lambda _: b"", Sink())
    pages = [("Stacks", "stacks.html", 13), ("Queues & <more>", "sub/queues.html", 1)]
    assert violations(visit(index(source, context, pages))) == []
    host = b'<!doctype html><html lang="en"><title>A site</title><main><h1>A site</h1>'
    shown = visit(host + page(source, fragment=True) + b"</main></html>")
    use_everything(shown)
    assert violations(shown) == []


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_can_be_read_on_every_ground_it_stands_on(palette: dict[str, str]) -> None:
    pairs = [
        *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("ground", "sheet", "tint", "accent-tint")),
        *(("ink", ground) for ground in ("good-tint", "bad-tint", "marker")),
        *((ink, ground) for ink in ("good", "bad") for ground in ("sheet", f"{ink}-tint")),
        ("on-accent", "accent"),
    ]
    low = {pair: _contrast(palette[pair[0]], palette[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < READABLE} == {}
    assert _contrast(palette["edge"], palette["sheet"]) >= 3  # what one types into and clicks on has a visible edge
    for name, token in highlight.STYLES.items():
        colour = token.light if palette is LIGHT else token.dark
        assert _contrast(colour, palette["tint"]) >= READABLE, name


# For each text on the page: its colour against what is painted below it.
_CONTRASTS: Final = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126*r + 0.7152*g + 0.0722*b; };
  const below = (element) => { for (let e = element; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('script, :disabled') || !element.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(below(element))].sort((x, y) => x - y);
    const name = element.tagName + '.' + element.className;
    found.set(name, Math.min(found.get(name) ?? 99, (b + 0.05) / (a + 0.05)));
  }
  return [...found];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_on_the_page_can_be_read(scheme: str, visit: Visitor) -> None:
    shown = visit(sampler(), color_scheme=scheme, reduced_motion="reduce")
    use_everything(shown)
    ratios = dict(shown.evaluate(_CONTRASTS))
    assert len(ratios) > 40
    assert any(name.endswith(".k") for name in ratios)  # code is coloured, and counted
    assert {name: ratio for name, ratio in ratios.items() if ratio < READABLE} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_screen_needs_no_scrolling_to_the_side(kind: str, visit: Visitor) -> None:
    shown = visit(KINDS[kind](), **PHONE)
    use_everything(shown)
    assert shown.evaluate("document.documentElement.scrollWidth") == 320
    # A desktop window of 1,280 pixels at 400 % is such a screen, with pixels four times as large.
    zoomed = visit(KINDS[kind](), viewport={"width": 320, "height": 256}, device_scale_factor=4)
    zoomed.click("[data-cf=study] >> nth=0")
    assert zoomed.evaluate("document.documentElement.scrollWidth") == 320
    assert zoomed.evaluate("document.querySelector('dialog').scrollWidth <= 320")


def test_what_is_wide_scrolls_by_itself_in_a_named_region(visit: Visitor) -> None:
    shown = visit(sampler(), **PHONE)
    use_everything(shown)
    regions = shown.locator(".cf-card [role=region]")
    names = [region.get_attribute("aria-label") for region in regions.all()]
    assert names == ["Code 1", "Table 1", "Formula 1", "Formula 2"]
    for region in regions.all():
        region.focus()
        assert region.evaluate("(each) => each === document.activeElement && each.scrollWidth > each.clientWidth")
        shown.keyboard.press("ArrowRight")
        moved = region.evaluate(
            "async (e) => { for (let n = 0; n < 60 && !e.scrollLeft; n++) await new Promise(requestAnimationFrame);"
            " return e.scrollLeft; }"
        )
        assert moved > 0


def test_no_line_breaks_between_a_formula_and_its_brackets(visit: Visitor) -> None:
    make = Maker()
    texts = [line("word " * n + "the group (", Math("1/G"), ").") for n in range(12)]
    cards = tuple(Flashcard(make.head(), body(text), body("A")) for text in texts)
    shown = visit(page(collection("Breaks", make, (Section(None, "", (), cards),))), **PHONE)
    apart = shown.locator(".cf-front p").evaluate_all(
        """(all) => all.filter((p) => {
          const math = p.querySelector('svg').getBoundingClientRect();
          const range = document.createRange();
          const text = p.querySelector('svg').previousSibling;
          range.setStart(text, text.data.lastIndexOf('(')); range.setEnd(text, text.data.lastIndexOf('(') + 1);
          const bracket = range.getBoundingClientRect();
          return Math.abs(bracket.right - math.left) > 4;
        }).length"""
    )
    assert apart == 0


def test_targets_are_large_enough(visit: Visitor) -> None:
    shown = visit(sampler(), **PHONE)
    use_everything(shown)
    small = shown.evaluate(
        """() => [...document.querySelectorAll('button, summary, label, input, textarea, a[href]')]
          .filter((e) => e.checkVisibility() && !e.closest('p, li > a') && !e.closest('.cf-skip, label > input'))
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"""
    )
    assert [each for each in small if "checkbox" not in each and "radio" not in each] == []


def test_without_a_script_everything_can_be_read(visit: Visitor) -> None:
    shown = visit(sampler(), java_script_enabled=False)
    for back in shown.locator(".cf-flashcard .cf-back, .cf-cloze .cf-back, .cf-filled").all():
        assert back.is_visible()
    for summary in shown.locator(".cf-card > details > summary").all():
        summary.click()
    for back in shown.locator(".cf-back").all():
        assert back.is_visible()
    assert shown.locator(".cf-needs-js:visible").count() == 0
    assert shown.locator("button:visible, input:visible").count() == 0


def test_the_page_is_in_the_language_of_its_cards(visit: Visitor) -> None:
    shown = visit(right_to_left())
    assert shown.locator("html").get_attribute("dir") == "rtl"
    assert shown.locator("html").get_attribute("lang") == "he"
    title = shown.locator(".cf-section-title").first.bounding_box()
    button = shown.locator(".cf-section-top button").first.bounding_box()
    assert title
    assert button
    assert title["x"] > button["x"]  # titles at the right, as the text is
    shown.locator("summary", has_text="Show answer").first.click()
    assert shown.locator(".cf-code").first.evaluate("(each) => getComputedStyle(each).direction") == "ltr"
    assert shown.locator("[data-cf=open-all]").evaluate("(each) => each.closest('[lang]').lang") == "en"


_TURN_OVER = """async () => {
  const seen = { turned: false, moved: false };
  document.querySelector(".cf-flashcard [data-cf=flip]").click();
  for (let frame = 0; frame < 30; frame += 1) {
    seen.turned ||= document.querySelector(".cf-turning") !== null;
    seen.moved ||= document.getAnimations().length > 0;
    await new Promise(requestAnimationFrame);
  }
  return seen;
}"""
"""In the page, frame by frame: a question from outside may come when all is over."""


def test_nothing_moves_for_who_does_not_want_it(visit: Visitor) -> None:
    still, moving = (visit(sampler(), reduced_motion=wish) for wish in ("reduce", "no-preference"))
    assert still.evaluate(_TURN_OVER) == {"turned": True, "moved": False}
    assert moving.evaluate(_TURN_OVER) == {"turned": True, "moved": True}


def test_headings_and_landmarks_tell_the_structure(visit: Visitor) -> None:
    shown = visit(sampler())
    levels = shown.locator("h1, h2, h3").evaluate_all("(all) => all.map((h) => [h.localName, h.textContent])")
    assert levels[:4] == [
        ["h1", "Practice: Stacks & queues"],
        ["h2", "Self-check"],
        ["h3", "Question 1"],
        ["h3", "Question 2"],
    ]
    for landmark in ("main", "navigation", "search", "contentinfo"):
        assert shown.get_by_role(landmark).count() == 1, landmark
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")  # the link that skips to the cards
    assert shown.evaluate("document.activeElement.id") == "cf-main"


def test_the_keyboard_shows_where_it_is_and_gets_everywhere(visit: Visitor) -> None:
    shown = visit(sampler())
    seen: list[str] = []
    for _ in range(120):
        shown.keyboard.press("Tab")
        name, outline = shown.evaluate(
            """() => { const e = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(e);
              return [e === document.body ? '' : e.outerHTML, outlineStyle !== 'none' && parseFloat(outlineWidth)]; }"""
        )
        if not name:
            break
        seen.append(name)
        assert outline >= 2, name
    assert name == "", "a focus trap"
    assert len([each for each in seen if 'data-cf="flip"' in each]) == 5
    assert any("<summary" in each for each in seen)
