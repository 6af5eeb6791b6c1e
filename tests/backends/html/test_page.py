"""The file itself: same bytes, options, languages, pictures, formulas, links to lessons."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Final

import pytest
from page_cards import FILES, PICTURE, Maker, body, collection, hostile, line, many, page, right_to_left, sampler

from cardforge.backends import Context
from cardforge.backends.html import assets, index, render
from cardforge.backends.html.cards import lesson, slug
from cardforge.backends.html.words import words_in
from cardforge.backends.targets import TARGETS
from cardforge.diagnostics import Sink
from cardforge.doc import Image, Math
from cardforge.model import Collection, Deck, Flashcard, Scenario, Section

_VOID: Final = frozenset("meta img input br hr path use rect".split())


class Outline(HTMLParser):
    """Checks that every element ends where it should, and keeps ids and texts."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.feed(html.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(f"</{tag}> at {self.getpos()}")


@pytest.mark.parametrize("make", [sampler, hostile, right_to_left])
def test_the_page_is_well_formed_and_repeats(make: Callable[[], Collection]) -> None:
    for fragment in (False, True):
        html = page(make(), fragment=fragment)
        outline = Outline(html)
        assert outline.wrong == outline.open == []
        assert len(set(outline.ids)) == len(outline.ids)
        assert html == page(make(), fragment=fragment)


def test_the_target_is_in_the_table() -> None:
    assert TARGETS["html"].ending == "html"
    assert TARGETS["html"].load() is render


def test_ids_and_links_of_cards_come_from_their_guids() -> None:
    html = page(sampler()).decode()
    for guid in map(hex, range(1, 14)):
        assert html.count(f'id="card-{guid[2:]}"') == html.count(f'href="#card-{guid[2:]}"') == 1


def test_equal_titles_have_addresses_of_their_own() -> None:
    make = Maker()
    sections = tuple(Section(None, "Cards!", (), (Flashcard(make.head(), body("Q"), body("A")),)) for _ in range(3))
    ids = Outline(page(collection("Same", make, sections))).ids
    assert [each for each in ids if each.startswith("section-")] == [
        "section-cards",
        "section-cards--2",
        "section-cards--3",
    ]


def test_several_decks_are_listed_with_their_sections() -> None:
    one = sampler()
    other = Deck("lessons/other.md", "Tests", "Another deck", "de", (Section(None, "Abschnitt", (line("Text"),)),))
    html = page(replace(one, title="All of it", decks=(*one.decks, other))).decode()
    assert '<h1 class="cf-title" dir="auto">All of it</h1>' in html
    assert re.findall(r'<h2 class="cf-deck-title" dir="auto">(.*?)</h2>', html) == [
        "Practice: Stacks &amp; queues",
        "Another deck",
    ]
    assert '<h3 class="cf-section-title" dir="auto">Abschnitt</h3>' in html
    assert '<div class="cf-lead-in cf-prose" lang="de">' in html
    contents = html[html.index("<nav") : html.index("</nav>")]
    assert '<a href="#deck-another-deck" dir="auto">Another deck</a><ul><li><a href="#section-abschnitt"' in contents


def test_pictures_are_in_the_page_or_in_the_folder() -> None:
    source = sampler()
    inside = page(source).decode()
    assert re.findall(
        r'<img src="(data:image/png;base64,)[^"]+" alt="A plot of costs" width="200" height="150"', inside
    )
    outside = page(source, assets="my pictures").decode()
    assert f'<img src="my%20pictures/{PICTURE.name}"' in outside
    assert "data:image" not in outside
    assert "img-src 'self' data:;" in outside
    unused = replace(PICTURE, name="unused-000000000000.png")
    deck = replace(source.decks[0], media=(PICTURE, unused))
    context = Context(0, lambda media: FILES[media.name], Sink(), {"assets": "x"})
    assert assets(replace(source, decks=(deck,)), context) == FILES
    assert 'href="https://example.org/far.png"' in inside  # a remote picture is a link


def test_a_fragment_is_the_content_alone() -> None:
    html = page(sampler(), fragment=True).decode()
    for absent in (
        "<html",
        "<head",
        "<body",
        "<main",
        "<title",
        "<h1",
        "<nav",
        "Content-Security-Policy",
        "cf-theme cf-",
    ):
        assert absent not in html
    assert html.startswith('<div class="cf cf-fragment"')
    for present in ("<style>", "<script>", 'id="card-1"', 'role="search"', "<dialog"):
        assert html.count(present) == 1
    rules = re.sub(r"/\*.*?\*/", "", html[html.index("<style>") + 7 : html.index("</style>")], flags=re.DOTALL)
    rules = re.sub(r"@keyframes [^{]*\{[^{}]*\{[^}]*\}\s*\}", "", rules)
    selectors = [each for rule in re.findall(r"([^{}]+)\{", rules) if "@" not in rule for each in rule.split("\n")]
    assert len(selectors) > 200
    assert [each for each in selectors if each.strip() and ".cf" not in each] == []  # nothing of the site's is touched


def test_formulas_share_their_glyphs() -> None:
    make = Maker()
    cards = tuple(
        Flashcard(make.head(), body(f"Q{n}"), body(line(Math(r"\alpha + \beta = \frac{\alpha}{2}")))) for n in range(50)
    )
    html = page(collection("Formulas", make, (Section(None, "", (), cards),))).decode()
    drawn = html[html.index("<defs>") : html.index("</defs>")]
    used = re.findall(r'<use href="#(cf-g[0-9a-f]+)"', html)
    assert len(used) > 250
    assert set(used) == set(re.findall(r'<path id="([^"]+)"', drawn))
    assert html.count("<path") < 12
    assert html.count('aria-label="alpha plus beta equals alpha over 2"') == 50
    assert "style=" not in html


def test_a_formula_that_cannot_be_set_shows_its_source() -> None:
    make = Maker()
    source = collection(
        "F", make, (Section(None, "", (), (Flashcard(make.head(), body(line(Math(r"\frac{<"))), body("A")),)),)
    )
    assert r'<code class="cf-unset" dir="ltr">\frac{&lt;</code>' in page(source).decode()


def test_cards_link_to_their_lessons() -> None:
    html = page(sampler(), source_url="https://example.org/course/").decode()
    assert html.count('href="https://example.org/course/lessons/deck#self-check"') == 2
    assert html.count('href="https://example.org/course/lessons/deck#spot-the-queue"') == 3
    assert "Lesson" not in page(sampler()).decode()


@pytest.mark.parametrize(
    ("file", "title", "address"),
    [
        ("a/b.md", "Self-check", "u/a/b#self-check"),
        ("a b.mdx", "What's new? (2)", "u/a%20b#whats-new-2"),
        ("notes.txt", "", "u/notes.txt"),
        ("x.markdown", "Über  Größe_1", "u/x#%C3%BCber--gr%C3%B6%C3%9Fe_1"),
    ],
)
def test_the_address_of_a_lesson(file: str, title: str, address: str) -> None:
    assert lesson("u/", file, title) == address


def test_a_slug_is_what_sites_make_of_a_title() -> None:
    assert slug("Try it yourself: spot the *bug*!") == "try-it-yourself-spot-the-bug"


@pytest.mark.parametrize(
    ("language", "answer", "of"),
    [
        ("en", "Show answer", "Question 1"),
        ("de-AT", "Antwort zeigen", "Frage 1"),
        ("fr", "Voir la réponse", "Question 1"),
        ("es", "Ver la respuesta", "Pregunta 1"),
        ("ja", "Show answer", "Question 1"),
    ],
)
def test_the_page_speaks_the_language_of_its_cards(language: str, answer: str, of: str) -> None:
    html = page(sampler(), lang=language).decode()
    assert f'<html lang="{language}" dir="ltr">' in html
    assert f">{answer}</summary>" in html
    assert f">{of}</h3>" in html
    assert ('<summary lang="en">' in html) == (language == "ja")
    assert words_in(language).raw(["left"])["left"].count("{0}") == 1


def test_readers_choose_from_yes_and_no_as_the_deck_says_them() -> None:
    make = Maker()

    def choices(*verdicts: str) -> list[str]:
        cards = tuple(Scenario(make.head(), body("S"), body("P"), verdict, body("R")) for verdict in verdicts)
        html = page(collection("V", make, (Section(None, "V", (), cards),))).decode()
        return re.findall(r'<input type="radio" name="[^"]*" value="([^"]*)"', html[: html.index("</form>")])

    assert choices("No", "Yes") == ["Yes", "No", ""]
    assert choices("False") == ["True", "False", ""]
    assert choices("It depends", "No") == ["Yes", "No", "It depends", ""]


def test_an_index_links_to_pages() -> None:
    context = Context(0, lambda _: b"", Sink())
    html = index(sampler(), context, [("A <b>", "a b.html", 1), ("C", "c.html", 12)]).decode()
    assert '<a href="a%20b.html" dir="auto">A &lt;b&gt;</a> <span class="cf-number">1 card</span>' in html
    assert "2 decks · 13 cards" in html
    assert "<script" not in html
    assert "default-src 'none'; style-src 'sha256-" in html


def test_texts_that_are_no_unicode_still_make_a_page() -> None:
    make = Maker()
    odd = body("half a pair \ud800", line(Math("\ud800")), line(Image("\ud800", "\ud800")))
    html = page(collection("\ud800", make, (Section(None, "\ud800", (), (Flashcard(make.head(), odd, odd),)),)))
    assert html.decode("utf-8").count("half a pair ?") == 2


def test_only_long_pages_leave_out_what_is_out_of_sight() -> None:
    assert b"cf-of-" not in page(many(200))
    html = page(many(210)).decode()
    assert html.count('<div class="cf-group cf-of-25">') == 8
    assert html.count('<div class="cf-group cf-of-10">') == 1
    assert ".cf-of-10{contain-intrinsic-size:auto 120rem}" in html
