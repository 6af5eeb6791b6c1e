"""Finds the options of a choice among a file's blocks: task lists and lettered lists, as items, lines or paragraphs.

Options become blocks of their own, so that ``A. …`` lines in a paragraph and a task list below a numbered question are
seen alike. Their lines stay what they were: what turns out to be no choice reads as if nothing had happened.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge.passage import Line, Passage
from cardforge.source.block import BlockKind, OptionMark, RawBlock
from cardforge.source.fields import unlabel
from cardforge.source.labels import (
    ANSWER_COLON,
    EXPLANATION_COLON,
    LETTERED,
    NUMBERED,
    QUESTION_COLON,
    QUESTION_PERIOD,
    asks,
    is_answer_label,
)
from cardforge.source.letters import follows, letter_of, opens_answer
from cardforge.source.marks import ITEM, blanks_of
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary

FEWEST = 2
"""Options a choice has at least."""

_SECTION_LEVEL = 2
_BOX = re.compile(r"\s*(?:\[(?P<square>[ xX✓✔])\]|\((?P<round>[ xX✓✔])\))(?:[ \t]+|$)")
_TATWEEL = "\u0640"
"""It stretches a letter, and is none that would make a word of it."""
_BREAK = re.compile(r"(?:<br\s*/?>|(?<!\\)\\|\s)+\Z", re.IGNORECASE)
_PARTING = (QUESTION_COLON, QUESTION_PERIOD, ANSWER_COLON, EXPLANATION_COLON)
_HELD = frozenset({BlockKind.CODE, BlockKind.MATH, BlockKind.TABLE, BlockKind.HTML})


@dataclass(frozen=True, slots=True)
class _Told:
    """What a line says about the option that starts with it: its letter, its box, how it is written, its mark's width.

    Options of one question are written alike.
    """

    item: bool
    letter: str = ""
    ticked: bool | None = None
    colon: bool = False
    width: int = 0


@dataclass(slots=True)
class _Piece:
    """A part of block number ``of``; ``told`` if it may be an option."""

    block: RawBlock
    of: int
    told: _Told | None = None


def mark_options(file: str, blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks with those that are options of a choice, two of them at least, as :attr:`BlockKind.OPTION`."""
    pieces = [piece for index, block in enumerate(blocks) for piece in _pieces(block, index)]
    parted: set[int] = set()
    for run in _runs(pieces):
        parted.update(piece.of for piece in run)
        lettered = all(piece.told and piece.told.letter for piece in run)
        solved = any(piece.told and piece.told.ticked for piece in run)
        for piece in run:
            piece.block = _option(file, piece, lettered=lettered, first=piece is run[0], solved=solved)
    marked: list[RawBlock] = []
    last = -1
    for piece in pieces:
        if piece.of not in parted:
            if piece.of != last:
                marked.append(blocks[piece.of])
        elif piece.of == last and piece.block.kind is not BlockKind.OPTION and _goes_on(marked[-1], piece.block):
            marked[-1] = _with_more(file, marked[-1], piece.block.lines)
        else:
            marked.append(piece.block)
        last = piece.of
    return marked


def answers_below_options(blocks: Sequence[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks with the headings that only announce a choice's answer or explanation as paragraphs."""
    below = False
    found = []
    for block in blocks:
        if block.kind is BlockKind.OPTION:
            below = block.option is not None and (block.option.solved or block.option.letter != "")
        elif below and block.kind is BlockKind.HEADING and block.inner:
            title = block.inner.text
            told = opens_answer(title, {}) or (block.level > _SECTION_LEVEL and is_answer_label(title, vocabulary))
            below = told
            found.append(replace(block, kind=BlockKind.PARAGRAPH, inner=None) if told else block)
            continue
        found.append(block)
    return found


def is_quiz(blocks: Sequence[RawBlock]) -> bool:
    """Whether a question stands before any ticked list of a file: then numbers alone tell its other questions."""
    before = ""
    for block in blocks:
        if block.option:
            if block.option.first and block.option.solved and asks(before):
                return True
        elif block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM):
            before = block.inner.text if block.kind is BlockKind.HEADING and block.inner else block.text
    return False


def choice_below(blocks: Sequence[RawBlock], index: int, vocabulary: Vocabulary, *, inside: bool, quiz: bool) -> bool:
    """Whether a heading is the question, or the number, of a choice that follows before the next heading."""
    title = blocks[index].inner
    if title is None:
        return False
    numbered, asking, between = NUMBERED.match(title.text) is not None, asks(title.text), False
    for at in range(index + 1, len(blocks)):
        block = blocks[at]
        if block.kind in (BlockKind.HEADING, BlockKind.DETAILS) or (between and not numbered):
            return False
        if block.option and block.option.solved:
            return inside or asking or (numbered and quiz)
        if block.option and block.option.letter:
            return (inside or asking or numbered) and _answered(blocks, at, vocabulary)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            between, asking = True, asking or asks(block.text)
    return False


def _answered(blocks: Sequence[RawBlock], at: int, vocabulary: Vocabulary) -> bool:
    """Whether an answer follows before the next heading."""
    for block in blocks[at:]:
        if block.kind is BlockKind.HEADING:
            return False
        if block.kind is BlockKind.DETAILS and block.summary and is_answer_label(block.summary.text, vocabulary):
            return True
        if block.kind is BlockKind.PARAGRAPH and any(opens_answer(line.text, {}) for line in block.lines):
            return True
    return False


def _goes_on(before: RawBlock, block: RawBlock) -> bool:
    """Whether a part that is no option belongs to the part before it."""
    return before.kind is not BlockKind.OPTION or not _parts(block.lines[0].text)


def _with_more(file: str, block: RawBlock, lines: Sequence[Line]) -> RawBlock:
    inner = block.inner
    if block.option and inner:
        inner = Passage(file, (*inner.lines, *(line.dedent(len(line.text)) for line in lines)))
    return replace(block, lines=(*block.lines, *lines), inner=inner)


def _parts(text: str) -> bool:
    """Whether a line below an option belongs to it no more: it asks the next question, answers this one or explains."""
    return any(label.match(text) for label in _PARTING) or opens_answer(text, {})


def _pieces(block: RawBlock, of: int) -> list[_Piece]:
    if block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH):
        return [_Piece(block, of)]
    indent = block.indent
    told = _told(block.lines[0].dedent(indent).text)
    if len(block.lines) == 1:
        return [_Piece(block, of, told)]
    if block.kind is BlockKind.ITEM and told is None:
        mark = ITEM.match(block.lines[0].dedent(indent).text)
        indent += mark.end() if mark else 0
    starts: list[tuple[int, _Told | None]] = [(0, told)]
    content = blanks_of(block.lines[0].text) + 1 if told and told.item else None
    for index, line in enumerate(block.lines[1:], 1):
        text = line.dedent(indent).text
        if content is not None and blanks_of(line.text) > content and ITEM.match(line.text.lstrip()):
            continue  # a list inside the option
        found = _told(text)
        if found:
            starts.append((index, found))
            content = blanks_of(line.text) + 1 if found.item else None
        elif starts[-1][1] and _parts(text):
            starts.append((index, None))
            content = None
    if len(starts) == 1:
        return [_Piece(block, of, told)]
    ends = [*(index for index, _ in starts[1:]), len(block.lines)]
    pieces = []
    for (start, found), end in zip(starts, ends, strict=True):
        part = replace(block, lines=block.lines[start:end])
        if start:
            kind = BlockKind.PARAGRAPH
            part = replace(
                part, kind=kind, indent=indent if found else block.indent, loose=False, number="", inner=None
            )
        pieces.append(_Piece(part, of, found))
    return pieces


def _told(text: str) -> _Told | None:
    if text[:2].isalpha() and len(text) > 1 and text[1] != _TATWEEL:
        return None  # a word: most lines are prose
    item = box = None
    at = 0
    if not text[:1].isalpha():
        item = ITEM.match(text)
        at = item.end() if item else 0
        box = _BOX.match(text, at)
    ticked = None
    if box and (item or box["square"]):
        ticked = (box["square"] or box["round"]) != " "
        at = box.end()
    letter = LETTERED.match(text[at:] if at else text)
    if letter is None:
        return None if ticked is None else _Told(item is not None, "", ticked, width=at)
    colon = letter[0].rstrip(" *_").endswith((":", "："))
    return _Told(item is not None, letter_of(letter["number"]), ticked, colon, at)


def _runs(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = []
    run: list[_Piece] = []
    for piece in pieces:
        if piece.told is None:
            inside = bool(run) and (
                piece.block.indent > run[0].block.indent or piece.block.kind in (*_HELD, BlockKind.COMMENT)
            )
            inside = inside and piece.block.kind not in (BlockKind.HEADING, BlockKind.DETAILS, BlockKind.LABEL)
            run = run if inside else _closed(run, runs)
        elif run and _continues(run, piece):
            run.append(piece)
        elif run and piece.block.indent > run[0].block.indent and piece.told.item:
            continue  # a list inside the option
        else:
            run = _closed(run, runs)
            if piece.told.ticked is not None or follows(piece.told.letter, ""):
                run = [piece]
    _closed(run, runs)
    return runs


def _closed(run: list[_Piece], runs: list[list[_Piece]]) -> list[_Piece]:
    if len(run) >= FEWEST:
        runs.append(run)
    return []


def _continues(run: Sequence[_Piece], piece: _Piece) -> bool:
    first, last, told = run[0].told, run[-1].told, piece.told
    if first is None or last is None or told is None or piece.block.indent != run[0].block.indent:
        return False
    if first.item != told.item or (first.ticked is None) != (told.ticked is None):
        return False
    if told.ticked is None and not follows(told.letter, last.letter):
        return False
    if told.ticked is not None and told.letter and told.letter == first.letter and follows(told.letter, ""):
        return False
    # "A: …" and "B: …" in paragraphs of their own are a dialogue, or an answer and something else.
    return told.item or not told.colon or piece.of == run[-1].of


def _option(file: str, piece: _Piece, *, lettered: bool, first: bool, solved: bool) -> RawBlock:
    block, told = piece.block, piece.told or _Told(item=False)
    head, *rest = (line.dedent(block.indent) for line in block.lines)
    lines = [head.cut(told.width)]
    if told.item:
        mark = ITEM.match(head.text)
        width = mark.end() if mark else 0
        lines += [line.dedent(width) for line in rest]
    else:
        lines += [line.dedent(len(line.text)) for line in rest]
    text = Passage(file, tuple(lines))
    if lettered:
        text, _ = unlabel(text, LETTERED)
    if broken := _BREAK.search(text.text):
        text = text.part(0, broken.start())
    marked = OptionMark(told.letter if lettered else "", told.ticked, first=first, solved=solved)
    return replace(block, kind=BlockKind.OPTION, inner=text, number="", option=marked)
