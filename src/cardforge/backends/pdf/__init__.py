"""The print-ready PDF: one card a page, folded in the middle into question and answer."""

from cardforge.backends import Context
from cardforge.model import Collection


def render(collection: Collection, context: Context) -> bytes:
    """The collection as a PDF. What cannot be shown as written is reported to the context's sink."""
    from cardforge.backends.pdf.book import make_book  # here, for the libraries behind it take long to load

    return make_book(collection, context)
