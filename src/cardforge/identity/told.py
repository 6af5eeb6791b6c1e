"""What identity asks of a card, apart from where it stands: all that its trees are needed for."""

from dataclasses import field

from cardforge.doc import gaps_in, plain_text, words_of
from cardforge.identity.content import content_of, digest, ordinals_of
from cardforge.identity.hashes import Hashes
from cardforge.identity.lock import LONGEST_QUESTION, one_line
from cardforge.identity.naming import question_source
from cardforge.identity.normal import normal_form
from cardforge.model import Card, Choice, Cloze, Flashcard, Scenario, SelfCheck
from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A card as identity knows it.

    ``key`` is a hash of its question's normal form, ``question`` and ``answer_text`` (UTF-8) are both in short,
    ``content`` holds a hash for each field, ``ordinals`` are those of a cloze's gaps.
    """

    key: str
    question: str
    answer_text: bytes
    answer_words: int
    content: Hashes = field(hash=False)
    ordinals: tuple[int, ...] = ()


def told_of(card: Card) -> Told:
    """What identity asks of a card."""
    answer, words = _answer(card)
    return Told(
        digest(normal_form(question_source(card))),
        short(card),
        in_short(answer).encode(),
        words,
        content_of(card),
        ordinals_of(card),
    )


def short(card: Card) -> str:
    """The question in short: its words on one line, 160 characters at most."""
    match card:
        case Flashcard() | SelfCheck() | Choice():
            text = plain_text(card.question.blocks)
        case Scenario():
            text = plain_text((*card.situation.blocks, *card.prompt.blocks))
        case Cloze():
            text = plain_text(card.text.blocks)
    return in_short(text)


def in_short(text: str) -> str:
    """A text on one line, 160 characters at most."""
    text = one_line(text)
    return text if len(text) <= LONGEST_QUESTION else text[: LONGEST_QUESTION - 1].rstrip() + "…"


def _answer(card: Card) -> tuple[str, int]:
    """An answer on one line, no less of it than is kept in short; and how many words all of it has."""
    match card:
        case Flashcard() | SelfCheck():
            words = words_of(card.answer.blocks)
        case Choice():
            words = words_of(card.explanation.blocks)
        case Scenario():
            told = f"{card.verdict} {plain_text(card.reasoning.blocks)}"
            return told, len(told.split())
        case Cloze():
            hidden = [each if isinstance(each, str) else plain_text(each) for _, each in gaps_in(card.text.blocks)]
            told = " ".join([*hidden, plain_text(card.extra.blocks)]).strip()
            return told, len(told.split())
    return " ".join(words[: LONGEST_QUESTION + 1]), len(words)
