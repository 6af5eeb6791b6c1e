"""Makes the names that last: a note's GUID and the numeric ids Anki reads as creation times."""

import hashlib
from dataclasses import dataclass

from cardforge.identity.normal import normal_form
from cardforge.model import Card, Choice, Cloze, Flashcard, Scenario, SelfCheck

_VERSION = b"cardforge-guid-1"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GUID_LENGTH = 16
_SHIFTS = range(5 * (_GUID_LENGTH - 1), -1, -5)
_WINDOW = 1 << 27
"""Milliseconds over which numeric ids are spread: 37 hours, plausible as creation times, and rarely the same."""


def question_source(card: Card) -> str:
    """The source text a card is known by; a scenario's situation and its prompt both."""
    match card:
        case Flashcard() | SelfCheck() | Choice():
            return card.question.source
        case Scenario():
            return f"{card.situation.source}\n\n{card.prompt.source}"
        case Cloze():
            return card.text.source


def name_of(card: Card) -> str:
    """What a card's first GUID is made from: its explicit id, else its question's normal form."""
    return f"id:{card.head.id}" if card.head.id is not None else f"q:{normal_form(question_source(card))}"


def make_guid(namespace: str, kind: str, name: str, occurrence: int) -> str:
    """A GUID of 16 characters (80 bits). Parts enter with their length, so that no two lists of parts look alike."""
    told = [_VERSION]
    for part in (namespace, kind, name, str(occurrence)):
        data = part.encode("utf-8", "surrogatepass")
        told += (len(data).to_bytes(8, "big"), data)
    number = int.from_bytes(hashlib.sha256(b"".join(told)).digest()[:10], "big")
    return "".join([_ALPHABET[number >> shift & 31] for shift in _SHIFTS])


def is_guid(name: str) -> bool:
    """Whether a name looks like a GUID of ours. One without a digit is taken for a word: an author chose it."""
    return len(name) == _GUID_LENGTH and set(name) <= set(_ALPHABET) and any(letter.isdigit() for letter in name)


def number_of(guid: str, role: str, clock: int) -> int:
    """The id of one role of a note, where no other has it. ``clock`` is in whole seconds."""
    return clock * 1000 - _WINDOW + _offset(guid, role)


def numbers_beside(guid: str, note_id: int, count: int) -> tuple[int, ...]:
    """The ids of a note's first cards, where the build that gave the note its own found all of them free.

    Of the build's time whole seconds are known: a note's id may be less by up to 999 than where it was free.
    """
    zero = (note_id - _offset(guid, "note") + _WINDOW + 999) // 1000 * 1000 - _WINDOW
    return tuple([zero + _offset(guid, f"card {ordinal}") for ordinal in range(count)])


def _offset(guid: str, role: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{guid} {role}".encode()).digest()[4:8], "big") % _WINDOW  # a power of two


@dataclass(slots=True)
class Numbers:
    """Numeric ids in milliseconds: the build's time less up to 37 hours, by the GUID; ``taken`` are not given again."""

    clock: int
    taken: set[int]

    def take(self, guid: str, role: str) -> int:
        """The id of one role of a note, the next free one where two meet."""
        number = number_of(guid, role, self.clock)
        while number in self.taken:
            number -= 1
        self.taken.add(number)
        return number
