"""The practice page: a collection to one HTML file that needs neither server nor network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cardforge.backends import Context
from cardforge.backends.html import page
from cardforge.backends.html.cards import CardWriter
from cardforge.backends.html.fields import FieldWriter
from cardforge.backends.html.page import PageWriter
from cardforge.backends.html.words import words_in
from cardforge.model import Collection

__all__ = ["assets", "index", "render"]


def render(collection: Collection, context: Context) -> bytes:
    """The page as UTF-8.

    Options, all of them optional:
    ``fragment`` (bool): only the content, its style and its script, for a site's page. ``assets`` (relative address of
    a folder): pictures are there, see :func:`assets`, instead of in the page. ``source_url``: base of the lessons'
    addresses, each card then links to its lesson. ``lang`` (BCP 47): the language instead of the collection's.
    """
    writer = _writer(collection, context)
    return _bytes(writer.fragment() if context.options.get("fragment") else writer.page())


def assets(collection: Collection, context: Context) -> Mapping[str, bytes]:
    """The pictures that the page shows, by file name, for the folder that the option ``assets`` names."""
    folder = {**context.options, "assets": context.options.get("assets") or "."}
    writer = _writer(collection, replace(context, options=folder))
    writer.fragment()
    shown = writer.cards.fields.shown
    return {name: context.load(shown[name]) for name in sorted(shown)}


def index(collection: Collection, context: Context, pages: Sequence[tuple[str, str, int]]) -> bytes:
    """A page that links to the pages of single decks: name, address relative to this page, number of cards."""
    collection = _in_language(collection, context)
    return _bytes(page.index(collection, words_in(collection.language), pages))


def _bytes(parts: Iterable[str]) -> bytes:
    # Half a surrogate pair is no character; a browser would show the same sign for it.
    return b"".join([part.encode("utf-8", "replace") for part in parts])


def _in_language(collection: Collection, context: Context) -> Collection:
    return replace(collection, language=context.options.get("lang") or collection.language)


def _writer(collection: Collection, context: Context) -> PageWriter:
    collection = _in_language(collection, context)
    words = words_in(collection.language)
    fields = FieldWriter(words, collection.media, context.load, context.options.get("assets") or None)
    cards = CardWriter(collection, words, fields, context.options.get("source_url") or "")
    return PageWriter(collection, words, cards, bool(context.options.get("fragment")))
