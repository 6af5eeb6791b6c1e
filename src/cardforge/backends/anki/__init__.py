"""Anki: a collection to the bytes of an .apkg."""

from cardforge.backends import Context
from cardforge.backends.anki.notes import content, deck_name, description, tags
from cardforge.backends.anki.notetypes import BASIC, CLOZE
from cardforge.model import Collection


def render(collection: Collection, context: Context) -> bytes:
    """The collection as an Anki package; the same collection gives the same bytes.

    New cards are due in the collection's order. Of the media only what a note shows is packed: Anki leaves the rest.
    """
    # Here, for fields are written without genanki, which takes long to load.
    from cardforge.backends.anki.package import Note, Package

    shown: set[str] = set()
    names: dict[str, str] = {}  # Anki takes decks whose names differ only in case for one: the first spelling is it
    with Package(context.record() if context.record else None) as package:
        for due, card in enumerate(collection.cards, start=1):
            made = context.written(card) or content(card)
            shown |= made.media
            name = deck_name(card.head.deck)
            package.add(
                Note(
                    kind=CLOZE if made.cloze else BASIC,
                    identity=collection.identity(card),
                    deck=names.setdefault(name.casefold(), name),
                    fields=made.fields,
                    ordinals=made.ordinals,
                    tags=tags(card.head),
                    due=due,
                    telling=made.telling,
                )
            )
        descriptions: dict[str, str] = {}
        for deck in collection.decks:
            name = deck_name(deck.name)
            name = names.get(name.casefold(), name)
            descriptions.setdefault(name, description(deck.title, name))
        media = collection.media
        return package.data(descriptions, {name: context.load(media[name]) for name in sorted(shown)})
