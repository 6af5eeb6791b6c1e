"""Where a gap begins or ends is no character of the text: marks beside it open and close as they would without it."""

import pytest

from cardforge.body import Notation, read_body
from cardforge.diagnostics import Sink
from cardforge.doc import Gap, Mark, Marked, Paragraph, Text
from cardforge.passage import Line, Passage

BOLD, EMPHASIS = (Marked(mark, (Text("b"),)) for mark in (Mark.STRONG, Mark.EMPHASIS))


@pytest.mark.parametrize("before", ["", "a "])
@pytest.mark.parametrize(
    ("written", "marked"), [("_b_", EMPHASIS), ("*b*", EMPHASIS), ("__b__", BOLD), ("**b**", BOLD)]
)
def test_marks_inside_a_gap(before: str, written: str, marked: Marked) -> None:
    sink = Sink()
    passage = Passage("a.md", (Line(f"{before}{{{{c1::{written}}}}} c", 1),))
    body = read_body(passage, lambda *_: "", sink, Notation.BRACES)
    text = (Text(before),) if before else ()
    assert body.blocks == (Paragraph((*text, Gap(1, (marked,)), Text(" c"))),)
    assert not list(sink)
