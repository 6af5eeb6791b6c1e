"""Random histories of a course: edits of every kind, builds, and one real Anki collection that lives through them all.

A model knows which note every card is (see ``history.py``) and what Anki makes of a package by its own rule: a note is
updated when the package's copy is newer. ``CARDFORGE_HISTORIES`` sets how many histories are run, ``CARDFORGE_HISTORY``
the first one's number. A history that fails is cut down to the edits that are needed for it.
"""

import contextlib
import io
import os
import random
import re
import sqlite3
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Final

import history
import pytest
from history import Course, Draft, Page

from anki_harness import Anki, opened
from cardforge.cli import run

HISTORIES: Final = int(os.environ.get("CARDFORGE_HISTORIES", "10"))
FIRST: Final = int(os.environ.get("CARDFORGE_HISTORY", "0"))
GENERATIONS: Final = 20
MOST_EDITS: Final = 6
START: Final = 1_700_000_000
DAY: Final = 86_400
MOST_ANSWERS: Final = 6

_FRONT, _BACK, _SOURCE, _SECTION = 0, 1, 4, 8
_DOUBT: Final = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: error\[doubtful-match\]: .*$", re.MULTILINE)
_NOTES: Final = "select guid, mod, flds, tags from notes"
_CARDS: Final = (
    "select c.id, n.guid, c.ord, c.did, c.queue, c.due, c.ivl, c.reps from cards c join notes n on n.id = c.nid"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A note as a package or a collection has it."""

    modified: int
    fields: tuple[str, ...]
    tags: frozenset[str]


@dataclass(slots=True)
class Tale:
    """What happened in a history, and what the model knows of it.

    ``known``: the GUIDs of a mark's notes, live and removed. ``last``: a note's content and time in the last build it
    was in. ``there``: the notes Anki has to have. ``learners``: what a learner wrote into a note, until an edit of the
    author's may overwrite it.
    """

    known: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    last: dict[str, tuple[object, int]] = field(default_factory=dict)
    there: dict[str, Seen] = field(default_factory=dict)
    learners: dict[str, str] = field(default_factory=dict)
    package: bytes = b""
    older: bytes = b""
    counts: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)


def test_a_course_keeps_its_notes_through_random_histories(
    tmp_path: Path,
    need: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    say: Callable[[str], None],
) -> None:
    need("anki")
    started = time.monotonic()
    counts: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + HISTORIES):
        tale = Tale()
        try:
            live(tale, seed, tmp_path / str(seed), monkeypatch)
        except AssertionError as failure:
            needed = cut_down(seed, tmp_path, monkeypatch)
            pytest.fail(f"history {seed}: {failure}\n\n" + "\n".join(needed), pytrace=False)
        counts += tale.counts
        edits += tale.edits
    told = [f"{number:7} {what}" for what, number in [*counts.items(), ("edits", edits.total())]]
    told += [f"{time.monotonic() - started:7.1f} seconds", "edits: " + ", ".join(f"{n} {e}" for e, n in edits.items())]
    say("Identity: random histories\n" + "\n".join(told))
    assert set(edits) == {edit.__name__ for edit in history.EDITS} or HISTORIES < 10  # a few histories miss some


def cut_down(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The edits and the end of a failing history, once every edit is left out that it fails without as well."""
    left_out: set[tuple[int, int]] = set()
    told = _failure(seed, folder, monkeypatch, left_out)
    for generation in range(GENERATIONS):
        whole = {(generation, number) for number in range(MOST_EDITS)}
        for some in (whole, *({each} for each in sorted(whole))):
            if not some <= left_out and (now := _failure(seed, folder, monkeypatch, left_out | some)):
                left_out |= some
                told = now
    return told


def _failure(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch, left_out: set[tuple[int, int]]) -> list[str]:
    tale = Tale()
    place = folder / f"again-{len(list(folder.iterdir()))}"
    try:
        live(tale, seed, place, monkeypatch, left_out)
    except AssertionError as failure:
        return [*tale.told, str(failure)]
    return []


def live(
    tale: Tale,
    seed: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    left_out: Iterable[tuple[int, int]] = (),
) -> None:
    """A whole history. ``left_out`` are edits that are not made: generation and number."""
    course = history.begun(history.drawn(f"{seed}"))
    project = folder / "project"
    project.mkdir(parents=True)
    (project / "cardforge.toml").write_text('name = "deck"\nnamespace = "tests"\n', "utf-8")
    monkeypatch.chdir(project)
    now = START
    with opened(folder / "collection") as anki:
        for generation in range(GENERATIONS):
            rng = history.drawn(f"{seed}/{generation}")
            tale.told.append(f"generation {generation}")
            if generation:
                edited(tale, course, f"{seed}/{generation}", {each for at, each in left_out if at == generation})
            now += rng.choice((0, 0, 1, 600, DAY, 7 * DAY))
            # A build's clock may be wrong, and ahead even of the clock of the real Anki that reads the package.
            clock = now + rng.choice((0,) * 12 + (DAY, int(time.time()) - START + 30 * DAY))
            build(tale, course, project, clock, monkeypatch)
            if rng.random() < 0.75:
                imported(tale, anki, tale.package)
                studied(tale, anki, rng)
                written_in(tale, anki, rng, now)
            if rng.random() < 0.1 and tale.older:
                imported(tale, anki, tale.older)
                tale.counts["imports of an old package"] += 1
            if rng.random() < 0.2:
                tale.older = tale.package
            tale.counts["generations"] += 1
        problems = [problem for problem in anki.problems() if "unused" not in problem]
        assert problems == []


def edited(tale: Tale, course: Course, seed: str, left_out: set[int]) -> None:
    """Some edits, alone and combined; a generation without any is one too."""
    for number in range(history.drawn(seed).randint(0, MOST_EDITS)):
        rng = history.drawn(f"{seed}/{number}")
        if number in left_out:
            continue
        edit = rng.choice(history.EDITS)
        before = [(card, card.question, card.answer, card.id) for card in course.cards]
        if edit(course, rng):
            tale.edits[edit.__name__] += 1
            was = {id(card): (question, answer, name) for card, question, answer, name in before}
            said = [
                f"  {edit.__name__} {card.mark}: {was[id(card)]} → {(card.question, card.answer, card.id)}"
                for card in course.cards
                if id(card) in was and was[id(card)] != (card.question, card.answer, card.id)
            ]
            tale.told += said or [f"  {edit.__name__}"]


# ---- builds


def build(tale: Tale, course: Course, project: Path, clock: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the course, settle doubts as its author would, and hold the package to what the model knows."""
    lock = project / "cardforge.lock"
    while True:
        places = _lay_out(course, project)
        before = lock.read_bytes() if lock.exists() else b""
        status, said = _run(clock, monkeypatch)
        doubts = list(_DOUBT.finditer(said))
        assert status == (1 if doubts else 0), said
        if not doubts:
            break
        assert (lock.read_bytes() if lock.exists() else b"") == before, "a build that failed wrote the lock"
        for doubt in doubts:
            _settle(tale, course, places[doubt["file"]], int(doubt["line"]), doubt[0])
    package = (project / "build" / "deck.apkg").read_bytes()
    _hold(tale, course, _notes(package), clock)
    course.built()
    tale.package = package
    if clock % 5 == 0:
        saved = lock.read_bytes()
        status, said = _run(clock + DAY, monkeypatch)
        assert (status, lock.read_bytes() == saved) == (0, True), said
        assert (project / "build" / "deck.apkg").read_bytes() == package, "a build without a change changed the package"
    tale.counts["builds"] += 1


def _lay_out(course: Course, project: Path) -> dict[str, dict[int, Draft]]:
    """Write the files anew; the cards by file and line."""
    for old in project.rglob("*.md"):
        old.unlink()
    places = {}
    for page in course.pages:
        text, places[f"cards/{page.name}"] = history.written(page)
        path = project / "cards" / page.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return places


def _run(clock: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(clock))
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = run(["build", "anki"])
    return status, out.getvalue()


def _settle(tale: Tale, course: Course, places: dict[int, Draft], line: int, said: str) -> None:
    """Do as the finding says: the note's GUID where the card has a note, any other id for a new card."""
    card = places[max(place for place in places if place <= line)]
    known = tale.known[card.mark]
    taken = {each.id for each in course.cards}
    mine = sorted(known - taken, key=lambda guid: (guid not in said, guid))
    assert card.id is None, f"a card with an id is never in doubt: {said}"
    card.id = mine[0] if mine else course.fresh("new-")
    kind = "doubts about a known card" if mine else "doubts about a new card"
    tale.counts[kind] += 1
    tale.told.append(f"  doubt about {card.mark}, {'' if mine else 'not '}known: {said}")


def _hold(tale: Tale, course: Course, notes: dict[str, Seen], clock: int) -> None:
    """Every card has the note it always had, with its author's words, and a new time if and only if they changed."""
    by_mark: defaultdict[str, set[str]] = defaultdict(set)
    for guid, note in notes.items():
        by_mark[note.fields[_SOURCE]].add(guid)
    expected: defaultdict[str, list[tuple[Page, Draft]]] = defaultdict(list)
    for page in course.pages:
        for card in page.cards:
            expected[card.mark].append((page, card))
    assert set(by_mark) == set(expected)
    own = set().union(*tale.known.values())
    for mark, cards in expected.items():
        guids = by_mark[mark]
        assert len(guids) == len(cards), f"{mark}: {len(cards)} cards, {len(guids)} notes"
        known = tale.known[mark]
        kept = guids & known
        assert len(kept) == min(len(guids), len(known)), f"{mark}: lost its note: {cards[0][1]}"
        strange = (guids - known) & own
        assert not strange, f"{mark}: got another card's note {strange}: {cards[0][1]}"
        said = Counter((card.front, card.back) for _, card in cards)
        assert Counter((_text(notes[g].fields[_FRONT]), _text(notes[g].fields[_BACK])) for g in guids) == said
        if len(cards) == 1 and len(known) <= 1:
            ((page, card),), (guid,) = cards, guids
            _hold_time(tale, page, card, notes[guid], guid, clock)
    for mark, guids in by_mark.items():
        tale.known[mark] |= guids
    for guid, note in notes.items():
        if len(tale.known[note.fields[_SOURCE]]) > 1:
            tale.last[guid] = (None, note.modified)


def _hold_time(tale: Tale, page: Page, card: Draft, note: Seen, guid: str, clock: int) -> None:
    section = page.section(card.kind)
    assert _text(note.fields[_SECTION]).endswith(section), (note.fields[_SECTION], section)
    assert note.tags == {*page.tags, *card.tags}
    content = (card.question, card.prompt, card.answer, card.kind, note.tags, section, card.mark)
    before = tale.last.get(guid)
    tale.last[guid] = (content, note.modified)
    if before is None:
        assert note.modified == clock
        return
    was, modified = before
    if was is None:
        return
    if was == content:
        assert note.modified == modified, f"{card.mark} did not change, its time did"
    else:
        assert note.modified == max(clock, modified + 1), f"{card.mark} changed, its time: {note.modified}"


def _notes(package: bytes) -> dict[str, Seen]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(archive.read("collection.anki2"))
        rows = database.execute(_NOTES).fetchall()
    assert len({guid for guid, *_ in rows}) == len(rows)
    return _by_guid(rows)


def _by_guid(rows: Iterable[Any]) -> dict[str, Seen]:
    return {
        guid: Seen(modified, tuple(fields.split("\x1f")), frozenset(tags.split()))
        for guid, modified, fields, tags in rows
    }


def _text(field_html: str) -> str:
    """The words a learner sees; a scenario's sign before its verdict is none."""
    text = unescape(re.sub(r"</?(?:strong|code)>", "", field_html))
    return " ".join(re.sub(r"<[^>]+>|[✓✗]", " ", text).split())


# ---- Anki


def imported(tale: Tale, anki: Anki, package: bytes) -> None:
    """Import, and hold the collection to the model: notes, and every card where it was."""
    before = {row[0]: row for row in anki.col.db.all(_CARDS)}
    new, updated = 0, 0
    for guid, note in _notes(package).items():
        mine = tale.there.get(guid)
        if mine is None:
            new += 1
        elif mine.modified < note.modified:
            updated += 1
            tale.counts["learners' edits overwritten by later ones"] += guid in tale.learners
            tale.learners.pop(guid, None)
        else:
            continue
        tale.there[guid] = note
    log = anki.read(package)
    assert (log.new, log.updated, log.conflicting) == (new, updated, 0)
    notes = anki.col.db.all(_NOTES)
    assert len({guid for guid, *_ in notes}) == len(notes), "a note is there twice"
    assert _by_guid(notes) == tale.there
    for guid, text in tale.learners.items():
        assert text in tale.there[guid].fields[_BACK]
    after = {row[0]: row for row in anki.col.db.all(_CARDS)}
    assert {number: after.get(number) for number in before} == before, "a card is not where it was"
    assert len(after) == len(before) + new
    tale.counts["imports"] += 1
    tale.counts["notes updated"] += updated
    tale.counts["answered cards kept"] += sum(1 for *_, reviews in before.values() if reviews)


def studied(tale: Tale, anki: Anki, rng: random.Random) -> None:
    """Answer some cards."""
    for guid in rng.sample(sorted(tale.there), min(len(tale.there), rng.randint(0, MOST_ANSWERS))):
        anki.answer(guid)
        tale.counts["answers"] += 1


def written_in(tale: Tale, anki: Anki, rng: random.Random, now: int) -> None:
    """Edit some notes in Anki, at a time around the build's; the later edit wins."""
    for guid in rng.sample(sorted(tale.there), min(len(tale.there), rng.choice((0, 0, 1, 2)))):
        mine = tale.there[guid]
        modified = now + rng.choice((0, 1, 600, DAY))
        text = f"My own words {modified}."
        back = f"{mine.fields[_BACK]} {text}"
        anki.edit(guid, modified=modified, Back=back)
        tale.there[guid] = Seen(modified, (mine.fields[_FRONT], back, *mine.fields[2:]), mine.tags)
        tale.learners[guid] = text
        tale.counts["learners' edits"] += 1
