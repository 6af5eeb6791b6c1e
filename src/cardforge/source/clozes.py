"""Shape 7: a text with gaps. ``{{c1::hidden}}`` anywhere, ``C:`` and ``[hidden]``, ``==hidden==`` where switched on.

A cloze is all that a person sees as one text: blocks with no blank line between them, a list, and what a paragraph that
ends in a colon leads up to. What its gaps are is read later, with the field; here only their marks are looked for.
"""

import re
from collections.abc import Sequence

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import as_paragraph, asked, passage
from cardforge.source.labels import ANSWER_COLON, CLOZE_COLON, EXTRA_COLON, NUMBERED, OPTION_B, QUESTION_COLON
from cardforge.source.marks import GAP
from cardforge.source.raw import RawCard
from cardforge.source.view import Claim, View, hint_in

_COMMENT = re.compile(r"<!--(?:(?!<!--)[\s\S])*?-->")
_CODE = re.compile(r"(?<!`)(`++)(?:[^\n]|\n(?![ \t]*\n))*?(?<!`)\1(?!`)|\$[^$\n]+\$")
_BRACKET = re.compile(r"(?<![!\\\]\[])\[(?![\^!\]\[])(?=[^\]\s])[^\[\]\n]*+(?:\[[^\[\]\n]*+\][^\[\]\n]*+)*+\](?![(\[])")
_HIGHLIGHT = re.compile(r"(?<![=\\])==(?=[^\s=])(?:[^=]|=(?!=))*?(?<!\s)==(?!=)")
_NEAR = 20
"""Blocks that are looked through for what belongs to a text."""
_TEXTS = (
    BlockKind.PARAGRAPH,
    BlockKind.ITEM,
    BlockKind.QUOTE,
    BlockKind.CODE,
    BlockKind.MATH,
    BlockKind.TABLE,
    BlockKind.HTML,
)


def cloze(view: View, at: int) -> Claim | None:
    """A text with gaps, with the hint and the extra that follow it."""
    block = view.blocks[at]
    if block.kind is BlockKind.DETAILS:
        return _fold(view, at)
    bracketed = is_bracketed(block) or (
        _is_labelled_cloze(block) and at + 1 < len(view.blocks) and _has_more(view, at + 1)
    )
    if not (bracketed or holds_gap(block) or (view.vocabulary.highlight and view.region.open and _marks(block))):
        return None
    if block.kind is not BlockKind.HEADING and block.kind not in _TEXTS:
        return None
    start = at if bracketed or block.kind is BlockKind.HEADING else _text_start(view, at)
    end = _text_end(view, start, at, bracketed=bracketed)
    if not bracketed and _belongs_to_fold(view, end):
        return None
    after = end
    hint = None
    if after < len(view.blocks) and view.is_hint(after) and view.blocks[after].kind is BlockKind.DETAILS:
        hint, after = hint_in(view, after, after + 1), after + 1
    if after < len(view.blocks) and view.is_answer(after) and view.blocks[after].kind is BlockKind.DETAILS:
        extra, after = view.blocks[after].inner or Passage(view.file, ()), after + 1
    else:
        extra, after = _extra(view, after)
    text, number = _text(view, start, end, bracketed=bracketed)
    return Claim(RawCard(Kind.CLOZE, text, extra, None, hint, number, brackets=bracketed), start, after)


def _belongs_to_fold(view: View, end: int) -> bool:
    """Whether a fold with an answer follows, whose own shape knows best where its question starts."""
    if not view.region.open:
        return False
    near = range(end, min(end + (_NEAR if view.region.kind is Kind.SCENARIO else 2), len(view.blocks)))
    for at in near:
        if view.is_answer(at):
            return True
        if view.region.kind is not Kind.SCENARIO and not view.is_hint(at):
            return False
    return False


def holds_gap(block: RawBlock, *, in_code: bool = True) -> bool:
    """Whether a block holds the mark of a gap in braces; comments, and without ``in_code`` code and formulas, aside."""
    if block.kind is BlockKind.COMMENT or "{{" not in block.text:
        return False
    text = _COMMENT.sub("", block.text)
    if not in_code:
        if block.kind in (BlockKind.CODE, BlockKind.MATH):
            return False
        text = _CODE.sub("", text)
    return GAP.search(text) is not None


def is_bracketed(block: RawBlock) -> bool:
    """Whether a block is a paragraph ``C: …`` with a gap in it."""
    return block.kind is BlockKind.PARAGRAPH and _starts(block.text)


def starts_cloze(view: View, at: int, *, in_code: bool = False) -> bool:
    """Whether a text with gaps starts at block ``at``, after an answer too: ``C: …``, or one with gaps in braces."""
    block = view.blocks[at]
    if is_bracketed(block) or block.kind not in _TEXTS or not block.loose or block.indent or _goes_on(view, at):
        return is_bracketed(block)
    end = at
    while end == at or (end < len(view.blocks) and _goes_on(view, end)):
        if holds_gap(view.blocks[end], in_code=in_code):
            return True
        end += 1
    return False


def split_clozes(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks with every paragraph cut before lines that start a ``C:`` cloze, and before its extra.

    An item of a list that starts with ``C:`` is a paragraph like any other. Lettered options are none.
    """
    cut: list[RawBlock] = []
    for whole in blocks:
        block = whole
        options = bool(cut) and cut[-1].inner is not None and bool(OPTION_B.match(cut[-1].inner.text))
        if block.kind is BlockKind.ITEM and block.inner and _starts(block.inner.text) and not options:
            block = as_paragraph(block)
        if block.kind is not BlockKind.PARAGRAPH:
            cut.append(block)
            continue
        if len(block.lines) == 1:
            cut.append(block)
            continue
        texts = block.text.split("\n")
        starts = [0]
        in_cloze = _starts(texts[0]) or bool(GAP.search(texts[0]))
        for index, text in enumerate(texts[1:], 1):
            if _starts(text) and not OPTION_B.match(texts[index - 1]):
                starts.append(index)
                in_cloze = True
            elif in_cloze and (EXTRA_COLON.match(text) or ANSWER_COLON.match(text)):
                starts.append(index)
                in_cloze = False
            else:
                in_cloze = in_cloze or bool(GAP.search(text))
        cut += block.cut(starts)
    return cut


def _starts(text: str) -> bool:
    label = CLOZE_COLON.match(text) if "[" in text or "{{" in text else None
    return label is not None and _has_gap(text[label.end() :])


def _is_labelled_cloze(block: RawBlock) -> bool:
    return block.kind is BlockKind.PARAGRAPH and CLOZE_COLON.match(block.text) is not None


def _has_gap(text: str) -> bool:
    bare = _CODE.sub("", text)
    return any(found[0] not in ("[x]", "[X]") for found in _BRACKET.finditer(bare)) or bool(GAP.search(text))


def _marks(block: RawBlock) -> bool:
    return block.kind in _TEXTS and "==" in block.text and _HIGHLIGHT.search(_CODE.sub("", block.text)) is not None


def _fold(view: View, at: int) -> Claim | None:
    """A fold that is no answer, with gaps in it: its summary leads its content."""
    fold = view.blocks[at]
    if view.is_answer(at) or view.is_hint(at) or not holds_gap(fold, in_code=False):
        return None
    told, inner = fold.summary, fold.inner
    lines: list[Line] = [*(told.lines if told else ())]
    if inner:
        lines += [Line("", inner.lines[0].number), *inner.lines]
    extra, end = _extra(view, at + 1)
    return Claim(RawCard(Kind.CLOZE, join(view.file, lines), extra), at, end)


def _text(view: View, start: int, end: int, *, bracketed: bool) -> tuple[Passage, str]:
    """The text of a cloze, its label taken off, and its number."""
    blocks = view.blocks[start:end]
    first = blocks[0]
    if bracketed:
        return asked(view.file, blocks, CLOZE_COLON)
    alone = first.kind is BlockKind.PARAGRAPH or (first.kind is BlockKind.ITEM and len(blocks) == 1)
    if first.kind is BlockKind.HEADING or (view.region.kind and alone):
        return asked(view.file, blocks, NUMBERED)
    return passage(view.file, blocks, first.indent), ""


def _text_start(view: View, at: int) -> int:
    """Where the text begins that block ``at`` is in."""
    while at > view.floor and _goes_on(view, at):
        at -= 1
    return at


def _text_end(view: View, start: int, at: int, *, bracketed: bool) -> int:
    """Where the text ends that starts at ``start`` and that block ``at`` is in."""
    blocks = view.blocks
    end = at + 1
    while end < len(blocks) and (_goes_on(view, end) or (bracketed and _has_more(view, end))):
        end += 1
    for after in range(end, min(end + _NEAR, len(blocks))):
        if not _is_open(blocks[start:end]) or blocks[after].kind not in _TEXTS or _is_labelled(blocks[after]):
            break
        if holds_gap(blocks[after]):
            break
        if "}}" in blocks[after].text:
            end = after + 1
    if end < len(blocks) and blocks[end].kind is BlockKind.COMMENT and not blocks[end].loose:
        end += 1
    return end


def _is_open(blocks: Sequence[RawBlock]) -> bool:
    """Whether a text opens more gaps than it closes: the last of them goes on in the blocks after it."""
    text = "\n".join(block.text for block in blocks)
    return len(GAP.findall(text)) > text.count("}}")


def _goes_on(view: View, at: int) -> bool:
    """Whether block ``at`` goes on with the text of the block before it; a comment, with what follows it."""
    before, block = view.blocks[at - 1], view.blocks[at]
    if block.kind is BlockKind.COMMENT:
        return before.kind in _TEXTS and not block.loose and at + 1 < len(view.blocks) and _goes_on(view, at + 1)
    if block.kind not in _TEXTS or _is_labelled(block):
        return False
    if before.kind is BlockKind.COMMENT:
        inside = at - 2 >= view.floor and view.blocks[at - 2].kind in _TEXTS
        return inside and not block.loose and not before.loose
    if before.kind not in _TEXTS:
        return False
    if (before.kind is BlockKind.ITEM or before.indent > 0) and (block.kind is BlockKind.ITEM or block.indent > 0):
        siblings = before.kind is block.kind is BlockKind.ITEM and before.indent == block.indent
        return not siblings or bool(before.number) == bool(block.number)
    leads = before.kind is BlockKind.PARAGRAPH and before.text.rstrip("*_ \n").endswith((":", "："))
    return not block.loose or (leads and block.kind is not BlockKind.PARAGRAPH)


def _has_more(view: View, at: int) -> bool:
    """Whether a list, table or the like holds more gaps of the ``C:`` paragraph before it."""
    block = view.blocks[at]
    other = block.kind in _TEXTS and block.kind is not BlockKind.PARAGRAPH
    return other and not holds_gap(block) and _has_gap(block.text)


def _is_labelled(block: RawBlock) -> bool:
    """Whether a block says what it is: a question, an answer, an extra or a cloze."""
    labels = (QUESTION_COLON, ANSWER_COLON, EXTRA_COLON)
    said = block.kind is BlockKind.PARAGRAPH and any(label.match(block.text) for label in labels)
    return said or is_bracketed(block)


def _extra(view: View, at: int) -> tuple[Passage, int]:
    """What a paragraph ``Extra: …`` or ``A: …`` at ``at`` adds to the cloze before it, and where that ends."""
    nothing = Passage(view.file, ())
    if at >= len(view.blocks) or view.blocks[at].kind is not BlockKind.PARAGRAPH:
        return nothing, at
    text = view.blocks[at].text
    label = next((label for label in (EXTRA_COLON, ANSWER_COLON) if label.match(text)), None)
    if label is None:
        return nothing, at
    end = following = at + 1
    while following < len(view.blocks) and not _ends_extra(view, following):
        rule = view.blocks[following].kind is BlockKind.RULE
        following += 1
        end = end if rule else following  # a rule before the next card, or the end, is no part of this one
    while end > at + 1 and view.blocks[end - 1].kind is BlockKind.COMMENT and end < len(view.blocks):
        end -= 1
    return asked(view.file, view.blocks[at:end], label)[0], end


def _ends_extra(view: View, at: int) -> bool:
    block = view.blocks[at]
    starts = block.kind in (BlockKind.HEADING, BlockKind.DETAILS) or view.question_label(at) is not None
    return starts or starts_cloze(view, at, in_code=True)
