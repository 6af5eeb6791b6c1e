"""The bidirectional algorithm: Unicode's conformance data, and how mixed lines come out in print."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_samples import body, collect, flash, make, open_pdf

from cardforge.backends.pdf.text.bidi import direction, levels, visual_order

CONTROLS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def visual(text: str, base: int) -> str:
    """The characters of a text from left to right; a bracket that a font would mirror is as it was typed."""
    return "".join(text[i] for i in visual_order(levels(text, base))).translate(CONTROLS)


@pytest.mark.parametrize(
    ("logical", "base", "shown"),
    [
        ("plain words", 0, "plain words"),
        ("abc אבג def", 0, "abc גבא def"),
        ("abc אבג 123 def", 0, "abc 123 גבא def"),
        ("abc אבג 123 def", 1, "def 123 גבא abc"),
        ("אבג (abc) דהו", 1, "והד )abc( גבא"),
        ("a (אבג) b", 0, "a (גבא) b"),
        ("אב [12] גד", 1, "דג ]12[ בא"),
        ("بت 1+2", 1, "2+1 تب"),
        ("אב 1+2", 1, "1+2 בא"),
        ("אב 5%", 1, "5% בא"),
        ("a\u2067אב c\u2069d", 0, "ac באd"),
        ("\u202eabc\u202c", 0, "cba"),
    ],
)
def test_visual_order(logical: str, base: int, shown: str) -> None:
    assert visual(logical, base) == shown


def test_unicodes_conformance_data(need: Callable[[str], str]) -> None:
    lines = Path(need("BidiCharacterTest.txt")).read_text("utf-8").splitlines()
    cases = [line for line in lines if line and not line.startswith("#")]
    assert len(cases) > 90_000
    assert not [case for case in cases if not conforms(case)]


def conforms(case: str) -> bool:
    """Whether a line of the data holds: code points; direction asked for; paragraph level; levels; visual order."""
    codes, asked, base, expected, order = (field.split() for field in case.split(";"))
    text = "".join(chr(int(code, 16)) for code in codes)
    own = int(asked[0]) if asked != ["2"] else direction(text) or 0
    found = levels(text, own)
    kept = [at for at, level in enumerate(expected) if level != "x"]  # the others are formats, which take no place
    visual = [at for at in visual_order(found) if expected[at] != "x"]
    return [str(own)] == base and all(str(found[at]) == expected[at] for at in kept) and visual == list(map(int, order))


def test_a_bracket_pair_takes_the_side_of_what_stands_before_it() -> None:
    # N0: in a left-to-right paragraph the brackets hold only Hebrew and follow Hebrew, so they belong to it.
    assert visual("אב(גד)x", 0) == ")דג(באx"


def test_direction_is_that_of_the_first_strong_letter_outside_isolates() -> None:
    assert direction("... שלום hello") == 1
    assert direction("hello שלום") == 0
    assert direction("\u2067שלום\u2069 hello") == 0
    assert direction("123, 4!") is None


def test_a_mixed_line_is_set_in_visual_order() -> None:
    data, _ = make(collect([flash("Order?", body("abc אבג def"))]))
    text = open_pdf(data)[0].get_textpage()
    places: dict[str, float] = {}
    for i in range(text.count_chars()):
        left, bottom, _, _ = text.get_charbox(i)
        if bottom < 148:
            places.setdefault(text.get_text_range(i, 1), left)
    order = sorted((left, char) for char, left in places.items() if char in "cאגd")
    assert [char for _, char in order] == ["c", "ג", "א", "d"]


def test_a_right_to_left_paragraph_stands_at_the_right() -> None:
    data, _ = make(collect([flash("Side?", body("שלום לכולם", "hello"))]))
    text = open_pdf(data)[0].get_textpage()
    boxes = {text.get_text_range(i, 1): text.get_charbox(i) for i in range(text.count_chars())}
    assert boxes["ש"][2] > 300
    assert boxes["h"][0] < 60
