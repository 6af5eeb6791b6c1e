"""Gives every card its lasting name: GUID, numeric ids and time of last change.

A GUID is made once from the question's normalised source, never from path, deck, order or answer; equal questions
are told apart by the order in which they occur. The lock keeps it from then on, whatever becomes of the question.
"""

from collections.abc import Iterable

from cardforge.diagnostics import Severity, Sink, Span
from cardforge.identity.keeping import Change, Kept, keep
from cardforge.identity.lock import FILE_NAME, Note
from cardforge.model import Card, Identity

__all__ = ["FILE_NAME", "Change", "Kept", "Note", "assign", "keep"]


def assign(cards: Iterable[Card], *, namespace: str, clock: int, sink: Sink) -> dict[Span, Identity]:
    """The identity of every card where there is no lock, by its span. ``clock`` is in whole seconds."""
    return dict(keep(cards, {}, namespace=namespace, clock=clock, doubt=Severity.WARNING, sink=sink).identities)
