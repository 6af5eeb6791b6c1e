"""A deck and its findings as plain text: what a golden case shows, and a person can read."""

from collections.abc import Iterator
from pathlib import Path

from cardforge.body import read_body
from cardforge.diagnostics import Sink, Span
from cardforge.doc import Block, gaps_in, plain_text
from cardforge.model import Body, Card, Choice, Cloze, Deck, Flashcard, Media, Scenario, SelfCheck, kind_of
from cardforge.passage import Line, Passage
from cardforge.reader import Defaults, read_deck
from cardforge.source import Vocabulary


class NoMedia:
    """Finds no image and reports none: a case has no folder of its own."""

    def __init__(self) -> None:
        self.found: dict[str, Media] = {}

    def __call__(self, src: str, span: Span) -> str:  # noqa: ARG002 - what every finder is asked
        """Nothing is here."""
        return ""


def read(text: str, file: str = "case.md", vocabulary: Vocabulary | None = None) -> tuple[Deck, Sink]:
    """The deck of a text and what was found on the way."""
    sink = Sink()
    deck = read_deck(file, Path(file).stem, text, vocabulary or Vocabulary(), Defaults(), NoMedia(), sink)
    return deck, sink


def notation(deck: Deck, sink: Sink) -> str:
    """The deck in reading order, then the findings.

    A section is a line with its kind and title and its lead-in's words; a card is its kind, place and number, its
    fields below it as the author's text.
    """
    found = sorted(sink, key=lambda each: (each.span, each.code))
    findings = (_finding(each.severity.value, each.code, each.span, each.message) for each in found)
    return "\n".join([*_deck(deck), *findings]).rstrip("\n") + "\n"


def _deck(deck: Deck) -> Iterator[str]:
    yield f"deck {deck.name} | title {deck.title} | {deck.language}"
    for section in deck.sections:
        yield ""
        yield f"== {section.kind or 'no card section'}: {section.title}".rstrip()
        if words := plain_text(section.lead_in):
            yield f"   {words}"
        for card in section.cards:
            yield ""
            yield from _card(card, deck)
    yield ""


def _card(card: Card, deck: Deck) -> Iterator[str]:
    head = card.head
    number = f" #{head.number}" if head.number else ""
    yield f"{kind_of(card)} {head.span.line}:{head.span.column}{number}"
    told = (
        ("id", head.id),
        ("deck", head.deck if head.deck != deck.name else ""),
        ("tags", " ".join(head.tags)),
        ("source", head.source),
    )
    yield from (f"  {name} = {value}" for name, value in told if value)
    match card:
        case Flashcard():
            yield from (f"  {name}" for name in ("reversed", "typed") if getattr(card, name))
            yield from _field("question", card.question)
            yield from _field("hint", card.hint)
            yield from _field("answer", card.answer)
        case SelfCheck():
            yield from _field("question", card.question)
            yield from _field("hint", card.hint)
            yield from _field("answer", card.answer)
        case Scenario():
            yield from _field("situation", card.situation)
            yield from _field("prompt", card.prompt)
            yield from _field("hint", card.hint)
            if card.verdict:
                yield f"  verdict = {card.verdict}"
            yield from _field("reasoning", card.reasoning)
        case Cloze():
            gaps = gaps_in(card.text.blocks)
            yield from (f"  c{n} = {h if isinstance(h, str) else plain_text(h)}".rstrip() for n, h in gaps)
            yield from _field("text", card.text)
            yield from _field("hint", card.hint)
            yield from _field("extra", card.extra)
        case Choice():
            yield from _field("question", card.question)
            yield from _field("hint", card.hint)
            for option in card.options:
                sign = "x" if option.correct else " "
                first, *rest = option.text.source.split("\n")
                yield f"  [{sign}] {first}".rstrip()
                yield from (f"      {line}".rstrip() for line in rest)
            yield from _field("explanation", card.explanation)


def _field(name: str, body: Body | None) -> Iterator[str]:
    if body is not None and (body.source or body.blocks):
        yield f"  {name}:"
        yield from (f"    | {line}".rstrip() for line in body.source.split("\n"))


def _finding(severity: str, code: str, span: Span, message: str) -> str:
    return f"{severity} {code} {span.line}:{span.column}-{span.end_line}:{span.end_column} {message}"


def passage_of(text: str) -> Passage:
    """A text as the passage it would be if it were a whole file."""
    return Passage("body.md", tuple(Line(line, number) for number, line in enumerate(text.split("\n"), 1)))


def read_blocks(text: str) -> tuple[tuple[Block, ...], list[str]]:
    """The blocks of a body, and its findings as ``code line:column``."""
    sink = Sink()
    body = read_body(passage_of(text), NoMedia(), sink)
    return body.blocks, [f"{each.code} {each.span.line}:{each.span.column}" for each in sink]
