"""From a reading to products: one a target, or with ``--split`` one a deck, with the files a page keeps beside it."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cardforge.backends import Context, Written
from cardforge.backends.targets import TARGETS
from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity import Note
from cardforge.identity.lock import write_lock
from cardforge.model import Collection

_INDEX = "index"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Page:
    """How the practice page is to be: ``assets`` is the folder its pictures go to, None to have them in the page."""

    fragment: bool = False
    assets: Path | None = None
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: each target's place (None: standard output), and how. ``clock`` is in whole seconds.

    ``written`` are notes of Anki that need not be written again, by the span of their card.
    """

    places: Mapping[str, Path | None]
    clock: int
    split: bool = False
    page: Page = Page()
    print: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[Span, Written] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """A file to write: its target, bytes and place (None: standard output), and how many cards it has.

    Files that only accompany a product, an index or a picture, have none.
    """

    target: str
    data: bytes
    path: Path | None
    cards: int = 0


def render(collection: Collection, notes: Mapping[str, Note], order: Order, sink: Sink) -> list[Product]:
    """The products of the order; what the back ends have to say goes to ``sink``."""
    made: list[Product] = []
    for target, path in order.places.items():
        try:
            made += _target(target, path, collection, notes, order, sink)
        except ImportError as error:
            told = f"The target {target} needs {error.name or 'a component'}, which cannot be loaded: {error}."
            hint = f"Install it (python -m pip install {error.name or 'cardforge'}), or build another target."
            sink.add(Code.MISSING_COMPONENT, Span(""), told, hint)
    return made


def _target(
    target: str, path: Path | None, collection: Collection, notes: Mapping[str, Note], order: Order, sink: Sink
) -> Iterator[Product]:
    from cardforge.pipeline.media import load

    back_end = TARGETS[target].load()
    written = order.written
    context = Context(
        order.clock, load, sink, _options(target, path, order), written=lambda card: written.get(card.head.span)
    )
    if not order.split or path is None:
        cards = sum(1 for _ in collection.cards)
        record = write_lock(notes[collection.identity(card).guid] for card in collection.cards)
        yield Product(target, back_end(collection, replace(context, record=record)), path, cards)
        parts = [collection]
    else:
        pages = []
        parts = []
        for name, slug, part in _split(collection):
            place = path.with_name(f"{slug}.{TARGETS[target].ending}")
            cards = sum(1 for _ in part.cards)
            record = write_lock(notes[part.identity(card).guid] for card in part.cards)
            yield Product(target, back_end(part, replace(context, record=record)), place, cards)
            pages.append((name, place.name, cards))
            parts.append(part)
        if target == "html":
            from cardforge.backends import html

            yield Product(target, html.index(collection, context, pages), path.with_name(f"{_INDEX}.html"))
    if target == "html" and order.page.assets is not None:
        from cardforge.backends import html

        files = {name: data for part in parts for name, data in html.assets(part, context).items()}
        for name, data in files.items():
            yield Product(target, data, order.page.assets / name)


def _options(target: str, path: Path | None, order: Order) -> Mapping[str, Any]:
    page = order.page
    if target != "html":
        return order.print if target == "pdf" else {}
    options: dict[str, Any] = {"fragment": page.fragment, "source_url": page.source_url}
    if page.assets is not None:
        beside = path.parent if path else Path.cwd()
        options["assets"] = Path(os.path.relpath(page.assets, beside)).as_posix()
    return options


def _split(collection: Collection) -> Iterator[tuple[str, str, Collection]]:
    """Each deck's name, file name and cards, in the order of the collection."""
    taken = {_INDEX}
    for name in dict.fromkeys(card.head.deck for card in collection.cards):
        decks = []
        for deck in collection.decks:
            sections = tuple(
                replace(section, cards=tuple(card for card in section.cards if card.head.deck == name))
                for section in deck.sections
            )
            if kept := tuple(section for section in sections if section.cards):
                decks.append(replace(deck, sections=kept))
        slug = _slug(name)
        number = 2
        while slug in taken:
            slug = f"{_slug(name)}-{number}"
            number += 1
        taken.add(slug)
        yield name, slug, replace(collection, title=name.rpartition("::")[2], decks=tuple(decks))


def _slug(name: str) -> str:
    """A deck's name as a file name on every system: lower case, letters and digits of any script, hyphens."""
    folded = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode()).casefold()
    slug = re.sub(r"[^\w]+|_+", "-", folded).strip("-")[:_LONGEST_NAME].strip("-") or "deck"
    return f"{slug}-deck" if _RESERVED.match(slug) else slug
