"""The file itself: the same notes give the same bytes, and what is promised for ever stays as it is."""

import hashlib
import io
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from anki_cards import YESTERDAY, body, collection, head, line, package

from cardforge.backends.anki import notetypes
from cardforge.backends.anki.notes import deck_name, tags
from cardforge.backends.anki.package import DeckIds
from cardforge.doc import CodeBlock, Gap, Text
from cardforge.model import Cloze, Flashcard, SelfCheck
from command import ROOT, write

CARDS = (
    Flashcard(head(1, "A::B", tags=("x", "y", "z")), body("q"), body("a", CodeBlock("x = {1}", "python")), typed=True),
    SelfCheck(head(2, "A::C"), body("q"), body("a")),
    Cloze(head(3, "D"), body(line(Gap(2, (Text("b"),)), Gap(1, (Text("a"),)))), body()),
)
SPARE = ("Spare 1", "Spare 2", "Spare 3")


def rows(built: bytes, query: str) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(built)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_the_same_cards_give_the_same_bytes_whatever_the_surroundings(tmp_path: Path) -> None:
    """Hash seed, time zone, locale, mask and temporary folder differ; nothing is left in that folder."""
    program = (
        "import hashlib, os; os.umask({umask});"
        "from anki_cards import package, collection; from test_anki_package import CARDS;"
        "print(hashlib.sha256(package(collection(CARDS), clock={clock})).hexdigest())"
    )
    seen = set()
    for seed, zone, lang, umask in (("1", "UTC", "C", 0o22), ("2", "Asia/Kolkata", "C.UTF-8", 0o77)):
        folder = tmp_path / seed
        folder.mkdir()
        surroundings = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TZ": zone,
            "LC_ALL": lang,
            "TMPDIR": str(folder),
        }
        code = program.format(umask=umask, clock=YESTERDAY + int(seed))
        run = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True)
        seen.add(run.stdout)
        assert list(folder.iterdir()) == []
    assert seen == {hashlib.sha256(package(collection(CARDS))).hexdigest() + "\n"}


def test_entries_have_no_time_and_are_packed() -> None:
    with zipfile.ZipFile(io.BytesIO(package(collection(CARDS)))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["collection.anki2", "media"]
    for entry in entries:
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == 0o644
        assert entry.compress_type == zipfile.ZIP_DEFLATED


def test_notes_and_cards_have_the_identity_they_were_given() -> None:
    source = collection(CARDS, modified={2: 1_700_000_000})
    built = package(source)
    identities = [source.identity(card) for card in CARDS]
    assert rows(built, "select id, guid, mod from notes order by id") == [
        (each.note_id, each.guid, each.modified) for each in identities
    ]
    assert rows(built, "select id, nid, ord, mod, due from cards order by due, ord") == [
        (identities[0].card_ids[0], identities[0].note_id, 0, YESTERDAY, 1),
        (identities[1].card_ids[0], identities[1].note_id, 0, 1_700_000_000, 2),
        (identities[2].card_ids[0], identities[2].note_id, 0, YESTERDAY, 3),
        (identities[2].card_ids[1], identities[2].note_id, 1, YESTERDAY, 3),
    ]


def test_the_note_types_date_is_not_the_builds() -> None:
    ((models,),) = rows(package(collection(CARDS)), "select models from col")
    assert {model["mod"] for model in json.loads(str(models)).values()} == {notetypes.MODIFIED}


def test_an_empty_collection_is_a_package_too() -> None:
    assert rows(package(collection([])), "select count() from notes") == [(0,)]


# ---- for ever


def test_ids_and_order_of_fields_and_templates_never_change() -> None:
    """Learners' collections hold these numbers: a change here leaves their notes behind."""
    basic, cloze = notetypes.NOTE_TYPES
    assert (basic.id, basic.name) == (1_763_900_101_001, "cardforge Basic")
    assert basic.fields == tuple(
        enumerate(
            ("Front", "Back", "Extra", "Hint", "Source", "Reverse", "Typed", "Kind", "Section", *SPARE),
            start=4_101_000_001,
        )
    )
    assert [(each.id, each.name) for each in basic.templates] == [
        (4_101_000_101, "Forward"),
        (4_101_000_102, "Reverse"),
    ]
    assert (cloze.id, cloze.name) == (1_763_900_102_001, "cardforge Cloze")
    assert cloze.fields == tuple(
        enumerate(("Text", "Extra", "Hint", "Source", "Kind", "Section", *SPARE), start=4_102_000_001)
    )
    assert [(each.id, each.name) for each in cloze.templates] == [(4_102_000_101, "Cloze")]


def test_a_change_of_templates_or_style_has_a_new_date() -> None:
    """Anki takes a text over when its date is newer, so every text that went out has its own: add, never change."""
    went_out = (
        (1_795_000_000, "8f0846c7b907ffaddbaba8499fb42524d5bed5cd9bc1b6dca4c30f51a272be26"),
        (1_795_480_000, "2a098b09aa3dd8c88133043f128b5540b1bb20e49d768af6590c273c2edb32ee"),
    )
    dates, digests = [date for date, _ in went_out], [digest for _, digest in went_out]
    assert (notetypes.MODIFIED, notetypes.digest()) == (dates[-1], digests[-1])
    assert notetypes.digest() == notetypes.DIGEST
    assert all(earlier < later for earlier, later in pairwise(dates))
    assert len(set(digests)) == len(digests)


def test_templates_name_only_fields_and_run_nothing() -> None:
    for kind in notetypes.NOTE_TYPES:
        known = {name for _, name in kind.fields}
        for template in kind.templates:
            for side in (template.front, template.back):
                named = {name.rpartition(":")[2] for name in re.findall(r"\{\{[#^/]?(.*?)\}\}", side)}
                assert named <= known
                assert "<script" not in side
    assert not re.search(r"url\(|@import|expression\(", notetypes.style())


# ---- names


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("A::B", "A::B"),
        (" A :: B ", "A::B"),
        ("A::::B::", "A::B"),
        ("e\u0301t\x00e\n", "éte"),
        ("::", "cardforge"),
        ("", "cardforge"),
    ],
)
def test_deck_names_are_as_anki_would_make_them(raw: str, kept: str) -> None:
    assert deck_name(raw) == kept


def test_deck_ids_are_unique_stable_and_anki_takes_them() -> None:
    names = [f"Deck {n}" for n in range(2000)]

    def ids_of(names: Iterable[str]) -> dict[str, int]:
        ids = DeckIds()
        for name in names:
            assert ids.take(name) == ids.ids[name]
        return ids.ids

    ids = ids_of([*names, *names])
    assert list(ids) == names
    assert len(set(ids.values())) == 2000
    assert all(1 < number < 2**53 for number in ids.values())
    assert ids_of(reversed(names)) == ids
    assert ids_of(["Deck 7"])["Deck 7"] == ids["Deck 7"]


def test_tags_are_sorted_whatever_their_order() -> None:
    assert tags(head(1, tags=("b", "a c", "B"))) == ("a_c", "b")


# ---- style

PAIRS = (
    *("ink sheet", "quiet sheet", "accent sheet", "ink tint", "quiet tint", "ink marker"),
    *("accent accent-tint", "good good-tint", "bad bad-tint", "ink good-tint", "sheet good"),
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rgb`` or ``#rrggbb`` (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [value / 255 for value in bytes.fromhex(digits)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("pair", PAIRS)
def test_text_is_readable_by_day_and_by_night(pair: str) -> None:
    day, night = map(dict, palettes())
    for palette in (day, night):
        dark, light = sorted(luminance(palette[name]) for name in pair.split())
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def palettes() -> list[list[tuple[str, str]]]:
    """The custom properties that are colours, in the blocks that set the sheet's."""
    blocks = [block for block in re.findall(r"\{(.*?)\}", notetypes.style(), re.DOTALL) if "--sheet:" in block]
    return [re.findall(r"--([\w-]+): (#\w+);", block) for block in blocks]


def _of_small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, 64 << 10))


def test_no_room_for_temporary_files_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": "Q: a\nA: b\n"})
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "cardforge", "build", "anki", "cards.md", "-o", "deck.apkg"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_of_small_files,
    )
    assert done.returncode == 3
    assert "error[unwritable-output]: The target anki cannot be put together" in done.stdout
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "deck.apkg").exists()
