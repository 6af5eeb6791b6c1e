"""How the questions of a section start: by a numbered paragraph, an ordered item or a numbered heading."""

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto

from cardforge.source.blocks import BlockKind, RawBlock
from cardforge.source.labels import NUMBERED, QUESTION_COLON


class Form(Enum):
    """What starts a question. The order is the preference where a section does not tell."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()


def starts_with(block: RawBlock, form: Form) -> bool:
    """Whether a block starts a question in the given form."""
    match form:
        case Form.HEADING:
            return block.kind is BlockKind.HEADING and block.inner is not None and _numbered(block.inner.text)
        case Form.PARAGRAPH:
            return block.kind is BlockKind.PARAGRAPH and _numbered(block.text)
        case Form.ITEM:
            return block.kind is BlockKind.ITEM and bool(block.number)


def number_of(block: RawBlock) -> int:
    """The number a question starts with, 0 if it has none."""
    text = block.inner.text if block.kind is BlockKind.HEADING and block.inner else block.text
    match = NUMBERED.match(text)
    return int(block.number or (match["number"] if match else 0))


def form_of(blocks: Sequence[RawBlock], is_answer: Callable[[int], bool]) -> Form | None:
    """The one form in which a section's questions start, the other forms being content of the questions.

    Taken is the form that starts most of the answers' questions, and of these the one that occurs least often beyond
    that: in ``**1. Put in order:**`` followed by a list 1 to 3, the list is content.
    """
    answers = [i for i in range(len(blocks)) if is_answer(i)]
    best: tuple[tuple[int, int], Form] | None = None
    for form in Form:
        starts = [i for i, block in enumerate(blocks) if starts_with(block, form)]
        gaps = zip([-1, *answers], answers, strict=False)
        served = sum(any(before < start < answer for start in starts) for before, answer in gaps)
        rank = (served, served - len(starts))
        if served and (best is None or rank > best[0]):
            best = (rank, form)
    return best[1] if best else None


def _numbered(text: str) -> bool:
    return NUMBERED.match(text) is not None or (
        QUESTION_COLON.match(text) is not None and re.match(r"\D*\d", text) is not None
    )
