"""``cardforge list``: the cards as the program understood them, for people and as JSON."""

import json
from collections.abc import Iterable
from itertools import groupby

from cardforge.checks import short_question
from cardforge.cli.report import visible
from cardforge.model import Card, Choice, Cloze, Collection, Flashcard, Scenario, SelfCheck, kind_of


def as_json(collection: Collection) -> str:
    """One object a card; the keys are those scripts rely on."""
    return json.dumps([card_object(card, collection) for card in collection.cards], ensure_ascii=False, indent=2) + "\n"


def card_object(card: Card, collection: Collection) -> dict[str, object]:
    """A card as scripts see it."""
    head = card.head
    plain: dict[str, object] = {
        "guid": collection.identity(card).guid,
        "id": head.id,
        "kind": str(kind_of(card)),
        "deck": head.deck,
        "section": head.section,
        "tags": list(head.tags),
        "question": "",
        "answer": "",
        "file": head.span.file,
        "line": head.span.line,
    }
    match card:
        case Flashcard() | SelfCheck():
            plain |= {"question": card.question.source, "answer": card.answer.source}
        case Scenario():
            whole = "\n\n".join(part for part in (card.situation.source, card.prompt.source) if part)
            plain |= {"question": whole, "answer": card.reasoning.source, "situation": card.situation.source}
            plain |= {"prompt": card.prompt.source, "verdict": card.verdict}
        case Choice():
            options = [{"text": option.text.source, "correct": option.correct} for option in card.options]
            plain |= {"question": card.question.source, "answer": card.explanation.source, "options": options}
        case Cloze():
            plain |= {"question": card.text.source, "answer": card.extra.source}
    return plain


def as_text(collection: Collection) -> str:
    """A line a card, under its deck and section."""
    lines: list[str] = []
    for deck, cards in groupby(collection.cards, key=lambda card: card.head.deck):
        lines += ["", visible(deck)] if lines else [visible(deck)]
        for section, inside in groupby(cards, key=lambda card: card.head.section):
            if section:
                lines.append(f"  {visible(section)}")
            lines += _rows(inside)
    return "\n".join(lines) + "\n" if lines else ""


def _rows(cards: Iterable[Card]) -> Iterable[str]:
    for card in cards:
        place = f"{visible(card.head.span.file)}:{card.head.span.line}"
        yield f"    {kind_of(card):<10}  {visible(short_question(card)):<40}  {place}"
