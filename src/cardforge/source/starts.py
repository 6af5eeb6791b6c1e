"""How the questions of a section start: by a numbered paragraph, an ordered item or a heading."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from enum import Enum, auto

from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.labels import NUMBERED, has_question_colon
from cardforge.values import dataclass


class Form(Enum):
    """What starts a question. The order is the preference where a section does not tell."""

    __hash__ = object.__hash__  # as BlockKind's

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()


_FORMS = {
    BlockKind.HEADING: Form.HEADING,
    BlockKind.PARAGRAPH: Form.PARAGRAPH,
    BlockKind.ITEM: Form.ITEM,
}
"""The form in which a block of each kind may start a question."""


@dataclass(frozen=True, slots=True)
class Start:
    """A form, and the column at which it stands: a list in a question is not a list of questions."""

    form: Form
    indent: int = 0


def starts_with(block: RawBlock, start: Start) -> bool:
    """Whether a block starts a question in the given way."""
    return block.indent == start.indent and _starts(block, start.form)


def _starts(block: RawBlock, form: Form) -> bool:
    match form:
        case Form.HEADING:
            # A heading that asks nothing has divided the file, and is in no region.
            return block.kind is BlockKind.HEADING
        case Form.PARAGRAPH:
            return block.kind is BlockKind.PARAGRAPH and _numbered(block.text)
        case Form.ITEM:
            return block.kind is BlockKind.ITEM and bool(block.number)


def number_of(block: RawBlock) -> int:
    """The number a question starts with, 0 if it has none."""
    text = block.inner.text if block.kind is BlockKind.HEADING and block.inner else block.text
    match = NUMBERED.match(text)
    return int(block.number or (match["number"] if match else 0))


def start_of(blocks: Sequence[RawBlock], is_answer: Callable[[int], bool]) -> Start | None:
    """The one way in which a section's questions start; what looks like another is content of the questions.

    Taken is what starts most of the answers' questions, and of these what occurs least often beyond that: in
    ``**1. Put in order:**`` followed by a list 1 to 3, the list is content.
    """
    answers = [i for i in range(len(blocks)) if is_answer(i)]
    found: dict[Start, list[int]] = {}
    for index, block in enumerate(blocks):
        form = _FORMS.get(block.kind)
        if form and _starts(block, form):
            found.setdefault(Start(form, block.indent), []).append(index)
    best: tuple[tuple[int, int, int, int], Start] | None = None
    for start, at in found.items():
        # A question is served if one starts between the answer before it and its own.
        served = len({bisect_right(answers, index) for index in at if index < answers[-1]}) if answers else 0
        rank = (served, served - len(at), -start.indent, -list(Form).index(start.form))
        if served and (best is None or rank > best[0]):
            best = (rank, start)
    return best[1] if best else None


def _numbered(text: str) -> bool:
    return NUMBERED.match(text) is not None or (has_question_colon(text) and re.match(r"\D*\d", text) is not None)
