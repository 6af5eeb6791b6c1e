"""What can be chosen about print, each with the names that people write."""

from enum import StrEnum


class Layout(StrEnum):
    """How cards come onto pages."""

    PAGE = "page"
    """Question and answer on one page, with a fold between them."""
    DUPLEX = "duplex"
    """A page for the question, and one for the answer."""
    SHEET = "sheet"
    """Many cards on a sheet, the answers mirrored on its back."""
    FOLD = "fold"
    """Many cards on one side of a sheet, the answer beside its question, to be folded and glued."""
    HANDOUT = "handout"
    """Numbered questions with room to write, and the key on the last pages."""


class Orientation(StrEnum):
    """Which way a card lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Sides(StrEnum):
    """Which sides of cards are printed, and in what order."""

    BOTH = "both"
    FRONT = "front"
    BACK = "back"
    FRONTS_THEN_BACKS = "fronts-then-backs"
    BACK_FIRST = "back-first"


class Profile(StrEnum):
    """Whom a PDF is for."""

    SCREEN = "screen"
    """Readers and printers at home: tagged, with links, PDF/A-2a and PDF/UA-1."""
    PRESS = "press"
    """Print shops: bleed, crop marks, four inks and no links; PDF/X-4 where the printing condition is known."""


class CornerMark(StrEnum):
    """What the corners of a card say at its foot: the deck and place it is from, its number."""

    BOTH = "both"
    DECK = "deck"
    NUMBER = "number"
    NONE = "none"


class Flip(StrEnum):
    """About which edge the printer turns a sheet."""

    AUTO = "auto"
    LONG = "long"
    SHORT = "short"
