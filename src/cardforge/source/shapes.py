"""The shapes a card may have in a source, one row each.

A shape looks at one block of a region, the *anchor*, and at the blocks around it; if the anchor makes a card, the
shape claims the blocks that belong to it. The rows are tried in order; what no row claims is a lead-in or is
reported. To add a shape, write its function and add its row to :data:`SHAPES` (``docs/architecture.md``).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cardforge.model import Kind
from cardforge.passage import Passage, join
from cardforge.source.blocks import BlockKind, RawBlock
from cardforge.source.fields import asked, passage, unlabel
from cardforge.source.labels import (
    ANSWER_COLON,
    ANSWER_PERIOD,
    NUMBERED,
    QUESTION_COLON,
    QUESTION_PERIOD,
    SCENARIO,
    Vocabulary,
    is_answer_label,
    is_hint_label,
)
from cardforge.source.raw import RawCard
from cardforge.source.regions import Region
from cardforge.source.starts import Form, starts_with


@dataclass(frozen=True, slots=True)
class View:
    """What a shape may look at: a region's blocks, where the last card ended and how this region's questions start."""

    file: str
    region: Region
    vocabulary: Vocabulary
    form: Form | None
    floor: int = 0

    @property
    def blocks(self) -> Sequence[RawBlock]:
        """The region's blocks."""
        return self.region.blocks

    def is_answer(self, index: int) -> bool:
        """Whether the block is a fold, or a lone label, that announces an answer."""
        block = self.blocks[index]
        if block.kind not in (BlockKind.DETAILS, BlockKind.LABEL) or block.summary is None:
            return False
        return is_answer_label(block.summary.text, self.vocabulary)

    def is_hint(self, index: int) -> bool:
        """Whether the block is a fold that announces a hint."""
        block = self.blocks[index]
        return block.kind is BlockKind.DETAILS and block.summary is not None and is_hint_label(block.summary.text)

    def question_label(self, index: int) -> re.Pattern[str] | None:
        """The label by which a paragraph says that it is a question ("Q:"), if it does."""
        block = self.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            return None
        if QUESTION_COLON.match(block.text):
            return QUESTION_COLON
        period = self.region.kind is Kind.FLASHCARD or self.region.pasted
        return QUESTION_PERIOD if period and QUESTION_PERIOD.match(block.text) else None

    def answer_label(self, index: int) -> re.Pattern[str] | None:
        """The label by which a paragraph says that it is an answer ("A:"), if it does."""
        block = self.blocks[index]
        if block.kind is not BlockKind.PARAGRAPH:
            return None
        labels = (ANSWER_COLON, ANSWER_PERIOD)
        return next((label for label in labels if label.match(block.text)), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A card and the blocks ``[start, end)`` of the region that belong to it."""

    card: RawCard
    start: int
    end: int


Shape = Callable[[View, int], Claim | None]


def labelled_details(view: View, at: int) -> Claim | None:
    """Shape 1: a fold whose summary only announces the answer. Shape 5 in a scenario section."""
    fold = view.blocks[at]
    if fold.kind is not BlockKind.DETAILS or not view.region.open or not view.is_answer(at):
        return None
    answer = fold.inner or Passage(view.file, ())
    return _ask(view, at, at, answer, at + 1)


def details_with_question(view: View, at: int) -> Claim | None:
    """Shape 2: a fold whose summary is the question."""
    fold = view.blocks[at]
    if fold.kind is not BlockKind.DETAILS or fold.summary is None or not fold.summary or not view.region.open:
        return None
    if view.is_answer(at) or view.is_hint(at) or (view.region.kind is None and _is_navigation(fold.summary.text)):
        return None
    question, number = unlabel(join(view.file, fold.summary.lines), NUMBERED)
    kind = view.region.kind or Kind.FLASHCARD
    answer = fold.inner or Passage(view.file, ())
    return Claim(RawCard(kind, question, answer, number=number), at, at + 1)


def question_lines(view: View, at: int) -> Claim | None:
    """Shape 3: ``Q:`` and ``A:`` lines."""
    label = view.question_label(at)
    if label is None or not (view.region.open or label is QUESTION_COLON):
        return None
    end = at + 1
    while end < len(view.blocks) and not _ends_card(view, end):
        if view.is_answer(end) and view.blocks[end].kind is BlockKind.DETAILS:
            fold = view.blocks[end].inner or Passage(view.file, ())
            question, number = asked(view.file, _without_hints(view, at, end), label)
            return Claim(
                RawCard(_kind(view, Kind.FLASHCARD), question, fold, None, _hint(view, at, end), number), at, end + 1
            )
        end += 1
    while end > at + 1 and view.blocks[end - 1].kind is BlockKind.COMMENT and end < len(view.blocks):
        end -= 1
    answer_at = next((i for i in range(at + 1, end) if view.answer_label(i)), None)
    if answer_at is not None:
        question, number = asked(view.file, view.blocks[at:answer_at], label)
        answer, _ = asked(view.file, view.blocks[answer_at:end], view.answer_label(answer_at))
    elif end > at + 1:
        question, number = asked(view.file, view.blocks[at : at + 1], label)
        answer = passage(view.file, view.blocks[at + 1 : end], view.blocks[at].indent)
    else:
        whole, number = asked(view.file, view.blocks[at : at + 1], label)
        question, answer = join(view.file, whole.lines[:1]), join(view.file, whole.lines[1:])
    return Claim(RawCard(_kind(view, Kind.FLASHCARD), question, answer, number=number), at, end)


def pasted_label(view: View, at: int) -> Claim | None:
    """Shape 11: a label alone on its line; the answer runs to the next question of the page."""
    if view.blocks[at].kind is not BlockKind.LABEL or not view.is_answer(at):
        return None
    end = len(view.blocks)
    following = next((i for i in range(at + 1, end) if view.is_answer(i)), None)
    if following is not None:
        # An answer may hold a numbered list: the question is the one whose number goes on from this one's.
        mine = next((m["number"] for i in range(at, view.floor - 1, -1) if (m := _numbered(view, i))), "0")
        starts = [i for i in range(at + 1, following) if _numbered(view, i)]
        wanted = [i for i in starts if (m := _numbered(view, i)) and int(m["number"]) == int(mine) + 1]
        end = (wanted or starts or [following - 1])[-1]
    answer = passage(view.file, view.blocks[at + 1 : end])
    return _ask(view, at, at, answer, end)


def bare_scenario(view: View, at: int) -> Claim | None:
    """Shape 5 without a fold: ``Scenario 1.``, a short question on its own, then the verdict."""
    if view.region.kind is not Kind.SCENARIO or not _is_scenario(view, at):
        return None
    end = at + 1
    while end < len(view.blocks) and not _is_scenario(view, end):
        if view.is_answer(end):
            return None
        end += 1
    prompt = next((i for i in range(at + 1, end) if _is_prompt(view.blocks[i])), None)
    if prompt is None or prompt + 1 >= end:
        return None
    return _ask(view, at, prompt + 1, passage(view.file, view.blocks[prompt + 1 : end]), end)


SHAPES: tuple[Shape, ...] = (
    question_lines,
    labelled_details,
    details_with_question,
    pasted_label,
    bare_scenario,
)


def split_labels(blocks: Sequence[RawBlock], *, period: bool) -> list[RawBlock]:
    """The blocks with every paragraph cut before the lines that start a question or its answer."""
    questions = (QUESTION_COLON, QUESTION_PERIOD) if period else (QUESTION_COLON,)
    answers = (ANSWER_COLON, ANSWER_PERIOD)
    cut: list[RawBlock] = []
    for block in blocks:
        if block.kind is not BlockKind.PARAGRAPH:
            cut.append(block)
            continue
        texts = [line.dedent(block.indent).text for line in block.lines]
        starts = [0]
        asks = any(label.match(texts[0]) for label in questions)
        for index, text in enumerate(texts[1:], 1):
            if any(label.match(text) for label in questions):
                starts.append(index)
                asks = True
            elif asks and any(label.match(text) for label in answers):
                starts.append(index)
                asks = False
        for start, end in zip(starts, [*starts[1:], len(texts)], strict=True):
            cut.append(replace(block, lines=block.lines[start:end], loose=block.loose and start == 0))
    return cut


# ---- what the shapes share


def _ask(view: View, at: int, question_end: int, answer: Passage, end: int) -> Claim | None:
    """A card whose question ends before block ``question_end``: find where it starts."""
    start = at
    if view.region.kind is Kind.SCENARIO:
        marks = [i for i in range(view.floor, question_end) if _is_scenario(view, i)]
        start = marks[-1] if marks else _unmarked_start(view, question_end, back=2)
    elif view.form is not None and (
        found := [i for i in range(view.floor, question_end) if starts_with(view.blocks[i], view.form)]
    ):
        start = found[-1]
    else:
        start = _unmarked_start(view, question_end, back=1)
    hint = _hint(view, start, question_end)
    blocks = _without_hints(view, start, question_end)
    if not blocks:
        return Claim(RawCard(_kind(view, Kind.SELF_CHECK), Passage(view.file, ()), answer), at, end)
    if view.region.kind is Kind.SCENARIO:
        return Claim(_scenario(view, blocks, answer, hint), start, end)
    question, number = asked(view.file, blocks, NUMBERED)
    return Claim(RawCard(_kind(view, Kind.SELF_CHECK), question, answer, None, hint, number), start, end)


def _scenario(view: View, blocks: Sequence[RawBlock], answer: Passage, hint: Passage | None) -> RawCard:
    marked = SCENARIO if SCENARIO.match(_title(blocks[0])) else NUMBERED
    last = max(i for i, block in enumerate(blocks) if block.kind is not BlockKind.COMMENT)
    prompt = None
    if last > 0 and _is_prompt(blocks[last]):
        prompt, _ = asked(view.file, blocks[last : last + 1], None)
        blocks = blocks[:last]
    situation, number = asked(view.file, blocks, marked)
    return RawCard(Kind.SCENARIO, situation, answer, prompt, hint, number)


def _kind(view: View, elsewhere: Kind) -> Kind:
    """The kind of a card that is no scenario: its section's, or ``elsewhere`` outside such sections."""
    return elsewhere if view.region.kind in (None, Kind.SCENARIO) else view.region.kind


def _unmarked_start(view: View, end: int, *, back: int) -> int:
    """Where a question without number begins: ``back`` paragraphs before its end, other blocks after them included."""
    at = end
    while at > view.floor and back:
        at -= 1
        if view.blocks[at].kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            back -= 1
    return at


def _ends_card(view: View, at: int) -> bool:
    """Whether block ``at`` cannot belong to the answer of a question line before it."""
    block = view.blocks[at]
    if block.kind is BlockKind.HEADING or view.question_label(at):
        return True
    if block.kind is BlockKind.DETAILS:
        return False
    if block.kind is BlockKind.RULE:
        return at + 1 >= len(view.blocks) or _ends_card(view, at + 1)
    if block.kind is BlockKind.COMMENT:
        return at + 1 < len(view.blocks) and view.question_label(at + 1) is not None
    return False


def _title(block: RawBlock) -> str:
    return block.inner.text if block.inner and block.kind in (BlockKind.HEADING, BlockKind.ITEM) else block.text


def _is_scenario(view: View, at: int) -> bool:
    block = view.blocks[at]
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM):
        return False
    numbered = view.form is not None and starts_with(block, view.form)
    return SCENARIO.match(_title(block)) is not None or numbered


def _numbered(view: View, at: int) -> re.Match[str] | None:
    block = view.blocks[at]
    return NUMBERED.match(block.text) if block.kind is BlockKind.PARAGRAPH else None


_LONGEST_PROMPT = 160


def _is_prompt(block: RawBlock) -> bool:
    """A short question on its own: what a scenario asks after it has told its situation."""
    text = block.text.strip().rstrip("*_ ")
    short = block.kind is BlockKind.PARAGRAPH and len(text) <= _LONGEST_PROMPT
    return short and text.endswith(("?", "？", "؟", ";", ":"))


def _hint(view: View, start: int, end: int) -> Passage | None:
    return next((view.blocks[i].inner for i in range(start, end) if view.is_hint(i)), None)


def _without_hints(view: View, start: int, end: int) -> list[RawBlock]:
    return [view.blocks[i] for i in range(start, end) if not view.is_hint(i)]


def _is_navigation(summary: str) -> bool:
    words = re.sub(r"<[^>]*>|[^\w\s]", " ", summary).casefold().split()
    return words in (["table", "of", "contents"], ["contents"], ["toc"], ["menu"], ["index"])
