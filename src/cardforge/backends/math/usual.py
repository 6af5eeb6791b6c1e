"""Whether mathra's SVG is one of the usual make, told at a glance: most builds only ask whether a formula can be set.

What is said to be usual here, :func:`cardforge.backends.math.reading.read` reads; of anything else nothing is said.
"""

import re
from functools import lru_cache
from typing import Final

# Up to 100 em, of the 1000 that a box may have: no sum of the few that make up a place comes near.
_NUMBER: Final = r"-?\d{1,5}(?:\.\d{1,6})?"
_TEXT: Final = r"(?:[^<>&\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]++|&(?:amp|lt|gt|quot);)*+"
_ATTRIBUTES: Final = r"[^<>&\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*"
_HEAD: Final = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" xmlns:mathra="urn:mathra:1"'
    rf' viewBox="{_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}" {_ATTRIBUTES}>'
    rf"<title {_ATTRIBUTES}>{_TEXT}</title>"
    rf"<metadata>(?:<mathra:(?P<name>\w+)(?: {_ATTRIBUTES})?>{_TEXT}</mathra:(?P=name)>)*+</metadata>"
    r"<style>[^<>&]*</style><defs>"
)
_GLYPH: Final = re.compile(r'<path id="([\w-]+)" d="([^"<>&]*)"/>')
_OUTLINE: Final = re.compile(
    rf"(?:(?:[ML]{_NUMBER} {_NUMBER}|Q{_NUMBER}(?: {_NUMBER}){{3}}|C{_NUMBER}(?: {_NUMBER}){{5}}|Z) ?)*+", re.ASCII
)
_INK: Final = re.compile(
    r'</defs><g fill="currentColor" stroke="none" transform="scale\(1,-1\)">(?:'
    rf'<use href="#[\w-]+" (?:x="{_NUMBER}" y="{_NUMBER}"'
    rf'|transform="translate\({_NUMBER} {_NUMBER}\) scale\(0\.\d{{1,4}}\)")/>'
    rf'|<rect x="{_NUMBER}" y="{_NUMBER}" width="{_NUMBER}" height="{_NUMBER}"/>)*+'
    rf'</g><text {_ATTRIBUTES} fill="transparent"{_ATTRIBUTES}>{_TEXT}</text></svg>',
    re.ASCII,
)
_SHOWN: Final = re.compile(r'<use href="#([\w-]+)"', re.ASCII)
_LONGEST: Final = 100_000


def is_usual(svg: str) -> bool:
    """Whether an SVG of mathra is made of glyphs and rules in places that any box can have."""
    head = _HEAD.match(svg) if len(svg) <= _LONGEST else None
    if head is None:
        return False
    glyphs, at = set(), head.end()
    while glyph := _GLYPH.match(svg, at):
        if not _is_outline(glyph[2]):
            return False
        glyphs.add(glyph[1])
        at = glyph.end()
    return _INK.fullmatch(svg, at) is not None and glyphs.issuperset(_SHOWN.findall(svg, at))


@lru_cache(maxsize=2048)
def _is_outline(data: str) -> bool:
    """Whether these are the commands of an outline; formulas share their glyphs."""
    return _OUTLINE.fullmatch(data) is not None
