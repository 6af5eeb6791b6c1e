"""Where lines end: spaces, hyphens, kinsoku, the least ragged edge."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.backends.pdf.breaking import Measures, greedy, pieces, smooth
from cardforge.backends.pdf.characters import graphemes


def cut(text: str) -> list[str]:
    """The pieces of a text between which a line may end."""
    parts = [""]
    for piece in pieces(text):
        parts[-1] += piece.text
        if piece.ends:
            parts.append("")
    return [part for part in parts if part]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("two words", ["two", "words"]),
        ("non\u00a0breaking\u202fspaces", ["non\u00a0breaking\u202fspaces"]),
        ("log-ratio", ["log-", "ratio"]),
        ("--flag -1 2024-11-03", ["--flag", "-1", "2024-11-03"]),
        ("and/or 1/2", ["and/", "or", "1/2"]),
        ("word—word", ["word—", "word"]),
        ("soft\u00adhyphen", ["soft\u00ad", "hyphen"]),
        ("強化学習。", ["強", "化", "学", "習。"]),
        ("「強化」学", ["「強", "化」", "学"]),
        ("ラーメン", ["ラー", "メ", "ン"]),
        ("RL強化", ["RL", "強", "化"]),
    ],
)
def test_a_line_may_end(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_graphemes_stay_whole() -> None:
    assert graphemes("e\u0301a👍🏽🇩🇪👩\u200d👩") == ["e\u0301", "a", "👍🏽", "🇩🇪", "👩\u200d👩"]


def measures(widths: list[float]) -> Measures:
    before = list(accumulate((width + 0.25 for width in widths), initial=0.0))
    return Measures(before, [0.25] * len(widths), [0.0] * len(widths), list(range(len(widths))))


@pytest.mark.parametrize("balanced", [False, True])
@given(widths=st.lists(st.floats(0.1, 9), min_size=1, max_size=60), width=st.floats(9, 40))
def test_smooth_lines_fit_and_are_no_more_than_greedy_ones(
    *, widths: list[float], width: float, balanced: bool
) -> None:
    set_ = measures(widths)
    lines = smooth(set_, width, balanced=balanced)
    assert lines[-1] == len(widths) - 1
    assert lines == sorted(set(lines))
    firsts = [0, *(last + 1 for last in lines[:-1])]
    assert all(set_.width(first, last) <= width * (1 + 1e-6) for first, last in zip(firsts, lines, strict=True))
    assert len(lines) == len(greedy(set_, width))


def test_balanced_lines_are_of_like_length() -> None:
    set_ = measures([1.0] * 10)
    assert greedy(set_, 8.6) == [6, 9]
    assert smooth(set_, 8.6, balanced=True) == [4, 9]
