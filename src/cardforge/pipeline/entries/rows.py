"""A deck and what was found in it as JSON and back, without the trees of its fields (:mod:`.trees`)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count
from sys import intern
from typing import TYPE_CHECKING, Any, Final, assert_never

from cardforge.diagnostics import Code, Diagnostic, Severity, Span
from cardforge.identity.hashes import Hashes
from cardforge.identity.told import Told
from cardforge.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Head,
    Kind,
    Media,
    Option,
    Scenario,
    Section,
    SelfCheck,
)
from cardforge.pipeline.entries.trees import Trees, Unread, plain, tree

if TYPE_CHECKING:
    from cardforge.checks.quality import Opinion

Row = list[Any]
_FLASHCARD, _SELF_CHECK, _SCENARIO, _CHOICE, _CLOZE = range(5)
_SEVERITIES: Final = {severity.value: severity for severity in Severity}


def finding_row(found: Diagnostic) -> Row:
    """A finding."""
    span = found.span
    place = [span.file, span.line, span.column, span.end_line, span.end_column]
    return [str(found.code), *place, found.message, found.hint, found.severity.value]


def finding_of(row: Row) -> Diagnostic:
    """The finding that a row stands for."""
    code, file, line, column, end_line, end_column, message, hint, severity = row
    span = Span(file, line, column, end_line, end_column)
    return Diagnostic(Code(code), span, message, hint, _SEVERITIES[severity])


def opinion_row(opinion: "Opinion") -> Row:
    """What the rules of quality think of a file."""
    said = [[each.name, " ".join(each.question), each.answer] for each in opinion.said]
    return [[finding_row(each) for each in opinion.advice], said]


def opinion_of_row(deck: Deck, row: Row) -> "Opinion":
    """The opinion on a deck that a row stands for. Raises ValueError where it is on other cards."""
    from cardforge.checks.duplicates import Said  # here, for most runs ask for no opinion
    from cardforge.checks.quality import Opinion

    advice, said = row
    told = (
        Said(card.head.span, name, _words(question), answer)
        for card, (name, question, answer) in zip(deck.cards, said, strict=True)
    )
    return Opinion(tuple(map(finding_of, advice)), tuple(told))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" ")) if text else ()


def told_row(told: Told) -> Row:
    """What identity asks of a card."""
    return [told.key, told.question, told.answer_text.decode(), told.answer_words, told.content.halves, told.ordinals]


def _told(row: Row) -> Told:
    key, question, answer, words, content, ordinals = row
    return Told(key, question, answer.encode(), words, Hashes(*content), tuple(ordinals))


def deck_row(deck: Deck, told: Mapping[Span, Told]) -> Row:
    """A deck; ``told`` is what identity asks of its cards. Raises ValueError for what cannot be kept."""
    sections = [
        [
            None if section.kind is None else str(section.kind),
            section.title,
            section.heading,
            plain(section.lead_in),
            [[*_card_row(card, deck), told_row(told[card.head.span])] for card in section.cards],
        ]
        for section in deck.sections
    ]
    media = [[each.name, each.path, each.mime, each.sha256, each.width, each.height] for each in deck.media]
    return [deck.name, deck.title, deck.language, sections, media]


def _card_row(card: Card, deck: Deck) -> Row:
    head = card.head
    span = head.span
    if span.file != deck.file:
        raise ValueError(span.file)
    place = [span.line, span.column, span.end_line, span.end_column]
    start = [*place, head.deck, head.tags, head.id, head.source, head.section, head.number]
    shows = bool(deck.media)

    def field(body: Body | None) -> Row | None:
        return None if body is None else [int(not body), body.media if shows else ()]

    def asked(body: Body) -> Row:
        return [int(not body), body.media if shows else (), body.source]  # a new note is named by its question

    told: Row
    match card:
        case Flashcard():
            told = [_FLASHCARD, asked(card.question), field(card.hint), field(card.answer), card.reversed, card.typed]
        case SelfCheck():
            told = [_SELF_CHECK, asked(card.question), field(card.hint), field(card.answer)]
        case Scenario():
            told = [_SCENARIO, asked(card.situation), asked(card.prompt), field(card.hint), field(card.reasoning)]
            told.append(card.verdict)
        case Choice():
            options = [[field(option.text), option.correct] for option in card.options]
            told = [_CHOICE, asked(card.question), options, field(card.hint), field(card.explanation)]
        case Cloze():
            told = [_CLOZE, asked(card.text), field(card.hint), field(card.extra)]
        case _:
            assert_never(card)
    return [start, told]


def deck_of(file: str, row: Row, trees: Trees) -> tuple[Deck, dict[Span, Told]]:
    """The deck of a row, and what identity asks of its cards."""
    name, title, language, section_rows, media_rows = row
    told: dict[Span, Told] = {}
    number = count()
    sections = []
    for kind, section_title, heading, lead_in, card_rows in section_rows:
        cards = []
        for start, fields, told_fields in card_rows:
            card = _card(file, start, fields, trees, number)
            told[card.head.span] = _told(told_fields)
            cards.append(card)
        made = None if kind is None else Kind(kind)
        sections.append(Section(made, section_title, tree(lead_in), tuple(cards), heading))
    media = tuple(Media(*each) for each in media_rows)
    return Deck(file, name, title, language, tuple(sections), media), told


@lru_cache(maxsize=1 << 12)
def _once(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Tags that were met before, in their place."""
    return tuple(map(intern, tags))


def _card(file: str, start: Row, told: Row, trees: Trees, number: Iterator[int]) -> Card:
    line, column, end_line, end_column, deck, tags, its_id, source, section, given = start
    span = Span(file, line, column, end_line, end_column)
    # What the cards of a collection have in common, each once.
    head = Head(span, intern(deck), _once(tuple(tags)), its_id, intern(source), intern(section), given)

    def body(row: Row) -> Body:
        empty, media, *source = row
        return Unread(trees, next(number), empty=bool(empty), media=tuple(media), source=source[0] if source else None)

    def hint(row: Row | None) -> Body | None:
        return None if row is None else body(row)

    # The fields come in the order of bodies_of: each takes the next number.
    match told[0]:
        case 0:
            _, asked, hinted, answered, turned, typed = told
            question, helped = body(asked), hint(hinted)
            return Flashcard(head, question, body(answered), helped, turned, typed)
        case 1:
            _, asked, hinted, answered = told
            question, helped = body(asked), hint(hinted)
            return SelfCheck(head, question, body(answered), helped)
        case 2:
            _, asked, prompted, hinted, answered, verdict = told
            situation, prompt, helped = body(asked), body(prompted), hint(hinted)
            return Scenario(head, situation, prompt, verdict, body(answered), helped)
        case 3:
            _, asked, option_rows, hinted, answered = told
            question = body(asked)
            options = tuple(Option(body(text), correct) for text, correct in option_rows)
            helped = hint(hinted)
            return Choice(head, question, options, body(answered), helped)
        case 4:
            _, asked, hinted, answered = told
            text, helped = body(asked), hint(hinted)
            return Cloze(head, text, body(answered), helped)
    raise ValueError(told[0])
