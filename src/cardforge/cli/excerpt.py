"""A line of a source as a terminal shows it, and the carets below the place that a finding speaks of."""

import unicodedata
from collections.abc import Iterator

_WIDEST = 100
_BEFORE = 50
_NEAR = 10 * _WIDEST  # characters: several of them may stand in one column
_JOINER, _PRESENTATION = "\u200d", "\ufe0f"


def visible(text: str) -> str:
    """The text with control, format and bidi characters as escapes: a file name must not move the cursor."""
    return "".join(
        (f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}")
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != _JOINER
        else char
        for char in text
    )


def excerpt(line: str, column: int, end: int) -> tuple[str, str]:
    """The line around ``column`` in at most 100 terminal columns, and carets from there to the column ``end``."""
    at = min(max(column - 1, 0), len(line))
    start = max(0, at - _NEAR)
    cells = list(_cells(line[start : at + _NEAR], start))
    here = next((i for i, cell in enumerate(cells) if cell[0] <= at < cell[1]), len(cells))
    first, last = _window([width for _, _, _, width in cells], here)
    before = "…" if first or start else ""
    after = "…" if last < len(cells) or at + _NEAR < len(line) else ""
    shown = "".join(text for _, _, text, _ in cells[first:last])
    lead = len(before) + sum(width for _, _, _, width in cells[first:here])
    marked = sum(width for place, _, _, width in cells[here:last] if place < end - 1 or place <= at)
    return f"{before}{shown}{after}".rstrip(), " " * lead + "^" * max(1, marked)


def _window(widths: list[int], here: int) -> tuple[int, int]:
    """The cells to show: all of them if there is room, else those around the cell ``here``."""
    if sum(widths) <= _WIDEST:
        return 0, len(widths)
    first, room = here, _BEFORE
    while first and widths[first - 1] <= room:
        first -= 1
        room -= widths[first]
    last, room = here, _WIDEST - (_BEFORE - room)
    while last < len(widths) and widths[last] <= room:
        room -= widths[last]
        last += 1
    while first and widths[first - 1] <= room:  # the line ends soon after the place
        first -= 1
        room -= widths[first]
    return first, last


def _cells(text: str, offset: int) -> Iterator[tuple[int, int, str, int]]:
    """What stands together in a terminal: from where to where in the line, as shown, and how many columns it takes."""
    start, shown, width = offset, "", 0
    joined = False
    for place, char in enumerate(text, offset):
        wide = _width(char)
        if shown and (wide == 0 or joined):
            shown += char
            # What asks for the picture of a character makes it two columns wide.
            width = 2 if char == _PRESENTATION and width == 1 else width
        else:
            if shown:
                yield start, place, shown, width
            start = place
            shown = " " if char == "\t" else visible(char)
            width = len(shown) if len(shown) > 1 else wide
        joined = char == _JOINER
    if shown:
        yield start, offset + len(text), shown, width


def _width(char: str) -> int:
    """The columns a character takes in a terminal; none for what stands on the one before it."""
    zero = unicodedata.category(char) in ("Mn", "Me") or char == _JOINER
    if zero or "\u1160" <= char <= "\u11ff" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
