"""Breaks that only dictionaries know, where the optional libraries behind them are installed.

ICU finds the words of scripts that write none apart; Pyphen finds where a word may be hyphenated.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

# Scripts of UAX #14's class SA, and those whose breaks it gives to signs of their own: Thai, Lao, Tibetan; Myanmar;
# Khmer; Tai Le to Khmer symbols; Tai Tham; Balinese; then Ethiopic; Javanese, Myanmar; Myanmar, Tai Viet.
_SOUTH_EAST: Final = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f"
UNSPACED: Final = f"{_SOUTH_EAST}\u1200-\u137f\ua980-\ua9ff\uaa60-\uaadf"
"""The ranges of a character class."""
_IS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")

Hyphenator = Callable[[str], tuple[int, ...]]
"""Gives the places in a word of letters where it may be hyphenated."""


def unspaced_breaks(word: str) -> list[int]:
    """Where a line may end beside a letter of a script without spaces; nothing without ICU."""
    breaker = _breaker()
    if breaker is None:
        return []
    plain = _ASTRAL.sub("a", word)  # ICU counts these as two, and they are letters of no such script
    return [
        start
        for start, _ in breaker(plain, "en").segments()
        if 0 < start < len(word) and (_IS_UNSPACED.match(word[start]) or _IS_UNSPACED.match(word[start - 1]))
    ]


@cache
def _breaker() -> Any:
    try:
        from icu4py.breakers import LineBreaker  # here, for it brings 40 MB that few decks need
    except ImportError:
        return None
    return LineBreaker


@cache
def hyphenator(language: str) -> Hyphenator | None:
    """The hyphenation of a language (BCP 47), None where there is none. Without Pyphen: ModuleNotFoundError."""
    import pyphen

    known = pyphen.language_fallback(language.replace("-", "_"))
    if known is None:
        return None
    patterns = pyphen.Pyphen(lang=known, left=2, right=3)

    @cache
    def places(word: str) -> tuple[int, ...]:
        # A place with data would change the letters around it.
        return tuple(int(place) for place in patterns.positions(word.lower()) if getattr(place, "data", None) is None)

    return places
