"""Reads one source file into raw cards that know where they stand."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge.diagnostics import Code, Sink, Span
from cardforge.model import Kind
from cardforge.passage import Line, Passage, join, lines_of
from cardforge.source.attributes import Attributes, card_comment, read_attributes
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.blocks import scan
from cardforge.source.fields import passage, unlabel
from cardforge.source.front_matter import read_front_matter
from cardforge.source.labels import Vocabulary
from cardforge.source.lines import split_labels
from cardforge.source.pasted import looks_pasted, scan_pasted
from cardforge.source.raw import RawCard, RawFile, RawSection
from cardforge.source.regions import Region, divide, plain
from cardforge.source.shapes import SHAPES
from cardforge.source.starts import number_of, start_of, starts_with
from cardforge.source.view import Claim, View

__all__ = ["RawCard", "RawFile", "RawSection", "Vocabulary", "read_source"]

_COMMENT_AT_END = re.compile(r"(?<!\s)\s*+(?P<comment>(?:<!--|\{/\*)\s*card:[^\n]*(?:-->|\*/\})\s*)$")


def read_source(file: str, text: str, vocabulary: Vocabulary, sink: Sink) -> RawFile:
    """The raw cards of a file's text. Whatever in a card section belongs to no card is reported."""
    lines = [_line(line.number, line.text) for line in lines_of(text.removeprefix("\ufeff"))]
    front_matter, body = read_front_matter(file, lines, sink)
    pasted = looks_pasted(body, vocabulary)
    blocks = scan_pasted(file, body, vocabulary) if pasted else scan(file, body, sink)
    headings = (b.inner.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1 and b.inner)
    regions = divide(blocks, vocabulary, pasted=pasted)
    sections = tuple(_section(file, region, vocabulary, sink) for region in regions)
    kept = tuple(section for section in sections if section.cards or section.kind)
    return RawFile(front_matter, plain(next(headings, "")), kept)


def _line(number: int, text: str) -> Line:
    """A line with the tabs of its indentation as blanks; what follows keeps its column."""
    bare = text.lstrip(" \t")
    blanks = text[: len(text) - len(bare)].expandtabs(4)
    return Line(blanks + bare, number, 1 - (len(blanks) + len(bare) - len(text)))


def _section(file: str, region: Region, vocabulary: Vocabulary, sink: Sink) -> RawSection:
    period = region.kind is Kind.FLASHCARD or region.pasted
    region = replace(region, blocks=tuple(split_labels(region.blocks, period=period)))
    view = View(file, region, vocabulary, None)
    view = replace(view, start=start_of(region.blocks, view.is_answer))
    cards: list[RawCard] = []
    lead_in = Passage(file, ())
    at = 0
    while at < len(region.blocks):
        claim = next((claim for shape in SHAPES if (claim := shape(view, at))), None)
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
        view = replace(view, floor=claim.end)
        at = max(claim.end, at + 1)
    rest = region.blocks[view.floor :]
    if cards or region.kind:
        _report(view, rest, sink, until=None)
    return RawSection(region.kind, region.title, lead_in, tuple(cards), region.heading)


def _with_attributes(claim: Claim, blocks: Sequence[RawBlock], before: Sequence[RawBlock], sink: Sink) -> RawCard:
    """The claimed card with what its comment says: the one before it, at the end of a question's line, or after one."""
    around = [*before[-1:], *blocks[claim.start : claim.end]]
    question, comments = _without_card_comments(claim.card.question)
    comments += [b.inner for b in around if b.kind is BlockKind.COMMENT and b.inner and card_comment(b.inner)]
    comments = sorted({comment.span(): comment for comment in comments}.values(), key=Passage.span)
    attributes = read_attributes(comments[0], sink) if comments else Attributes()
    for extra in comments[1:]:
        sink.add(
            Code.BAD_ATTRIBUTE,
            extra.span(),
            "A card takes one attribute comment, and this one is its second.",
            "Put all attributes into the first, or move this one to its card.",
        )
    return replace(claim.card, question=question, attributes=attributes)


def _without_card_comments(question: Passage) -> tuple[Passage, list[Passage]]:
    """A question without the attribute comments at the ends of its lines, and those comments."""
    lines, comments = [], []
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
    unanswered = _report_unanswered(view, blocks, sink, until)
    run: list[RawBlock] = []
    for block in blocks:
        if block.kind in (BlockKind.RULE, BlockKind.COMMENT):
            continue
        if block in unanswered or (view.region.kind is None and block.kind is not BlockKind.DETAILS):
            _report_unclaimed(view.file, run, sink)
            run = []
        else:
            run.append(block)
    _report_unclaimed(view.file, run, sink)
    _report_comments(blocks[:-1] if until else blocks, sink)


def _report_unclaimed(file: str, run: Sequence[RawBlock], sink: Sink) -> None:
    """Report blocks that follow one another, as one finding."""
    if not run:
        return
    first, last = run[0].lines[0], run[-1].lines[-1]
    blanks = len(first.text) - len(first.text.lstrip())
    place = Span(file, first.number, first.column + blanks, last.number, last.column + len(last.text))
    these = "This block stands in a card section and belongs"
    if len(run) > 1:
        these = f"These {len(run)} blocks stand in a card section and belong"
    hint = "Move it into an answer, before the section's first card, or out of the section."
    sink.add(
        Code.UNCLAIMED_BLOCK, place, f"{these} to no card.", hint if len(run) == 1 else hint.replace("it", "them", 1)
    )


def _report_comments(blocks: Sequence[RawBlock], sink: Sink) -> None:
    for block in blocks:
        if block.kind is BlockKind.COMMENT and block.inner and card_comment(block.inner):
            sink.add(
                Code.BAD_ATTRIBUTE,
                block.inner.span(),
                "These card attributes belong to no card.",
                "Put the comment on the line before its card, or after the card's first line.",
            )


def _report_unanswered(view: View, blocks: Sequence[RawBlock], sink: Sink, until: RawBlock | None) -> list[RawBlock]:
    """Report questions in the section's own form that no answer follows; returns them with what belongs to them."""
    if view.start is None or not view.region.open:
        return []
    starts = [i for i, block in enumerate(blocks) if starts_with(block, view.start)]
    if until is not None:
        # Numbers that do not lead up to the next card's are a list in the lead-in.
        starts = [i for i in starts if starts_with(until, view.start) and number_of(blocks[i]) < number_of(until)]
    if until is not None and view.floor == 0:
        starts = [i for i in starts if number_of(blocks[i]) and view.region.kind is not Kind.SCENARIO]
    for start in starts:
        line = blocks[start].lines[0]
        blanks = len(line.text) - len(line.text.lstrip())
        sink.add(
            Code.MISSING_ANSWER,
            Span(view.file, line.number, line.column + blanks, line.number, line.column + len(line.text)),
            "This question has no answer.",
            "Put the answer after it, as the section's other questions have theirs, or take the question out.",
        )
    return list(blocks[starts[0] :]) if starts else []
