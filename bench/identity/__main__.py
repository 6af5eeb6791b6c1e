"""Counts what became of the notes: ``python -m bench.identity [seeds [first seed]] [-v]`` from the root."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

if not __package__:  # run by path: Python looks for modules beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.identity import corpus
from bench.identity.corpus import Draft
from cardforge.diagnostics import Code, Severity, Sink
from cardforge.identity.keeping import Kept, keep
from cardforge.identity.lock import Note
from cardforge.identity.similarity import likeness

CARDS, REWORDED, ANSWERS, RENAMED = 1000, 200, 100, 3
DELETED, ADDED, MOVED = 100, 100, 0.02
BAR = 0.995
DAY = 86_400
CLOCK = 1_700_000_000


@dataclass(slots=True)
class Count:
    """What became of the cards: ``detail`` names edits of those that did not keep their GUID."""

    kept: int = 0
    doubtful: int = 0
    lost: int = 0
    wrong: int = 0
    new_doubtful: int = 0
    worst: int = CARDS
    detail: Counter[str] = field(default_factory=Counter)
    wrongs: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Cards that had a GUID."""
        return self.kept + self.doubtful + self.lost + self.wrong


def main(arguments: Sequence[str]) -> int:
    """Print the tables; 1 when a bar does not hold."""
    numbers = [argument for argument in arguments if argument.isdecimal()]
    how_many, first, *_ = [*map(int, numbers), *(20, 0)[len(numbers) :]]
    seeds = range(first, first + how_many)
    began = time.perf_counter()
    edited, mixed, hard = first_table(seeds), Count(), Count()
    for seed in seeds:
        _measure(seed, mixed, _old_cards, _edit_delete_add)
        _measure(seed, hard, _look_alikes, _replace_by_look_alike)
    seconds = (time.perf_counter() - began) / max(1, len(seeds))
    _say(f"{len(seeds)} seeds from {first} on, {seconds:.1f} s each\n")
    _table("1. 1,000 cards: 200 reworded, 100 answers rewritten, 3 files renamed, all reordered", edited)
    _table("2. 100 deleted, 100 look-alikes added, 200 reworded, 100 answers rewritten, 2 % moved, reordered", mixed)
    _table("3. 60 cards, each replaced by the other of its hand-written pair of look-alikes", hard)
    _distributions()
    share = edited.kept / edited.total
    wrong = edited.wrong + mixed.wrong + hard.wrong
    holds = share >= BAR and not wrong
    _say(f"Kept {share:.2%} (bar {BAR:.1%}), wrong {wrong} (bar 0): {'holds' if holds else 'DOES NOT HOLD'}.")
    return 0 if holds else 1


def first_table(seeds: Iterable[int]) -> Count:
    """What became of the cards of each seed by the edits that the bar is for: nothing deleted, nothing added."""
    count = Count()
    for seed in seeds:
        _measure(seed, count, _old_cards, _edit)
    return count


def _old_cards(seed: int) -> list[Draft]:
    """The collection: the first tenth are the hand-written cards before their rewording."""
    pairs = corpus.reworded()
    written = [corpus.written_draft(number, pair.before, pair.answer) for number, pair in enumerate(pairs)]
    return written + [corpus.draft(seed, number) for number in range(len(pairs), CARDS)]


def _edit(seed: int, drafts: list[Draft]) -> tuple[list[Draft], dict[int, str]]:
    """The edits of the first table; what was done to each card is told by its number."""
    drafts, done = _texts_edited(seed, drafts)
    return corpus.reorder(corpus.rename(drafts, seed, RENAMED), seed), done


def _texts_edited(seed: int, drafts: list[Draft]) -> tuple[list[Draft], dict[int, str]]:
    pairs = corpus.reworded()
    generated = [one.number for one in drafts if one.number >= len(pairs)]
    written = [one.number for one in drafts if one.number < len(pairs)]
    wanted = corpus.chosen(seed, "reworded", generated, REWORDED - len(written)) | frozenset(written)
    answers = corpus.chosen(seed, "answers", sorted(one.number for one in drafts), ANSWERS)
    done: dict[int, str] = {}
    after = []
    for one in drafts:
        edited = one
        if one.number in wanted and one.number < len(pairs):
            edited = replace(edited, question=pairs[one.number].after)
            done[one.number] = "by hand"
        elif one.number in wanted:
            question, name = corpus.reword(seed, one.number, one.question)
            edited = replace(edited, question=question)
            done[one.number] = name
        if one.number in answers:
            edited = replace(edited, answer=corpus.rewrite_answer(seed, one.number, one.answer))
            done[one.number] = f"{done[one.number]} + answer" if one.number in done else "answer"
        after.append(edited)
    return after, done


def _edit_delete_add(seed: int, drafts: list[Draft]) -> tuple[list[Draft], dict[int, str]]:
    """The edits of the second table: new cards have numbers no old card has."""
    gone = corpus.chosen(seed, "deleted", [one.number for one in drafts], DELETED)
    left = [one for one in drafts if one.number not in gone]
    edited, done = _texts_edited(seed, left)
    added = [corpus.draft(seed, number) for number in range(CARDS, CARDS + ADDED)]
    return corpus.reorder(corpus.move([*edited, *added], seed, MOVED), seed), done


def _look_alikes(seed: int) -> list[Draft]:
    """One card of each pair; which of the two is told by the seed."""
    pairs = corpus.different()
    return [
        corpus.written_draft(number, *(pair.one if (seed + number) % 2 else pair.other))
        for number, pair in enumerate(pairs)
    ]


def _replace_by_look_alike(seed: int, drafts: list[Draft]) -> tuple[list[Draft], dict[int, str]]:
    del drafts
    return [replace(one, number=CARDS + one.number) for one in _look_alikes(seed + 1)], {}


def _measure(
    seed: int,
    count: Count,
    make: Callable[[int], list[Draft]],
    edit: Callable[[int, list[Draft]], tuple[list[Draft], dict[int, str]]],
) -> None:
    """Build, edit, build again, and add to the count what became of each card's GUID."""
    before = make(seed)
    first, _ = _kept(before, {}, CLOCK)
    guids = {one.number: guid for one, guid in zip(before, first, strict=True)}
    numbers = {guid: number for number, guid in guids.items()}
    texts = {one.number: one for one in before}
    lock = _kept(before, {}, CLOCK)[1].notes
    after, done = edit(seed, before)
    sink = Sink()
    second, _ = _kept(after, lock, CLOCK + DAY, sink)
    doubted = {finding.span for finding in sink if finding.code is Code.DOUBTFUL_MATCH}
    kept_before = count.kept
    for place, (one, guid) in enumerate(zip(after, second, strict=True)):
        span = corpus.as_card(one, place).head.span
        old = numbers.get(guid)
        if old is not None and old != one.number:
            count.wrong += 1
            count.wrongs.append(f"{texts[old].question} ⇒ {one.question} [{done.get(one.number, 'new')}]")
        elif one.number not in guids:
            count.new_doubtful += span in doubted
        elif old == one.number:
            count.kept += 1
        else:
            count.doubtful += span in doubted
            count.lost += span not in doubted
            count.detail[done.get(one.number, "nothing")] += 1
            count.losses.append(f"{texts[one.number].question} ⇒ {one.question} [{one.answer}]")
    count.worst = min(count.worst, count.kept - kept_before)


def _kept(
    drafts: Sequence[Draft], lock: Mapping[str, Note], clock: int, sink: Sink | None = None
) -> tuple[list[str], Kept]:
    """The GUID of each draft's card, in order, and the whole result."""
    cards = [corpus.as_card(one, place) for place, one in enumerate(drafts)]
    sink = sink if sink is not None else Sink()
    kept = keep(cards, lock, namespace="bench", clock=clock, doubt=Severity.WARNING, sink=sink)
    return [kept.identities[card.head.span].guid for card in cards], kept


# ---- tables


def _table(title: str, count: Count) -> None:
    _say(title)
    if count.total:
        for name in ("kept", "doubtful", "lost", "wrong"):
            number = getattr(count, name)
            _say(f"   {name if name != 'wrong' else 'WRONG':<9}{number:>8,}  {number / count.total:8.3%}")
        _say(f"   fewest kept with one seed: {count.worst:,}")
    else:
        _say(f"   WRONG    {count.wrong:>8,}")
    _say(f"   new cards in doubt: {count.new_doubtful:,}")
    for name, number in count.detail.most_common():
        _say(f"      not kept: {name:<24}{number:>6,}")
    for example in dict.fromkeys(count.wrongs):
        _say(f"      wrong: {example}")
    if "-v" in sys.argv:
        for example, number in Counter(count.losses).most_common():
            _say(f"      not kept{number:>3}: {example}")
    _say("")


def _distributions() -> None:
    """How likeness() sees the hand-written pairs: with the answer a rewording keeps, and without."""
    _say("4. likeness() of the hand-written pairs   min    5 %  median   95 %    max")
    pairs = corpus.reworded()
    _row("reworded, answer kept", (likeness(pair.before, pair.after, answer=1.0) for pair in pairs))
    _row("reworded, answer rewritten too", (likeness(pair.before, pair.after) for pair in pairs))
    same = [pair for pair in corpus.different() if pair.one[1] == pair.other[1]]
    _row("different", (likeness(pair.one[0], pair.other[0]) for pair in corpus.different() if pair not in same))
    _row("different, equal answer", (likeness(pair.one[0], pair.other[0], answer=1.0) for pair in same))
    _say("")


def _row(name: str, values: Iterable[float]) -> None:
    found = sorted(values)
    marks = [found[0], *(found[round(share * (len(found) - 1))] for share in (0.05, 0.5, 0.95)), found[-1]]
    _say(f"   {name:<34}" + "".join(f"{mark:8.3f}" for mark in marks))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
