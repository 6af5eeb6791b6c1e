"""How alike two questions are, and which pairs are alike enough to be the same note.

The measures and limits were set on reworded and on different questions (``bench/identity.py`` prints both).
"""

from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz import fuzz

SURE = 0.72
"""From here on a pair is taken, if nothing comes near it."""
DOUBTFUL = 0.58
"""From here on a pair may be the same note: between the two the author has to say."""
MARGIN = 0.08
"""How much better a pair has to be than every other with the same card or note."""
LIKELY_SAME_TOPIC = 0.45


def likeness(left: str, right: str, *, same_answer: bool = False, same_file: bool = True) -> float:
    """How alike two questions are, from 0 to 1. An equal answer and an equal file speak for the same card."""
    a, b = left.casefold(), right.casefold()
    words = 0.55 * fuzz.ratio(a, b) + 0.2 * fuzz.token_sort_ratio(a, b) + 0.25 * fuzz.token_set_ratio(a, b)
    return min(1.0, words / 100 + 0.2 * same_answer - 0.05 * (not same_file))


def settle(scores: Mapping[tuple[int, str], float]) -> tuple[list[tuple[int, str]], list[tuple[int, list[str]]]]:
    """The pairs that are sure, best first, and for each card left the notes it may be, the likeliest first.

    A pair is sure when it is good and no other pair of its card or its note comes near; taking it may make others
    sure. Notes are told by GUID, cards by position.
    """
    alive = {pair: score for pair, score in scores.items() if score >= DOUBTFUL}
    sure: list[tuple[int, str]] = []
    while True:
        taken = _next_sure(alive)
        if taken is None:
            break
        sure.append(taken)
        alive = {pair: score for pair, score in alive.items() if pair[0] != taken[0] and pair[1] != taken[1]}
    doubts: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for (card, guid), score in alive.items():
        doubts[card].append((-score, guid))
    return sure, [(card, [guid for _, guid in sorted(found)]) for card, found in sorted(doubts.items())]


def _next_sure(alive: Mapping[tuple[int, str], float]) -> tuple[int, str] | None:
    by_card: defaultdict[int, list[float]] = defaultdict(list)
    by_note: defaultdict[str, list[float]] = defaultdict(list)
    for (card, guid), score in alive.items():
        by_card[card].append(score)
        by_note[guid].append(score)
    for (card, guid), score in sorted(alive.items(), key=lambda item: (-item[1], item[0])):
        if score < SURE:
            return None
        rivals = sorted([*by_card[card], *by_note[guid]], reverse=True)[2:]
        if not rivals or score - rivals[0] >= MARGIN:
            return card, guid
    return None
