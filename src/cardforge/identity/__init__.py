"""Gives every card its lasting name: GUID, numeric ids and time of last change.

A GUID is made once from the question's normalised source, never from path, deck, order or answer; equal questions
are told apart by the order in which they occur. Without a lock file the times are those of the build.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from cardforge.diagnostics import Code, Sink, Span
from cardforge.doc import Gap, walk
from cardforge.identity.normal import normal_form
from cardforge.model import Card, Choice, Cloze, Flashcard, Identity, Scenario, SelfCheck

__all__ = ["assign", "normal_form"]

_VERSION = b"cardforge-guid-1"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GUID_LENGTH = 16
_WINDOW = 1 << 27
"""Milliseconds over which numeric ids are spread: 37 hours, plausible as creation times, and rarely the same."""


def assign(cards: Iterable[Card], *, namespace: str, clock: int, sink: Sink) -> dict[Span, Identity]:
    """The identity of every card, by its span. ``clock`` is the time of the build in whole seconds.

    Two cards of one explicit id are an error; both keep a GUID so that later stages see whole cards.
    """
    seen: Counter[tuple[str, str]] = Counter()
    explicit: dict[str, Span] = {}
    taken: set[int] = set()
    identities: dict[Span, Identity] = {}
    for card in cards:
        head = card.head
        kind = "cloze" if isinstance(card, Cloze) else "basic"
        name = f"id:{head.id}" if head.id is not None else f"q:{normal_form(question_source(card))}"
        if head.id is not None and head.id in explicit:
            first = explicit[head.id]
            sink.add(
                Code.DUPLICATE_ID,
                head.span,
                f"The id {head.id} is already that of the card at {first.file}:{first.line}.",
                "Give one of the two cards another id.",
            )
        elif head.id is not None:
            explicit[head.id] = head.span
        occurrence = seen[kind, name]
        seen[kind, name] += 1
        guid = make_guid(namespace, kind, name, occurrence)
        count = _card_count(card)
        identities[head.span] = Identity(
            guid,
            _number(guid, "note", clock, taken),
            tuple(_number(guid, f"card {ordinal}", clock, taken) for ordinal in range(count)),
            clock,
        )
    return identities


def make_guid(namespace: str, kind: str, name: str, occurrence: int) -> str:
    """A GUID of 16 characters (80 bits). Parts enter with their length, so that no two lists of parts look alike."""
    digest = hashlib.sha256(_VERSION)
    for part in (namespace, kind, name, str(occurrence)):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    number = int.from_bytes(digest.digest()[:10], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_GUID_LENGTH - 1), -1, -5))


def question_source(card: Card) -> str:
    """The source text a card is known by; a scenario's situation and its prompt both."""
    match card:
        case Flashcard() | SelfCheck() | Choice():
            return card.question.source
        case Scenario():
            return f"{card.situation.source}\n\n{card.prompt.source}"
        case Cloze():
            return card.text.source


def _card_count(card: Card) -> int:
    """How many cards a note can have: a basic one its forward and reverse, a cloze one a card for each ordinal."""
    if not isinstance(card, Cloze):
        return 2
    return max((node.ordinal for node in walk(card.text.blocks) if isinstance(node, Gap)), default=1)


def _number(guid: str, role: str, clock: int, taken: set[int]) -> int:
    """A numeric id: the build's time less up to 37 hours, by the GUID, the next free one where two meet."""
    digest = hashlib.sha256(f"{guid} {role}".encode()).digest()
    number = clock * 1000 - _WINDOW + int.from_bytes(digest[:8], "big") % _WINDOW
    while number in taken:
        number -= 1
    taken.add(number)
    return number
