"""Adds glyphs that are made of others to a TrueType font (OpenType: tables glyf, loca, hmtx, maxp, head and hhea)."""

import struct
from collections.abc import Mapping
from typing import Any, Final

from cardforge.backends.pdf.text.shaping import Made

_WORDS_XY: Final = 0x0003  # ARG_1_AND_2_ARE_WORDS, ARGS_ARE_XY_VALUES
_UNSCALED: Final = 0x1000
_MORE: Final = 0x0020
_MAGIC: Final = 0xB1B0AFBA
_LONG_LOCA: Final = 50  # where in head: indexToLocFormat
_ADJUSTMENT: Final = 8  # where in head: checkSumAdjustment
_METRICS: Final = 34  # where in hhea: numberOfHMetrics
_MAXIMA: Final = (8, 10, 28, 30)  # where in maxp: composite points and contours, components, their depth


def with_glyphs(program: bytes, made: Mapping[int, Made], hb_font: Any) -> bytes:
    """The font with ``made`` glyphs at their numbers, which are beyond those that it has."""
    tables = _read(program)
    count = struct.unpack_from(">H", tables["maxp"], 4)[0]
    total = max(made) + 1
    offsets = _offsets(tables, count)
    metrics = _metrics(tables, count)
    glyphs = bytearray(tables["glyf"])
    offsets += [offsets[-1]] * (min(made) - count)
    metrics += [(0, 0)] * (min(made) - count)
    for number in range(min(made), total):
        box = _box(made[number], hb_font)
        glyphs += _composite(made[number], box)
        offsets.append(len(glyphs))
        metrics.append((min(made[number].advance, 0xFFFF), box[0]))
    tables["glyf"] = bytes(glyphs)
    tables["loca"] = struct.pack(f">{len(offsets)}L", *offsets)
    tables["hmtx"] = b"".join(struct.pack(">Hh", advance, bearing) for advance, bearing in metrics)
    most = max(len(glyph.parts) for glyph in made.values())
    maxp = bytearray(_put(tables["maxp"], 4, total))
    for at, value in zip(_MAXIMA, (0xFFFF, 0xFFFF, most, 2), strict=True):
        struct.pack_into(">H", maxp, at, max(value, struct.unpack_from(">H", maxp, at)[0]))
    tables["maxp"] = bytes(maxp)
    tables["hhea"] = _put(tables["hhea"], _METRICS, total)
    tables["head"] = _put(_put(_put(tables["head"], _LONG_LOCA, 1), _ADJUSTMENT, 0), _ADJUSTMENT + 2, 0)
    return _write(tables)


def _composite(glyph: Made, box: tuple[int, int, int, int]) -> bytes:
    """A glyph description, padded to four bytes; nothing for a blank."""
    if not glyph.parts:
        return b""
    data = struct.pack(">h4h", -1, *box)
    for at, (part, dx, dy) in enumerate(glyph.parts):
        more = _MORE if at < len(glyph.parts) - 1 else 0
        data += struct.pack(">HHhh", _WORDS_XY | _UNSCALED | more, part, _short(dx), _short(dy))
    return data + bytes(-len(data) % 4)


def _box(glyph: Made, hb_font: Any) -> tuple[int, int, int, int]:
    """The least and greatest coordinates of a glyph's outlines."""
    boxes = []
    for part, dx, dy in glyph.parts:
        found = hb_font.get_glyph_extents(part)
        if found and found.width:
            left, top = found.x_bearing + dx, found.y_bearing + dy
            boxes.append((left, top + found.height, left + found.width, top))
    if not boxes:
        return 0, 0, 0, 0
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return _short(min(lefts)), _short(min(bottoms)), _short(max(rights)), _short(max(tops))


def _short(value: float) -> int:
    """A coordinate as a font can hold it: a letter under thousands of marks reaches beyond any page."""
    return max(-0x8000, min(0x7FFF, int(value)))


def _offsets(tables: Mapping[str, bytes], count: int) -> list[int]:
    if struct.unpack_from(">h", tables["head"], _LONG_LOCA)[0]:
        return list(struct.unpack_from(f">{count + 1}L", tables["loca"]))
    return [2 * half for half in struct.unpack_from(f">{count + 1}H", tables["loca"])]


def _metrics(tables: Mapping[str, bytes], count: int) -> list[tuple[int, int]]:
    """Advance and left side bearing of each glyph."""
    full = struct.unpack_from(">H", tables["hhea"], _METRICS)[0]
    found = list(struct.iter_unpack(">Hh", tables["hmtx"][: 4 * full]))
    bearings = struct.unpack_from(f">{count - full}h", tables["hmtx"], 4 * full)
    return [(int(advance), int(bearing)) for advance, bearing in found] + [(found[-1][0], b) for b in bearings]


def _put(table: bytes, at: int, value: int) -> bytes:
    return table[:at] + struct.pack(">H", value) + table[at + 2 :]


def _read(program: bytes) -> dict[str, bytes]:
    count = struct.unpack_from(">H", program, 4)[0]
    entries = (struct.unpack_from(">4sLLL", program, 12 + 16 * i) for i in range(count))
    return {tag.decode("ascii"): program[offset : offset + length] for tag, _, offset, length in entries}


def _write(tables: Mapping[str, bytes]) -> bytes:
    """The file of tables whose head has no checksum yet."""
    power = len(tables).bit_length() - 1
    span = 16 << power
    header = struct.pack(">L4H", 0x00010000, len(tables), span, power, 16 * len(tables) - span)
    body = b""
    start = 12 + 16 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        header += struct.pack(">4sLLL", tag.encode("ascii"), _checksum(table), start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    program = bytearray(header + body)
    head = next(at for tag, _, at, _ in struct.iter_unpack(">4sLLL", header[12:]) if tag == b"head")
    struct.pack_into(">L", program, head + _ADJUSTMENT, (_MAGIC - _checksum(program)) & 0xFFFFFFFF)
    return bytes(program)


def _checksum(data: bytes | bytearray) -> int:
    padded = bytes(data) + bytes(-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}L", padded))) & 0xFFFFFFFF
