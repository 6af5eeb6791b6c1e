"""What an author may do to a source without any card becoming another one, and what makes one another."""

import random
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from naming_cards import CLOCK, errors, names

from cardforge.diagnostics import Code, Sink

PAGE: Final = """---
deck: Course
tags: [a]
---

# Practice

## Self-check

**1. What is "reward hacking", and why does
it happen?**

- in theory
- in practice

<details>
<summary>Show answer</summary>

One answer.

</details>

**2. What's a café?**

<details>
<summary>Show answer</summary>

Another answer.

</details>

## Try it yourself: hacked?

Scenario 1. A bot praises everyone.

Reward hacking?

Yes. Praise is no help.

## Flashcards

Q: What does PPO clip?
A: The ratio.

Q: Why $\\beta$?
A: It is dear.
"""

TIDYING: Final[dict[str, Callable[[str], str]]] = {
    "answers": lambda page: page.replace("One answer.", "A better\n\nanswer.").replace("The ratio", "A ratio"),
    "the verdict": lambda page: page.replace("Yes. Praise", "No. Praise"),
    "tags": lambda page: page.replace("tags: [a]", "tags: [b, c::d]"),
    "the deck": lambda page: page.replace("deck: Course", "deck: Another::Name"),
    "titles": lambda page: page.replace("# Practice", "# Training").replace("hacked?", "fair?"),
    "front matter taken out": lambda page: page.partition("---\n\n")[2],
    "numbering": lambda page: page.replace("**1. ", "**4. ").replace("**2. ", "**5. "),
    "the form of numbers": lambda page: page.replace("**1. ", "**1) ").replace("**2. ", "**2) "),
    "wrapping": lambda page: page.replace("why does\nit", "why\ndoes it").replace(
        "Q: What does PPO", "Q: What\n   does PPO"
    ),
    "list marks": lambda page: page.replace("\n- in", "\n* in"),
    "typographic quotes": lambda page: page.replace('"reward hacking"', "“reward hacking”").replace("What's", "What’s"),
    "decomposed letters": lambda page: unicodedata.normalize("NFD", page),
    "line endings": lambda page: page.replace("\n", "\r\n"),
    "a byte order mark": lambda page: f"\ufeff{page}",
    "text around cards": lambda page: page.replace("## Flashcards\n", "## Flashcards\n\nCover the answers.\n"),
    "hints": lambda page: page.replace(
        "- in practice\n", "- in practice\n\n<details>\n<summary>Hint</summary>\n\nThink.\n\n</details>\n"
    ),
    "attributes": lambda page: page.replace("Q: Why", '<!-- card: tags=x deck="Else::Where" type=reversed -->\nQ: Why'),
}


@pytest.mark.parametrize("what", TIDYING)
def test_tidying_up_keeps_every_card(what: str, tmp_path: Path) -> None:
    tidied = TIDYING[what](PAGE)
    assert tidied != PAGE
    before, after = names(tmp_path / "a", PAGE), names(tmp_path / "b", tidied)
    assert len(before) == 5
    assert [named.guid for named in after] == [named.guid for named in before]
    assert [named.numbers for named in after] == [named.numbers for named in before]


def test_reordering_and_moving_keeps_every_card(tmp_path: Path) -> None:
    cards = [f"Q: Question {i}?\nA: Answer {i}.\n" for i in range(30)]
    before = {named.guid: named.numbers for named in names(tmp_path / "a", "\n".join(cards))}
    assert len(before) == 30
    shuffled = cards.copy()
    random.Random(1).shuffle(shuffled)  # noqa: S311 - only an order
    files = {"x/late.md": "\n".join(shuffled[:10]), "a.mdx": "# T\n\n" + "\n".join(shuffled[10:])}
    assert {named.guid: named.numbers for named in names(tmp_path / "b", files)} == before


def test_a_new_card_changes_no_other(tmp_path: Path) -> None:
    cards = [f"Q: Question {i}?\nA: Answer.\n" for i in range(200)]
    before = [(named.guid, named.numbers) for named in names(tmp_path / "a", "\n".join(cards))]
    for place in (0, 77, 200):
        more = [*cards[:place], "Q: A new one?\nA: Yes indeed.\n", *cards[place:]]
        after = [(named.guid, named.numbers) for named in names(tmp_path / str(place), "\n".join(more))]
        assert [*after[:place], *after[place + 1 :]] == before
        assert after[place] not in before


def test_equal_cards_have_guids_of_their_own_which_removing_the_last_keeps(tmp_path: Path) -> None:
    card = "Q: Twice?\nA: Yes indeed.\n"
    three = [named.guid for named in names(tmp_path / "a", {"a.md": f"{card}\n{card}", "b.md": card})]
    assert len(set(three)) == 3
    assert [named.guid for named in names(tmp_path / "b", {"a.md": f"{card}\n{card}"})] == three[:2]


def test_a_flashcard_may_become_a_self_check_question(tmp_path: Path) -> None:
    fold = "**1. What does PPO clip?**\n\n<details>\n<summary>Show answer</summary>\n\nThe ratio.\n\n</details>\n"
    (one,) = names(tmp_path / "a", "Q: What does PPO clip?\nA: The ratio.\n")
    (other,) = names(tmp_path / "b", f"## Self-check\n\n{fold}")
    assert (one.kind, other.kind) == ("flashcard", "self-check")
    assert one.guid == other.guid


def test_another_question_is_another_card(tmp_path: Path) -> None:
    questions = [
        "Why $x$?",
        "Why $X$?",
        "Why x?",
        "Why, x?",
        "Why x",
        "Why `x`?",
        "Whyx?",
        "W hy x?",
        "ﬁ?",
        "fi?",
        "1?",
    ]
    guids = {names(tmp_path / str(i), f"Q: {text}\nA: So.\n")[0].guid for i, text in enumerate(questions)}
    assert len(guids) == len(questions)


def test_numeric_ids_are_unique_and_never_in_the_future(tmp_path: Path) -> None:
    named = names(tmp_path, "\n".join(f"Q: Question {i}?\nA: Answer.\n" for i in range(3000)))
    numbers = [number for each in named for number in each.numbers]
    assert len(set(numbers)) == len(numbers) == 9000
    assert max(numbers) <= CLOCK * 1000
    assert min(numbers) > (CLOCK - 2 * 24 * 3600) * 1000, "a plausible time of creation"


def test_a_namespace_keeps_authors_apart(tmp_path: Path) -> None:
    spaces = ("me/course", "you/course", "", "me", "me/courseq:x")
    guids = {names(tmp_path, PAGE, namespace=space)[0].guid for space in spaces}
    assert len(guids) == len(spaces)


def test_an_explicit_id_outlives_a_reworded_question_a_new_deck_and_a_new_file(tmp_path: Path) -> None:
    (before,) = names(tmp_path / "a", {"a.md": "<!-- card: id=x1 -->\nQ: What?\nA: So.\n"})
    (after,) = names(tmp_path / "b", {"c/d.md": "<!-- card: id=x1 deck=E -->\nQ: What else?\nA: Not.\n"})
    assert (before.guid, before.numbers) == (after.guid, after.numbers)


def test_two_cards_of_one_explicit_id_are_an_error_that_names_both_places(tmp_path: Path) -> None:
    sink = Sink()
    card = "<!-- card: id=x1 -->\nQ: {}?\nA: So.\n"
    named = names(tmp_path, {"a.md": "\n" + card.format("One"), "b.md": card.format("Two")}, sink=sink)
    (finding,) = errors(sink)
    assert finding.code is Code.DUPLICATE_ID
    assert finding.span.file.endswith("b.md")
    assert (finding.span.line, finding.span.column) == (2, 4)
    assert "a.md:3" in finding.message
    assert len({each.guid for each in named}) == 2
