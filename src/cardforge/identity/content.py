"""What a note's content is: the author's meaning, never a library's output.

A content hash covers the document tree (pictures by the hash in their media name), tags, kind, what stands beside the
fields, and :data:`RENDERING`. It moves when the author changed something a learner can see, and not when Pygments or
another library renders the same tree in a new way.
"""

import hashlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, Final

from cardforge.doc import gaps_in, mere_text, plain_text
from cardforge.identity.hashes import Hashes
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Scenario, SelfCheck, kind_of

RENDERING = 1
"""Bumped by hand when our own rendering changes so much that every learner should get the new text."""

HASH_LENGTH = 16

_SHARED = frozenset(("kind", "type", "tags", "source", "section"))
"""What many cards have in common: texts, and tuples of texts or of truths."""


def content_of(card: Card) -> Hashes:
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
    pairs = [
        f" {name}={_digest_again(part) if part is None or name in _SHARED else digest(part)}"
        for name, part in parts.items()
    ]
    return Hashes(f"{pairs[0]}{pairs[1]}", "".join(pairs[2:]))


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


def digest_of_tags(tags: tuple[str, ...]) -> str:
    """The hash of a card's tags."""
    return _digest_again(tags)


def digest(value: object) -> str:
    """A hash of a value made of dataclasses, tuples, texts and numbers; where nodes stood in a file takes no part."""
    pieces = [_BEGINNING]
    _WRITERS[value.__class__](value, pieces.append)
    return hashlib.sha256("".join(pieces).encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]


_BEGINNING = f"{RENDERING};"
_Add = Callable[[str], None]
_Writer = Callable[[Any, _Add], None]


class _Writers(dict[type, _Writer]):
    """How a value of each type is added as an unambiguous sequence of texts: every part says its type and length."""

    def __missing__(self, kind: type) -> _Writer:
        told = _told_of(kind)
        writer: _Writer
        if issubclass(kind, Body):  # one that is read when it is asked for
            writer = _add_body
        elif told:
            writer = _writer_of_node(kind, told)
        elif issubclass(kind, Enum):
            writer = _add_enum
        elif is_dataclass(kind):
            writer = partial(_add_empty, f"{kind.__name__}0(")
        else:
            writer = _add_plain
        self[kind] = writer
        return writer


def _add_text(value: str, add: _Add) -> None:
    add(f"s{len(value)}:{value}")


def _add_tuple(value: tuple[object, ...], add: _Add) -> None:
    add(f"t{len(value)}(")
    for item in value:
        _WRITERS[item.__class__](item, add)


def _add_body(value: Body, add: _Add) -> None:
    text = mere_text(value.blocks)
    if text is None:
        _add_tuple(value.blocks, add)
    else:  # as in half of all bodies, and the same pieces
        add(f"t1(Paragraph1(t1(Text1(s{len(text)}:{text}")


def _add_enum(value: Enum, add: _Add) -> None:
    _WRITERS[value.value.__class__](value.value, add)


def _add_empty(told: str, _: object, add: _Add) -> None:
    add(told)


def _add_plain(value: object, add: _Add) -> None:
    add(f"{value!r};")


_WRITERS: Final = _Writers({str: _add_text, tuple: _add_tuple, Body: _add_body})


def _writer_of_node(kind: type, told: tuple[tuple[str, bool], ...]) -> _Writer:
    """How a node is added. Most have one field, and that is what a build adds most often."""
    name = kind.__name__
    if len(told) == 1 and told[0][1]:
        get, beginning = attrgetter(told[0][0]), f"{name}1("

        def add_one(value: object, add: _Add) -> None:
            add(beginning)
            part = get(value)
            _WRITERS[part.__class__](part, add)

        return add_one

    def add_several(value: object, add: _Add) -> None:
        parts = [part for field, always in told if (part := getattr(value, field)) or always]
        add(f"{name}{len(parts)}(")
        for part in parts:
            _WRITERS[part.__class__](part, add)

    return add_several


def _told_of(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a node that take part, and whether they do while they are empty; none for what is no dataclass.

    One that came to a node later does not: old hashes stay as they are.
    """
    told = fields(kind) if is_dataclass(kind) else ()
    return tuple((each.name, each.default != ()) for each in told if each.compare)
