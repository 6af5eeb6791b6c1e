"""The Unicode Bidirectional Algorithm, UAX #9: the level of every character and the visual order of a line.

Rule names in comments are the annex's. A paragraph is one paragraph of the annex: P1 is the caller's.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

_MAX_DEPTH: Final = 125
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", "FSI", "LRI", "RLI", "PDI"})
_ISOLATES: Final = frozenset({"FSI", "LRI", "RLI"})
_REMOVED: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "BN"})
_SEPARATORS: Final = frozenset({"B", "S"})
_SPACES: Final = _ISOLATES | _REMOVED | {"WS", "PDI"}
_LETTER: Final = re.compile("[A-Za-z]")
_RTL: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class Sequenced(NamedTuple):
    """An isolating run sequence (BD13): the indices of its characters, its level and the directions around it."""

    indices: list[int]
    level: int
    start: str
    end: str


def has_rtl(text: str) -> bool:
    """Whether anything in a text can ask for right-to-left order."""
    return not text.isascii() and _RTL.search(text) is not None


def direction(text: str) -> int | None:
    """0 for left-to-right, 1 for right-to-left by the first strong character (P2, P3); None without one."""
    if text.isascii():
        return 0 if _LETTER.search(text) else None
    depth = 0
    for char in text:
        kind = _class(char)
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
    return None


def levels(text: str, base: int) -> list[int]:
    """The embedding level of every character of a paragraph whose own level is ``base``."""
    if base == 0 and not has_rtl(text):
        return [0] * len(text)
    original = [_class(char) for char in text]
    classes = list(original)
    level = _explicit(original, classes, base)
    for sequence in list(_sequences(original, level, base)):  # a list, for the loop changes the levels
        _weak(sequence, classes)
        _brackets(sequence, classes, text, original)
        _neutral(sequence, classes)
        for index in sequence.indices:  # I1, I2
            if sequence.level % 2 == 0:
                level[index] += {"R": 1, "AN": 2, "EN": 2}.get(classes[index], 0)
            elif classes[index] in ("L", "EN", "AN"):
                level[index] += 1
    for index, kind in enumerate(original):
        if kind in _REMOVED:  # L2 never sees them; beside their predecessor they cannot part what belongs together
            level[index] = level[index - 1] if index else base
    trailing = True
    for index in range(len(text) - 1, -1, -1):  # L1, the paragraph's end being that of its last line
        trailing = original[index] in _SEPARATORS or (trailing and original[index] in _SPACES)
        if trailing:
            level[index] = base
    return level


def visual_order(line: Sequence[int]) -> list[int]:
    """The indices of a line's pieces, given their levels, from left to right (L2)."""
    order = list(range(len(line)))
    for level in range(max(line, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and line[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return order


def _class(char: str) -> str:
    return unicodedata.bidirectional(char) or "L"


def _explicit(original: list[str], classes: list[str], base: int) -> list[int]:
    """X1 to X8: levels from embeddings, overrides and isolates."""
    matching = _isolate_pairs(original)
    level: list[int] = []
    stack: list[tuple[int, str, bool]] = [(base, "", False)]  # level, override, isolate
    overflow_isolates = overflow_embeddings = valid_isolates = 0
    for index, kind in enumerate(original):
        current, override, _ = stack[-1]
        if kind in ("RLE", "LRE", "RLO", "LRO"):
            level.append(current)
            deeper = _deeper(current, odd=kind[0] == "R")
            if deeper <= _MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                stack.append((deeper, {"RLO": "R", "LRO": "L"}.get(kind, ""), False))
            elif not overflow_isolates:
                overflow_embeddings += 1
        elif kind in _ISOLATES:
            level.append(current)
            classes[index] = override or kind
            end = matching.get(index, len(original))
            odd = kind == "RLI" or (kind == "FSI" and _first_strong(original[index + 1 : end]) == 1)
            deeper = _deeper(current, odd=odd)
            if deeper <= _MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                valid_isolates += 1
                stack.append((deeper, "", True))
            else:
                overflow_isolates += 1
        elif kind == "PDI":
            if overflow_isolates:
                overflow_isolates -= 1
            elif valid_isolates:
                overflow_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                valid_isolates -= 1
            level.append(stack[-1][0])
            classes[index] = stack[-1][1] or kind
        elif kind == "PDF":
            if not overflow_isolates:
                if overflow_embeddings:
                    overflow_embeddings -= 1
                elif not stack[-1][2] and len(stack) > 1:
                    stack.pop()
            level.append(stack[-1][0])
        else:
            level.append(base if kind == "B" else current)
            if override and kind not in ("B", "BN"):
                classes[index] = override
    return level


def _deeper(level: int, *, odd: bool) -> int:
    return level + 1 + (level % 2 == int(odd))


def _first_strong(kinds: Sequence[str]) -> int | None:
    depth = 0
    for kind in kinds:
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
    return None


def _isolate_pairs(kinds: Sequence[str]) -> dict[int, int]:
    """Which PDI ends which isolate initiator (BD9)."""
    pairs: dict[int, int] = {}
    open_isolates: list[int] = []
    for index, kind in enumerate(kinds):
        if kind in _ISOLATES:
            open_isolates.append(index)
        elif kind == "PDI" and open_isolates:
            pairs[open_isolates.pop()] = index
    return pairs


def _sequences(original: list[str], level: list[int], base: int) -> Iterator[Sequenced]:
    """X9 and X10: level runs without the removed characters, joined across isolates."""
    kept = [i for i, kind in enumerate(original) if kind not in _REMOVED]
    runs: list[list[int]] = []
    for index in kept:
        if runs and level[runs[-1][-1]] == level[index]:
            runs[-1].append(index)
        else:
            runs.append([index])
    matching = _isolate_pairs(original)
    starts = {run[0]: run for run in runs}
    ends = set(matching.values())
    position = {index: at for at, index in enumerate(kept)}
    for run in runs:
        if original[run[0]] == "PDI" and run[0] in ends:
            continue  # it goes on another run's sequence
        indices = list(run)
        while original[indices[-1]] in _ISOLATES and indices[-1] in matching:
            indices += starts[matching[indices[-1]]]
        own = level[indices[0]]
        first, last = position[indices[0]], position[indices[-1]]
        before = level[kept[first - 1]] if first else base
        open_end = original[indices[-1]] in _ISOLATES
        after = level[kept[last + 1]] if last + 1 < len(kept) and not open_end else base
        yield Sequenced(indices, own, "LR"[max(before, own) % 2], "LR"[max(after, own) % 2])


def _weak(sequence: Sequenced, classes: list[str]) -> None:
    """W1 to W7."""
    indices = sequence.indices
    previous = sequence.start
    for index in indices:  # W1
        if classes[index] == "NSM":
            classes[index] = "ON" if previous in _ISOLATES or previous == "PDI" else previous
        previous = classes[index]
    strong = sequence.start
    for index in indices:  # W2, W3
        if classes[index] in ("L", "R", "AL"):
            strong = classes[index]
        elif classes[index] == "EN" and strong == "AL":
            classes[index] = "AN"
        if classes[index] == "AL":
            classes[index] = "R"
    for before, index, after in zip(indices, indices[1:], indices[2:], strict=False):  # W4
        around = classes[before] if classes[before] == classes[after] else ""
        if (classes[index] == "ES" and around == "EN") or (classes[index] == "CS" and around in ("EN", "AN")):
            classes[index] = around
    at = 0
    while at < len(indices):  # W5
        end = at
        while end < len(indices) and classes[indices[end]] == "ET":
            end += 1
        if end > at:
            beside = [classes[i] for i in (*indices[max(0, at - 1) : at], *indices[end : end + 1])]
            if "EN" in beside:
                for index in indices[at:end]:
                    classes[index] = "EN"
        at = end + 1
    strong = sequence.start
    for index in indices:  # W6, W7
        if classes[index] in ("ES", "ET", "CS"):
            classes[index] = "ON"
        if classes[index] in ("L", "R"):
            strong = classes[index]
        elif classes[index] == "EN" and strong == "L":
            classes[index] = "L"


_STRONG: Final = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
_MOST_OPEN: Final = 63  # BD16


def _brackets(sequence: Sequenced, classes: list[str], text: str, original: list[str]) -> None:
    """N0: paired brackets take the direction of what they hold, or of what stands before them."""
    embedding = "LR"[sequence.level % 2]
    strong = [_STRONG.get(classes[index]) for index in sequence.indices]
    for opening, closing in _bracket_pairs(sequence, classes, text):
        inside = set(strong[opening + 1 : closing])
        if embedding in inside:
            side = embedding
        elif inside & {"L", "R"}:
            before = next((kind for kind in reversed(strong[:opening]) if kind), sequence.start)
            side = before if before != embedding else embedding
        else:
            continue
        for at in (opening, closing):
            strong[at] = side
            classes[sequence.indices[at]] = side
            for mark in range(at + 1, len(sequence.indices)):  # what followed the bracket as a mark goes with it
                if original[sequence.indices[mark]] != "NSM":
                    break
                strong[mark] = side
                classes[sequence.indices[mark]] = side


def _bracket_pairs(sequence: Sequenced, classes: list[str], text: str) -> list[tuple[int, int]]:
    closers, canonical = _bracket_table()
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, index in enumerate(sequence.indices):
        if classes[index] != "ON":
            continue
        char = canonical.get(text[index], text[index])
        if char in closers:
            if len(opened) == _MOST_OPEN:
                return []
            opened.append((closers[char], at))
        else:
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == char:
                    pairs.append((opened[depth][1], at))
                    del opened[depth:]
                    break
    return sorted(pairs)


def _neutral(sequence: Sequenced, classes: list[str]) -> None:
    """N1 and N2."""
    indices = sequence.indices
    at = 0
    while at < len(indices):
        end = at
        while end < len(indices) and classes[indices[end]] in _NEUTRAL:
            end += 1
        if end > at:
            before = _STRONG[classes[indices[at - 1]]] if at else sequence.start
            after = _STRONG[classes[indices[end]]] if end < len(indices) else sequence.end
            side = before if before == after else "LR"[sequence.level % 2]
            for index in indices[at:end]:
                classes[index] = side
        at = end + 1


# The opening brackets of BidiBrackets.txt whose partner is the next code point, as ranges of such pairs; the ASCII ones
# and the two crossed pairs of U+298D to U+2990 are apart.
_PAIRED: Final = (
    *((0x0F3A, 0x0F3C), (0x169B, 0x169B), (0x2045, 0x2045), (0x207D, 0x207D), (0x208D, 0x208D), (0x2308, 0x230A)),
    *((0x2329, 0x2329), (0x2768, 0x2774), (0x27C5, 0x27C5), (0x27E6, 0x27EE), (0x2983, 0x298B), (0x2991, 0x2997)),
    *((0x29D8, 0x29DA), (0x29FC, 0x29FC), (0x2E22, 0x2E28), (0x2E55, 0x2E5B), (0x3008, 0x3010), (0x3014, 0x301A)),
    *((0xFE59, 0xFE5D), (0xFF08, 0xFF08), (0xFF5F, 0xFF5F), (0xFF62, 0xFF62)),
)
_APART: Final = {"(": ")", "[": "]", "{": "}", "⦍": "⦐", "⦏": "⦎", "［": "］", "｛": "｝"}


@cache
def _bracket_table() -> tuple[dict[str, str], dict[str, str]]:
    """Opening bracket to closing one, and the pair of angle brackets that is canonically another."""
    pairs = dict(_APART)
    for first, last in _PAIRED:
        pairs |= {chr(code): chr(code + 1) for code in range(first, last + 1, 2)}
    return pairs, {"\u2329": "\u3008", "\u232a": "\u3009"}


_TURNED: Final = ("<>", "«»", "‹›", "≤≥", "≪≫")


@cache
def _mirrors() -> dict[str, str]:
    pairs = [*_bracket_table()[0].items(), *((pair[0], pair[1]) for pair in _TURNED)]
    return {**dict(pairs), **{closing: opening for opening, closing in pairs}}


def mirrored(char: str) -> str:
    """The character that a right-to-left one looks like (L4), for brackets and the like; others are themselves."""
    return _mirrors().get(char, char)
