"""What the shapes see of a region and what they claim of it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import passage
from cardforge.source.labels import (
    ANSWER_COLON,
    ANSWER_PERIOD,
    OPTION_B,
    QUESTION_COLON,
    QUESTION_PERIOD,
    REMEMBERED,
    has_question_colon,
    is_answer_label,
    is_hint_label,
)
from cardforge.source.raw import RawCard
from cardforge.source.regions import Region
from cardforge.source.starts import Start
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary

_OPTION_A = re.compile(r"\W*A\W")


@dataclass(frozen=True, slots=True)
class View:
    """What a shape may look at: a region and its blocks, how its questions start and where the last card ended."""

    file: str
    region: Region
    blocks: Sequence[RawBlock]
    vocabulary: Vocabulary
    start: Start | None
    floor: int = 0

    def is_answer(self, index: int) -> bool:
        """Whether the block is a fold, or a lone label, that announces an answer."""
        block = self.blocks[index]
        if block.kind not in (BlockKind.DETAILS, BlockKind.LABEL) or block.summary is None:
            return False
        return is_answer_label(block.summary.text, self.vocabulary)

    def solves(self, index: int) -> bool:
        """Whether the block answers a question: by a fold, a lone label, or as the first of some options."""
        mark = self.blocks[index].option
        return (mark is not None and mark.first and bool(mark.solved or mark.letter)) or self.is_answer(index)

    def is_hint(self, index: int) -> bool:
        """Whether the block is a fold that announces a hint."""
        block = self.blocks[index]
        folded = block.kind in (BlockKind.DETAILS, BlockKind.LABEL)
        return folded and block.summary is not None and is_hint_label(block.summary.text)

    def question_label(self, index: int) -> re.Pattern[str] | None:
        """The label by which a paragraph says that it is a question ("Q:"), if it does."""
        block = self.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            return None
        if has_question_colon(block.text):
            return QUESTION_COLON
        period = self.region.kind is Kind.FLASHCARD or self.region.pasted
        return QUESTION_PERIOD if period and QUESTION_PERIOD.match(block.text) else None

    def answer_label(self, index: int) -> re.Pattern[str] | None:
        """The label by which a paragraph says that it is an answer ("A:"), if it does."""
        block = self.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            return None
        return answer_label(block.text)


@dataclass(frozen=True, slots=True)
class Claim:
    """A card and the blocks ``[start, end)`` of the region that belong to it."""

    card: RawCard
    start: int
    end: int


def kind_in(view: View, elsewhere: Kind) -> Kind:
    """The kind of a card that is no scenario: its section's, or ``elsewhere`` outside such sections."""
    return elsewhere if view.region.kind in (None, Kind.SCENARIO) else view.region.kind


def _hints(view: View, start: int, end: int) -> dict[int, int]:
    """The hints between two blocks: where each starts and where it ends. A hint without a fold runs to the answer."""
    found = [i for i in range(start, end) if view.is_hint(i)]
    return {i: i + 1 if view.blocks[i].kind is BlockKind.DETAILS else end for i in found}


def hint_in(view: View, start: int, end: int) -> Passage | None:
    """The hints between two blocks, as one."""
    lines: list[Line] = []
    for at, after in _hints(view, start, end).items():
        block = view.blocks[at]
        told = block.inner if block.kind is BlockKind.DETAILS else passage(view.file, view.blocks[at + 1 : after])
        if told:
            lines += [*([Line("", told.lines[0].number)] if lines else []), *told.lines]
    return join(view.file, lines) if lines else None


def without_hints(view: View, start: int, end: int) -> list[RawBlock]:
    """The blocks between two that belong to no hint."""
    hidden = {i for at, after in _hints(view, start, end).items() for i in range(at, after)}
    return [view.blocks[i] for i in range(start, end) if i not in hidden]


@lru_cache(maxsize=REMEMBERED)
def answer_label(text: str) -> re.Pattern[str] | None:
    """The label by which a text says that it is an answer; an ``A.`` with a ``B.`` below it is an option."""
    label = ANSWER_COLON if ANSWER_COLON.match(text) else ANSWER_PERIOD if ANSWER_PERIOD.match(text) else None
    if label and _OPTION_A.match(text) and OPTION_B.match(text, text.find("\n") + 1 or len(text)):
        return None
    return label
