"""Formulas: LaTeX to a box of outlines and rules, for print and page alike. The only home of mathra.

mathra answers with an SVG. It is read, element by element, into :class:`MathBox`; whatever is not known to be ink of a
known shape makes the formula a :class:`MathError`, so no markup of its making, or of a source's, is passed on.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeVar
from xml.etree import ElementTree as ET

import mathra

from cardforge.backends.math.box import MathBox, MathError, Outline, Placed, RuleBox, Shape, Stroke, Unreadable
from cardforge.backends.math.plain import is_plain
from cardforge.backends.math.reading import read
from cardforge.backends.math.spelling import respelled
from cardforge.backends.math.svg import to_svg
from cardforge.backends.math.tables import RuledTable, ruled_tables
from cardforge.backends.math.usual import is_usual

__all__ = [
    "LONGEST",
    "MathBox",
    "MathError",
    "Outline",
    "Placed",
    "RuleBox",
    "Shape",
    "Stroke",
    "formula",
    "refusal",
    "to_svg",
]

_Made = TypeVar("_Made")
_ENGLISH: Final = "en"
LONGEST: Final = 8192
"""The longest formula that is set, in bytes of UTF-8."""


def formula(tex: str, *, display: bool, language: str = "en") -> MathBox | MathError:
    """Set a formula, given as LaTeX without delimiters; ``language`` (BCP 47) is the one its words are in."""
    return _formula(tex, display, _locale(language))


def refusal(tex: str, *, display: bool) -> MathError | None:
    """Why :func:`formula` cannot set a formula in any language, or None. Most are known to be settable at a glance."""
    return _refusal(tex, display)


@lru_cache(maxsize=256)
def _locale(language: str) -> str:
    """The locale mathra has for a language tag: the same, else one with the same primary subtag, else English."""
    known = {entry["code"].lower(): entry["code"] for entry in mathra.locales()}
    tag = language.lower().replace("_", "-")
    primary = tag.partition("-")[0]
    if tag in known:
        return known[tag]
    return next((code for code in known.values() if code.lower().partition("-")[0] == primary), "en")


@lru_cache(maxsize=4096)
def _formula(tex: str, display: bool, locale: str) -> MathBox | MathError:  # noqa: FBT001 - a private cache key
    as_written = _set(tex, locale, display=display)
    spelled = respelled(tex)
    if spelled == tex:
        return as_written
    better = _set(spelled, locale, display=display)
    match better, as_written:
        case MathBox(), MathBox():
            return replace(better, words=as_written.words)
        case MathBox(), _:
            return better
        case _:
            return as_written


@lru_cache(maxsize=4096)
def _refusal(tex: str, display: bool) -> MathError | None:  # noqa: FBT001 - a private cache key
    if is_plain(tex):
        return None
    refused = _drawn(tex, _ENGLISH, _is_settable, display=display)
    if not isinstance(refused, MathError):
        return None
    spelled = respelled(tex)
    if spelled != tex and not isinstance(_drawn(spelled, _ENGLISH, _is_settable, display=display), MathError):
        return None
    return refused


def _set(tex: str, locale: str, *, display: bool) -> MathBox | MathError:
    return _drawn(tex, locale, _box, display=display)


def _box(svg: str, tables: tuple[RuledTable, ...], tex: str) -> MathBox:
    return read(svg, tables, backgrounds="colorbox" in tex)


def _is_settable(svg: str, tables: tuple[RuledTable, ...], tex: str) -> bool:
    """True; raises what reading the drawing raises."""
    return (not tables and is_usual(svg)) or _box(svg, tables, tex) is not None


def _drawn(
    tex: str, locale: str, use: Callable[[str, tuple[RuledTable, ...], str], _Made], *, display: bool
) -> _Made | MathError:
    """What ``use`` makes of mathra's drawing of a formula and of its tables with rules."""
    try:
        size = len(tex.encode())
    except UnicodeEncodeError:
        return MathError(None, "the formula holds half a surrogate pair")
    if size > LONGEST:
        return MathError(None, f"the formula is longer than {LONGEST} bytes")
    if tex.lstrip().startswith("<math"):  # mathra would read it, Anki's MathJax would not
        return MathError(1, "this is MathML; a formula is written in LaTeX")
    try:
        # Only a table can have a bar in its column specification; the tree says how many rules that comes to.
        tree = mathra.tex_to_tree(tex, locale, display=display, strict=True) if "|" in tex else "{}"
        tables = ruled_tables(tree, spaced="@" not in tex)
        svg = mathra.tex_to_svg(tex, locale, display=display, strict=True)
        return use(svg, tables, tex)
    except ValueError as refusal:
        return _refused(str(refusal), len(tex))
    except (Unreadable, ET.ParseError) as failure:
        return MathError(None, f"the formula cannot be drawn: {failure}")


def _refused(refusal: str, length: int) -> MathError:
    where = re.match(r"column (\d+): ", refusal)
    if where is None:
        return MathError(None, refusal)
    column = int(where[1])  # counted in the expanded text: beyond the formula's end when a macro is to blame
    return MathError(column if 1 <= column <= length + 1 else None, refusal[where.end() :])
