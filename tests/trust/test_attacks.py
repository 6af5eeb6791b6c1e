"""Each row of the table of attacks, in all three targets: the real Anki, a real browser, a real reader of PDF.

A payload stands wherever text can stand: in the front matter, in headings, in every field of every kind of card.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from attacks import ATTACKS, HEAVY, HOST, RAN, Attack
from playwright.sync_api import Playwright, Route

from anki_harness import Anki, opened
from cardforge.backends import Context
from cardforge.backends.targets import TARGETS
from cardforge.checks import check
from cardforge.cli.report import Format, Frame, write_findings
from cardforge.config import Settings
from cardforge.diagnostics import Severity, Sink
from cardforge.identity import assign
from cardforge.model import Collection
from cardforge.pipeline import read_one
from cardforge.pipeline.discover import Source
from cardforge.profile import Profile
from cardforge.vocabulary import Vocabulary

PAGE: Final = Path(__file__).parents[2] / "docs" / "trust.md"
LONG: Final = 1_000_000
FEW: Final = 100
"""Cards of which products are made when it is about time: very many cards take their time in any case."""
NOWHERE: Final = Path("/nonexistent-cardforge")
MOST_SECONDS: Final = 5.0
"""Of this process's own time, the best of three."""
_FLAGS: Final = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run".split()


def everywhere(payload: str) -> str:
    """A source that holds a payload wherever text can stand."""
    line = " ".join(payload.split())
    told = json.dumps(payload)
    return f"""---
title: {told}
deck: {told}
tags: [{told}, a]
source: {told}
---

# {line}

{payload}

## Quiz: {line}

{payload}

1. {line}?

<details><summary>Hint</summary>{payload}</details>

<details><summary>Answer ({line})</summary>

{payload}

- {line}
- > {line}

| {line} | a |
|---|---|
| b | {line} |

</details>

## Flashcards

<!-- card: tags="{line}" deck="{line}" source="{line}" type=reversed,typed -->
Q: {line} Why?
A: So. {line}

<Flashcard question={told}>

{payload}

</Flashcard>

<details><summary>{line} Who?</summary>{payload}</details>

## Scenarios

Scenario 1. {payload}

{line} Is it?

<details><summary>Answer</summary>Yes. {payload}</details>

## Quiz

2. Which? {line}

- [ ] {line}
- [x] right {line}

{payload}

C: a {{{{c1::{line}::{line}}}}} and {{{{c2::b}}}} {line}
"""


def collection_of(*texts: str) -> tuple[Collection, Sink]:
    """The collection of sources, whatever errors were found: products have to be safe without them, too."""
    sink = Sink()
    settings = Settings(None, vocabulary=Vocabulary(highlight=True, notes=True))
    decks = []
    for number, text in enumerate(texts):
        source = Source(f"case-{number}.md", None, NOWHERE, named=True, in_project=False)
        decks.append(read_one(source, text, settings, sink))
    check(decks, sink, Profile())
    cards = [card for deck in decks for card in deck.cards]
    identities = assign(cards, namespace="attack", clock=1_760_000_000, sink=sink)
    return Collection("Attacked", "en", tuple(decks), identities), sink


@cache
def attacked(attack: Attack) -> Collection:
    """The collection of a row: a deck for each payload, and each has cards."""
    collection, sink = collection_of(*map(everywhere, attack.payloads))
    assert all(each.span.file for each in sink)
    assert all(any(True for _ in deck.cards) for deck in collection.decks)
    return collection


def make(target: str, collection: Collection) -> bytes:
    """A product."""
    return TARGETS[target].load()(collection, Context(1_760_000_000, lambda _: b"", Sink()))


ROWS: Final = [pytest.param(attack, id=attack.name) for attack in ATTACKS]


# ---- the browser


@pytest.fixture(scope="module")
def canary(need: Callable[[str], str], playwright: Playwright) -> Iterator[Callable[[bytes | str], list[str]]]:
    """``canary(html)`` opens and uses a page; what it ran, asked for or said that it should not have."""
    program = os.environ.get("CHROMIUM") or need("chromium")

    heard: list[str] = []

    def asked(route: Route) -> None:
        url = route.request.url
        if url == "https://page.invalid/":
            route.fulfill(body=shown[-1], content_type="text/html; charset=utf-8")
        elif url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            heard.append(f"asked for {url}")
            route.abort()

    def opened_dialog(dialog: Any) -> None:
        heard.append(f"dialog {dialog.message}")
        dialog.dismiss()

    shown: list[bytes | str] = []
    browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    context.route("**/*", asked)
    context.on("page", lambda _: heard.append("opened a window"))
    page.on("dialog", opened_dialog)

    def visit(html: bytes | str) -> list[str]:
        heard.clear()
        shown.append(html)
        page.goto("https://page.invalid/")
        ran = page.evaluate(
            """() => {
                for (const each of document.querySelectorAll("details")) each.open = true;
                for (const each of document.querySelectorAll("main *, .card *"))
                    for (const name of ["click", "mouseover", "focus", "toggle", "error", "load"])
                        if (!each.closest("a, button")) each.dispatchEvent(new Event(name, {bubbles: true}));
                const links = [...document.links].map(each => each.protocol)
                    .filter(each => !["http:", "https:", "mailto:", ":"].includes(each));
                return [window.ran ?? window.top.ran, ...links];
            }"""
        )
        return [*heard, *(f"ran or linked {each}" for each in ran if each is not None)]

    yield visit
    browser.close()


@pytest.mark.parametrize("attack", ROWS)
def test_the_page_runs_nothing_and_asks_nobody(attack: Attack, canary: Callable[[bytes | str], list[str]]) -> None:
    assert canary(make("html", attacked(attack))) == []


def test_the_canary_sings(canary: Callable[[bytes | str], list[str]]) -> None:
    page = "<!doctype html><body class=card>"
    for bad in (
        f"{page}<script>{RAN}</script>",
        f"{page}<b onclick={RAN}>x</b>",
        f"{page}<img src={HOST}/a.png>",
        f"{page}<a href=javascript:{RAN}>x</a>",
        f"{page}<script>alert(1)</script>",
    ):
        assert canary(bad) != []
    assert canary(f"{page}<a href=https://example.org>x</a>") == []


# ---- Anki


@pytest.fixture(scope="module")
def anki(need: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anki]:
    """A collection."""
    need("anki")
    with opened(tmp_path_factory.mktemp("attacked") / "anki") as collection:
        yield collection


@pytest.mark.parametrize("attack", ROWS)
def test_anki_reads_the_package_and_its_cards_run_nothing(
    attack: Attack, anki: Anki, canary: Callable[[bytes | str], list[str]]
) -> None:
    collection = attacked(attack)
    log = anki.read(make("anki", collection), update="always")
    cards = list(collection.cards)
    assert log.conflicting == 0
    sides = []
    for guid in {collection.identity(card).guid for card in cards}:
        for view in anki.cards(guid).values():
            card = anki.col.get_card(view.id)
            assert card.question_av_tags() == card.answer_av_tags() == []
            for side in (view.question, view.answer):
                _, latex = _latex(anki, side)
                assert latex == []
            sides.append(f"<div class=card>{view.question}</div><div class=card>{view.answer}</div>")
    assert sides
    # As a reviewer shows them, without any policy that would stop a script.
    assert canary(f"<!doctype html><meta charset=utf-8>{''.join(sides)}") == []


def _latex(anki: Anki, html: str) -> tuple[str, list[str]]:
    """What Anki would hand to LaTeX."""
    found = anki.col._backend.extract_latex(text=html, svg=False, expand_clozes=False)  # noqa: SLF001 - what it does itself
    return found.text, [each.latex_body for each in found.latex]


# ---- PDF

_ALLOWED_ACTIONS: Final = frozenset({"/URI", "/GoTo"})


@pytest.mark.parametrize("attack", ROWS)
def test_the_pdf_holds_no_action_but_links(attack: Attack, need: Callable[[str], str]) -> None:
    need("pikepdf")
    need("pypdfium2")
    import pikepdf
    import pypdfium2

    data = make("pdf", attacked(attack))
    with pikepdf.open(BytesIO(data)) as document:
        for each in document.objects:
            if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                continue
            assert not {"/JS", "/AA", "/OpenAction", "/EF", "/RichMediaContent"} & set(each.keys())
            if "/S" in each and each.get("/Type") == "/Action":
                assert str(each.S) in _ALLOWED_ACTIONS
            if "/URI" in each and not isinstance(each.URI, pikepdf.Dictionary):
                assert re.match(r"(?i)https?://|mailto:", str(each.URI))
    reader = pypdfium2.PdfDocument(BytesIO(data))
    assert len(reader) > 0
    for page in reader:
        page.render(scale=0.2)


# ---- time


def seconds(text: str, *, products: bool) -> float:
    """How long a text takes to be read, reported and, with ``products``, made into all three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        collection, sink = collection_of(text)
        for how in Format:
            write_findings(list(sink), how, Frame({"case-0.md": text}))
        few = sum(1 for _ in collection.cards) <= FEW
        if products and few and not any(each.severity is Severity.ERROR for each in sink):
            for target in TARGETS:
                make(target, collection)
        taken.append(time.process_time() - start)
        if taken[-1] < MOST_SECONDS:
            break
    return min(taken)


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_text_is_refused_or_read_in_time(name: str) -> None:
    payload = HEAVY[name]()
    wraps = ("Q: Why?\nA: {}\n", "{}\n", "## Quiz\n\n<details><summary>a</summary>\n\n{}\n\n</details>")
    for wrap in wraps[: 1 if len(payload) > LONG else None]:
        # The products of a fold's text are those of a line's.
        assert seconds(wrap.replace("{}", payload), products=wrap == wraps[0]) < MOST_SECONDS


# ---- the document


def table() -> str:
    """The table as docs/trust.md shows it."""

    def row(attack: Attack) -> str:
        return f"| {attack.name} | {len(attack.payloads)} | {attack.kept} |"

    size = Attack("Size: ten thousand levels, ten megabytes on a line", "Read or refused, in seconds.", tuple(HEAVY))
    return "\n".join(["| attack | payloads | what holds |", "|---|--:|---|", *map(row, (*ATTACKS, size))])


def test_the_document_shows_the_table(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text("utf-8")
    if request.config.getoption("--update-golden"):
        text = re.sub(r"\| attack \|.*?(?=\n\n)", lambda _: table(), text, count=1, flags=re.DOTALL)
        PAGE.write_text(text, "utf-8")
    assert f"\n{table()}\n\n" in text
