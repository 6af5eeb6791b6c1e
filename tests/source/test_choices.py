"""A question with options gives exactly these options and right ones, whatever notation its author likes."""

import random
from collections.abc import Callable

import pytest

from cardforge.diagnostics import Code
from cardforge.model import Choice
from deck_notation import read

_WORDS = "policy reward token sample value return model loss step batch α 奖励 ошибка".split()
_LATIN, _CYRILLIC, _HEBREW = "ABCDEFGH", "абвгдежз", "אבגדהוזח"

Question = tuple[str, list[str], list[int]]
Notation = Callable[[int, Question, random.Random], str]


def _question(rng: random.Random) -> Question:
    texts = [" ".join(rng.choices(_WORDS, k=rng.randint(1, 4))) + f" {n}" for n in range(rng.randint(2, 6))]
    right = sorted(rng.sample(range(len(texts)), rng.randint(1, min(2, len(texts)))))
    return " ".join(rng.choices(_WORDS, k=4)), texts, right


def _boxes(mark: Callable[[int], str], indent: str = "") -> Notation:
    def write(number: int, question: Question, rng: random.Random) -> str:
        asked, texts, right = question
        tick = rng.choice("xX")
        lines = [f"{indent}{mark(i)} [{tick if i in right else ' '}] {text}" for i, text in enumerate(texts)]
        start = f"{number}. {asked}?" if indent else rng.choice((f"**{number}. {asked}?**", f"{number}) {asked}?"))
        gap = "\n" if not indent or rng.random() < 0.5 else ""
        return f"{start}\n{gap}" + "\n".join(lines)

    return write


def _lettered(option: str, letters: str, answer: str, joint: str = "\n") -> Notation:
    def write(number: int, question: Question, rng: random.Random) -> str:  # noqa: ARG001 - as every notation is called
        asked, texts, right = question
        lines = [option.format(letters[i]) + text for i, text in enumerate(texts)]
        named = answer.format(", ".join(letters[i] for i in right))
        return f"**{number}. {asked}?**\n\n" + joint.join(lines) + f"\n\n{named}"

    return write


_FOLD = "<details><summary>Show answer</summary>\n\n{}\n\n</details>"
NOTATIONS: dict[str, Notation] = {
    "boxes": _boxes(lambda _: "-"),
    "boxes with stars": _boxes(lambda _: "*"),
    "boxes with numbers": _boxes(lambda i: f"{i + 1}."),
    "boxes below an item": _boxes(lambda _: "-", "   "),
    "items with colons, a fold that says it": _lettered("- {}: ", _LATIN, _FOLD.format("#### Answer: {}")),
    "items in brackets": _lettered("- ({}) ", _LATIN.lower(), "**Answer: {}**"),
    "items, the letter alone in a fold": _lettered("- {}) ", _LATIN, _FOLD.format("{}")),
    "lines": _lettered("{}. ", _LATIN, "Answer: {}"),
    "lines with a summary that says it": _lettered("{}) ", _LATIN, "<details><summary>Answer: {}</summary></details>"),
    "paragraphs": _lettered("{}) ", _LATIN, "The correct answer is {}.", "\n\n"),
    "full-width": _lettered("{}、", _LATIN, "答案：{}"),
    "full-width point": _lettered("{}．", _LATIN, "**正确答案是{}。**"),
    "Cyrillic": _lettered("{}) ", _CYRILLIC, "Правильный ответ: {}"),
    "Hebrew": _lettered("{}. ", _HEBREW, "תשובה: {}"),
    "German": _lettered("- **{}.** ", _LATIN, "Antwort: {}"),
    "Spanish": _lettered("{}) ", _LATIN.lower(), "Respuesta correcta: {}"),
}


@pytest.mark.parametrize("write", NOTATIONS.values(), ids=NOTATIONS.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_notation_gives_its_options_and_the_right_ones(write: Notation, end: str) -> None:
    for seed in range(12):
        rng = random.Random(seed)  # noqa: S311 - a seeded generator of test cases, no secret
        questions = [_question(rng) for _ in range(3)]
        text = "\n\n".join(["## Quiz", *(write(n, each, rng) for n, each in enumerate(questions, 1))]) + "\n"
        deck, sink = read(text.replace("\n", end))
        assert not list(sink), text
        got = [
            (
                card.question.source,
                [option.text.source for option in card.options],
                [i for i, option in enumerate(card.options) if option.correct],
            )
            for card in deck.cards
            if isinstance(card, Choice)
        ]
        assert got == [(f"{asked}?", texts, right) for asked, texts, right in questions], text


@pytest.mark.parametrize(
    "answer",
    ["A closure is a function with its scope.", "I think so.", "All of the above.", "See chapter 3.", "Because of it."],
)
def test_an_answer_that_names_no_letter_stays_an_answer(answer: str) -> None:
    deck, sink = read(f"## Quiz\n\n1. Which?\n\n- A: x\n- B: y\n\n{_FOLD.format(answer)}\n")
    (card,) = deck.cards
    assert not isinstance(card, Choice)
    assert not list(sink)


@pytest.mark.parametrize("answer", ["Answer: E", "**Answer: A, E**", "#### Answer: E", "Antwort: E"])
def test_a_letter_that_no_option_has_is_reported_where_it_stands(answer: str) -> None:
    text = f"## Quiz\n\n1. Which?\n\n- A: x\n- B: y\n\n{answer}\n"
    deck, sink = read(text)
    assert not list(deck.cards)
    (finding,) = sink
    assert finding.code is Code.NO_RIGHT_OPTION
    assert text.splitlines()[finding.span.line - 1][finding.span.column - 1] == "E"
