"""Reads cards and their identity from Markdown, as a run without a lock does."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cardforge.config import Settings
from cardforge.diagnostics import Diagnostic, Sink
from cardforge.identity.normal import normal_form
from cardforge.model import Card, Identity, Kind, kind_of
from cardforge.pipeline import Request, read
from command import write

CLOCK = 1_760_000_000


@dataclass(frozen=True, slots=True)
class Named:
    """A card with its identity."""

    card: Card
    identity: Identity

    @property
    def guid(self) -> str:
        return self.identity.guid

    @property
    def kind(self) -> Kind:
        return kind_of(self.card)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The note's id and those of its cards."""
        return (self.identity.note_id, *self.identity.card_ids)


def names(
    folder: Path, files: Mapping[str, str] | str, *, namespace: str = "me/course", sink: Sink | None = None
) -> list[Named]:
    """The cards of a project's files (one text: one file) in order; without ``sink`` an error fails the test."""
    write(folder, {"cards.md": files} if isinstance(files, str) else files)
    told = Sink() if sink is None else sink
    settings = Settings(folder, "cardforge.toml", sources=(".",), namespace=namespace)
    collection = read(Request(settings, folder, CLOCK), told).collection
    assert sink is not None or not told.has_errors, errors(told)
    return [Named(card, collection.identity(card)) for card in collection.cards]


def errors(sink: Sink) -> list[Diagnostic]:
    """What was found."""
    return list(sink)


__all__ = ["CLOCK", "Named", "errors", "names", "normal_form"]
