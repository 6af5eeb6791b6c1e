"""What identity asks of a card's answer: as much of it as is kept in short, and how many words all of it has."""

from hypothesis import example, given
from hypothesis import strategies as st

from cardforge.diagnostics import Span
from cardforge.doc import Code, Paragraph, Text, plain_text
from cardforge.identity.told import in_short, told_of
from cardforge.model import Body, Flashcard, Head

_WORDS = st.lists(st.sampled_from(["a", "a", "I", "word", "\x01", "é", "x" * 40]), max_size=200).map(" ".join)


@given(text=_WORDS, marked=st.booleans())
@example(text="a " * 79, marked=False)
@example(text="a " * 81, marked=False)
@example(text="a " * 200, marked=True)
def test_an_answer_in_short_is_what_the_whole_answer_is_in_short(*, text: str, marked: bool) -> None:
    blocks = (Paragraph((Text(text), *([Code("x")] * marked))),)
    told = told_of(Flashcard(Head(Span("a.md", 1, 1, 1, 2), "A"), Body("Why?", ()), Body(text, blocks)))
    whole = plain_text(blocks)
    assert told.answer_text == in_short(whole).encode()
    assert told.answer_words == len(whole.split())
