"""The lock file: what every note was when it was last built. Its format is flat, so that it is quick to read and merge.

A line that starts the file names its format; then one stanza a note, sorted by GUID, a blank line between two. A
stanza is its GUID in brackets and lines of a key, a blank and a value. Two branches that each add notes touch
different places of the file; where git could not merge, both sides are read and united by GUID. The last line is
always the same: without it, a file that was cut off between two stanzas would pass for a whole one.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import lru_cache
from operator import attrgetter

from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity.hashes import Hashes
from cardforge.model import Identity
from cardforge.values import dataclass

FILE_NAME = "cardforge.lock"
HEADER = "# cardforge lock 1"
_ADVICE = "# The identity of every note, made by cardforge build anki. Commit it; do not edit it."
_END = "# end"
_GONE = "gone\n"
LONGEST_QUESTION = 160
_LATEST_TIME = 1 << 40
"""No time in seconds is as late: what says so is no time."""
_LARGEST_ID = (1 << 63) - 1
"""The largest number Anki's database holds."""

_BLOCK = 100
"""Notes that are written at once."""

_MARKER = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_GUID = re.compile(r"^\[([^\s\[\]]{1,200})\]$")
_TOP = f"{HEADER}\n{_ADVICE}\n\n"
_STANZA = re.compile(
    r"(?<=\n\n)\[([^\s\[\]]{1,200})\]\nquestion (.*)\n(?:answer (.*)\n)?file (.*)\ndeck (.*)\nkind (.*)\n"
    r"(?:id (.*)\n)?(?:tags (.*)\n)?(?:ordinals ([0-9 ]*)\n)?note ([1-9][0-9]{0,17}(?: [1-9][0-9]{0,17})*)\nkey (.*)\n"
    r"content( [^\s=]+=\S+ [^\s=]+=\S+)((?: .*)?)\nchanged ([0-9]{1,12})\n(gone\n)?(?=\n)"
)
"""A stanza as it is written: of a lock that has no others all are read at once, any other line by line."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Note(Identity):
    """A stanza, and with it the identity of a card.

    ``question`` and ``answer`` are the texts in short; ``content`` holds a hash for each field, by name.
    The answer's hash tells whether it is equal; its text, whether it is the old one and more. It is held as UTF-8: most
    answers are longer than what is kept, and one “…” makes a text of Python's twice as large.
    ``key`` is a hash of the question's normal form, ``modified`` the time in whole seconds at which the content last
    changed. A note that is ``gone`` has no card now, and comes back when its card does.
    """

    kind: str
    deck: str
    file: str
    question: str
    key: str
    content: Mapping[str, str] = field(default_factory=dict, hash=False)
    id: str | None = None
    tags: tuple[str, ...] = ()
    ordinals: tuple[int, ...] = ()
    gone: bool = False
    answer: bytes = b""

    @property
    def is_cloze(self) -> bool:
        """Whether Anki knows the note under the cloze note type."""
        return self.kind == "cloze"


def one_line(text: str) -> str:
    """A text as a line of the lock can hold it: characters that end lines, control and are no text, as escapes."""
    if text.isprintable():  # as nearly every text is: asked of 600,000 in a large collection
        return text
    return _UNSAFE.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if found[0] < "\xff" else f"\\u{ord(found[0]):04x}", text
    )


@dataclass(frozen=True, slots=True)
class LockText:
    """The lock of some notes as UTF-8, block by block, as often as asked: the whole of 100,000 notes has 66 MB.

    The same notes give the same text. ``begun`` is its beginning, where that is known: the first ``done`` notes.
    """

    notes: Collection[Note]
    begun: bytes = _TOP.encode()
    done: int = 0

    def __iter__(self) -> Iterator[bytes]:
        yield self.begun
        notes = sorted(self.notes, key=attrgetter("guid"))
        for at in range(self.done, len(notes), _BLOCK):
            yield "".join([f"{_stanza(note)}\n" for note in notes[at : at + _BLOCK]]).encode()
        yield f"{_END}\n".encode()

    def behind(self, data: bytes) -> "LockText | None":
        """The text that takes the place of another, of which what both have in common is not written again.

        None where they are equal.
        """
        at = 0
        for number, block in enumerate(self):
            if not data.startswith(block, at):
                return replace(self, begun=data[:at], done=self.done + (number - 1) * _BLOCK) if number else self
            at += len(block)
        return None if at == len(data) else self


def write_lock(notes: Iterable[Note]) -> str:
    """The lock's text."""
    return b"".join(LockText(tuple(notes))).decode()


def _stanza(note: Note) -> str:
    answer = f"answer {one_line(note.answer.decode())}\n" if note.answer else ""
    its_id = f"id {one_line(note.id)}\n" if note.id is not None else ""
    tags = f"tags {' '.join([one_line('_'.join(tag.split())) for tag in note.tags])}\n" if note.tags else ""
    ordinals = f"ordinals {' '.join(map(str, note.ordinals))}\n" if note.ordinals else ""
    hashes = note.content if isinstance(note.content, Hashes) else Hashes.of(note.content)
    return (
        f"[{note.guid}]\nquestion {one_line(note.question)}\n{answer}file {one_line(note.file)}\n"
        f"deck {one_line(note.deck)}\nkind {note.kind}\n{its_id}{tags}{ordinals}"
        f"note {note.note_id} {' '.join(map(str, note.card_ids))}\nkey {note.key}\ncontent {hashes.text}\n"
        f"changed {note.modified}\n{_GONE if note.gone else ''}"
    )


def read_lock(shown: str, text: str, sink: Sink) -> dict[str, Note] | None:
    """The notes by GUID, or None with a finding. ``shown`` names the file in findings."""
    if not text.startswith(HEADER + "\n"):
        first = text.split("\n", 1)[0][:60]
        newer = re.match(r"# cardforge lock (\d+)$", first)
        told = f"It is of format {newer[1]}; this cardforge reads format 1." if newer else "It is no cardforge lock."
        _complain(sink, Span(shown, 1, 1, 1, 1 + len(first)), told)
        return None
    if not text.endswith(f"\n{_END}\n"):
        last = text.count("\n") + 1
        _complain(sink, Span(shown, last, 1, last, 2), f"Its last line is not “{_END}”: it was cut off.")
        return None
    if as_written := _as_written(text):
        return as_written
    if not any(f"\n{marker * 7}" in text for marker in "<=>|"):  # a search line by line takes longer
        notes = _parse(shown, text, sink)
        return None if notes is None else _by_guid(shown, text, notes, sink)
    ours, theirs = _sides(text)
    both = [(side, _parse(shown, side, sink)) for side in (ours, theirs)]
    torn = _torn(note for _, notes in both for note in notes or ())
    left, right = (
        None if notes is None else _by_guid(shown, side, [note for note in notes if note not in torn], sink)
        for side, notes in both
    )
    return None if left is None or right is None else unite(shown, left, right, sink)


def _torn(notes: Iterable[Note]) -> list[Note]:
    """The stanzas that git's merging line by line made of two: the GUID of a note, and the rest of another.

    A note keeps its number, so they are those with the number of another note where another stanza has their own.
    """
    guids: defaultdict[int, set[str]] = defaultdict(set)
    by_guid: defaultdict[str, list[Note]] = defaultdict(list)
    for note in notes:
        guids[note.note_id].add(note.guid)
        by_guid[note.guid].append(note)
    torn: list[Note] = []
    for same in by_guid.values():
        foreign = [note for note in same if len(guids[note.note_id]) > 1]
        if len(foreign) < len(same) and any(note.note_id != same[0].note_id for note in same):
            torn += foreign
    return torn


def _sides(text: str) -> tuple[str, str]:
    """Both versions of a file with conflict markers."""
    ours, theirs = [], []
    side = "both"
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        if marker:
            side = {"<": "ours", "|": "base", "=": "theirs", ">": "both"}[marker[1][0]]
            continue
        if side in ("both", "ours"):
            ours.append(line)
        if side in ("both", "theirs"):
            theirs.append(line)
    return "\n".join(ours), "\n".join(theirs)


def unite(shown: str, left: Mapping[str, Note], right: Mapping[str, Note], sink: Sink) -> dict[str, Note] | None:
    """The notes of both sides; of a note that both have, the one that changed last. None on a contradiction."""
    notes = dict(left)
    for guid, note in right.items():
        mine = notes.get(guid)
        if mine is None or note.modified > mine.modified or (note.modified == mine.modified and mine.gone):
            notes[guid] = note
        elif note.modified == mine.modified and not note.gone and note.content != mine.content:
            _complain(
                sink, Span(shown), f"Both sides of the merge changed the note {guid} at the same second, differently."
            )
            return None
    return notes


def _by_guid(shown: str, text: str, notes: Iterable[Note], sink: Sink) -> dict[str, Note] | None:
    found: dict[str, Note] = {}
    for note in notes:
        if note.guid in found:
            place = _place(shown, text[: text.rindex(f"[{note.guid}]\n")].split("\n\n")[:-1])
            _complain(sink, place, f"The note {note.guid} stands here twice.")
            return None
        found[note.guid] = note
    return found


def _parse(shown: str, text: str, sink: Sink) -> list[Note] | None:
    notes: list[Note] = []
    stanzas = text.split("\n\n")
    for at, stanza in enumerate(stanzas):
        lines = [line for line in stanza.split("\n") if line and not line.startswith("#")]
        if not lines:
            continue
        try:
            notes.append(_note(lines))
        except (ValueError, KeyError, IndexError):
            _complain(sink, _place(shown, stanzas[:at]), f"The stanza {lines[0][:60]} cannot be read.")
            return None
    return notes


def _place(shown: str, above: Sequence[str]) -> Span:
    """Where the stanza below others begins."""
    line = 1 + sum(stanza.count("\n") + 2 for stanza in above)
    return Span(shown, line, 1, line, 2)


def _as_written(text: str) -> dict[str, Note] | None:
    """The notes of a lock that is as it was written, by GUID; None for any other."""
    # No stanza has an empty line: as many as there are between the top and the end are all there is.
    framed = text.startswith(_TOP) and text.endswith(f"\n\n{_END}\n")
    count = text.count("\n\n[")
    if not framed or text.count("\n\n") != 1 + count:
        return None
    notes: dict[str, Note] = {}
    stanzas = 0
    with suppress(ValueError):
        for stanza in _STANZA.finditer(text):
            guid, asked, answer, file, deck, kind, its_id, tags, ordinals, numbers, key, own, others, changed, gone = (
                stanza.groups()
            )
            note_id, *card_ids = map(int, numbers.split(" "))
            stanzas += 1
            notes[guid] = Note(
                guid,
                note_id,
                tuple(card_ids),
                int(changed),
                kind,
                deck,
                file,
                asked,
                key,
                Hashes.parted(own, others),
                its_id,
                _tags(tags) if tags else (),
                tuple(map(int, ordinals.split())) if ordinals else (),
                gone is not None,
                answer.encode() if answer else b"",
            )
    return notes if stanzas == len(notes) == count else None


@lru_cache(maxsize=1 << 10)
def _tags(told: str) -> tuple[str, ...]:
    """The tags of a line; those that were met before, in their place."""
    return tuple(told.split())


def _note(lines: list[str]) -> Note:
    """A note from its stanza. Raises ValueError, KeyError or IndexError for anything else."""
    guid = _GUID.match(lines[0])
    if guid is None:
        raise ValueError(lines[0])
    told: dict[str, str] = {}
    for line in lines[1:]:
        key, _, value = line.partition(" ")
        if key in told or key not in _KEYS:
            raise ValueError(line)
        told[key] = value
    numbers = [int(number) for number in told["note"].split()]
    modified = int(told["changed"])
    if not (all(0 < number <= _LARGEST_ID for number in numbers) and 0 <= modified < _LATEST_TIME):
        raise ValueError(told["note"])
    return Note(
        guid=guid[1],
        note_id=numbers[0],
        card_ids=tuple(numbers[1:]),
        kind=told["kind"],
        deck=told["deck"],
        file=told["file"],
        question=told["question"],
        key=told["key"],
        modified=modified,
        content=Hashes.checked(told["content"]),
        id=told.get("id"),
        tags=_tags(told.get("tags", "")),
        ordinals=tuple(int(number) for number in told.get("ordinals", "").split()),
        gone="gone" in told,
        answer=told.get("answer", "").encode(),
    )


_KEYS = frozenset("question answer file deck kind id tags ordinals note key content changed gone".split())


def _complain(sink: Sink, span: Span, message: str) -> None:
    sink.add(
        Code.BAD_LOCK,
        span,
        f"The lock cannot be used. {message}",
        "Restore it from git, or rebuild it with cardforge ids --from PACKAGE.apkg.",
    )
