"""Plain cards of words nobody knows: a question, some 40 words of answer, three points, a line at the foot.

Standard library alone, for other engines read them too. The same number gives the same cards.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN, FOOT = 148.0, 105.0, 9.5, 6.5
"""Of a page (A6) and of what stays free on it, in millimetres; of the foot's letters, in points."""
ASKED, TOLD = 14.0, 9.5
"""The sizes of a question and an answer where nothing is fitted, in points."""
_SYLLABLES = tuple(first + second for first in "bdfgklmnprst" for second in "aeiou")


class Plain(NamedTuple):
    """The texts of a card."""

    question: str
    answer: str
    points: tuple[str, str, str]
    foot: str


def plain_cards(count: int) -> Iterator[Plain]:
    """So many cards, from a vocabulary of 5,000 words of which, as in a language, few are often used."""
    chance = random.Random(1)  # noqa: S311 - only a choice of words
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(5000)]
    shares = [1 / rank for rank in range(1, len(words) + 1)]
    for number in range(1, count + 1):
        few = iter(chance.choices(words, shares, k=70))

        def said(length: int, few: Iterator[str] = few) -> str:
            return " ".join(next(few) for _ in range(length))

        yield Plain(
            f"What does {said(4)} say about {said(3)}?",
            f"{said(12).capitalize()}, {said(10)}: {said(18)}.",
            (said(6), said(5), said(7)),
            f"Deck · Section {number} / {count}",
        )
