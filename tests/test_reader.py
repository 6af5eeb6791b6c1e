"""Whatever a file holds, reading it ends soon, with cards or findings, and loses no word of a card section."""

import gc
import re
import time
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.diagnostics import Sink
from cardforge.doc import Gap, plain_text, walk
from cardforge.model import Body, Card, Choice, Cloze, Deck, Flashcard, Scenario, SelfCheck
from cardforge.passage import split_lines
from deck_notation import read

# What the grammar reads, so that random texts are made of more than prose.
PIECES = (
    "a b word Why? 1. 2) 3、 - * > # ## | |-| ` ``` ~~~ $ $$ \\( \\) \\[ [x] [ ] ( ) ! ** * _ ~~ --- === "
    "& &amp; &#x0; "
    "<details> </details> <summary> </summary> <summary>Answer</summary> <b> </b> <br> <p> <!-- --> {/* */} <script> "
    "</script> <table> <td> <T> Q: A: Q. A. B. Question Answer: "
    "Scenario Yes. Hint: http://a.b \\ \t \x0c \u2028 \ufdd0 \x02 "
    "\ufeff : 日本語 ق 🧠 {{c1:: }} cardforge: title: [a](b) ![i](j) <!--card:id=a--> ///"
).split(" ")
TITLES = ("## Self-check\n", "## Flashcards\n", "## Scenarios\n", "---\n", "Section titled “Quiz”\n", "# Title\n")
texts = st.lists(
    st.sampled_from([*PIECES, *TITLES, "\n", "\n\n", "\n    ", "\n  ", " "]) | st.text(max_size=5), max_size=60
).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(texts)
def test_any_text_gives_a_deck_whose_places_lie_in_the_file(text: str) -> None:
    deck, sink = read(text)
    lines = split_lines(text.removeprefix("\ufeff"))
    for span in [*(each.span for each in sink), *(card.head.span for card in deck.cards)]:
        assert span.file == "case.md"
        if span.line:
            assert 1 <= span.line <= span.end_line <= max(len(lines), 1)
            assert 1 <= span.column <= len(lines[span.line - 1] if lines else "") + 1
            assert 1 <= span.end_column <= len(lines[span.end_line - 1] if lines else "") + 1
            assert (span.line, span.column) <= (span.end_line, span.end_column)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts)
def test_reading_twice_gives_equal_decks_and_findings(text: str) -> None:
    assert read(text) == read(text)


WORD = re.compile(r"w\d+w")
BLOCKS = (
    "w\n\n",
    "w w\nw\n\n",
    "**1. w?**\n\n",
    "2. w?\n\n",
    "- w\n- w\n\n",
    "   w\n\n",
    "    w\n\n",
    "> w\n\n",
    "```\nw\n```\n\n",
    "| w | w |\n|---|---|\n| w | w |\n\n",
    "<details><summary>Show answer</summary>\n\nw\n\nw\n\n</details>\n\n",
    "<details>\n<summary>w?</summary>\nw</details>\n\n",
    "<details><summary>Hint</summary>w</details>\n\n",
    "Q: w?\nA: w\n\n",
    "**Q: w?**\n\nw\n\n",
    "Q. w?\nw\n\n",
    "A: w\n\n",
    "Scenario 1. w\n\n",
    "w?\n\n",
    "Yes. w\n\n",
    "### w\n\n",
    "---\n\n",
    "$$\nw\n$$\n\n",
    "<div>w</div>\n\n",
    "- [ ] w\n- [x] w\n\n",
    "- A) w\n- B) w\n\n",
    "A. w\nB. w\n\n",
    "**Answer: B** w\n\n",
    "**Answer:** w\n\n",
    "#### Answer\n\nw\n\n",
    "C: w [w] w\n\n",
    "w {{c1::w::w}} w\n\n",
    "Extra: w\n\n",
    '<Flashcard question="w w">\n\nw\n\n</Flashcard>\n\n',
    '<Flashcard question="w" answer="w" />\n\n',
    '<Question choices={[{text: "w", explain: "w", correct: true}, {text: "w"}]} />\n\n',
    "### Answers\n\n1. w\n2. w\n\n",
    "> [!NOTE]\n> w\n\n",
)


def words_of(card: Card) -> str:
    """All words of a card."""
    match card:
        case Flashcard() | SelfCheck():
            fields: tuple[Body | None, ...] = (card.question, card.answer, card.hint)
        case Scenario():
            fields = (card.situation, card.prompt, card.reasoning, card.hint)
        case Choice():
            fields = (card.question, *(option.text for option in card.options), card.explanation, card.hint)
        case Cloze():
            fields = (card.text, card.extra, card.hint)
    hints = " ".join(node.hint for field in fields if field for node in walk(field.blocks) if isinstance(node, Gap))
    return " ".join([*(plain_text(field.blocks) for field in fields if field), hints])


def unheard(parts: list[str], deck: Deck, sink: Sink) -> set[str]:
    """The words of a text in no card, lead-in or title, and in no part at whose beginning or inside a finding stands.

    Heard of course are the titles of headings under which nothing stands.
    """
    heard = {word for card in deck.cards for word in WORD.findall(words_of(card))}
    for section in deck.sections:
        heard |= set(WORD.findall(f"{section.title} {plain_text(section.lead_in)}"))
    named = {line for each in sink for line in range(each.span.line, each.span.end_line + 1)}
    first = 1
    for part in parts:
        after = first + part.count("\n")
        if named & set(range(first, after)) or part.startswith("#"):
            heard |= set(WORD.findall(part))
        first = after
    return set(WORD.findall("".join(parts))) - heard


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(["Self-check", "Flashcards", "Scenarios"]), st.lists(st.sampled_from(BLOCKS), max_size=12))
def test_every_word_of_a_card_section_is_in_a_card_a_lead_in_or_a_finding(title: str, parts: list[str]) -> None:
    numbers = count()
    numbered = [f"## {title}\n\n", *(re.sub(r"\bw\b", lambda _: f"w{next(numbers)}w", part) for part in parts)]
    assert unheard(numbered, *read("".join(numbered))) == set()


# ---- time

UNITS = (
    "[ ![ [a]( [a][ ( <a < <a <b> </p> <p> <! <? <![CDATA[ <!-- * *a ** *_ _a ` `` $ $a a$ $$ "
    "\\( \\[ \\) \\ ~~a & &#1 | "
    'http://a. www. {/* <!--card: <summary> " {{c1:: ```\t\\ [a](<b [[a]] <a=" *** !['
).split(" ")
LINES = (
    "<details>",
    "<details><summary>q</summary>a</details>",
    "<details><summary>Answer</summary>",
    "</details>",
    "```",
    "~~~ a",
    "# a",
    "a\n===",
    "| a |\n|---|",
    "- a",
    "1. a",
    "> a",
    "Q: a\nA: b",
    "1. a?\n\n<details><summary>Answer</summary>a</details>\n",
    "<div>",
    "$$ a",
    "[a]: b",
    "a\\",
    "<!-- card: id=a -->",
    "---",
)
DEEP: dict[str, Callable[[int], str]] = {
    "quotes": lambda n: ">" * n,
    "quotes on lines": lambda n: "\n".join("> " * (i % 90) + "a" for i in range(n // 45)),
    "items on a line": lambda n: "- " * n,
    "items on lines": lambda n: "\n".join(" " * min(2 * i, 150) + "- a" for i in range(n // 50)),
    "brackets in front matter": lambda n: "---\na: " + "[" * n + "\n---\n",
    "aliases in front matter": lambda n: (
        "---\na0: &a0 [x, x]\n"
        + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n // 200))
        + "tags: *a9\n---\n"
    ),
}
FULL = 64 * 1024 - 100
WRAPS = ("{}\n", "## Quiz\n\n<details><summary>Why?</summary>\n\n{}\n\n</details>\n")


def seconds(text: str) -> float:
    """How long the text takes to read, in seconds of this process; what its garbage collector does is not counted."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()


def repeated(unit: str, wrap: str) -> Callable[[int], str]:
    """A text of a given length: the unit over and over in a wrap."""
    return lambda length: wrap.replace("{}", unit * (length // len(unit)))


HOSTILE = {
    **{f"{unit!r} in {i}": repeated(unit, wrap) for unit in UNITS for i, wrap in enumerate(WRAPS)},
    **{f"{line!r} in {i}": repeated(f"{line}\n" * 4, wrap) for line in LINES for i, wrap in enumerate(WRAPS)},
    **DEEP,
}
SLOW = 1.0
"""Seconds from which growth matters: a field is bounded, and what is soon read may grow as it likes."""
MOST_SECONDS = 6.0
MOST_GROWTH = 2.6


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_in_time_that_grows_with_its_length(make: Callable[[int], str]) -> None:
    # A busy machine can only make a measure longer: the best of five is the measure.
    whole = seconds(make(FULL))
    for _ in range(4):
        whole = whole if whole <= SLOW else min(whole, seconds(make(FULL)))
    if whole > SLOW:
        assert whole <= MOST_GROWTH * seconds(make(FULL // 2))
    assert whole < MOST_SECONDS


CARDS = (
    '<Flashcard question="x">a</Flashcard>\n',
    '<Flashcard question="x">\n',
    "**1. Why?**\n\n<details><summary>Answer</summary>a</details>\n\n",
    "### Why?\n\n**Answer:** x\n\n",
    "Q: a\nA: b\n\n",
    "1. x?\n- [x] a\n- [ ] b\n\n",
    "C: a [b] c\n\n",
)


@pytest.mark.parametrize("unit", CARDS)
def test_a_file_of_very_many_cards_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    make = repeated(unit, "{}")
    half = whole = float("inf")
    for _ in range(4):  # what else the machine does only ever adds
        half, whole = min(half, seconds(make(FULL // 4))), min(whole, seconds(make(FULL // 2)))
        if whole <= MOST_GROWTH * half:
            break
    assert whole <= MOST_GROWTH * half
