"""Reads one source file into raw cards that know where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.model import Kind
from cardforge.passage import Line, Passage, join, lines_of
from cardforge.source.answers import fold_answers
from cardforge.source.attributes import Attributes, card_comment, read_attributes, report_near_miss
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.blocks import scan
from cardforge.source.clozes import split_clozes
from cardforge.source.components import report_nested
from cardforge.source.debris import headings_in_items, without_debris, without_link_to_top
from cardforge.source.definitions import definitions_of, without_definitions
from cardforge.source.fields import passage, unlabel
from cardforge.source.front_matter import read_front_matter
from cardforge.source.lines import split_labels
from cardforge.source.mdx import is_mdx, without_program
from cardforge.source.notes import Notes, are_notes, rewritten, split_notes
from cardforge.source.options import answers_below_options, mark_options
from cardforge.source.pasted import looks_pasted, scan_pasted
from cardforge.source.quotes import without_quotes
from cardforge.source.raw import RawCard, RawFile, RawSection
from cardforge.source.regions import Region, divide, plain
from cardforge.source.separate_answers import pair_answers
from cardforge.source.shapes import SHAPES
from cardforge.source.starts import number_of, start_of, starts_with
from cardforge.source.view import Claim, View
from cardforge.vocabulary import Vocabulary

__all__ = ["RawCard", "RawFile", "RawSection", "Vocabulary", "read_source"]

_COMMENT_AT_END = re.compile(r"(?<!\s)\s*+(?P<comment>(?:<!--|\{/\*)\s*card:[^\n]*(?:-->|\*/\})\s*)$")

_NO_ANCHORS = frozenset({BlockKind.COMMENT, BlockKind.RULE})
"""What no shape makes a card of."""
_LONGEST_LINE = 256 * 1024
"""Characters of a line that are read, four times what a field may have: some searches go over a line many times."""


def read_source(file: str, text: str, vocabulary: Vocabulary, sink: Sink) -> RawFile:
    """The raw cards of a file's text. Whatever in a card section belongs to no card is reported."""
    lines = _tidy(lines_of(text.removeprefix("\ufeff")))
    front_matter, body = read_front_matter(file, lines, vocabulary, sink)
    vocabulary = front_matter.vocabulary
    if is_mdx(file, body, vocabulary):
        body = without_program(file, body, vocabulary)
    notes = None
    if are_notes(body, front_matter.tags, vocabulary):
        vocabulary = replace(vocabulary, notes=True)
        notes = rewritten(body)
        body = notes.lines
    pasted = looks_pasted(body, vocabulary)
    blocks = scan_pasted(file, body, vocabulary) if pasted else scan(file, body, vocabulary, sink)
    blocks = without_quotes(file, blocks, vocabulary, sink)
    for block in blocks:
        if block.kind is BlockKind.COMMENT and block.inner is not None:
            report_near_miss(block.inner, sink)
    blocks = pair_answers(file, mark_options(file, split_labels(blocks, period=False)), vocabulary, sink)
    blocks = answers_below_options(blocks, vocabulary)
    blocks = blocks if pasted or vocabulary.heading_level else fold_answers(file, blocks, vocabulary)
    blocks = split_notes(blocks) if notes else blocks
    blocks = without_debris(headings_in_items(file, blocks, vocabulary.heading_level), vocabulary.heading_level)
    headings = (b.inner.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1 and b.inner)
    regions = divide(blocks, vocabulary, pasted=pasted)
    sections = tuple(_section(file, region, vocabulary, sink) for region in regions)
    if notes and notes.decks:
        sections = tuple(_in_decks(section, notes) for section in sections)
    fields = [field for section in sections for field in _fields(section)]
    _report_cut(file, lines, fields, sink)
    for field in fields:
        report_nested(field, vocabulary, sink)
    kept = tuple(section for section in sections if section.cards or section.kind)
    defined = definitions_of(file, body)
    return RawFile(front_matter, plain(next(headings, "")), kept, vocabulary.highlight, defined)


def _in_decks(section: RawSection, notes: Notes) -> RawSection:
    """The section's cards in the decks that tags give them, where their own attributes give none."""
    cards = []
    for card in section.cards:
        deck = "" if card.attributes.deck or not card.question else notes.deck_at(card.question.lines[0].number)
        cards.append(replace(card, attributes=replace(card.attributes, deck=deck)) if deck else card)
    return replace(section, cards=tuple(cards))


def _tidy(lines: Sequence[Line]) -> list[Line]:
    return [_line(line) if "\t" in line.text or len(line.text) > _LONGEST_LINE else line for line in lines]


def _line(whole: Line) -> Line:
    """A line with the tabs of its indentation as blanks; what follows keeps its column. One that is too long is cut."""
    text = whole.text
    bare = text.lstrip(" \t")
    blanks = text[: len(text) - len(bare)].expandtabs(4)
    return Line((blanks + bare)[:_LONGEST_LINE], whole.number, 1 - (len(blanks) + len(bare) - len(text)))


def _fields(section: RawSection) -> Iterator[Passage]:
    """All texts of a section."""
    yield section.lead_in
    for card in section.cards:
        options = (option.text for option in card.options)
        yield from (each for each in (card.question, card.answer, card.prompt, card.hint, *options) if each is not None)


def _report_cut(file: str, lines: Sequence[Line], fields: Sequence[Passage], sink: Sink) -> None:
    """Report lines that were cut, but for those in a field: that is too long, which whoever reads it reports."""
    cut = [line.number for line in lines if len(line.text) == _LONGEST_LINE]
    if not cut:
        return
    held = {line.number for field in fields for line in field.lines if len(line.text) > _LONGEST_LINE // 2}
    for number in sorted(set(cut) - held):
        told = f"Of this line only the first {_LONGEST_LINE:,} characters are read."
        hint = "Divide it over several lines."
        sink.add(Code.FIELD_TOO_LONG, Span(file, number, 1, number, 2), told, hint, Severity.WARNING)


def _section(file: str, region: Region, vocabulary: Vocabulary, sink: Sink) -> RawSection:
    period = region.kind is Kind.FLASHCARD or region.pasted
    region = replace(region, blocks=tuple(split_clozes(split_labels(region.blocks, period=period))))
    view = View(file, region, region.blocks, vocabulary, None)
    start = start_of(region.blocks, view.solves)
    view = View(file, region, region.blocks, vocabulary, start)
    cards: list[RawCard] = []
    lead_in = Passage(file, ())
    at = 0
    while at < len(region.blocks):
        claim = _claim(view, at)
        if claim is None:
            at += 1
            continue
        before = region.blocks[view.floor : claim.start]
        cards.append(_with_attributes(claim, region.blocks, before, sink))
        if len(cards) == 1:
            lead_in = passage(file, before)
            _report_unanswered(view, before, sink, until=region.blocks[claim.start])
        else:
            _report(view, before, sink, until=region.blocks[claim.start])
        view = View(file, region, region.blocks, vocabulary, start, claim.end)
        at = max(claim.end, at + 1)
    rest = region.blocks[view.floor :]
    if cards or region.kind:
        _report(view, rest, sink, until=None)
    return RawSection(region.kind, region.title, lead_in, tuple(cards), region.heading)


def _claim(view: View, at: int) -> Claim | None:
    if view.blocks[at].kind in _NO_ANCHORS:
        return None
    for shape in SHAPES:
        if claim := shape(view, at):
            return claim
    return None


def _with_attributes(claim: Claim, blocks: Sequence[RawBlock], before: Sequence[RawBlock], sink: Sink) -> RawCard:
    """The claimed card with what its comment says: the one before it, at the end of a question's line, or after one."""
    around = [*before[-1:], *blocks[claim.start : claim.end]]
    question, comments = _without_card_comments(claim.card.question)
    comments += [
        b.inner for b in around if b.kind is BlockKind.COMMENT and b.inner is not None and card_comment(b.inner)
    ]
    answer = without_link_to_top(claim.card.answer)
    told = claim.card.attributes.type
    if not comments:
        return claim.card.told(question, answer, Attributes(type=told))
    if len(comments) > 1:
        comments = sorted({comment.span(): comment for comment in comments}.values(), key=Passage.span)
    attributes = read_attributes(comments[0], sink)
    if told and not attributes.type:
        attributes = replace(attributes, type=told)
    for extra in comments[1:]:
        sink.add(
            Code.BAD_ATTRIBUTE,
            extra.span(),
            "A card takes one attribute comment, and this one is its second.",
            "Put all attributes into the first, or move this one to its card.",
        )
    return claim.card.told(question, answer, attributes)


def _without_card_comments(question: Passage) -> tuple[Passage, list[Passage]]:
    """A question without the attribute comments at the ends of its lines, and those comments."""
    lines, comments = [], []
    if "-->" not in question.text and "*/}" not in question.text:
        return question, []
    for line in question.lines:
        ends = line.text.rstrip().endswith(("-->", "*/}"))
        found = _COMMENT_AT_END.search(line.text) if ends else None
        comment = Passage(question.file, (line.cut(found.start("comment")),)) if found else None
        if found is None or not card_comment(comment):
            lines.append(line)
            continue
        comments.append(comment)
        if kept := line.text[: found.start()]:
            lines.append(Line(kept, line.number, line.column))
    # The bold that spans a question ended before its comment, and could not be taken off with the number.
    bare = unlabel(join(question.file, lines), None)[0] if comments else question
    return bare, [comment for comment in comments if comment]


def _report(view: View, blocks: Sequence[RawBlock], sink: Sink, until: RawBlock | None) -> None:
    """Report blocks between cards that belong to none of them."""
    if not view.region.open:
        _report_comments(blocks, sink)
        return
    if all(block.kind in _NO_ANCHORS for block in blocks):  # as between most cards
        _report_comments(blocks[:-1] if until else blocks, sink)
        return
    unanswered = _report_unanswered(view, blocks, sink, until)
    run: list[RawBlock] = []
    counted = {id(block) for block in without_definitions(blocks)}
    for index, block in enumerate(blocks):
        if block.kind in (BlockKind.RULE, BlockKind.COMMENT) or id(block) not in counted:
            continue
        if index >= unanswered or (view.region.kind is None and block.kind is not BlockKind.DETAILS):
            _report_unclaimed(view.file, run, sink)
            run = []
        elif _asks_in_vain(block):
            _report_unclaimed(view.file, run, sink)
            run = []
            place = passage(view.file, [block], block.indent).span()
            hint = "Put the answer after it, as the section's other questions have theirs, or take the question out."
            sink.add(Code.MISSING_ANSWER, place, "This question has no answer.", hint)
        else:
            run.append(block)
    _report_unclaimed(view.file, run, sink)
    _report_comments(blocks[:-1] if until else blocks, sink)


def _asks_in_vain(block: RawBlock) -> bool:
    """Whether a block that no card claims is unmistakably a question: it has a number and ends in a question mark."""
    text = block.text.rstrip(" *_")
    numbered = block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and number_of(block) > 0
    return numbered and text.endswith(("?", "？", "؟"))


def _report_unclaimed(file: str, run: Sequence[RawBlock], sink: Sink) -> None:
    """Report blocks that follow one another, as one finding."""
    if not run:
        return
    place = _place(file, run[0].lines[0], run[-1].lines[-1])
    these = "This block stands in a card section and belongs"
    if len(run) > 1:
        these = f"These {len(run)} blocks stand in a card section and belong"
    hint = "Move it into an answer, before the section's first card, or out of the section."
    sink.add(
        Code.UNCLAIMED_BLOCK, place, f"{these} to no card.", hint if len(run) == 1 else hint.replace("it", "them", 1)
    )


def _place(file: str, first: Line, last: Line) -> Span:
    """From the first character of a line that is no blank to the end of a line."""
    blanks = len(first.text) - len(first.text.lstrip())
    return Span(file, first.number, first.column_at(blanks), last.number, last.column_at(len(last.text)))


def _report_comments(blocks: Sequence[RawBlock], sink: Sink) -> None:
    for block in blocks:
        if block.kind is BlockKind.COMMENT and block.inner and card_comment(block.inner):
            sink.add(
                Code.BAD_ATTRIBUTE,
                block.inner.span(),
                "These card attributes belong to no card.",
                "Put the comment on the line before its card, or after the card's first line.",
            )


def _report_unanswered(view: View, blocks: Sequence[RawBlock], sink: Sink, until: RawBlock | None) -> int:
    """Report questions in the section's own form that no answer follows; where they begin: the rest is theirs."""
    if view.start is None or not view.region.open:
        return len(blocks)
    starts = [i for i, block in enumerate(blocks) if starts_with(block, view.start)]
    if until is not None:
        # Numbers that do not lead up to the next card's are a list in the lead-in.
        starts = [i for i in starts if starts_with(until, view.start) and number_of(blocks[i]) < number_of(until)]
    if until is not None and view.floor == 0:
        starts = [i for i in starts if number_of(blocks[i]) and view.region.kind is not Kind.SCENARIO]
    for start, end in pairwise([*starts, len(blocks)]):
        own = [block for block in blocks[start:end] if block.kind not in (BlockKind.RULE, BlockKind.COMMENT)]
        sink.add(
            Code.MISSING_ANSWER,
            _place(view.file, own[0].lines[0], own[-1].lines[-1]),
            "This question has no answer.",
            "Put the answer after it, as the section's other questions have theirs, or take the question out.",
        )
    return starts[0] if starts else len(blocks)
