"""Gaps that changed numbers: to Anki a gap is its number, so each takes over the schedule of the one that had it."""

from cardforge.diagnostics import Code, Sink
from cardforge.identity.content import digest, hidden_by
from cardforge.identity.lock import Note
from cardforge.model import Card, Cloze

_BRIEF = 24
_MOST = 3


def report_renumbered(card: Card, note: Note, sink: Sink) -> None:
    """Warn of gaps that hide what they hid at the last build, ``note``, under another number."""
    if not isinstance(card, Cloze) or not note.is_cloze:
        return
    before: dict[str, set[int]] = {}
    for number in note.ordinals:
        if (known := note.content.get(f"gap{number}")) is not None:
            before.setdefault(known, set()).add(number)
    now = hidden_by(card)
    after: dict[str, set[int]] = {}
    for number, hidden in now.items():
        after.setdefault(digest(hidden), set()).add(number)
    moves: list[tuple[int, int]] = []
    for found, numbers in after.items():
        # Of gaps that hide the same, those that kept their number are no others' old ones.
        left = sorted(before.get(found, set()) - numbers)
        moves += zip(left, sorted(numbers - before.get(found, set())), strict=False)
    if not moves:
        return
    moves.sort(key=lambda move: move[1])
    told = [f"“{_words(now[new])}” c{new}, not c{old}" for old, new in moves[:_MOST]]
    more = f" and {len(moves) - _MOST} more" if len(moves) > _MOST else ""
    sink.add(
        Code.RENUMBERED_CLOZE,
        card.head.span,
        f"Gaps have other numbers than at the last build: {', '.join(told)}{more}.",
        "In Anki the schedule stays with the number: write each gap's old number, as in {{c2::…}} or [c2::…].",
    )


def _words(hidden: tuple[object, ...]) -> str:
    words = " … ".join(each if isinstance(each, str) else "a picture" for each in hidden)
    return words if len(words) <= _BRIEF else words[: _BRIEF - 1].rstrip() + "…"
