"""What fits, what goes on, and that nothing is lost or leaves the safe area."""

import re
from itertools import pairwise

import pypdfium2 as pdfium
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pdf_samples import MM, body, collect, flash, head, make, open_pdf, para, text_of

from cardforge.diagnostics import Code as Slug
from cardforge.doc import (
    Align,
    Block,
    Cell,
    Code,
    CodeBlock,
    Inline,
    LineBreak,
    List,
    ListItem,
    Mark,
    Marked,
    Math,
    MathBlock,
    Quote,
    Table,
    Text,
)
from cardforge.model import Scenario

SAFE = 25.4 / 8 * MM  # an eighth of an inch, which print shops ask for


def words(count: int, start: int = 0) -> str:
    return " ".join(f"word{start + i}" for i in range(count))


def sizes(data: bytes, page: int = 0) -> list[float]:
    """The heights of a page's letters "x", from top to bottom of the page."""
    text = open_pdf(data)[page].get_textpage()
    found = [text.get_charbox(i) for i in range(text.count_chars()) if text.get_text_range(i, 1) == "x"]
    return [round(top - bottom, 2) for _, bottom, _, top in found]


def test_a_short_question_is_larger_than_a_long_one() -> None:
    short, _ = make(collect([flash("xenon?", "b")]))
    long, _ = make(collect([flash(f"xenon {words(70)}?", "b")]))
    assert sizes(short)[0] > sizes(long)[0] * 1.4


def test_all_text_of_an_overflowing_answer_is_on_its_pages_in_order() -> None:
    blocks = [words(120, 1000 * i) for i in range(5)]
    data, sink = make(collect([flash("How much fits?", body(*blocks))]))
    texts = text_of(data)
    assert len(texts) > 2
    found = re.findall(r"word\d+", " ".join(texts))
    assert found == " ".join(blocks).split()
    for at, text in enumerate(texts):
        assert f"({at + 1}/{len(texts)})" in text
        assert "How much fits?" in text
    assert not list(sink)


def test_a_paragraph_is_never_split_into_a_single_line() -> None:
    data, _ = make(collect([flash("Split?", body(*(words(47, 100 * i) for i in range(9))))]))
    for page in open_pdf(data):
        text = page.get_textpage()
        lines = [line for line in text.get_text_bounded().splitlines() if "word" in line]
        groups = [int(re.findall(r"word(\d+)", line)[0]) // 100 for line in lines]
        for paragraph in set(groups):
            assert groups.count(paragraph) != 1


def test_a_long_question_goes_on_and_the_answer_stands_below_its_end() -> None:
    situation = words(400)
    card = Scenario(head(), body(situation), body("Was it right?"), "Yes", body("Because it was."))
    texts = text_of(make(collect([card]))[0])
    assert len(texts) > 1
    assert re.findall(r"word\d+", " ".join(texts)) == situation.split()
    assert all("Because" not in text for text in texts[:-1])
    assert "Was it right?" in texts[-1]
    assert "Because it was." in texts[-1]


def test_a_table_repeats_its_head_and_keeps_its_rows_whole() -> None:
    rows = tuple((Cell((Text(f"term{i}"),)), Cell((Text(words(20)),))) for i in range(20))
    table = Table((Align.NONE, Align.NONE), (Cell((Text("Term"),)), Cell((Text("Meaning"),))), rows)
    texts = text_of(make(collect([flash("Table?", body(table))]))[0])
    assert len(texts) > 1
    assert all("Term Meaning" in text for text in texts)
    for text in texts:
        assert text.count("word19") == len(re.findall(r"term\d+", text))
    assert re.findall(r"term\d+", " ".join(texts)) == [f"term{i}" for i in range(20)]


def test_code_keeps_its_lines_and_wraps_long_ones_below_an_arrow() -> None:
    code = "\n".join(f"line_{i} = call(argument_{i})" for i in range(40))
    texts = text_of(make(collect([flash("Code?", body(CodeBlock(code, "python")))]))[0])
    assert re.findall(r"line_\d+ = call\(argument_\d+\)", " ".join(texts)) == code.splitlines()
    (text,) = text_of(make(collect([flash("Code?", body(CodeBlock("x" * 200)))]))[0])
    assert "↪" in text
    assert text.count("x") == 200


def test_a_tab_in_right_to_left_code_is_as_wide_as_four_blanks() -> None:
    data, _ = make(collect([flash("a", body(para(Code("x\t\u05d0"))))]))
    assert "\u05d0" in text_of(data)[0]


def test_a_formula_is_never_cut() -> None:
    blocks: list[Block] = [MathBlock(r"\frac{a}{b}") for _ in range(12)]
    document = open_pdf(make(collect([flash("Formulas?", body(*blocks))]))[0])
    bars = [
        sum(1 for obj in page.get_objects() if obj.type == 2 and 3 < obj.get_bounds()[2] - obj.get_bounds()[0] < 15)
        for page in document
    ]  # 2: path; the fractions' rules
    assert sum(bars) == 12


def test_a_mark_beside_a_row_made_small_stays_in_the_safe_area() -> None:
    table = Table((Align.NONE,) * 4, tuple(Cell((Text("word " * 30),)) for _ in range(4)), ())
    data, _ = make(collect([flash("a", body(List((ListItem((table,)),))))]), told={"size": "45x45mm"})
    assert [outside(page) for page in open_pdf(data)] == [[]]


def test_a_table_of_very_many_columns_is_reported_as_too_wide() -> None:
    cells = tuple(Cell((Text("value"),)) for _ in range(40))
    table = Table((Align.NONE,) * 40, cells, (cells,))
    _, sink = make(collect([flash("Wide?", body(table))]))
    assert [d.code for d in sink] == [Slug.TOO_WIDE]


LETTERS = st.sampled_from("aeinx WQ.,-/ \n\u00ad\u200b\u00a0(){}éạ́Ωж→∑אبت١ﷺ\u0301\u202e\u2067中😀\t")
CHARS = st.one_of(LETTERS, st.characters(codec="utf-8"))
PROSE = st.one_of(
    st.text(CHARS, max_size=60),
    st.lists(st.sampled_from(["policy", "reward", "a", "Donaudampfschifffahrt", "x" * 90]), max_size=60).map(" ".join),
)
INLINES: st.SearchStrategy[Inline] = st.recursive(
    st.one_of(
        PROSE.map(Text),
        PROSE.map(Code),
        st.sampled_from([Math(r"\frac{\frac{a}{b}}{c}"), Math("+".join("abcdefghij" * 9)), LineBreak()]),
    ),
    lambda inner: st.builds(Marked, st.sampled_from(Mark), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
PARAGRAPHS = st.lists(INLINES, max_size=5).map(lambda children: para(*children))


def tables(cell: st.SearchStrategy[Cell]) -> st.SearchStrategy[Table]:
    def of(columns: int) -> st.SearchStrategy[Table]:
        row = st.tuples(*[cell] * columns)
        align = st.tuples(*[st.sampled_from(Align)] * columns)
        return st.builds(Table, align, row, st.lists(row, max_size=4).map(tuple))

    return st.integers(1, 6).flatmap(of)


BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.one_of(
        PARAGRAPHS,
        st.builds(CodeBlock, st.text(CHARS, max_size=200), st.sampled_from(["", "python"])),
        st.just(MathBlock(r"\sum_{i=1}^n \frac{x_i}{y_i}")),
        tables(st.lists(INLINES, max_size=2).map(lambda children: Cell(tuple(children)))),
    ),
    lambda inner: st.one_of(
        st.builds(
            List,
            st.lists(st.lists(inner, max_size=2).map(lambda blocks: ListItem(tuple(blocks))), max_size=3).map(tuple),
            st.sampled_from([None, 1, 98]),
        ),
        st.lists(inner, max_size=2).map(lambda blocks: Quote(tuple(blocks))),
    ),
    max_leaves=6,
)


def outside(page: pdfium.PdfPage) -> list[tuple[float, ...]]:
    """The boxes of what is drawn beyond the safe area."""
    text = page.get_textpage()
    boxes = [text.get_charbox(i) for i in range(text.count_chars())]
    boxes += [obj.get_bounds() for obj in page.get_objects(max_depth=1)]
    slack = 0.2
    width, height = page.get_size()
    return [
        (left, bottom, right, top)
        for left, bottom, right, top in boxes
        if right > left
        and top > bottom
        and (
            left < SAFE - slack or bottom < SAFE - slack or right > width - SAFE + slack or top > height - SAFE + slack
        )
    ]


QUICK = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # to explain a failure of such trees takes minutes
SIZES = st.one_of(
    st.sampled_from(["A6", "poker", "3x5"]), st.builds("{:.1f}x{:.1f}mm".format, st.floats(45, 230), st.floats(45, 300))
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.lists(BLOCKS, max_size=4), st.lists(BLOCKS, max_size=4), SIZES, st.sampled_from(["page", "duplex"]))
def test_nothing_leaves_the_safe_area_whatever_a_card_holds(
    question: list[Block], answer: list[Block], size: str, layout: str
) -> None:
    data, _ = make(collect([flash(body(*question), body(*answer))]), told={"size": size, "layout": layout})
    document = open_pdf(data)
    assert len(document) >= 1
    for page in document:
        assert outside(page) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 130), min_size=1, max_size=6))
def test_no_word_is_lost_and_none_is_set_twice(lengths: list[int]) -> None:
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    blocks = [words(length, start) for start, length in zip(starts, lengths, strict=True)]
    texts = text_of(make(collect([flash("Asked?", body(*blocks))]))[0])
    found = [int(number) for number in re.findall(r"word(\d+)", " ".join(texts))]
    assert found == list(range(sum(lengths)))
    assert all(after == before + 1 for before, after in pairwise(found))


def test_an_answer_a_little_too_long_is_set_closer_before_it_takes_a_second_page() -> None:
    sentences = [f"Sentence number {at} says something of about eighty characters in the end." for at in range(1, 12)]
    spread = [para(" ".join(sentences[at : at + 3])) for at in range(0, 11, 3)]
    pages = text_of(make(collect([flash("Why set it close?", body(*spread))]))[0])
    assert len(pages) == 1
    assert "number 11" in pages[0]
