"""Chooses cards by kind, deck and tag."""

from collections.abc import Iterable
from dataclasses import replace

from cardforge.model import Card, Deck, Kind, bodies_of, kind_of, media_in
from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What to choose; an empty part chooses everything. Decks and tags choose what lies below them too."""

    kinds: tuple[Kind, ...] = ()
    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.decks or self.tags)

    def takes(self, card: Card) -> bool:
        """Whether a card is chosen."""
        return (
            (not self.kinds or kind_of(card) in self.kinds)
            and (not self.decks or any(_below(card.head.deck, deck) for deck in self.decks))
            and (not self.tags or any(_below(mine, tag) for mine in card.head.tags for tag in self.tags))
        )


def _below(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}::")


def select(decks: Iterable[Deck], choice: Choice) -> tuple[Deck, ...]:
    """The decks with the chosen cards only, and of their media only what these show."""
    chosen = []
    for deck in decks:
        sections = deck.sections
        if choice:
            sections = tuple(
                replace(section, cards=tuple(card for card in section.cards if choice.takes(card)))
                for section in deck.sections
            )
        kept = tuple(section for section in sections if section.cards)
        if not kept:
            continue
        shown: set[str] = set()
        if deck.media:
            shown = {name for section in kept for name in media_in(section.lead_in)}
            bodies = (body for section in kept for card in section.cards for body in bodies_of(card))
            shown.update(name for body in bodies for name in body.media)
        chosen.append(replace(deck, sections=kept, media=tuple(m for m in deck.media if m.name in shown)))
    return tuple(chosen)
