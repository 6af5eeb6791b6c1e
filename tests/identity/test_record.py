"""The record in a package: with what the package says of its notes, it is the lock."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge.diagnostics import Sink
from cardforge.identity import record
from cardforge.identity.lock import Note, read_lock, write_lock
from cardforge.identity.naming import numbers_beside
from cardforge.pipeline.lockfile import ledger_in
from command import cardforge, write

SEED = Path(__file__).parent.parent / "seed"
KINDS = """---
deck: Every kind
tags: [one two, ünïcode, a]
---

Q: What is <b>bold</b>, `code` and $x < y$?
A: It is:

- a list
- of two

Q: Long? <!-- card: id=mine -->
A: WORDS

Q: In order?
A: | a | b |
|---|---|
| 1 | 2 |

{{c1::Paris::city}} is in {{c3::France}}, where $a_{{c2::n}}$ is.

Q: What does this print?
A: ```python
print("<&>", '{{')
```

- [ ] wrong
- [x] right
"""


def _restored(project: Path) -> str:
    (package,) = (project / "build").glob("*.apkg")
    return write_lock(ledger_in(package).values())


@pytest.mark.parametrize(
    "text",
    [
        KINDS.replace("WORDS", "Many words that go on &amp; on, *with* marks. " * 20),
        (SEED / "practice-alignment.txt").read_text("utf-8"),
        (SEED / "scripts.md").read_text("utf-8"),
    ],
)
def test_the_lock_comes_back_from_a_package(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": 'name = "deck"\nnamespace = "test"\n', "cards/a.md": text})
    assert cardforge(tmp_path, "build", "anki").status == 0
    lock = tmp_path / "cardforge.lock"
    assert len(read_lock("", lock.read_text("utf-8"), Sink()) or ()) > 0
    assert _restored(tmp_path) == lock.read_text("utf-8")
    # A later build gives new numbers to new gaps, and times of their own to notes that changed.
    edited = text.replace("A: It", "A: Well, it").replace("}} is in {{", "}} is {{c4::in}} {{")
    write(tmp_path, {"cards/a.md": edited})
    assert cardforge(tmp_path, "build", "anki", env={"SOURCE_DATE_EPOCH": "1770000000"}).status == 0
    assert _restored(tmp_path) == lock.read_text("utf-8")


def test_numbers_that_were_taken_come_back(tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": 'name = "deck"\nnamespace = "test"\n', "cards/a.md": "Q: Why?\nA: So.\n"})
    assert cardforge(tmp_path, "build", "anki").status == 0
    lock = tmp_path / "cardforge.lock"
    before = lock.read_text("utf-8")
    line = next(line for line in before.splitlines() if line.startswith("note "))
    lock.write_text(before.replace(line, "note 1700000000123 1700000000777 1700000000778"), "utf-8")
    assert cardforge(tmp_path, "build", "anki").status == 0
    assert _restored(tmp_path) == lock.read_text("utf-8") != before


def test_the_record_is_a_small_part_of_a_package(tmp_path: Path) -> None:
    cards = [
        f"Q: What is the name of number {at}?\nA: It is {at * 7919 % 10007}, as in {at % 17}.\n" for at in range(500)
    ]
    write(tmp_path, {"cardforge.toml": 'name = "deck"\nnamespace = "test"\n', "cards/a.md": "\n".join(cards)})
    assert cardforge(tmp_path, "build", "anki").status == 0
    with zipfile.ZipFile(tmp_path / "build" / "deck.apkg") as archive:
        packed = archive.getinfo("cardforge.lock").compress_size
    assert packed < (tmp_path / "cardforge.lock").stat().st_size / 10


def test_a_record_that_is_the_lock_itself_is_read(tmp_path: Path) -> None:
    """Packages had such ones before they left out what they say themselves."""
    write(tmp_path, {"cardforge.toml": 'name = "deck"\nnamespace = "test"\n', "cards/a.md": "Q: a\nA: b\n"})
    assert cardforge(tmp_path, "build", "anki").status == 0
    lock = (tmp_path / "cardforge.lock").read_bytes()
    package = tmp_path / "build" / "deck.apkg"
    with zipfile.ZipFile(package) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(package, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, lock if name == "cardforge.lock" else data)
    assert _restored(tmp_path) == lock.decode()


def test_however_many_numbers_a_note_has_come_back() -> None:
    note = Note("guid", 1_700_000_000_000, (), 5, "cloze", "A", "a.md", "Q", "f" * 16, {"question": "0", "answer": "0"})
    note = replace(note, card_ids=numbers_beside(note.guid, note.note_id, 1025))
    written = record.Record({note.guid: note})
    written.add(note.guid, None)
    shown = [record.Shown(note.guid, note.note_id, note.modified, "Q", "")]
    assert record.read_record(b"".join(written.parts()), shown) == write_lock([note])


@pytest.mark.parametrize("at_once", [1, 2, 1024])
@pytest.mark.parametrize("odd", [None, 0, 1, 2])
def test_hashes_of_any_length_come_back(at_once: int, odd: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_AT_ONCE", at_once)
    notes = {}
    for at in range(3):
        content = dict.fromkeys(("question", "answer", "hint"), "0" * (12 if at == odd else 16))
        numbers = 1_700_000_000_000 + at, (7, 8)
        notes[f"guid{at}"] = Note(
            f"guid{at}", *numbers, 5, "flashcard", "A", "a.md", "Q", "f" * 16, content, answer=b"A"
        )
    written = record.Record(notes)
    for guid in notes:
        written.add(guid, None)
    shown = [record.Shown(each.guid, each.note_id, each.modified, "Q", "A") for each in notes.values()]
    text = record.read_record(b"".join(written.parts()), shown)
    assert text == write_lock(notes.values())
