"""What a note's content is: the author's meaning, never a library's output.

A content hash covers the document tree (pictures by the hash in their media name), tags, kind, what stands beside the
fields, and :data:`RENDERING`. It moves when the author changed something a learner can see, and not when Pygments or
another library renders the same tree in a new way.
"""

import hashlib
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from cardforge.doc import gaps_in, plain_text
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Scenario, SelfCheck, kind_of

RENDERING = 1
"""Bumped by hand when our own rendering changes so much that every learner should get the new text."""

HASH_LENGTH = 16

_SHARED = frozenset(("kind", "tags", "source", "section"))
"""What many cards have in common: texts, and tuples of texts."""


def content_of(card: Card) -> dict[str, str]:
    """One hash (16 hex digits) for each field of the card, by the field's name, in a fixed order."""
    head = card.head
    parts: dict[str, object] = {}
    match card:
        case Flashcard():
            parts = {"question": card.question, "answer": card.answer, "hint": card.hint}
            parts["type"] = (card.reversed, card.typed)
        case SelfCheck():
            # A flashcard that is neither reversed nor typed has the same type: a change of kind is that and no more.
            parts = {"question": card.question, "answer": card.answer, "hint": card.hint, "type": (False, False)}
        case Scenario():
            parts = {"question": (card.situation, card.prompt), "answer": (card.verdict, card.reasoning)}
            parts["hint"] = card.hint
        case Choice():
            parts = {"question": (card.question, card.options), "answer": card.explanation, "hint": card.hint}
        case Cloze():
            # What is hidden is the answer to what is shown: under any numbers, it tells a reworded text.
            hidden = tuple(sorted(map(digest, hidden_by(card).values())))
            parts = {"question": card.text, "answer": (hidden, card.extra), "hint": card.hint}
            parts["ordinals"] = ordinals_of(card)
            parts |= {f"gap{ordinal}": words for ordinal, words in hidden_by(card).items()}
    parts["kind"] = str(kind_of(card))
    parts["tags"] = head.tags
    parts["source"] = head.source
    parts["section"] = head.section
    return {
        name: _digest_again(part) if part is None or name in _SHARED else digest(part) for name, part in parts.items()
    }


def hidden_by(card: Cloze) -> dict[int, tuple[object, ...]]:
    """What the gaps of each ordinal hide: their words, whatever marks they carry, or what has none (a picture)."""
    found: dict[int, tuple[object, ...]] = {}
    for ordinal, hidden in gaps_in(card.text.blocks):
        words = " ".join(hidden.split()) if isinstance(hidden, str) else plain_text(hidden)
        found[ordinal] = (*found.get(ordinal, ()), words or hidden)
    return found


def ordinals_of(card: Card) -> tuple[int, ...]:
    """The ordinals of a cloze card's gaps, ascending; () for any other card."""
    if not isinstance(card, Cloze):
        return ()
    return tuple(sorted({ordinal for ordinal, _ in gaps_in(card.text.blocks)}))


@lru_cache(maxsize=1 << 12)
def _digest_again(value: object) -> str:
    return digest(value)


def digest(value: object) -> str:
    """A hash of a value made of dataclasses, tuples, texts and numbers; where nodes stood in a file takes no part."""
    pieces = [f"{RENDERING};"]
    _add_pieces(value, pieces)
    return hashlib.sha256("".join(pieces).encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]


def _add_pieces(value: Any, pieces: list[str]) -> None:
    """Add the value as an unambiguous sequence of texts: every part says its type and its length."""
    kind = value.__class__
    if kind is str:
        pieces.append(f"s{len(value)}:{value}")
    elif kind is tuple:
        pieces.append(f"t{len(value)}(")
        for item in value:
            _add_pieces(item, pieces)
    elif kind is Body:
        _add_pieces(value.blocks, pieces)
    elif told := _told_of(kind):
        parts = [part for name, always in told if (part := getattr(value, name)) or always]
        pieces.append(f"{kind.__name__}{len(parts)}(")
        for part in parts:
            _add_pieces(part, pieces)
    elif isinstance(value, Enum):
        _add_pieces(value.value, pieces)
    elif is_dataclass(value):
        pieces.append(f"{kind.__name__}0(")
    else:
        pieces.append(f"{value!r};")


@cache
def _told_of(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a node that take part, and whether they do while they are empty; none for what is no dataclass.

    One that came to a node later does not: old hashes stay as they are.
    """
    told = fields(kind) if is_dataclass(kind) else ()
    return tuple((each.name, each.default != ()) for each in told if each.compare)
