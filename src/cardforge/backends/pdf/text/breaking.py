"""Where a line may end, and where it is best to end it.

Breaks follow UAX #14 in what cards contain: after spaces, hyphens, dashes and slashes inside words, between CJK
characters but for the ones that kinsoku keeps together, and where dictionaries say. Among all ways to need the fewest
lines the one with the least ragged edge is taken (Knuth and Plass's search with the cube of a line's empty share as its
cost).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Final, NamedTuple

from cardforge.backends.pdf.text.dictionaries import UNSPACED, Hyphenator, unspaced_breaks

_SPACES: Final = " \t\n\r\f\v\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"
_WORD: Final = re.compile(f"([^{_SPACES}]*)([{_SPACES}]*)")
_CJK: Final = (
    "\u2e80-\u303f\u3040-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_SPECIAL: Final = re.compile(f"[-/\u00ad\u200b\u2010\u2013\u2014{_CJK}{UNSPACED}]")
_IS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_HYPHENABLE: Final = re.compile(r"\W*([^\W\d_]{6,})\W*")
_ADDRESS: Final = re.compile("[/@]")
_IS_CJK: Final = re.compile(f"[{_CJK}]")
_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！)）]］｝」』】〉》〕〗〙〛’”%％‰℃ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.;:!?}…‥"
)
_NOT_LAST: Final = frozenset("([{（［｛「『【〈《〔〖〘〚‘“￥＄$£#＃@")
_INSIDE: Final = re.compile(r"(?<=[^\W\d_][-\u2010/])(?=\w)|(?<=\w[\u2013\u2014])(?=\w)|(?<=[\u00ad\u200b])(?=.)")


class Piece(NamedTuple):
    """What stays together on a line, with the spaces after it; ``ends`` says that a line may end here.

    ``hyphen`` says that a line that ends here shows one.
    """

    text: str
    spaces: str
    ends: bool
    hyphen: bool = False


def pieces(text: str, hyphens: Hyphenator | None = None) -> list[Piece]:
    """Cut text into the pieces between which a line may end. Spaces at the start make a first piece without text."""
    return [piece for word, spaces in tokens(text) for piece in cut(word, spaces, hyphens)]


def tokens(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with the spaces after it; what begins with spaces has a first word that is empty."""
    return _WORD.findall(text)[:-1]  # the last match is the empty one at the end


def cut(word: str, spaces: str, hyphens: Hyphenator | None = None) -> list[Piece]:
    """Cut a word into the pieces between which a line may end."""
    *inner, last = _inside(word) if _SPECIAL.search(word) else (word,)
    found = [*(Piece(part, "", ends=True) for part in inner), Piece(last, spaces, ends=bool(spaces))]
    if hyphens and not _ADDRESS.search(word):
        return [part for piece in found for part in _hyphenated(piece, hyphens)]
    return found


def _hyphenated(piece: Piece, hyphens: Hyphenator) -> Iterator[Piece]:
    """A word of letters in its hyphenated parts. Names in capitals, addresses and numbers stay whole."""
    word = _HYPHENABLE.fullmatch(piece.text)
    if word and not word[1].isupper():
        start = 0
        for place in hyphens(word[1]):
            end = word.start(1) + place
            yield Piece(piece.text[start:end], "", ends=True, hyphen=True)
            start = end
        piece = piece._replace(text=piece.text[start:])
    yield piece


@lru_cache(maxsize=4096)
def _inside(word: str) -> tuple[str, ...]:
    """Cut a word where a line may end without a space."""
    cuts = [match.start() for match in _INSIDE.finditer(word)]
    if _IS_UNSPACED.search(word):
        cuts += unspaced_breaks(word)
    cuts += [
        at
        for at in range(1, len(word))
        if (_IS_CJK.match(word[at]) or _IS_CJK.match(word[at - 1]))
        and word[at] not in _NOT_FIRST
        and word[at - 1] not in _NOT_LAST
        and not _joined(word[at])
    ]
    bounds = sorted({0, *cuts, len(word)})
    return tuple(word[a:b] for a, b in pairwise(bounds))


def _joined(char: str) -> bool:
    """Marks that belong to the CJK character before them."""
    return "\u302a" <= char <= "\u302f" or "\u3099" <= char <= "\u309a" or "\ufe00" <= char <= "\ufe0f"


class Measures(NamedTuple):
    """A paragraph as the breaker sees it, all lengths in em.

    ``before[i]`` is the natural width of everything before box ``i`` with its spaces, ``space[i]`` the space after box
    ``i``, ``extra[i]`` what ending a line there adds (a hyphen). ``ends`` are the boxes after which a line may end, in
    order; the last box is one of them.
    """

    before: Sequence[float]
    space: Sequence[float]
    extra: Sequence[float]
    ends: Sequence[int]

    def width(self, first: int, last: int) -> float:
        """The width of a line of boxes ``first`` to ``last``, inclusive."""
        return self.before[last + 1] - self.before[first] - self.space[last] + self.extra[last]


# Sums of floats that should be equal differ by less, at every size.
_TOLERANCE: Final = 1 + 1e-9


def greedy(measures: Measures, width: float) -> list[int]:
    """The last box of every line when each takes what fits; the fewest lines there can be."""
    limit = width * _TOLERANCE
    before, ends, spaces, extra = measures.before, measures.ends, measures.space, measures.extra
    end = ends[-1]
    if before[end + 1] - spaces[end] + extra[end] <= limit:
        return [end]
    lines: list[int] = []
    at = first = 0
    while at < len(ends):
        # Without its last space a line may be a little longer than the sums say: look one further.
        guess = bisect_right(before, before[first] + limit) - 2
        take = max(at, bisect_right(ends, guess) - 1)
        while take + 1 < len(ends) and measures.width(first, ends[take + 1]) <= limit:
            take += 1
        while take > at and measures.width(first, ends[take]) > limit:
            take -= 1
        lines.append(ends[take])
        first, at = ends[take] + 1, take + 1
    return lines


def smooth(measures: Measures, width: float, *, balanced: bool) -> list[int]:
    """The last box of every line for the least ragged edge; a balanced paragraph's last line counts like the others."""
    end = measures.ends[-1]
    if measures.before[end + 1] - measures.space[end] + measures.extra[end] <= width * _TOLERANCE:
        return [end]
    search = _search_hyphened if any(measures.extra) else _search
    return search(measures, width, balanced=balanced)


def _search(measures: Measures, width: float, *, balanced: bool) -> list[int]:
    """``smooth`` where no hyphen makes a line longer.

    The n-th line may end neither after the n-th of the greedy lines nor so early that the rest needs a line more, and
    few places lie between.
    """
    limit = width * _TOLERANCE
    before, spaces = measures.before, measures.space
    latest = greedy(measures, width)
    final = len(latest) - 1
    earliest = _packed_from_the_end(measures, limit, len(latest))
    reached: list[tuple[int, float]] = [(0, 0.0)]  # boxes that a line may begin with, and what it cost to get there
    chosen: list[dict[int, int]] = []
    for at, (low, high) in enumerate(zip(earliest, latest, strict=True)):
        last = at == final and not balanced
        ended: list[tuple[int, float]] = []
        back: dict[int, int] = {}
        for end in measures.ends[bisect_left(measures.ends, low) : bisect_right(measures.ends, high)]:
            edge = before[end + 1] - spaces[end]
            best, choice = _INFINITE, -1
            for first, cost in reached:
                line = edge - before[first]
                if line > limit or first > end:
                    continue
                if not last:
                    cost += ((width - line) / width) ** 3  # noqa: PLW2901 - the pair is not looked at again
                elif line < width * _STUB:
                    cost += _STUB_COST  # noqa: PLW2901
                if cost <= best:
                    best, choice = cost, first
            if choice >= 0:
                ended.append((end + 1, best))
                back[end] = choice
        reached = ended
        chosen.append(back)
    lines: list[int] = []
    end = latest[-1]
    for back in reversed(chosen):
        lines.append(end)
        end = back[end] - 1
    return lines[::-1]


def _packed_from_the_end(measures: Measures, limit: float, count: int) -> list[int]:
    """The last box of each of ``count`` lines when the last ones take what fits."""
    before, spaces, ends = measures.before, measures.space, measures.ends
    lines = [ends[-1]]
    at = len(ends) - 1
    for _ in range(count - 1):
        end = lines[-1]
        edge = before[end + 1] - spaces[end]
        at -= 1
        while at and edge - before[ends[at - 1] + 1] <= limit:
            at -= 1
        lines.append(ends[max(at, 0)])
    return lines[::-1]


def _search_hyphened(measures: Measures, width: float, *, balanced: bool) -> list[int]:
    """``smooth`` where a hyphen may push a line further than the next box needs."""
    limit = width * _TOLERANCE
    ends, before, spaces, extra = measures.ends, measures.before, measures.space, measures.extra
    final = len(ends) - 1
    starts = [0.0, *(before[end + 1] for end in ends)]
    costs = [0.0]
    chosen: list[int] = []
    first = 0
    for at, end in enumerate(ends):
        edge = before[end + 1] - spaces[end] + extra[end]
        last = at == final and not balanced
        # The first box that a line up to here may begin with; a hyphen may push it further than the next box needs.
        while first and edge - starts[first - 1] <= limit:
            first -= 1
        while first < at and edge - starts[first] > limit:
            first += 1
        best, choice = _INFINITE, at
        most = costs[first] + _LINE / 2
        for start in range(first, at + 1):
            before_it = costs[start]
            if before_it > most:  # a line more: dearer than any raggedness
                continue
            line = edge - starts[start]
            if line > limit:
                cost = _OVERFULL
            elif last:
                cost = _STUB_COST if line < width * _STUB else 0.0
            else:
                cost = ((width - line) / width) ** 3
            cost += before_it
            if cost <= best:
                best, choice = cost, start
        costs.append(best + _LINE + (_HYPHEN if measures.extra[end] else 0.0))
        chosen.append(choice)
    lines: list[int] = []
    at = final
    while at >= 0:
        lines.append(ends[at])
        at = chosen[at] - 1
    return lines[::-1]


def count(measures: Measures, width: float) -> int:
    """How many lines ``smooth`` makes. A hyphen that does not fit may keep ``greedy`` from a word that would."""
    breaker = partial(smooth, balanced=False) if any(measures.extra) else greedy
    return len(breaker(measures, width))


# Costs, the cube of a line's empty share being at most 1. A line is dearer than any raggedness of a paragraph, so that
# their number is the greedy one.
_LINE: Final = 1e6
_OVERFULL: Final = 1e12
_HYPHEN: Final = 0.03  # as dear as an edge that is empty by a third
_INFINITE: Final = float("inf")
_STUB: Final = 0.12  # a last line shorter than this share of the width looks lost
_STUB_COST: Final = 0.03
