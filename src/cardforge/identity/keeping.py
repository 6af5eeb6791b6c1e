"""Keeps identities from build to build: matches cards to the lock's notes and says what changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.identity.lock import Note, one_line
from cardforge.identity.matching import Asked, Doubt, Matching, Whole, match_notes
from cardforge.identity.naming import Numbers, is_guid, make_guid, name_of
from cardforge.identity.renumbered import report_renumbered
from cardforge.identity.told import Told, told_of
from cardforge.identity.twins import in_order
from cardforge.identity.unchanged import as_they_were, card_count, is_same, place_of
from cardforge.model import Card, Cloze, kind_of
from cardforge.values import dataclass

_BRIEF = 28


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one note: its stanza before and after, and the fields that changed.

    ``before`` is None for a new note, ``after`` is gone for a removed one.
    """

    after: Note
    before: Note | None = None
    fields: tuple[str, ...] = ()
    span: Span | None = None

    @property
    def moved(self) -> bool:
        """Whether the note's deck is another: Anki leaves the cards it has where they are."""
        return self.before is not None and not self.before.gone and self.before.deck != self.after.deck


@dataclass(frozen=True, slots=True)
class Kept:
    """The identity of every card and what changed, each in the order of the cards; ``notes`` are those for the lock."""

    identities: Mapping[Span, Note]
    notes: Mapping[str, Note]
    added: tuple[Span, ...] = ()
    """The places of new cards: of a first build, all of them."""
    changed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    unchanged: int = 0

    @property
    def new(self) -> tuple[Change, ...]:
        """The notes that are new."""
        return tuple(Change(self.identities[span], span=span) for span in self.added)


@dataclass(slots=True)
class _Book:
    """The lock while it is brought up to date."""

    before: Mapping[str, Note]
    namespace: str
    clock: int
    numbers: Numbers
    notes: dict[str, Note] = field(default_factory=dict)

    def fresh_guid(self, card: Card, seen: Counter[str]) -> str:
        """A GUID no note has or had: the one the card carries as its id, else one made from its name.

        Equal questions are told apart by their occurrence; ``seen`` counts them by the GUID of the first.
        """
        stamped = card.head.id
        if stamped is not None and is_guid(stamped) and stamped not in self.before and stamped not in self.notes:
            return stamped
        kind, name = "cloze" if isinstance(card, Cloze) else "basic", name_of(card)
        first = guid = make_guid(self.namespace, kind, name, 0)
        while True:
            if seen[first]:
                guid = make_guid(self.namespace, kind, name, seen[first])
            seen[first] += 1
            if guid not in self.before and guid not in self.notes:
                return guid


def keep(
    cards: Iterable[Card],
    before: Mapping[str, Note],
    *,
    namespace: str,
    clock: int,
    doubt: Severity,
    sink: Sink,
    places: Mapping[str, str] | None = None,
    told: Callable[[Card], Told] = told_of,
) -> Kept:
    """Bring the notes of the last build up to date with the cards of today. ``clock`` is in whole seconds.

    A card that may be one of several notes is reported with the severity ``doubt`` and counts as new. ``places`` are
    the files' paths from the project's root, by the name that spans have for them. ``told`` says what identity asks of
    a card, for whoever knows it without its trees.
    """
    before, given = _apart(before)
    all_cards, places = list(cards), places or {}
    _report_equal_ids(all_cards, sink)
    all_told = [told(card) for card in all_cards]
    same = as_they_were(all_cards, all_told, before, places) if before else {}
    others = [index for index in range(len(all_cards)) if index not in same] if same else range(len(all_cards))
    other_cards = [all_cards[index] for index in others] if same else all_cards
    asked = [_asked(all_cards[index], all_told[index], places) for index in others]
    numbers = Numbers(clock, given)
    book = _Book(before, namespace, clock, numbers, {note.guid: note for note in same.values()})
    matching = Matching()
    if before:
        left = [note for guid, note in before.items() if guid not in book.notes]
        matching = match_notes(asked, left, Whole(before.values(), all_told))
    for uncertain in matching.doubts:
        _report_doubt(other_cards[uncertain.card], uncertain, doubt, sink)
    changes = _settle(other_cards, asked, matching.notes, book)
    del asked, matching, all_told
    numbers.taken.clear()  # what is not needed any more leaves room: a large collection is at its largest here
    identities: dict[Span, Note] = {}
    added: list[Span] = []
    changed: list[Change] = []
    moved: list[Change] = []
    others_changes = iter(changes)
    for index, card in enumerate(all_cards):
        if (note := same.get(index)) is not None:
            identities[card.head.span] = note
            continue
        change = next(others_changes)
        identities[card.head.span] = change.after
        if change.before is None:
            added.append(card.head.span)
        elif change.before is not change.after:  # else all of it is as it was
            if change.fields:  # equal content has equal gaps
                changed.append(change)
                report_renumbered(card, change.before, sink)
            if change.moved:
                moved.append(change)
    removed = [Change(replace(note, gone=True), note) for guid, note in before.items() if guid not in book.notes]
    for change in removed:
        book.notes[change.after.guid] = change.after
    return Kept(
        identities,
        book.notes,
        tuple(added),
        tuple(changed),
        tuple(moved),
        removed=tuple(change for change in removed if change.before and not change.before.gone),
        unchanged=len(all_cards) - len(added) - len(changed),
    )


def _apart(before: Mapping[str, Note]) -> tuple[Mapping[str, Note], set[int]]:
    """The notes with numeric ids of their own, and the ids: two branches may have given one number to two new notes.

    Anki knows the notes it has by their GUID and keeps its own numbers for them.
    """
    given = {number for note in before.values() for number in (note.note_id, *note.card_ids)}
    if len(given) == sum([1 + len(note.card_ids) for note in before.values()]):
        return before, given
    notes = {guid: before[guid] for guid in sorted(before)}
    seen: set[int] = set()

    def own(number: int) -> int:
        if number in seen:
            while number in given:
                number -= 1
        given.add(number)
        seen.add(number)
        return number

    parted = {
        guid: replace(note, note_id=own(note.note_id), card_ids=tuple(own(number) for number in note.card_ids))
        for guid, note in notes.items()
    }
    return parted, given


def _settle(cards: Sequence[Card], asked: Sequence[Asked], found: Mapping[int, Note], book: _Book) -> list[Change]:
    """A change for every card, in order; kept GUIDs are settled before new ones are made."""
    changes: dict[int, Change] = {}
    for index, note in found.items():
        changes[index] = _carried(cards[index], asked[index], note, book)
        book.notes[note.guid] = changes[index].after
    seen: Counter[str] = Counter()
    new = [index for index in range(len(cards)) if index not in changes]
    # A GUID that a source carries comes before one that an equal card without it would be given.
    for index in sorted(new, key=lambda index: cards[index].head.id is None):
        card = cards[index]
        guid = book.fresh_guid(card, seen)
        changes[index] = Change(_new(card, asked[index], guid, book), span=card.head.span)
        book.notes[guid] = changes[index].after
    settled = [changes[index] for index in range(len(cards))]
    places = in_order(cards, [change.after for change in settled], book.namespace)
    if not places:
        return settled
    return [
        replace(settled[places[index]], span=card.head.span) if index in places else settled[index]
        for index, card in enumerate(cards)
    ]


def _new(card: Card, asked: Asked, guid: str, book: _Book) -> Note:
    count = card_count(asked.ordinals, is_cloze=asked.is_cloze)
    return Note(
        guid=guid,
        note_id=book.numbers.take(guid, "note"),
        card_ids=tuple(book.numbers.take(guid, f"card {ordinal}") for ordinal in range(count)),
        kind=str(kind_of(card)),
        deck=asked.deck,
        file=asked.file,
        question=asked.question,
        answer=asked.answer_text,
        key=asked.key,
        modified=book.clock,
        content=asked.content,
        id=asked.id,
        tags=card.head.tags,
        ordinals=asked.ordinals,
    )


def _carried(card: Card, asked: Asked, note: Note, book: _Book) -> Change:
    content = asked.content
    fields: tuple[str, ...] = ()
    more = range(len(note.card_ids), card_count(asked.ordinals, is_cloze=asked.is_cloze))
    if content != note.content:
        names = dict.fromkeys([*content, *note.content])
        fields = tuple(name for name in names if content.get(name) != note.content.get(name))
    elif not note.gone and is_same(note, card, asked, asked.file):
        return Change(note, note, (), card.head.span)
    after = replace(
        note,
        card_ids=note.card_ids + tuple(book.numbers.take(note.guid, f"card {ordinal}") for ordinal in more),
        kind=str(kind_of(card)),
        deck=asked.deck,
        file=asked.file,
        question=asked.question,
        answer=asked.answer_text,
        key=asked.key,
        modified=max(book.clock, note.modified + 1) if fields else note.modified,
        content=content,
        id=asked.id,
        tags=card.head.tags,
        ordinals=asked.ordinals,
        gone=False,
    )
    return Change(after, note, fields, card.head.span)


def _asked(card: Card, told: Told, places: Mapping[str, str]) -> Asked:
    return Asked(
        id=None if card.head.id is None else one_line(card.head.id),
        is_cloze=isinstance(card, Cloze),
        key=told.key,
        question=told.question,
        content=told.content,
        answer_words=told.answer_words,
        answer_text=told.answer_text,
        file=place_of(card, places),
        deck=one_line(card.head.deck),
        ordinals=told.ordinals,
    )


def _report_equal_ids(cards: Iterable[Card], sink: Sink) -> None:
    first: dict[str, Span] = {}
    for card in cards:
        if card.head.id is None:
            continue
        other = first.setdefault(card.head.id, card.head.span)
        if other != card.head.span:
            message = f"The id {card.head.id} is already that of the card at {other.file}:{other.line}."
            sink.add(Code.DUPLICATE_ID, card.head.span, message, "Give one of the two cards another id.")


def _report_doubt(card: Card, doubt: Doubt, severity: Severity, sink: Sink) -> None:
    candidates = " or ".join(f"{note.guid} “{_brief(note.question)}”" for note in doubt.notes[:2])
    sink.add(
        Code.DOUBTFUL_MATCH,
        card.head.span,
        f"This card may be new, or an earlier note in new words: {candidates}.",
        f"Write <!-- card: id={doubt.notes[0].guid} --> before it to keep that note, any other id for a new one.",
        severity=severity,
    )


def _brief(question: str) -> str:
    return question if len(question) <= _BRIEF else question[: _BRIEF - 1].rstrip() + "…"
