"""From a page of practice and from our own cards to products, as whole processes and in the real programs."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest

import anki_harness
from command import ROOT, cardforge

SEED: Final = ROOT / "tests" / "seed" / "practice-alignment.txt"
PAGE: Final = ROOT.parent / "shared" / "input" / "practice-rlhf-dpo.txt"
"""A page as a course has it. It is no part of the project, so most machines have only its sibling ``SEED``."""

KINDS: Final = ["self-check"] * 5 + ["scenario"] * 4 + ["flashcard"] * 9
MENU: Final = ("Section titled", "Show answer", "Try to recall", "Cover the answer")


@dataclass(frozen=True, slots=True)
class Built:
    """What one source came to."""

    source: Path
    cards: list[dict[str, Any]]
    package: bytes
    pages: list[str]
    flashcard_pages: list[str]


@pytest.fixture(scope="module", params=[SEED, PAGE], ids=["seed", "page"])
def built(
    request: pytest.FixtureRequest, need: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Built:
    source: Path = request.param
    if not source.is_file():
        pytest.skip(f"NOT TESTED: {source.name} is not there (the page it is a sibling of: {SEED.name})")
    need("pypdfium2")
    folder = tmp_path_factory.mktemp("built")
    done = cardforge(folder, "build", "all", str(source), "-o", f"{folder}/")
    assert (done.status, done.stdout) == (0, ""), done.stdout
    flashcards = cardforge(folder, "build", "pdf", str(source), "--kind", "flashcard", "-o", "-")
    listed = cardforge(folder, "list", "--format", "json", str(source))
    stem = folder / source.stem
    return Built(
        source,
        json.loads(listed.stdout),
        stem.with_suffix(".apkg").read_bytes(),
        _pages(stem.with_suffix(".pdf").read_bytes()),
        _pages(flashcards.out),
    )


def _pages(pdf: bytes) -> list[str]:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [document[index].get_textpage().get_text_bounded() for index in range(len(document))]


@pytest.fixture(scope="module")
def anki(
    built: Built, need: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[anki_harness.Anki]:
    need("anki")
    with ExitStack() as stack:
        opened = stack.enter_context(anki_harness.opened(tmp_path_factory.mktemp("anki") / "collection"))
        assert opened.read(built.package) == anki_harness.Log(new=18, updated=0, duplicate=0, conflicting=0)
        yield opened


def test_the_page_has_its_cards(built: Built) -> None:
    assert [card["kind"] for card in built.cards] == KINDS
    assert [card["verdict"] for card in built.cards if card["kind"] == "scenario"] == ["Yes", "Yes", "No", "No"]
    assert len({card["guid"] for card in built.cards}) == 18
    lines = [card["line"] for card in built.cards]
    assert lines == sorted(set(lines))


def test_each_card_stands_where_the_list_says(built: Built) -> None:
    source = built.source.read_text("utf-8").splitlines()
    for card in built.cards:
        assert card["question"].splitlines()[0] in source[card["line"] - 1]


def test_anki_has_every_card_and_nothing_to_complain_of(built: Built, anki: anki_harness.Anki) -> None:
    assert sorted(anki.guids()) == sorted(card["guid"] for card in built.cards)
    for card in built.cards:
        (shown,) = anki.cards(card["guid"]).values()
        question, answer = _plain(shown.question), _plain(shown.answer)
        assert _squeezed(_words(card["question"])) in _squeezed(question)
        assert _squeezed(_words(card["answer"].splitlines()[0])) in _squeezed(answer)
        assert _squeezed(_words(card["answer"].splitlines()[-1])) in _squeezed(answer)
        if card["kind"] == "scenario":
            assert card["verdict"] in answer
            assert f"{card['verdict']}. " not in question
    assert anki.problems() == []


def test_no_card_has_text_of_the_pages_menus(built: Built, anki: anki_harness.Anki) -> None:
    shown = [
        side
        for card in built.cards
        for each in anki.cards(card["guid"]).values()
        for side in (each.question, each.answer)
    ]
    for text in (*shown, *built.pages):
        assert not [words for words in MENU if words in text]


def test_print_has_a_page_for_every_card(built: Built) -> None:
    assert len(built.pages) == 18
    assert len(built.flashcard_pages) == 9
    for card, page in zip(built.cards, built.pages, strict=True):
        assert _squeezed(_words(card["question"])) in _squeezed(page)
    for card, page in zip([c for c in built.cards if c["kind"] == "flashcard"], built.flashcard_pages, strict=True):
        assert _squeezed(_words(card["question"])) in _squeezed(page)


# ---- the repository's own cards


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The products of ``cards/``, as ``make build`` makes them, in a folder of their own."""
    folder = tmp_path_factory.mktemp("own")
    done = cardforge(ROOT, "build", "all", "--strict", "-o", f"{folder}/")
    assert (done.status, done.stdout) == (0, ""), done.stdout
    return folder


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = json.loads(cardforge(ROOT, "list", "--format", "json").stdout)
    return cards


def test_every_card_of_ours_is_printed(own: Path, listed: list[dict[str, Any]], need: Callable[[str], str]) -> None:
    need("pypdfium2")
    pages = [_squeezed(page) for page in _pages((own / "alignment.pdf").read_bytes())]
    assert len(pages) >= len(listed)
    at = 0
    for card in listed:
        words = [_squeezed(part) for part in _readable(card["question"])]
        at = next((index for index in range(at, len(pages)) if all(part in pages[index] for part in words)), -1)
        assert at >= 0, f"{card['file']}:{card['line']} is not printed, or not in its order"


def test_anki_shows_every_card_of_ours(
    own: Path, listed: list[dict[str, Any]], need: Callable[[str], str], tmp_path: Path
) -> None:
    need("anki")
    with anki_harness.opened(tmp_path / "collection") as anki:
        assert anki.read((own / "alignment.apkg").read_bytes()).new == len(listed)
        decks = {anki.cards(card["guid"])[0].deck for card in listed}
        assert decks == {card["deck"] for card in listed}
        for card in listed:
            shown = anki.cards(card["guid"])[0]
            question, answer = _squeezed(_plain(shown.question)), _squeezed(_plain(shown.answer))
            for part in _readable(card["question"]):
                assert _squeezed(part) in question
            for part in _readable(card["answer"]):
                assert _squeezed(part) in answer
        assert anki.problems() == []


def test_the_same_sources_give_the_same_bytes(own: Path, tmp_path: Path) -> None:
    surroundings = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "TMPDIR": str(tmp_path)}
    again = tmp_path / "again"
    assert cardforge(ROOT / "cards", "build", "all", "-o", f"{again}/", env=surroundings).status == 0
    for product in ("alignment.apkg", "alignment.pdf"):
        assert (again / product).read_bytes() == (own / product).read_bytes()


# ---- words, whatever they are set in


def _plain(html: str) -> str:
    body = re.sub(r"<style.*?</style>|<script.*?</script>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", body))


def _words(markdown: str) -> str:
    """Pasted text is plain but for the marks of lists."""
    return re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", markdown, flags=re.MULTILINE)


def _squeezed(text: str) -> str:
    """Text as a reader compares it: no blanks, no hyphens of line breaks, one form of every letter and quote."""
    normal = unicodedata.normalize("NFKC", text).translate(str.maketrans("“”‘’", "\"\"''"))
    return re.sub(r"[\s\u00ad\u200b\ufffe\x02\-‐]+", "", normal)


def _readable(markdown: str) -> list[str]:
    """Runs of at least three plain words of a source, without formulas, code, links and marks."""
    opaque = re.sub(
        r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<[^>]*>|!?\[[^\]]*\]\([^)]*\)", "\0", markdown, flags=re.DOTALL
    )
    bare = re.sub(r"\*\*|__|\*|(?<!\w)_|_(?!\w)", "", opaque)
    runs = re.split(r"\0|\n[ \t]*(?:[-*>|#]|\d+[.)]|$)+|[|\\]", bare)
    return [run for run in runs if len(run.split()) >= 3]


def test_the_words_of_a_source_are_found() -> None:
    found = _readable("The **best** policy of all:\n\n- is $x$ and then some\n- *too* short")
    assert [run.split() for run in found] == [
        ["The", "best", "policy", "of", "all:"],
        ["and", "then", "some"],
    ]
    assert [key for key, _ in groupby(KINDS)] == ["self-check", "scenario", "flashcard"]
