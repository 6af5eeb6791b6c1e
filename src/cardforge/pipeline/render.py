"""From a reading to products: one a target, or with ``--split`` one a deck, with the files a page keeps beside it."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from cardforge.backends import Context, FontFile, WorkplaceError, Written
from cardforge.backends.targets import TARGETS
from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity import Note
from cardforge.identity.record import Record
from cardforge.model import Card, Collection
from cardforge.pipeline.typefaces import Shelf, find_fonts
from cardforge.printing import FILES, read_options
from cardforge.values import dataclass

_INDEX = "index"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")
_LONGEST_NAME = 80
_EXTRAS = {"pyphen": "'cardforge[hyphen]'"}


@dataclass(frozen=True, slots=True)
class Page:
    """How the practice page is to be: ``assets`` is the folder its pictures go to, None to have them in the page."""

    fragment: bool = False
    assets: Path | None = None
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: each target's place (None: standard output), and how. ``clock`` is in whole seconds.

    ``only`` are the places of the cards to print, None for all.
    ``written`` gives the note of Anki that need not be written again.
    """

    places: Mapping[str, Path | None]
    clock: int
    split: bool = False
    page: Page = Page()
    print: Mapping[str, Any] = field(default_factory=dict)
    written: Callable[[Card], Written | None] = lambda _: None
    shelf: Shelf = field(default_factory=Shelf)
    only: frozenset[Span] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A file to write: its target, bytes and place (None: standard output), and how many cards of how many it has.

    Files that only accompany a product, an index or a picture, have none.
    """

    target: str
    data: bytes
    path: Path | None
    cards: int = 0
    among: int = 0


def render(collection: Collection, notes: Mapping[str, Note], order: Order, sink: Sink) -> list[Product]:
    """The products of the order; what the back ends have to say goes to ``sink``."""
    made: list[Product] = []
    for target, path in order.places.items():
        try:
            made += _target(target, path, collection, notes, order, sink)
        except ImportError as error:
            told = f"The target {target} needs {error.name or 'a component'}, which cannot be loaded: {error}."
            needed = _EXTRAS.get(error.name or "", error.name or "cardforge")
            hint = f"Install it (python -m pip install {needed}), or build another target."
            sink.add(Code.MISSING_COMPONENT, Span(""), told, hint)
        except WorkplaceError as error:
            told = f"The target {target} cannot be put together in the folder for temporary files: {error}."
            hint = "Make room there, or name another folder with the environment variable TMPDIR."
            sink.add(Code.UNWRITABLE_OUTPUT, Span(""), told, hint)
    return made


def calibrate(path: Path | None, order: Order, sink: Sink) -> Product:
    """The leaf that measures a printer, made as ``order`` prints. Raises ImportError where a component is missing."""
    from cardforge.backends.pdf.pages.calibration import calibration  # here, for most runs measure nothing
    from cardforge.pipeline.media import load

    return Product("pdf", calibration(Context(order.clock, load, sink, order.print)), path)


def _target(
    target: str, path: Path | None, collection: Collection, notes: Mapping[str, Note], order: Order, sink: Sink
) -> Iterator[Product]:
    from cardforge.pipeline.media import load

    back_end = TARGETS[target].load()
    told = Sink()
    fonts = _fonts(order, told) if target == "pdf" else {}
    sink.extend(told)
    if told.has_errors:
        return
    context = Context(
        order.clock,
        load,
        sink,
        _options(target, path, order),
        fonts=fonts,
        written=order.written,
        record=lambda: Record(notes),
    )
    if target == "pdf":
        context = replace(context, files=_named_files(order.print, sink), only=order.only)

    def made(part: Collection, place: Path | None) -> Iterator[Product]:
        among = sum(1 for _ in part.cards)
        cards = among if context.only is None else sum(card.head.span in context.only for card in part.cards)
        if cards or not among:
            yield Product(target, back_end(part, context), place, cards, among)

    if not order.split or path is None:
        yield from made(collection, path)
        parts = [collection]
    else:
        pages = []
        parts = []
        for name, slug, part in _split(collection):
            place = path.with_name(f"{slug}.{TARGETS[target].ending}")
            yield from made(part, place)
            pages.append((name, place.name, sum(1 for _ in part.cards)))
            parts.append(part)
        if target == "html":
            from cardforge.backends import html

            yield Product(target, html.index(collection, context, pages), path.with_name(f"{_INDEX}.html"))
    if target == "html" and order.page.assets is not None:
        from cardforge.backends import html

        files = {name: data for part in parts for name, data in html.assets(part, context).items()}
        for name, data in files.items():
            yield Product(target, data, order.page.assets / name)


def _named_files(asked: Mapping[str, Any], sink: Sink) -> dict[str, bytes]:
    """The bytes of the files that options of print name."""
    found = {}
    for key in FILES:
        name = asked.get(key)
        if not name:
            continue
        try:
            found[key] = Path(name).read_bytes()
        except OSError as error:
            told = f"The file of --{key} cannot be read: {error.strerror or error}."
            sink.add(Code.UNREADABLE_FILE, Span(str(name)), told, "Check its name, and your right to read it.")
    return found


def _fonts(order: Order, sink: Sink) -> Mapping[str, Sequence[Sequence[FontFile]]]:
    asked = read_options(order.print, lambda *_: None)
    shelf = order.shelf
    places = (("font", asked.font, shelf.text), ("code_font", asked.code_font, shelf.code))
    return {key: find_fonts(names, base, shelf.folders, sink) for key, names, base in places}


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
