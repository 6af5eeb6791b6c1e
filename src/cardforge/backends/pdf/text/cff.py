"""What print needs to know of PostScript outlines: the character identifiers of a CID-keyed font (Adobe TN 5176)."""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

_ESCAPE: Final = 12
_CHARSET: Final = (15,)
_CHAR_STRINGS: Final = (17,)
_ROS: Final = (12, 30)
_REAL: Final = 30
_END: Final = 0xF


def cids(table: bytes) -> Sequence[int] | None:
    """The CID of each glyph of a ``CFF`` table; None for one whose glyphs have names instead.

    PDF shows the glyphs of the first by CID, those of the second by number (ISO 32000-1, 9.7.4.2).
    """
    at = _index_end(table, table[2])  # past the names
    (top,) = _index(table, at)
    entries = dict(_entries(top))
    if _ROS not in entries:
        return None
    count = struct.unpack_from(">H", table, entries[_CHAR_STRINGS])[0]
    return _charset(table, entries[_CHARSET], count)


def _charset(table: bytes, at: int, count: int) -> Sequence[int]:
    """Section 13: the identifiers one by one (format 0), or as ranges; glyph 0 is not told."""
    form = table[at]
    if form == 0:
        return (0, *struct.unpack_from(f">{count - 1}H", table, at + 1))
    found = [0]
    layout = ">HB" if form == 1 else ">HH"
    at += 1
    while len(found) < count:
        first, left = struct.unpack_from(layout, table, at)
        found += range(first, first + left + 1)
        at += struct.calcsize(layout)
    return found[:count]


def _offsets(table: bytes, at: int) -> list[int]:
    """Section 5: where the objects of an INDEX begin, and where the last one ends."""
    count = struct.unpack_from(">H", table, at)[0]
    if not count:
        return [at + 2]
    size = table[at + 2]
    start = at + 3
    base = start + (count + 1) * size - 1
    return [base + int.from_bytes(table[start + i * size : start + (i + 1) * size], "big") for i in range(count + 1)]


def _index_end(table: bytes, at: int) -> int:
    return _offsets(table, at)[-1]


def _index(table: bytes, at: int) -> list[bytes]:
    return [table[a:b] for a, b in pairwise(_offsets(table, at))]


def _entries(data: bytes) -> Iterator[tuple[tuple[int, ...], int]]:
    """Section 4: the operators of a DICT, each with its last whole number."""
    at, held = 0, 0
    while at < len(data):
        first = data[at]
        at += 1
        if first == _ESCAPE:
            yield (first, data[at]), held
            at += 1
        elif first < 22:  # noqa: PLR2004 - the section's own figures, here and below
            yield (first,), held
        elif first == 28:  # noqa: PLR2004
            held = struct.unpack_from(">h", data, at)[0]
            at += 2
        elif first == 29:  # noqa: PLR2004
            held = struct.unpack_from(">i", data, at)[0]
            at += 4
        elif first == _REAL:
            while data[at] & 0xF != _END and data[at] >> 4 != _END:
                at += 1
            at += 1
        elif first < 247:  # noqa: PLR2004
            held = first - 139
        else:
            sign, base = (1, 247) if first < 251 else (-1, 251)  # noqa: PLR2004
            held = sign * ((first - base) * 256 + data[at] + 108)
            at += 1
