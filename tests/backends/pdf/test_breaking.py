"""Where lines end: spaces, hyphens, kinsoku, the least ragged edge."""

from collections.abc import Callable
from itertools import accumulate, combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_samples import body, collect, flash, make, open_pdf, para

from cardforge.backends.pdf.text.breaking import Measures, greedy, pieces, smooth
from cardforge.backends.pdf.text.characters import graphemes
from cardforge.backends.pdf.text.dictionaries import hyphenator
from cardforge.doc import Code
from command import cardforge, write


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("การเรียนรู้นโยบาย", ["การ", "เรียน", "รู้", "นโยบาย"]),
        ("ພາສາລາວ", ["ພາສາ", "ລາວ"]),
        ("ភាសាខ្មែរជាភាសា", ["ភាសាខ្មែរ", "ជា", "ភាសា"]),
        ("မြန်မာဘာသာစကား", ["မြန်မာဘာသာ", "စကား"]),
        ("བོད་ཡིག་", ["བོད་", "ཡིག་"]),
        ("አማርኛ፡ቋንቋ", ["አማርኛ፡", "ቋንቋ"]),
        ("😀ไทย(ภาษา) abc", ["😀ไทย(ภาษา)", "abc"]),
        ("KL-เรียนรู้", ["KL-", "เรียน", "รู้"]),
    ],
)
def test_words_of_scripts_without_spaces_are_found(text: str, parts: list[str], need: Callable[[str], str]) -> None:
    need("icu4py")
    assert cut(text) == parts


def test_without_icu_such_scripts_end_a_line_only_where_they_must_and_others_are_the_same(tmp_path: Path) -> None:
    latin = "Q: Plain text and/or long-ish words, 2024—25?\n\nA: 「強化」学習 und Größe.\n"
    thai = "Q: Thai?\n\nA: การเรียนรู้นโยบายที่ทำให้รางวัลสะสมมีค่าสูงสุดโดยการโต้ตอบกับสิ่งแวดล้อมการเรียนรู้นโยบายที่ทำให้รางวัลสะสม\n"
    missing = "raise ModuleNotFoundError(\"No module named 'icu4py'\", name='icu4py')\n"
    folder = write(tmp_path, {"latin.md": latin, "thai.md": thai, "less/icu4py.py": missing})
    products = {}
    for less in (False, True):
        for name in ("latin", "thai"):
            env = {"PYTHONPATH": "less"} if less else {}
            done = cardforge(folder, "build", "pdf", f"{name}.md", "-o", "out.pdf", "--strict", env=env)
            assert done.status == 0, done.stdout
            products[name, less] = (folder / "out.pdf").read_bytes()
    assert products["latin", False] == products["latin", True]
    assert products["thai", False] != products["thai", True]


def hyphenated(text: str, language: str) -> list[str]:
    """The pieces of a text that may be hyphenated."""
    return [f"{piece.text}{'~' * piece.hyphen}" for piece in pieces(text, hyphenator(language))]


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("The optimization.", "en", ["The", "op~", "tim~", "iz~", "a~", "tion."]),
        ("Wahrscheinlichkeit", "de-AT", ["Wahr~", "schein~", "lich~", "keit"]),
        ("(régularisation)", "fr", ["(ré~", "gu~", "la~", "ri~", "sa~", "tion)"]),
        ("Short words stay", "en", ["Short", "words", "stay"]),
        ("CAPITALS layer42 optimization/regularization a@optimization", "en", None),
        ("asszonnyal", "hu", ["asszonnyal"]),
        ("強化学習", "zh", ["強", "化", "学", "習"]),
    ],
)
def test_words_are_hyphenated_by_their_languages_patterns(
    text: str, language: str, parts: list[str] | None, need: Callable[[str], str]
) -> None:
    need("pyphen")
    if parts is None:
        assert not any(part.endswith("~") for part in hyphenated(text, language))
    else:
        assert hyphenated(text, language) == parts


def test_hyphens_show_at_line_ends_only_and_words_are_found_whole() -> None:
    word = "Wahrscheinlichkeitsverteilung"
    card = flash(body(para(Code(word))), " ".join([word] * 8))
    plain, _ = make(collect([card], language="de"))
    data, sink = make(collect([card], language="de"), told={"hyphenate": True})
    assert not list(sink)
    page = open_pdf(data)[0]
    text = page.get_textpage().get_text_bounded()
    assert "\x02" in text  # what PDFium gives for a hyphen that a line end made
    assert "\x02" not in open_pdf(plain)[0].get_textpage().get_text_bounded()
    assert "".join(text.replace("\x02", "").split()).count(word) == 9


def test_a_soft_hyphen_is_seen_where_a_line_ends_and_not_found_elsewhere() -> None:
    data, _ = make(collect([flash("?", "Wahr\u00adschein\u00adlich\u00adkeits\u00adverteilung " * 8)]))
    text = open_pdf(data)[0].get_textpage().get_text_bounded()
    assert "\u00ad" not in text
    assert "\x02" in text
    assert "".join(text.replace("\x02", "").split()).count("Wahrscheinlichkeitsverteilung") == 8


def test_hyphenation_without_its_library_names_the_extra(tmp_path: Path) -> None:
    missing = "raise ModuleNotFoundError(\"No module named 'pyphen'\", name='pyphen')\n"
    folder = write(tmp_path, {"cards.md": "Q: What is asked?\n\nA: This.\n", "less/pyphen.py": missing})
    done = cardforge(folder, "build", "pdf", "cards.md", "--hyphenate", env={"PYTHONPATH": "less"})
    assert done.status == 3
    assert "python -m pip install 'cardforge[hyphen]'" in done.stdout
    assert cardforge(folder, "build", "pdf", "cards.md", env={"PYTHONPATH": "less"}).status == 0


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


@given(st.lists(st.integers(1, 9), min_size=2, max_size=9), st.integers(9, 24), st.booleans(), st.booleans())
def test_of_all_ways_with_the_fewest_lines_the_least_ragged_is_taken(
    widths: list[int],
    width: int,
    balanced: bool,  # noqa: FBT001 - drawn
    hyphened: bool,  # noqa: FBT001 - drawn
) -> None:
    count = len(widths)
    extra = [0.5 if hyphened and at < count - 1 and at % 3 == 0 else 0.0 for at in range(count)]
    measures = Measures(
        list(accumulate([each + 1.0 for each in widths], initial=0.0)), [1.0] * count, extra, range(count)
    )

    def cost(ends: tuple[int, ...]) -> tuple[int, float]:
        starts = (0, *(end + 1 for end in ends[:-1]))
        lines = [measures.width(start, end) for start, end in zip(starts, ends, strict=True)]
        if max(lines) > width:
            return count + 1, 0.0
        judged = lines if balanced else lines[:-1]
        ragged = sum(((width - line) / width) ** 3 for line in judged) + 0.03 * sum(extra[end] > 0 for end in ends)
        return len(ends), ragged + (0.03 if not balanced and lines[-1] < 0.12 * width else 0.0)

    ways = [(*inner, count - 1) for size in range(count) for inner in combinations(range(count - 1), size)]
    best = min(map(cost, ways))
    found = cost(tuple(smooth(measures, width, balanced=balanced)))
    if best[0] <= count and best[0] > 1:
        assert found[0] == best[0]
        assert found[1] == pytest.approx(best[1], abs=1e-6)


def test_balanced_lines_are_of_like_length() -> None:
    set_ = measures([1.0] * 10)
    assert greedy(set_, 8.6) == [6, 9]
    assert smooth(set_, 8.6, balanced=True) == [4, 9]
