"""Components, headings and notes in any mixture: cards or findings whose places lie in the file, in linear time."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.passage import split_lines
from cardforge.vocabulary import Vocabulary
from deck_notation import read

PIECES = (
    "a b :: ::: ? ?? %% [[ ]] ![[i.png|30]] [[p|q]] ^id #flashcards/x > [!question]- ` ``` $ <Flashcard </Flashcard> "
    'question="x" question={`a\\nb &amp;`} /> > { } {/* */} <Question> </Question> <Answer> </Answer> <Tabs> </Tabs> '
    "import export const ( ### 1. - &amp; &lt; `&lt;` <Card <Hint> </Hint> answer='z' <Details title=\"Q\"> </Details> "
    "[⬆](#top) \x0c \u2028 \x85 \r"
).split(" ")
texts = st.lists(st.sampled_from([*PIECES, "\n", "\n\n", " ", "\n  "]) | st.text(max_size=4), max_size=50).map("".join)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts, st.booleans(), st.sampled_from([0, 3]), st.sampled_from(["case.md", "case.mdx"]))
def test_places_lie_in_the_file_and_are_told_apart(text: str, notes: bool, level: int, file: str) -> None:  # noqa: FBT001 - drawn
    deck, sink = read(text, file, Vocabulary(notes=notes, heading_level=level))
    lines = split_lines(text.removeprefix("\ufeff")) or [""]
    cards = [card.head.span for card in deck.cards]
    assert len(cards) == len(set(cards))
    for span in (*cards, *(each.span for each in sink)):
        if span.line:
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
            assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_editors_take_for_no_end_of_a_line_moves_no_place(end: str) -> None:
    deck, _ = read(end.join(["a\x0cb\x0bc\x85d\u2028e\u2029f", "", "Q: Why?", "A: So."]))
    assert [card.head.span.line for card in deck.cards] == [3]


HOSTILE: dict[str, Callable[[int], str]] = {
    "tags never ended": lambda n: '<Flashcard question="a\n' * (n // 23),
    "braces never closed": lambda n: "<Flashcard question={\n" * (n // 23),
    "components never closed": lambda n: '<Flashcard question="a">\n' * (n // 25),
    "answers in a card": lambda n: '<Flashcard question="a">\n' + "<Answer>a</Answer>\n" * (n // 19) + "</Flashcard>\n",
    "quizzes in quizzes": lambda n: "<Quiz>\n" * (n // 14) + "</Quiz>\n" * (n // 14),
    "comments never closed": lambda n: "a {/* b\n" * (n // 9),
    "imports": lambda n: "export const a = {\n\n" * (n // 20),
    "question lines": lambda n: "a\n?\n" * (n // 4),
    "separators": lambda n: "a::b " * (n // 5),
    "headings": lambda n: "### a?\n" * (n // 7),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_reading_takes_time_that_grows_with_the_length(make: Callable[[int], str]) -> None:
    words = Vocabulary(notes=True, heading_level=3)

    def seconds(length: int) -> float:
        text = make(length)
        start = time.process_time()
        read(text, "case.mdx", words)
        return time.process_time() - start

    small, large = min(seconds(4_000) for _ in range(2)), min(seconds(16_000) for _ in range(2))
    assert large <= max(8 * small, 1.0)
