"""What a package says of its notes in short: read off their fields, at a glance or in full alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.backends.anki.shown import words_in

_PIECES = st.sampled_from(
    ["word ", "a", " ", "  ", "&amp;", "&#91;", "[", "{{c1::x}}", "\\(x\\)", "é", "\xa0", "\t", "…", "字", "x" * 40]
)


@given(st.lists(st.one_of(st.just("word "), _PIECES), max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_a_field_of_mere_words_says_what_it_says_with_a_mark_in_it(text: str) -> None:
    assert words_in(f'<p dir="auto">{text}</p>') == words_in(f'<p dir="auto"><b></b>{text}</p>')


def test_a_long_field_is_cut() -> None:
    text = "word " * 60
    assert words_in(f'<p dir="auto">{text}</p>') == text[:159].rstrip() + "…"
