"""Shape 6: multiple choice. A question, its options, and the boxes or the answer that say which of them are right."""

import re
from collections.abc import Sequence

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import asked, passage, unlabel
from cardforge.source.labels import ANSWER_COLON, NUMBERED, asks
from cardforge.source.letters import Named, read_named
from cardforge.source.raw import RawCard, RawOption
from cardforge.source.starts import number_of, starts_with
from cardforge.source.view import Claim, View, hint_in, without_hints
from cardforge.values import dataclass

_HELD = (BlockKind.CODE, BlockKind.MATH, BlockKind.TABLE, BlockKind.HTML, BlockKind.COMMENT)
_BOLD = re.compile(r"\s*(?:\*\*|__)(?:(?!\*\*|__).)+(?:\*\*|__)[\s:]*", re.DOTALL)
_REFERENCE = re.compile(r"\s*(?:[-*]\s+)?(?:\[[^\]]*\]\([^)]*\)|<?https?://|(?:Reference|Source|See)\b)", re.IGNORECASE)


def choice(view: View, at: int) -> Claim | None:
    """Shape 6: the options of a question, of which boxes or the answer below say which are right."""
    first = _options_after(view, at) if view.question_label(at) else at
    mark = view.blocks[first].option if first is not None else None
    if first is None or mark is None or not mark.first:
        return None
    start = question_start(view, first, view.floor)
    found, end = options_at(view.file, view.blocks, first)
    if start == first or not _is_question(view, start, first, solved=mark.solved):
        return None
    rest = _rest(view, start, end)
    named = None if mark.solved else _named(view, found, rest)
    if named is None and not mark.solved and (mark.letter or rest.answered or view.region.kind is None):
        return None
    unnamed = named is None and not mark.solved
    stop = end if unnamed else rest.stop
    label = view.question_label(start) or NUMBERED
    question, number = asked(view.file, without_hints(view, start, first), label)
    right = named.letters if named else {option.letter for option in found if option.ticked}
    explanation = named.explanation if named else Passage(view.file, ()) if unnamed else _without_label(view, rest)
    if mark.solved and (again := _named(view, found, rest)) and again.letters == right:
        explanation = again.explanation
    options = tuple(RawOption(option.text, option.letter in right) for option in found)
    hint = hint_in(view, start, rest.fold or stop)
    unknown = named.unknown if named else None
    card = RawCard(Kind.CHOICE, question, explanation, None, hint, number, options=options, unknown=unknown)
    return Claim(card, start, stop)


def begins_card(view: View, at: int) -> bool:
    """Whether block ``at``, below an answer, is a question of its own: with options, with a fold, or a fold itself."""
    block = view.blocks[at]
    if block.kind is BlockKind.DETAILS:
        return _is_asking_fold(view, at)
    marked = bool(block.number or NUMBERED.match(block.text) or _BOLD.fullmatch(block.text))
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or not (marked or asks(block.text)):
        return False
    after = next((i for i in range(at + 1, len(view.blocks)) if view.blocks[i].kind not in _HELD), None)
    mark = view.blocks[after].option if after is not None else None
    return bool(mark and mark.first and mark.solved) or (marked and after == at + 1 and view.is_answer(after))


@dataclass(frozen=True, slots=True)
class Found:
    """One option: its letter, or the one that its place would have."""

    letter: str
    text: Passage
    ticked: bool


def options_at(file: str, blocks: Sequence[RawBlock], first: int) -> tuple[list[Found], int]:
    """The options from block ``first`` on, with what stands in them, and where they end."""
    indent = blocks[first].indent
    parts: list[list[RawBlock]] = [[blocks[first]]]
    at = first + 1
    while at < len(blocks):
        block = blocks[at]
        if block.option and block.indent <= indent:
            if block.option.first or block.indent < indent:
                break
            parts.append([block])
        elif not (_within(block, indent) or _held(blocks, at, parts)):
            break
        else:
            parts[-1].append(block)
        at += 1
    found = []
    for position, (option, *more) in enumerate(parts):
        mark = option.option
        letter = (mark.letter if mark else "") or chr(ord("a") + position)
        found.append(Found(letter, _text(file, option, more), bool(mark and mark.ticked)))
    return found, at


def _within(block: RawBlock, indent: int) -> bool:
    return block.indent > indent and block.kind is not BlockKind.HEADING


def _held(blocks: Sequence[RawBlock], at: int, parts: Sequence[Sequence[RawBlock]]) -> bool:
    """Whether code and the like at the options' own level stands in an option.

    It does if another option follows, if the option has no other text, or if it did so in the option before.
    """
    if blocks[at].kind not in _HELD:
        return False
    before = parts[-2] if len(parts) > 1 else ()
    option = parts[-1][0].inner
    if blocks[at].kind is not BlockKind.COMMENT and (option is None or not option):
        return True
    if len(before) > 1 and before[1].kind is blocks[at].kind and len(parts[-1]) < len(before):
        return True
    after = next((block for block in blocks[at:] if block.kind not in _HELD), None)
    return after is not None and after.option is not None and not after.option.first


def _text(file: str, option: RawBlock, more: Sequence[RawBlock]) -> Passage:
    lines = list(option.inner.lines if option.inner else ())
    if not more:
        return join(file, lines)
    inside = [block.indent for block in more if block.indent > option.indent]
    if more[0].loose and lines:
        lines.append(Line("", more[0].lines[0].number))
    lines.extend(passage(file, more, min(inside, default=option.indent)).lines)
    return join(file, lines)


# ---- the question


def _options_after(view: View, at: int) -> int | None:
    """The first options after a question label, before the answer or another question."""
    for index in range(at + 1, len(view.blocks)):
        block = view.blocks[index]
        if block.option:
            return index
        if block.kind is BlockKind.HEADING or view.is_answer(index) or view.answer_label(index):
            return None
        if view.question_label(index):
            return None
    return None


def question_start(view: View, first: int, floor: int) -> int:
    """Where the question of the options at ``first`` starts; ``first`` itself if nothing stands before them."""
    last = None
    for at in range(first - 1, floor - 1, -1):
        block = view.blocks[at]
        if block.option or view.is_answer(at):
            break
        if block.kind is BlockKind.HEADING or view.question_label(at) or _begins(view, at):
            return at
        if block.kind is BlockKind.PARAGRAPH or block.number:
            asking = _BOLD.fullmatch(block.text) is not None
            if last is None:
                last = at
                if asking or asks(block.text):
                    break
            elif asking:
                return at
    if last is None:
        return first
    return last


def _begins(view: View, at: int) -> bool:
    return view.start is not None and starts_with(view.blocks[at], view.start)


def _is_question(view: View, start: int, first: int, *, solved: bool) -> bool:
    """Whether what stands before the options is a question, and the list no list of things to do."""
    block, region = view.blocks[start], view.region
    if region.kind is not None or view.question_label(start):
        return True
    title = block.inner.text if block.kind is BlockKind.HEADING and block.inner else block.text
    numbered = bool(block.number or NUMBERED.match(title))
    asking = any(asks(each.text) for each in view.blocks[start:first] if each.kind not in _HELD)
    if not region.open:
        return numbered and (asking or region.quiz)
    return asking or not solved or (numbered and region.quiz)


# ---- what follows the options


@dataclass(frozen=True, slots=True)
class _Rest:
    """What follows the options: its blocks, the fold (or the lone label) that answers, and where the card ends."""

    blocks: Sequence[RawBlock]
    fold: int | None
    stop: int
    answered: bool


def _rest(view: View, start: int, end: int) -> _Rest:
    fold, stop = _stop(view, start, end)
    if fold is not None and view.blocks[fold].kind is BlockKind.DETAILS:
        while stop < len(view.blocks) and _is_reference(view, stop):
            stop += 1
    after = stop
    while stop > end and view.blocks[stop - 1].kind in (BlockKind.RULE, BlockKind.COMMENT):
        stop -= 1
    if after == len(view.blocks) and all(block.kind is BlockKind.COMMENT for block in view.blocks[stop:after]):
        stop = after
    hidden = without_hints(view, end, stop)
    answered = fold is not None or any(view.answer_label(i) for i in range(end, stop))
    return _Rest(hidden, fold, stop, answered)


def _is_reference(view: View, at: int) -> bool:
    block = view.blocks[at]
    return block.kind is BlockKind.PARAGRAPH and _REFERENCE.match(block.text) is not None and not _begins(view, at)


def _stop(view: View, start: int, end: int) -> tuple[int | None, int]:
    """The fold that answers, and where the next question starts."""
    mine = number_of(view.blocks[start])
    starts: list[int] = []
    label: int | None = None
    for at in range(end, len(view.blocks)):
        block = view.blocks[at]
        ends = block.kind in (BlockKind.HEADING, BlockKind.COMPONENT) or view.question_label(at)
        if ends or _is_asking_fold(view, at):
            return label, _unanswered(view, starts, mine, at)
        if _begins(view, at):
            starts.append(at)
        if view.is_answer(at):
            following = _next(view, starts, mine) if view.start else _own_question(view, end, at, after=label)
            if following is not None:
                return label, following
            if block.kind is BlockKind.DETAILS:
                return at, at + 1
            label = at
        elif block.option and block.option.first and (block.option.solved or block.option.letter):
            following = _next(view, starts, mine)
            if following is None:
                following = question_start(view, at, end)
                follows = block.option.solved or any(asks(b.text) for b in view.blocks[following:at])
                following = following if follows else None
            if following is not None:
                return label, following
    return label, _unanswered(view, starts, mine, len(view.blocks))


def _is_asking_fold(view: View, at: int) -> bool:
    fold = view.blocks[at]
    if fold.kind is not BlockKind.DETAILS or not fold.summary or view.is_answer(at) or view.is_hint(at):
        return False
    return asks(fold.summary.text) or NUMBERED.match(fold.summary.text) is not None


def _next(view: View, starts: Sequence[int], mine: int) -> int | None:
    """Of the starts before the next answer, the one of its question: its number goes on from this one's."""
    wanted = [at for at in starts if number_of(view.blocks[at]) == mine + 1]
    return wanted[0] if wanted else starts[-1] if starts else None


def _unanswered(view: View, starts: Sequence[int], mine: int, end: int) -> int:
    """Where a next question without answer starts, or ``end``: a list from 1 on is none."""
    return starts[0] if starts and number_of(view.blocks[starts[0]]) in (mine + 1, 0) else end


def _own_question(view: View, end: int, fold: int, *, after: int | None) -> int | None:
    """Where a question starts that stands between these options and a fold, which then is not these options'."""
    floor = end if after is None else after + 1
    at = next((i for i in range(fold - 1, floor - 1, -1) if view.blocks[i].kind is BlockKind.PARAGRAPH), None)
    if at is None:
        return None
    text = view.blocks[at].text
    return at if asks(text) or _BOLD.fullmatch(text) or after is not None else None


# ---- the answer


def _named(view: View, found: Sequence[Found], rest: _Rest) -> Named | None:
    """What the answer names: in the fold's summary, in its content, or in the text below the options."""
    options = {option.letter: option.text.text for option in found}
    if rest.fold is None:
        return read_named(passage(view.file, rest.blocks), options, announced=False)
    fold = view.blocks[rest.fold]
    if fold.kind is not BlockKind.DETAILS:
        told = [block for block in rest.blocks if block is not fold]
        return read_named(passage(view.file, told), options, announced=True)
    inner = _explanation(view, rest)
    if fold.summary and (said := read_named(fold.summary, options, announced=False)):
        return Named(said.letters, inner, said.unknown)
    return read_named(inner, options, announced=True)


def _explanation(view: View, rest: _Rest) -> Passage:
    """The text below the options, that of the fold included."""
    lines: list[Line] = []
    for block in rest.blocks:
        fold = rest.fold is not None and block is view.blocks[rest.fold]
        part = passage(view.file, [block], block.indent)
        if fold:
            part = block.inner if block.kind is BlockKind.DETAILS and block.inner else Passage(view.file, ())
        if lines and part and (block.loose or fold):
            lines.append(Line("", part.lines[0].number))
        lines.extend(part.lines)
    return join(view.file, lines)


def _without_label(view: View, rest: _Rest) -> Passage:
    whole = _explanation(view, rest)
    return unlabel(whole, ANSWER_COLON)[0] if whole and ANSWER_COLON.match(whole.text) else whole
