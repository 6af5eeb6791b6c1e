"""The shapes a card may have in a source, one row each.

A shape looks at one block of a region, the *anchor*, and at the blocks around it; if the anchor makes a card, the
shape claims the blocks that belong to it. The rows are tried in order; what no row claims is a lead-in or is
reported. To add a shape, write its function and add its row to :data:`SHAPES` (``docs/architecture.md``).
"""

import re
from collections.abc import Callable, Sequence

from cardforge.model import Kind
from cardforge.passage import Passage
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.choices import choice
from cardforge.source.clozes import cloze
from cardforge.source.components import component
from cardforge.source.debris import is_contents
from cardforge.source.fields import asked, passage, unlabel, unwrap
from cardforge.source.headings import heading_question
from cardforge.source.labels import (
    NUMBERED,
    SCENARIO,
)
from cardforge.source.lines import question_lines
from cardforge.source.notes import note_card
from cardforge.source.quizzes import quiz
from cardforge.source.raw import RawCard
from cardforge.source.starts import starts_with
from cardforge.source.view import Claim, View, hint_in, kind_in, without_hints

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
    if view.is_answer(at) or view.is_hint(at) or (view.region.kind is None and is_contents(fold.summary.text)):
        return None
    question, number = unlabel(unwrap(fold.summary), NUMBERED)
    kind = view.region.kind or Kind.FLASHCARD
    answer = fold.inner or Passage(view.file, ())
    return Claim(RawCard(kind, question, answer, number=number), at, at + 1)


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
    quiz,
    component,
    note_card,
    choice,
    heading_question,
    question_lines,
    cloze,
    labelled_details,
    details_with_question,
    pasted_label,
    bare_scenario,
)


# ---- what the shapes share


def _ask(view: View, at: int, question_end: int, answer: Passage, end: int) -> Claim | None:
    """A card whose question ends before block ``question_end``: find where it starts."""
    start = at
    if view.region.kind is Kind.SCENARIO:
        marks = [i for i in range(view.floor, question_end) if _is_scenario(view, i)]
        start = marks[-1] if marks else _unmarked_start(view, question_end, back=2)
    elif view.start is not None and (
        found := [i for i in range(view.floor, question_end) if starts_with(view.blocks[i], view.start)]
    ):
        start = found[-1]
    else:
        start = _unmarked_start(view, question_end, back=1)
    hint = hint_in(view, start, question_end)
    blocks = without_hints(view, start, question_end)
    if all(block.kind is BlockKind.COMMENT for block in blocks):
        return Claim(RawCard(kind_in(view, Kind.SELF_CHECK), Passage(view.file, ()), answer), at, end)
    if view.region.kind is Kind.SCENARIO:
        return Claim(_scenario(view, blocks, answer, hint), start, end)
    question, number = asked(view.file, blocks, NUMBERED)
    return Claim(RawCard(kind_in(view, Kind.SELF_CHECK), question, answer, None, hint, number), start, end)


def _scenario(view: View, blocks: Sequence[RawBlock], answer: Passage, hint: Passage | None) -> RawCard:
    marked = SCENARIO if SCENARIO.match(_title(blocks[0])) else NUMBERED
    last = max(i for i, block in enumerate(blocks) if block.kind is not BlockKind.COMMENT)
    prompt = None
    if last > 0 and _is_prompt(blocks[last]):
        prompt, _ = asked(view.file, blocks[last : last + 1], None)
        blocks = blocks[:last]
    situation, number = asked(view.file, blocks, marked)
    return RawCard(Kind.SCENARIO, situation, answer, prompt, hint, number)


def _unmarked_start(view: View, end: int, *, back: int) -> int:
    """Where a question without number begins: ``back`` paragraphs before its end, other blocks after them included."""
    at = end
    while at > view.floor and back:
        at -= 1
        if view.blocks[at].kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            back -= 1
    return at


def _title(block: RawBlock) -> str:
    return block.inner.text if block.inner and block.kind in (BlockKind.HEADING, BlockKind.ITEM) else block.text


def _is_scenario(view: View, at: int) -> bool:
    block = view.blocks[at]
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM):
        return False
    numbered = view.start is not None and starts_with(block, view.start)
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
