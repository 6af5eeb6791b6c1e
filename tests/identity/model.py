"""What has to become of notes when their cards are edited and built, and what Anki makes of packages by its own rule.

A card's *kin* are the cards written as copies of one card, with it: one mark. Which of two equal cards is which, nobody
can know; so what is promised is promised of a kin. None of its notes is lost while a new one is made, no note is of
another kin, and every text that was there before and is there now keeps its note and its time.
"""

import io
import re
import sqlite3
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from course import Course, Draft, Page
from learner import Learner

_FRONT, _BACK, _SOURCE, _KIND, _SECTION = 0, 1, 4, 7, 8
_NOTES: Final = "select guid, mod, flds, tags from notes"
_CARDS: Final = (
    "select c.id, n.guid, c.ord, c.did, c.queue, c.due, c.ivl, c.reps from cards c join notes n on n.id = c.nid"
)
_REVIEWS: Final = "select id, cid, ease, ivl from revlog order by id"

Text = tuple[tuple[str, ...], frozenset[str]]
"""All a note says: its fields and tags."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A note as a package or a collection has it."""

    modified: int
    fields: tuple[str, ...]
    tags: frozenset[str]

    @property
    def mark(self) -> str:
        return self.fields[_SOURCE]

    @property
    def text(self) -> Text:
        return (self.fields, self.tags)

    @property
    def front(self) -> str:
        return self.fields[_FRONT]

    @property
    def back(self) -> str:
        return self.fields[_BACK]

    def in_words(self) -> tuple[str, str, str, str, frozenset[str]]:
        """The note as a learner reads it."""
        fields = (_words(self.fields[each]) for each in (_FRONT, _BACK, _KIND, _SECTION))
        return (*fields, self.tags)  # type: ignore[return-value] # four of them


@dataclass(slots=True)
class Kept:
    """What the author's lock knows: the notes that have a card by GUID, and those that had one.

    ``loose``: how many cards without an id said what, when last built.
    """

    live: dict[str, Seen] = field(default_factory=dict)
    gone: dict[str, Seen] = field(default_factory=dict)
    loose: Counter[Text] = field(default_factory=Counter)

    def of(self, mark: str) -> set[str]:
        """The GUIDs of a kin, with a card or without."""
        return {guid for notes in (self.live, self.gone) for guid, note in notes.items() if note.mark == mark}

    def fork(self) -> "Kept":
        """The same for a branch."""
        return Kept(dict(self.live), dict(self.gone), Counter(self.loose))

    def forget_gone(self) -> None:
        """As a lock does whose notes without cards were dropped."""
        self.gone.clear()


# ---- a build


def notes_in(package: bytes) -> dict[str, Seen]:
    """The notes of a package; each has a GUID of its own."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(archive.read("collection.anki2"))
        rows = database.execute(_NOTES).fetchall()
    assert len({guid for guid, *_ in rows}) == len(rows)
    return _by_guid(rows)


def hold(kept: Kept, course: Course, notes: Mapping[str, Seen], clock: int) -> Kept:
    """Hold a whole build to the promise; what the lock knows then."""
    expected: defaultdict[str, list[tuple[Page, Draft]]] = defaultdict(list)
    for page in course.pages:
        for card in page.cards:
            expected[card.mark].append((page, card))
    assert {note.mark for note in notes.values()} == set(expected)
    for mark, cards in expected.items():
        now = {guid: note for guid, note in notes.items() if note.mark == mark}
        said = Counter(note.in_words() for note in now.values())
        wanted = Counter(_expected(page, card) for page, card in cards)
        assert said == wanted, f"{mark}: not what its author wrote: {said - wanted} for {wanted - said}"
        _hold_notes(kept, mark, now, sum(card.remade for _, card in cards))
    for guid, note in notes.items():
        _hold_time(kept, guid, note, clock)
    return _next(kept, course, notes)


def _hold_notes(kept: Kept, mark: str, now: Mapping[str, Seen], remade: int) -> None:
    """A kin's notes; ``remade`` cards may have become new ones."""
    live = {guid: note for guid, note in kept.live.items() if note.mark == mark}
    gone = {guid: note for guid, note in kept.gone.items() if note.mark == mark}
    strange = {guid for guid in now if guid not in live and guid not in gone} & {*kept.live, *kept.gone}
    assert not strange, f"{mark}: got another card's note {strange}"
    back = [guid for guid in now if guid in gone and now[guid].front == gone[guid].front]
    stayed = live.keys() & now.keys()
    assert len(stayed) >= min(len(live), len(now)) - len(back) - remade, f"{mark}: lost a note of {sorted(live)}"
    fresh = now.keys() - live.keys() - gone.keys()
    left = {note.front for guid, note in gone.items() if guid not in now}
    assert not any(now[guid].front in left for guid in fresh), f"{mark}: came back as a new note"


def _hold_time(kept: Kept, guid: str, note: Seen, clock: int) -> None:
    """A note's time moves if and only if the note says something else, and never back."""
    before = kept.live.get(guid) or kept.gone.get(guid)
    if before is None:
        assert note.modified == clock, f"{guid} is new"
    elif before.text == note.text:
        assert note.modified == before.modified, f"{guid} did not change, its time did"
    else:
        assert note.modified == max(clock, before.modified + 1), f"{guid} changed, its time: {note.modified}"


def _next(kept: Kept, course: Course, notes: Mapping[str, Seen]) -> Kept:
    """What is known after a build, once every text that is still there was found to have kept its note."""
    loose: Counter[Text] = Counter()
    pinned = Counter(_expected(page, card) for page in course.pages for card in page.cards if card.id is not None)
    for note in notes.values():
        if pinned[note.in_words()]:
            pinned[note.in_words()] -= 1
        else:
            loose[note.text] += 1
    same = Counter(note.text for guid, note in notes.items() if guid in kept.live and kept.live[guid].text == note.text)
    for text, number in (kept.loose & loose).items():
        assert same[text] >= number, f"equal texts changed notes: {text}"
    dropped = {guid: note for guid, note in kept.live.items() if guid not in notes}
    gone = {guid: note for guid, note in kept.gone.items() if guid not in notes}
    return Kept(dict(notes), gone | dropped, loose)


def merged(base: Kept, ours: Kept, theirs: Kept) -> Kept:
    """What is known after a merge of two branches, each of which edited other files: the later of each note."""
    found = {}
    for guid in {**ours.live, **ours.gone, **theirs.live, **theirs.gone}:
        sides = [notes[guid] for kept in (ours, theirs) for notes in (kept.live, kept.gone) if guid in notes]
        found[guid] = max(sides, key=lambda note: note.modified)
    live = {
        guid
        for guid in found
        if (guid in ours.live or guid in theirs.live)
        and not (guid in base.live and (guid in ours.gone or guid in theirs.gone))
    }
    # An equal text in both is that of a card neither touched.
    loose = (ours.loose & theirs.loose) + (ours.loose - base.loose) + (theirs.loose - base.loose)
    return Kept(
        {guid: note for guid, note in found.items() if guid in live},
        {guid: note for guid, note in found.items() if guid not in live},
        loose,
    )


def _expected(page: Page, card: Draft) -> tuple[str, str, str, str, frozenset[str]]:
    return (card.front, card.back, card.kind, page.section(card.kind), frozenset({*page.tags, *card.tags}))


def _by_guid(rows: Iterable[Any]) -> dict[str, Seen]:
    return {
        guid: Seen(modified, tuple(fields.split("\x1f")), frozenset(tags.split()))
        for guid, modified, fields, tags in rows
    }


def _words(field_html: str) -> str:
    """The words a learner sees; a scenario's sign before its verdict is none."""
    text = unescape(re.sub(r"</?(?:strong|code)>", "", field_html))
    return " ".join(re.sub(r"<[^>]+>|[✓✗]", " ", text).split())


# ---- Anki


@dataclass(slots=True)
class Collection:
    """A learner's collection and what has to be in it: notes, and what the learner wrote into them.

    A text of the learner's is held to its note until an edit of the author's that Anki takes overwrites it.
    """

    learner: Learner
    there: dict[str, Seen] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def read(self, package: bytes, now: int) -> None:
        """Import: a note is updated when the package's copy is newer; every card stays where it was."""
        learner = self.learner
        cards = {row[0]: row for row in learner.rows(_CARDS)}
        reviews = learner.rows(_REVIEWS)
        new, updated = [], []
        for guid, note in notes_in(package).items():
            mine = self.there.get(guid)
            if mine is None:
                new.append(guid)
            elif mine.modified < note.modified:
                updated.append(guid)
                self.counts["learners' edits overwritten by later ones"] += guid in self.own
                self.own.pop(guid, None)
            else:
                continue
            self.there[guid] = note
        log = learner.read(package)
        assert (log.new, log.updated, log.conflicting) == (len(new), len(updated), 0)
        if not learner.keeps_times:
            self._date_back(updated, now)
        notes = learner.rows(_NOTES)
        assert len({guid for guid, *_ in notes}) == len(notes), "a note is there twice"
        assert _by_guid(notes) == self.there
        for guid, text in self.own.items():
            assert text in self.there[guid].back
        after = {row[0]: row for row in learner.rows(_CARDS)}
        assert {number: after.get(number) for number in cards} == cards, "a card is not where it was"
        assert learner.rows(_REVIEWS) == reviews, "the log of reviews changed"
        assert len(after) == len(cards) + len(new)
        self.counts["imports"] += 1
        self.counts["notes updated"] += len(updated)
        self.counts["answered cards kept"] += sum(1 for *_, times in cards.values() if times)

    def _date_back(self, updated: list[str], now: int) -> None:
        """An older Anki dates a note it updates by its clock: here, by that of the history."""
        self.learner.set_times(dict.fromkeys(updated, now))
        for guid in updated:
            note = self.there[guid]
            self.there[guid] = Seen(now, note.fields, note.tags)

    def answer(self, guids: Iterable[str]) -> None:
        """Answer cards."""
        for guid in guids:
            self.learner.answer(guid)
            self.counts["answers"] += 1

    def write(self, guid: str, modified: int) -> None:
        """Edit a note's answer in Anki, at a time."""
        mine = self.there[guid]
        text = f"My own words {modified}."
        back = f"{mine.back} {text}"
        self.learner.edit(guid, modified=modified, Back=back)
        fields = (mine.front, back, *mine.fields[2:])
        self.there[guid] = Seen(modified, fields, mine.tags)
        self.own[guid] = text
        self.counts["learners' edits"] += 1


def copied(course: Course) -> Course:
    """The course on a branch of its own."""
    pages = [copy_page(page) for page in course.pages]
    return Course(
        pages, [copy(card) for card in course.removed], [copy(card) for card in course.unwritten], course.made
    )


def copy_page(page: Page) -> Page:
    """The page with cards of its own."""
    return Page(page.name, page.deck, page.tags, dict(page.titles), page.first, [copy(card) for card in page.cards])
