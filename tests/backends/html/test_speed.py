"""Five thousand cards in one file are there as soon as plain text would be, and answer at once."""

import re
import statistics
from collections.abc import Callable

from page_cards import many, page
from playwright.sync_api import Page
from visiting import Visitor

from cardforge.backends import markup
from cardforge.backends.html.formulas import Formulas
from cardforge.model import Collection, Flashcard, SelfCheck

CARDS = 5000
ROUNDS = 5
MOST = 1.5


def _interactive(page_: Page, address: str) -> float:
    """Milliseconds until the page is read, styled, laid out and painted, and its script has run."""
    page_.goto(address)
    return float(
        page_.evaluate(
            """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
              const [entry] = performance.getEntriesByType('navigation');
              done(performance.now() - entry.responseStart);
            })))"""
        )
    )


def _plain(source: Collection) -> bytes:
    """The same questions and answers as HTML and nothing else: no sheets, tools, style or script."""
    formulas = Formulas()
    hooks = markup.Hooks(
        math=lambda tex, display: formulas.draw(tex, "en", display=display)[0],
        image=lambda image: image.alt,
        sound=lambda sound: sound.label,
        gap=lambda _, inner: inner,
    )
    parts = []
    for card in source.cards:
        assert isinstance(card, Flashcard | SelfCheck)
        parts += [markup.render(card.question.blocks, hooks), markup.render(card.answer.blocks, hooks)]
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>plain</title>'
    return f"{head}{formulas.glyphs()}{''.join(parts)}</html>".encode()


def test_a_long_page_is_there_as_soon_as_its_text(visit: Visitor, say: Callable[[str], None]) -> None:
    source = many(CARDS)
    addresses = []
    for name, data in (("ours", page(source)), ("plain", _plain(source))):
        (visit.folder / f"{name}.html").write_bytes(data)
        addresses.append((visit.folder / f"{name}.html").as_uri())
    shown = visit.open(addresses[1])
    times: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(ROUNDS):
        for address in addresses:
            times[address].append(_interactive(shown, address))
    mine, theirs = (statistics.median(times[address]) for address in addresses)
    ratio = mine / theirs
    say(f"practice page\n5,000 cards: there after {mine:.0f} ms, the same as plain HTML {theirs:.0f} ms ({ratio:.2f}×)")
    assert ratio <= MOST


def test_a_long_page_answers_at_once(visit: Visitor, say: Callable[[str], None]) -> None:
    shown = visit(page(many(CARDS)))
    timed = """async (act) => { const start = performance.now(); act();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done))); return performance.now() - start; }"""
    acts = {
        "first letter": "() => { const q = document.querySelector('.cf-query'); q.value = '4999';"
        " q.dispatchEvent(new Event('input', {bubbles: true})); }",
        "no letter": "() => { const q = document.querySelector('.cf-query'); q.value = '';"
        " q.dispatchEvent(new Event('input', {bubbles: true})); }",
        "flip": "() => document.querySelector('[data-cf=flip]').click()",
        "study": "() => document.querySelector('[data-cf=study]').click()",
    }
    took = {name: float(shown.evaluate(f"({timed})({act})")) for name, act in acts.items()}
    say("practice page\n5,000 cards: " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in took.items()))
    assert max(took.values()) < 1000
    assert took["flip"] < 200


def test_the_script_does_nothing_for_each_card_when_the_page_opens(visit: Visitor) -> None:
    html = page(many(CARDS)).decode()
    probe = (
        "<script>window.looks=0;for(const name of ['querySelectorAll','querySelector'])"
        "{const old=Element.prototype[name];Element.prototype[name]=function(s)"
        "{const r=old.call(this,s);looks+=r&&r.length!==undefined?r.length:1;return r}}"
        "window.heard=0;const add=EventTarget.prototype.addEventListener;"
        "EventTarget.prototype.addEventListener=function(...a){heard++;return add.apply(this,a)}</script>"
    )
    html = re.sub(r"<meta http-equiv=[^>]*>", "", html, count=1).replace("</head>", f"{probe}</head>", 1)
    shown = visit(html.encode())
    assert shown.evaluate("looks") < 50
    assert shown.evaluate("heard") < 20
