"""What comes out of the printer, read back with a PDF reader."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from page_cards import Maker, body, collection, line, page, sampler
from visiting import Visitor, press

from cardforge.doc import List, ListItem
from cardforge.model import Collection, Flashcard, Kind, Section, SelfCheck

A4: Final[dict[str, Any]] = {"format": "A4"}
A6: Final[dict[str, Any]] = {"format": "A6", "landscape": True}


def mixed() -> Collection:
    """Flashcards in several sections, between cards of other kinds, the last card no flashcard."""
    make = Maker()

    def flash(number: int) -> Flashcard:
        return Flashcard(make.head(), body(f"Front {number}"), body(f"Back {number}"))

    def check(number: int) -> SelfCheck:
        return SelfCheck(make.head(), body(f"Question {number}"), body(f"Answer {number}"))

    lead = (line("A lead-in."),)
    return collection(
        "A title",
        make,
        (
            Section(Kind.SELF_CHECK, "Checks", lead, (check(1), check(2))),
            Section(None, "Mixed", lead, (check(3), flash(1), check(4), flash(2), flash(3))),
            Section(Kind.FLASHCARD, "Cards", lead, (flash(4), flash(5))),
            Section(None, "Only a lead-in", lead),
            Section(Kind.SELF_CHECK, "More checks", lead, (check(5),)),
        ),
    )


@pytest.mark.parametrize("sheet", [A4, A6], ids=["A4", "A6"])
def test_one_page_for_each_flashcard(sheet: dict[str, Any], visit: Visitor, read: Callable[[bytes], list[str]]) -> None:
    shown = visit(mixed())
    press(shown, "Print flashcards")
    pages = read(shown.pdf(**sheet))
    assert pages == [f"FLASHCARD {p} Front {n} Back {n}" for n, p in enumerate((2, 4, 5, 1, 2), 1)]


@pytest.mark.parametrize("sheet", [A4, A6], ids=["A4", "A6"])
def test_one_page_for_each_card(sheet: dict[str, Any], visit: Visitor, read: Callable[[bytes], list[str]]) -> None:
    shown = visit(mixed())
    press(shown, "Print all")
    pages = read(shown.pdf(**sheet))
    assert [text.split(" ", 2)[2] for text in pages] == [
        *(f"Question {n} Answer {n}" for n in (1, 2, 3)),
        "Front 1 Back 1",
        "Question 4 Answer 4",
        *(f"Front {n} Back {n}" for n in (2, 3, 4, 5)),
        "Question 5 Answer 5",
    ]


def test_every_kind_is_printed_with_its_answer(visit: Visitor, read: Callable[[bytes], list[str]]) -> None:
    shown = visit(sampler())
    press(shown, "Print all")
    pages = read(shown.pdf(**A4))
    parts = (
        "Think of plates. It gives back the last thing first",  # the longest: it goes on
        "Source: example.org/stacks",
        "First in, first out.",
        "Is it a queue? ✗ No It is a stack.",
        "✓ Yes First come.",
        "How? It depends on who waits.",
        "A a queue B a stack C a heap ✓ Right: B Last in, first out.",
        "✓ Right: A, C",
        "A stack removes the last thing in",
        *("It is",) * 5,
    )
    assert len(pages) == len(parts) == 14
    for text, part in zip(pages, parts, strict=True):
        assert part in text
    for text in pages:
        assert "Compare" not in text
        assert "Show" not in text


def test_a_card_that_does_not_fit_goes_on(visit: Visitor, read: Callable[[bytes], list[str]]) -> None:
    make = Maker()
    items = List(tuple(ListItem((line(f"item {n}."),)) for n in range(120)))
    long = Flashcard(make.head(), body("A long one"), body(items))
    short = Flashcard(make.head(), body("A short one"), body("The end"))
    source = collection("Long", make, (Section(None, "", (), (long, short)),))
    shown = visit(page(source))
    press(shown, "Print flashcards")
    pages = read(shown.pdf(**A4))
    assert all(pages)  # none is blank
    assert pages[-1] == "FLASHCARD 2 A short one The end"
    joined = " ".join(pages[:-1])
    assert [joined.index(f"item {n}.") for n in range(120)] == sorted(joined.index(f"item {n}.") for n in range(120))


def test_the_browsers_menu_prints_everything(visit: Visitor, read: Callable[[bytes], list[str]]) -> None:
    for facts in ({}, {"java_script_enabled": False}, {"color_scheme": "dark"}):
        shown = visit(sampler(), **facts)
        pages = read(shown.pdf(**A4))
        joined = " ".join(pages)
        assert len(pages) < 8  # a document to read, no card a page
        assert all(pages)
        for part in (
            "Practice: Stacks & queues",
            "Self-check",
            "Answer first, then open.",
            "Think of plates.",
            "It is",
        ):
            assert part in joined, facts
        for part in ("A stack removes the last", "Folded text.", "It needs no search.", "✗ No", "✓ Right: A, C"):
            assert part in joined, facts
        assert "Search" not in joined
        assert "Show" not in joined


def test_after_printing_the_page_is_as_before(visit: Visitor) -> None:
    shown = visit(sampler())
    press(shown, "Print flashcards")
    shown.pdf(**A4)
    assert shown.locator(".cf-print, .cf-first, details[data-cf-closed]").count() == 0
    assert shown.locator(".cf-answer[open]").count() == 0
    assert shown.locator(".cf-card:visible").count() == 13


def test_print_is_dark_ink_on_white_whatever_the_screen_has(visit: Visitor) -> None:
    shown = visit(sampler(), color_scheme="dark")
    shown.emulate_media(media="print")
    style = "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    assert shown.locator("body").evaluate(style) == ["rgb(29, 37, 45)", "rgba(0, 0, 0, 0)"]


def test_a_site_that_embeds_the_cards_is_not_printed_with_them(
    visit: Visitor, read: Callable[[bytes], list[str]]
) -> None:
    host = (
        b'<!doctype html><html lang="en"><title>A site</title><style>.frame{display:flex;height:100vh;overflow:auto}'
        b"</style><header>The site's header</header><div class=frame><aside>Its menu</aside><main><p>Its text</p>"
    )
    shown = visit(host + page(mixed(), fragment=True) + b"</main></div><footer>Its footer</footer></html>")
    press(shown, "Print flashcards")
    pages = read(shown.pdf(**A4))
    assert pages == [f"FLASHCARD {p} Front {n} Back {n}" for n, p in enumerate((2, 4, 5, 1, 2), 1)]
