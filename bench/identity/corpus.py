"""Cards and edits to measure identity with, each a function of the seed and of numbers only.

A :class:`Draft` is a card before it is one: who it is (``number``), where it stands and its two texts. Drafts are
edited and then made into cards; what became of a card is told by its number.
"""

import random
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from cardforge.diagnostics import Span
from cardforge.doc import Paragraph, Text
from cardforge.model import Body, Flashcard, Head

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Draft:
    """A card as the benchmark moves and edits it."""

    number: int
    file: str
    deck: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """One card before and after its author reworded the question."""

    field: str
    edit: str
    before: str
    after: str
    answer: str


@dataclass(frozen=True, slots=True)
class Different:
    """Two cards that look alike, each a question and an answer."""

    field: str
    one: tuple[str, str]
    other: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Topic:
    file: str
    deck: str
    facts: tuple[tuple[str, str], ...]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def reworded() -> tuple[Reworded, ...]:
    """The hand-written rewordings, in the order of the file."""
    return tuple(Reworded(**pair) for pair in _toml("rewordings.toml")["reworded"])


@cache
def different() -> tuple[Different, ...]:
    """The hand-written pairs of different cards, in the order of the file."""
    pairs = _toml("rewordings.toml")["different"]
    return tuple(Different(pair["field"], tuple(pair["one"]), tuple(pair["other"])) for pair in pairs)


@cache
def _topics() -> tuple[_Topic, ...]:
    topics = []
    for topic in _toml("facts.toml")["topic"]:
        rows = [line.split(" | ") for line in topic["rows"].strip().splitlines()]
        facts = tuple((asks.format(*row), says.format(*row)) for row in rows for asks, says in topic["patterns"])
        topics.append(_Topic(topic["file"], topic["deck"], facts))
    return tuple(topics)


def draft(seed: int, number: int) -> Draft:
    """The card of a number: the numbers go round the topics, and through each in an order that the seed gives."""
    topics = _topics()
    topic = topics[number % len(topics)]
    facts = list(range(len(topic.facts)))
    _random(seed, "facts", topic.file).shuffle(facts)
    question, answer = topic.facts[facts[number // len(topics)]]
    return Draft(number, topic.file, topic.deck, question, answer)


def written_draft(number: int, question: str, answer: str) -> Draft:
    """A card of the hand-written pairs, among the generated cards of one of the topics."""
    topic = _topics()[number % len(_topics())]
    return Draft(number, topic.file, topic.deck, question, answer)


def as_card(drafted: Draft, place: int) -> Flashcard:
    """The card at a place of the collection: the place is its line, and so its span."""
    span = Span(drafted.file, place + 1, 1, place + 1, 2)
    return Flashcard(Head(span, drafted.deck), _body(drafted.question), _body(drafted.answer))


def _body(text: str) -> Body:
    return Body(text, (Paragraph((Text(text),)),))


# ---- edits of a question

_SYNONYMS = (
    ("What is the action of", "What movement does one get from"),
    ("What is the", "Name the"),
    ("What is", "Explain"),
    ("Which nerve supplies", "What nerve innervates"),
    ("Which class of drugs", "What group of drugs"),
    ("Which command", "What command"),
    ("Which article", "What article"),
    ("Who wrote", "Who is the author of"),
    ("Who composed", "Who is the composer of"),
    ("Who discovered", "Who first saw"),
    ("Who succeeded", "Who followed"),
    ("When was", "In what year was"),
    ("When did", "In which year did"),
    ("What happened in", "What took place in"),
    ("How is", "How does one see that"),
    ("How long should you cook", "How long do you cook"),
    ("How do you tell", "How can one tell"),
    ("How does", "By what mechanism does"),
    ("mean?", "stand for?"),
    ("Describe", "Explain"),
    ("Where is", "In which organ is"),
    ("What makes", "What lets"),
    ("What should", "What must"),
    ("typical", "common"),
    ("return?", "give back?"),
    ("cover?", "regulate?"),
    ("past participle", "participle"),
    ("Was heißt", "Was bedeutet"),
    ("On which", "At which"),
    ("To which house", "To what dynasty"),
    ("In which", "In what"),
)
_CLAUSES = (
    ", in short",
    " (one word is enough)",
    ", according to the lecture",
    ", as a rule",
    ", and how do you remember it",
    " (from the exam of 2023)",
    ", to the best of today's knowledge",
    ", if you leave exceptions aside",
)
_DROPPABLE = re.compile(
    r"\b(?:the|a|an|best|usual|real|main|typical|first|SI|what|is|does|do|of|should|you|das)\b ", re.IGNORECASE
)
_ARTICLE = re.compile(r"\b(?:the|a|an)\b", re.IGNORECASE)
_LONG_WORD = re.compile(r"(?<![\w`\\$])[^\W\d_]{5,}(?![\w`$(])")


def _typo(rng: random.Random, question: str) -> str:
    """Two letters of a word exchanged, or one dropped or doubled, as fingers do."""
    words = list(_LONG_WORD.finditer(question))
    if not words:
        return question
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    swapped = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    dropped = question[:at] + question[at + 1 :]
    doubled = question[:at] + question[at] + question[at:]
    return rng.choice([swapped, dropped, doubled])


def _synonym(rng: random.Random, question: str) -> str:
    found = [pair for pair in _SYNONYMS if pair[0] in question]
    if not found:
        return question
    old, new = rng.choice(found)
    return question.replace(old, new, 1)


def _clause(rng: random.Random, question: str) -> str:
    clause = rng.choice(_CLAUSES)
    end = question[-1] if question[-1] in "?." else ""
    return question.removesuffix(end) + clause + end


def _dropped(rng: random.Random, question: str) -> str:
    found = list(_DROPPABLE.finditer(question))
    if not found:
        return question
    word = rng.choice(found)
    return question[: word.start()] + question[word.end() :]


def _article(rng: random.Random, question: str) -> str:
    found = list(_ARTICLE.finditer(question))
    if not found:
        return question
    word = rng.choice(found)
    return question[: word.start()] + ("a" if word[0].casefold() == "the" else "the") + question[word.end() :]


def _punctuation(rng: random.Random, question: str) -> str:
    return rng.choice([question.rstrip("?.") + ":", question.rstrip("?.") + " …?", f"Q. {question}", f"**{question}**"])


EDITS: tuple[tuple[str, Callable[[random.Random, str], str]], ...] = (
    ("typo", _typo),
    ("synonym", _synonym),
    ("clause", _clause),
    ("dropped word", _dropped),
    ("article", _article),
    ("punctuation", _punctuation),
)


def reword(seed: int, number: int, question: str) -> tuple[str, str]:
    """The question lightly edited, and the name of the edit; another edit where one does not apply."""
    rng = _random(seed, "reword", number)
    for name, edit in rng.sample(EDITS, len(EDITS)):
        edited = edit(rng, question)
        if edited != question:
            return edited, name
    raise AssertionError(question)


# ---- edits of an answer, of files and of the order

_MORE = (
    "See also the summary at the end of the chapter.",
    "This was asked twice already.",
    "Compare the neighbouring cards.",
    "There are exceptions, none of them important.",
)
_OTHER_WORDS = (
    "See the table in the notes.",
    "It depends; the usual case is meant here.",
    "To be looked up: sources disagree.",
    "Put shortly, the second of the two that one would think of.",
)


def rewrite_answer(seed: int, number: int, answer: str) -> str:
    """Another answer to the same question: longer, shorter or in other words."""
    rng = _random(seed, "answer", number)
    shorter = answer.rsplit(" ", 1)[0]
    longer = f"{answer.rstrip('.')}. {rng.choice(_MORE)}"
    return rng.choice([longer, longer, shorter if shorter != answer else longer, rng.choice(_OTHER_WORDS)])


def rename(drafts: Sequence[Draft], seed: int, count: int) -> list[Draft]:
    """``count`` files under new names; the deck of the first of them is renamed too."""
    files = sorted({one.file for one in drafts})
    chosen = _random(seed, "rename", count).sample(files, count)
    names = {file: f"renamed/{position}-{Path(file).name}" for position, file in enumerate(chosen)}
    deck = {one.deck for one in drafts if one.file == chosen[0]}
    return [
        replace(one, file=names.get(one.file, one.file), deck=f"{one.deck} (new)" if one.deck in deck else one.deck)
        for one in drafts
    ]


def move(drafts: Sequence[Draft], seed: int, share: float) -> list[Draft]:
    """A share of the cards moved to another card's file and deck."""
    rng = _random(seed, "move", share)
    homes = sorted({(one.file, one.deck) for one in drafts})
    moved = []
    for one in drafts:
        file, deck = rng.choice(homes) if rng.random() < share else (one.file, one.deck)
        moved.append(replace(one, file=file, deck=deck))
    return moved


def reorder(drafts: Sequence[Draft], seed: int) -> list[Draft]:
    """All cards in another order."""
    return _random(seed, "reorder", len(drafts)).sample(drafts, len(drafts))


def chosen(seed: int, what: str, numbers: Sequence[int], count: int) -> frozenset[int]:
    """``count`` of the numbers."""
    return frozenset(_random(seed, what, count).sample(numbers, count))


def _random(seed: int, what: str, which: object) -> random.Random:
    return random.Random(f"{seed} {what} {which}")  # noqa: S311 # repeatable test data, nothing secret
