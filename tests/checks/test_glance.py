"""What is told at a glance of words and turns of phrase is what a closer look tells."""

import random
import re
from collections.abc import Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined] # what patterns are made of is told nowhere else
from re import _parser as parser  # type: ignore[attr-defined] # the same
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardforge.checks.phrases import ELSEWHERE, POINTING, SECOND_QUESTION, Phrase
from cardforge.checks.words import count_more_words, few_words_of, words_in, words_of

_TEXTS = st.lists(
    st.sampled_from([*"ab1", " ", "  ", ".", "..", "-", "'", "’", "_", "/", "中", "文字", "ไทย", "é", "\n"])
).map("".join)


@example("中a 中a", 3)
@settings(max_examples=500, deadline=None)
@given(_TEXTS, st.integers(0, 6))
def test_words_are_counted_where_there_are_more(text: str, most: int) -> None:
    words = words_in(text)
    assert count_more_words(text, most) == (words if words > most else 0)


@settings(max_examples=500, deadline=None)
@given(_TEXTS, st.integers(0, 6))
def test_few_words_are_all_words(text: str, most: int) -> None:
    words = words_of(text)
    assert few_words_of(text, most) == (words if len(words) <= most else None)


def _written(parts: Sequence[tuple[Any, Any]], chance: random.Random) -> Iterator[str]:
    """A text that a pattern may match, part by part."""
    for kind, value in parts:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.IN:
            what, each = value[0]
            yield chr(each) if what is sre.LITERAL else " " if each is sre.CATEGORY_SPACE else "x"
        elif kind is sre.BRANCH:
            yield from _written(chance.choice(value[1]), chance)
        elif kind is sre.SUBPATTERN:
            yield from _written(value[3], chance)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inner = value
            for _ in range(chance.randint(least, min(most, least + 2))):
                yield from _written(inner, chance)
        elif kind is sre.ASSERT:
            yield from _written(value[1], chance)
        else:
            assert kind in (sre.AT, sre.ASSERT_NOT, sre.NOT_LITERAL), kind


_PHRASES = [phrase for table in (ELSEWHERE, POINTING, SECOND_QUESTION) for phrase in table.values()]


@pytest.mark.parametrize("phrase", _PHRASES)
def test_every_form_of_a_phrase_has_one_of_its_marks(phrase: Phrase) -> None:
    chance = random.Random(1)  # noqa: S311 - the same texts every time
    tree = parser.parse(phrase.forms.pattern, re.IGNORECASE)
    made = [f" {''.join(_written(list(tree), chance))} " for _ in range(20_000)]
    found = [text for text in made if phrase.forms.search(text)]
    assert len(found) > 2_000
    assert [text for text in found if not phrase.search(text)] == []
    assert {mark for mark in phrase.marks if not any(mark in text.lower() for text in found)} == set()
