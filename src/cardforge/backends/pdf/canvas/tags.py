"""What a piece of a page is to a reader who cannot see it: a paragraph, an item of a list, a formula with its words.

A tag becomes one element of the document's structure (ISO 32000-1, 14.7 and 14.8), however many lines, pages and sides
of a card show it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(slots=True, eq=False)  # a page has dozens, and frozen ones are several times as dear to make
class Tag:
    """An element to be; equal only to itself, for two paragraphs of the same words are two.

    ``role`` is a standard structure type, "H" for a heading, whose number follows from ``level`` and the headings
    before it. ``alternative`` describes what is no text, ``actual`` is the text that a drawing stands for, ``title``
    names a part of the document, ``language`` is a BCP 47 tag, ``attributes`` the body of an attribute dictionary.
    """

    role: str
    alternative: str = ""
    actual: str = ""
    title: str = ""
    language: str = ""
    attributes: str = ""
    level: int = 0


Path = tuple[Tag, ...]
"""An element and those it lies in, the outermost first."""

NUMBERED: Final = "/O /List /ListNumbering /Decimal"
BULLETED: Final = "/O /List /ListNumbering /Disc"
UNMARKED: Final = "/O /List /ListNumbering /None"
COLUMN_HEAD: Final = "/O /Table /Scope /Column"


def paragraph() -> Tag:
    """A paragraph."""
    return Tag("P")


def heading(level: int) -> Tag:
    """A heading; a card's question is of level 1, what its text has as headings is below it."""
    return Tag("H", level=level)


def figure(description: str) -> Tag:
    """A picture; one without a description is at least said to be one."""
    return Tag("Figure", alternative=description or "Picture")


def formula(words: str) -> Tag:
    """A formula, in words."""
    return Tag("Formula", alternative=words)


def sign(text: str) -> Tag:
    """A drawing in the place of characters."""
    return Tag("Span", actual=text)
