"""Shape 10: questions in a numbered list, and their answers in another one under a heading "Answers".

Every answer is moved below its question, as a fold that announces it: the shapes then see what they see elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge.diagnostics import Code, Sink
from cardforge.passage import Passage
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import answer_fold, asked, passage
from cardforge.source.labels import NUMBERED, asks, is_answer_label, section_of
from cardforge.source.options import mark_options
from cardforge.source.starts import Form, Start, number_of, starts_with
from cardforge.source.words import ANSWER
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary

_FEWEST = 2
_NUMBERED_LINE = re.compile(r"(?P<number>\d{1,4})[.)](?:\s+|$)")
_TITLED = re.compile(r"\s*(?:\*\*|__).*(?:\*\*|__):?\s*|.*[:：]\s*")
_TITLE_ENDS = frozenset("*_:：")
_WORD = re.compile(r"[^\W\d_]+")
_ABOUT = frozenset(
    "the to for key keys sheet model correct and questions quiz exercises explanations all above of with "
    "und zu den der die fragen aux des les et las los preguntas a alle domande perguntas ключ на вопросы".split()
)
_KEY = re.compile(
    r"answer\s*key|answer\s*sheet|key|(?:参考|正确|正確|標準|标准)?答案|参考解答|解答|정답|답안|解答例", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A question or an answer: its number and its blocks ``[start, end)``."""

    number: int
    start: int
    end: int


def pair_answers(file: str, blocks: Sequence[RawBlock], vocabulary: Vocabulary, sink: Sink) -> list[RawBlock]:
    """The blocks with the answers of every list under such a heading below their questions.

    Reports the numbers that only one of the two lists has.
    """
    moved: dict[int, list[RawBlock]] = {}
    gone: set[int] = set()
    floor, inside = 0, False
    for at, block in enumerate(blocks):
        inside = _in_section(block, vocabulary, inside=inside)
        if block.kind is BlockKind.DETAILS and block.summary and is_answer_label(block.summary.text, vocabulary):
            answers = _Blocks(file, mark_options(file, _inner_blocks(block)))
        elif _is_key(block):
            answers = _Blocks(file, blocks, at + 1, _end(blocks, at))
        else:
            continue
        found = answers.numbered()
        questions = _questions(blocks, floor, at, found)
        folded = block.kind is BlockKind.DETAILS
        if questions and (inside or _ask(blocks, questions)) and (not folded or _same_numbers(questions, found)):
            unanswered, left = _pair(_Blocks(file, blocks), questions, answers, moved, sink)
            gone |= unanswered
            gone.update({at} if folded else set(range(at, answers.last)) - left)
        floor = at + 1 if folded or questions else floor
    paired: list[RawBlock] = []
    for at, block in enumerate(blocks):
        paired += moved.get(at, []) + ([] if at in gone else [block])
    return paired + moved.get(len(blocks), [])


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Some blocks of a file, ``[first, last)`` of them."""

    file: str
    blocks: Sequence[RawBlock]
    first: int = 0
    last: int = -1

    def numbered(self) -> list[_Numbered]:
        """What the blocks number, in the form that numbers most of them, if they begin with it."""
        end = len(self.blocks) if self.last < 0 else self.last
        first = next((i for i in range(self.first, end) if self.blocks[i].kind is not BlockKind.COMMENT), end)
        for form in Form:
            start = Start(form, self.blocks[first].indent if first < end else 0)
            found = [i for i in range(first, end) if _starts(self.blocks[i], start)]
            if found and found[0] == first:
                ends = [*found[1:], end]
                return [_Numbered(number_of(self.blocks[i]), i, j) for i, j in zip(found, ends, strict=True)]
        return []


def _starts(block: RawBlock, start: Start) -> bool:
    return starts_with(block, start) and number_of(block) > 0


def _inner_blocks(fold: RawBlock) -> list[RawBlock]:
    """A fold's content as far as it is a list: an item for each number, the lines up to the next one in it."""
    items: list[RawBlock] = []
    for line in fold.inner.lines if fold.inner else ():
        found = _NUMBERED_LINE.match(line.text)
        if found:
            inner = Passage("", (line.cut(found.end()),))
            items.append(RawBlock(BlockKind.ITEM, (line,), number=found["number"], inner=inner))
        elif items:
            items[-1] = replace(items[-1], lines=(*items[-1].lines, line))
        elif line.text.strip():
            return []
    return items


def _in_section(block: RawBlock, vocabulary: Vocabulary, *, inside: bool) -> bool:
    if block.kind is BlockKind.HEADING and block.inner and section_of(block.inner.text, vocabulary):
        return True
    return inside and not (block.kind is BlockKind.HEADING and block.level == 1)


def _is_key(block: RawBlock) -> bool:
    """Whether a heading, or a paragraph that stands for one, announces the answers of what was asked above it."""
    if block.kind is BlockKind.HEADING and block.inner:
        text = block.inner.text
    elif block.kind is BlockKind.PARAGRAPH and len(block.lines) == 1:
        text = block.text
        if text.rstrip()[-1:] not in _TITLE_ENDS or not _TITLED.fullmatch(text):
            return False
    else:
        return False
    bare = text.strip(" *_#:：").casefold()
    words = _WORD.findall(bare)
    if _KEY.fullmatch(bare):
        return True
    return any(word in ANSWER for word in words) and all(word in ANSWER or word in _ABOUT for word in words)


def _end(blocks: Sequence[RawBlock], key: int) -> int:
    """Where the answers under a heading end: at the next heading without a number."""
    for at in range(key + 1, len(blocks)):
        block = blocks[at]
        if block.kind is BlockKind.HEADING and block.inner and not NUMBERED.match(block.inner.text):
            return at
        if block.kind is BlockKind.HEADING and block.level <= blocks[key].level:
            return at
    return len(blocks)


def _questions(blocks: Sequence[RawBlock], floor: int, key: int, answers: Sequence[_Numbered]) -> list[_Numbered]:
    """The questions above a list of answers, in the form that shares most numbers with it; [] if it is no such list."""
    if len(answers) < _FEWEST:
        return []
    wanted = {answer.number for answer in answers}
    best: list[_Numbered] = []
    for form in Form:
        found = [i for i in range(floor, key) if _starts(blocks[i], Start(form, 0))]
        if not found:
            continue
        # Numbers that begin anew are another list: the one nearest to the answers is theirs.
        for position in range(len(found) - 1, 0, -1):
            if number_of(blocks[found[position]]) <= number_of(blocks[found[position - 1]]):
                found = found[position:]
                break
        ends = [_until_heading(blocks, i, j) for i, j in zip(found, [*found[1:], key], strict=True)]
        numbered = [_Numbered(number_of(blocks[i]), i, j) for i, j in zip(found, ends, strict=True)]
        if _shared(numbered, wanted) > _shared(best, wanted):
            best = numbered
    return best if _shared(best, wanted) * 2 >= max(len(best), len(answers), _FEWEST) else []


def _shared(numbered: Sequence[_Numbered], wanted: set[int]) -> int:
    return len(wanted & {each.number for each in numbered})


def _same_numbers(questions: Sequence[_Numbered], answers: Sequence[_Numbered]) -> bool:
    return [each.number for each in questions] == [each.number for each in answers]


def _until_heading(blocks: Sequence[RawBlock], start: int, end: int) -> int:
    """The end of a question's blocks: a heading, or rules and comments before it, are none of them."""
    end = next((i for i in range(start + 1, end) if blocks[i].kind is BlockKind.HEADING), end)
    while end > start + 1 and blocks[end - 1].kind in (BlockKind.RULE, BlockKind.COMMENT):
        end -= 1
    return end


def _ask(blocks: Sequence[RawBlock], questions: Sequence[_Numbered]) -> bool:
    """Whether these are questions, and not the steps, or the problems, of some other list."""
    asking = sum(any(block.option or asks(block.text) for block in blocks[each.start : each.end]) for each in questions)
    return asking * 2 >= len(questions)


def _pair(
    asked_in: _Blocks, questions: Sequence[_Numbered], answers: _Blocks, moved: dict[int, list[RawBlock]], sink: Sink
) -> tuple[set[int], set[int]]:
    """Put every answer below its question, and report those without their other half.

    Returns the blocks that ask a question without answer, and what goes on below an answer without question.
    """
    unanswered: set[int] = set()
    left: set[int] = set()
    numbered = answers.numbered()
    told = {each.number: each for each in reversed(numbered)}
    for again in numbered:
        if told[again.number] is not again:
            left.update(range(again.start, again.end))
    for question in questions:
        answer = told.pop(question.number, None)
        if answer is not None:
            text, _ = asked(answers.file, answers.blocks[answer.start : answer.end], NUMBERED, answer=True)
            moved.setdefault(question.end, []).append(
                answer_fold(answers.file, answers.blocks[answer.start : answer.end], text)
            )
            continue
        place = passage(asked_in.file, asked_in.blocks[question.start : question.start + 1])
        hint = f"Write an answer {question.number} below it, or take the question out."
        if any(each.option and each.option.solved for each in asked_in.blocks[question.start : question.end]):
            continue
        unanswered.add(question.start)
        sink.add(Code.MISSING_ANSWER, place.span(), f"The list of answers has no number {question.number}.", hint)
    for number, answer in sorted(told.items()):
        left.update(range(answer.start + 1, answer.end))
        place = passage(answers.file, answers.blocks[answer.start : answer.start + 1])
        hint = f"Write a question {number}, or take the answer out."
        sink.add(Code.MISSING_QUESTION, place.span(), f"No question above has the number {number}.", hint)
    return unanswered, left
