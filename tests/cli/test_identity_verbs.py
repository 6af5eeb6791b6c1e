"""``diff``, ``ids``, ``--lock`` and ``--locked`` as whole processes; identity depends on nothing but the project."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anki_harness import opened
from cardforge.diagnostics import Sink
from cardforge.identity import Note
from cardforge.identity.lock import read_lock
from cardforge.pipeline.lockfile import ledger_in
from command import ROOT, Run, cardforge, write

_PPO = "Q: What does the clipped surrogate of PPO limit?\nA: How far one update may move the policy.\n"
_KL = "Q: Which distance does the KL penalty keep small?\nA: That to the reference model.\n"
_GAE = "Q: What does lambda trade off in GAE?\nA: Bias against variance.\n"
_LATER = {"SOURCE_DATE_EPOCH": "1770000000"}


def _notes(lock: Path) -> dict[str, Note]:
    notes = read_lock(lock.name, lock.read_text("utf-8"), Sink())
    assert notes is not None
    return notes


def _guids(lock: Path) -> list[str]:
    return [guid for guid, note in _notes(lock).items() if not note.gone]


def _state(project: Path) -> dict[str, tuple[bytes, int]]:
    """Every file and folder of a project with its time of change."""
    return {
        str(path.relative_to(project)): (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
        for path in sorted(project.rglob("*"))
    }


def _fine(run: Run) -> Run:
    assert run.status == 0, run.stdout + run.stderr
    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was built once."""
    files = {
        "cardforge.toml": 'name = "deck"\nnamespace = "tests"\n',
        "cards/ppo.md": f"{_PPO}\n{_KL}",
        "cards/gae.md": _GAE,
    }
    made = write(tmp_path / "project", files)
    _fine(cardforge(made, "build", "anki"))
    return made


def _edit(project: Path) -> None:
    """One new card, one changed, one moved, one removed."""
    (project / "cards" / "gae.md").unlink()
    moved = f'<!-- card: deck="Other::Deck" -->\n{_KL}'
    new = "Q: What is a rollout?\nA: One completion.\n"
    write(project, {"cards/ppo.md": "\n".join([_PPO.replace("one update", "an update"), moved, new])})


def test_diff_says_what_a_build_would_change_and_writes_nothing(project: Path) -> None:
    known = {note.question: note for note in _notes(project / "cardforge.lock").values()}
    _edit(project)
    shutil.rmtree(project / ".cardforge_cache")
    before = _state(project)
    said = _fine(cardforge(project, "diff")).stdout.splitlines()
    assert said == [
        "new      cards/ppo.md:8: What is a rollout?",
        "changed  cards/ppo.md:1: What does the clipped surrogate of PPO limit? (answer)",
        "moved    cards/ppo.md:5: Which distance does the KL penalty keep small? (ppo → Other::Deck)",
        "removed  What does lambda trade off in GAE?",
        "1 new, 1 changed, 1 moved, 1 removed",
    ]
    told: dict[str, list[dict[str, Any]]] = json.loads(_fine(cardforge(project, "diff", "--format", "json")).stdout)
    assert list(told) == ["new", "changed", "moved", "removed"]
    (new,), (changed,), (moved,), (removed,) = told.values()
    assert (new["question"], new["file"], new["line"]) == ("What is a rollout?", "cards/ppo.md", 8)
    assert (changed["guid"], changed["fields"]) == (known[changed["question"]].guid, ["answer"])
    assert (moved["guid"], moved["from"], moved["deck"]) == (known[moved["question"]].guid, "ppo", "Other::Deck")
    lost = known["What does lambda trade off in GAE?"]
    empty = dict.fromkeys(["answer", "tags", "section", "line", "id"])
    assert removed == empty | {
        "guid": lost.guid,
        "kind": "flashcard",
        "deck": "gae",
        "question": lost.question,
        "file": "cards/gae.md",
    }
    for option in (["--tag", "none"], ["--deck", "Other"]):
        cardforge(project, "diff", *option)
    assert _state(project) == before, "neither files nor folders nor times"


def test_diff_of_chosen_cards_is_the_same_as_text_and_as_json(project: Path) -> None:
    _edit(project)
    said = _fine(cardforge(project, "diff", "--deck", "Other")).stdout
    told = json.loads(_fine(cardforge(project, "diff", "--deck", "Other", "--format", "json")).stdout)
    assert [len(told[key]) for key in ("new", "changed", "moved")] == [0, 0, 1]
    assert "0 new, 0 changed, 1 moved, 1 removed" in said
    assert "rollout" not in said


def test_diff_of_an_unchanged_project_and_of_one_never_built(project: Path) -> None:
    assert _fine(cardforge(project, "diff")).stdout == "0 new, 0 changed, 0 moved, 0 removed\n"
    (project / "cardforge.lock").unlink()
    assert _fine(cardforge(project, "diff")).stdout.endswith("3 new, 0 changed, 0 moved, 0 removed\n")
    assert not (project / "cardforge.lock").exists()


_FOLD = "<details><summary>Show answer</summary>\n\n{}\n\n</details>\n"
_SHAPES: dict[str, str | bytes] = {
    "cards/folds.md": "## Self-check\n\n**1. Why is the reference model frozen?**\n\n"
    + _FOLD.format("So that it stays a yardstick.")
    + "\n- What does beta weigh?\n\n  "
    + _FOLD.format("The penalty.").replace("\n\n", "\n\n  ")
    + "\n<details>\n<summary>What is hoisting?</summary>\n\nMoving declarations up.\n\n</details>\n",
    "cards/attributes.md": f"<!-- card: tags=exam -->\n{_PPO}\n<!--\ncard: tags=b\n-->\n{_KL}"
    f"\n<!-- card: id=gae -->\n{_GAE}",
    "cards/page.mdx": f"# Page\n\n{{/* card: tags=exam */}}\n{_PPO.replace('PPO', 'TRPO')}\n{_KL.replace('KL', 'JS')}",
    "cards/windows.md": (_PPO.replace("PPO", "GRPO") + "\n" + _KL.replace("KL", "L2")).replace("\n", "\r\n"),
    "cards/mark.md": b"\xef\xbb\xbf" + _GAE.replace("GAE", "TD").encode(),
    "cards/open.md": _GAE.replace("GAE", "Q-learning").rstrip("\n"),
}


def test_stamped_sources_keep_their_notes_whatever_becomes_of_them(tmp_path: Path) -> None:
    project = write(tmp_path, {"cardforge.toml": 'name = "deck"\n', **_SHAPES})
    _fine(cardforge(project, "build", "anki"))
    lock = project / "cardforge.lock"
    before, package = _notes(lock), (project / "build" / "deck.apkg").read_bytes()
    assert len(before) == 12
    plain = {name: (project / name).read_bytes() for name in _SHAPES}
    dry = _fine(cardforge(project, "ids", "--write", "--dry-run"))
    assert "Would stamp 11 cards" in dry.stderr
    assert plain == {name: (project / name).read_bytes() for name in _SHAPES}

    assert "Stamped 11 cards with their GUIDs" in _fine(cardforge(project, "ids", "--write")).stderr
    stamped = {name: (project / name).read_bytes() for name in _SHAPES}
    every = b"".join(stamped.values()).decode()
    assert sorted(re.findall(r"\bid=(\S+)", every)) == sorted(
        ["gae", *(note.guid for note in before.values() if note.id is None)]
    )
    assert stamped["cards/attributes.md"].count(b"<!--") == 3, "comments that were there took them in"
    assert stamped["cards/page.mdx"].count(b"{/* card:") == 2
    assert b"<!--" not in stamped["cards/page.mdx"]
    assert stamped["cards/windows.md"].count(b"\n") == stamped["cards/windows.md"].count(b"\r\n") == 7
    assert stamped["cards/mark.md"].startswith(b"\xef\xbb\xbf<!-- card: id=")
    assert stamped["cards/mark.md"].count(b"\xef\xbb\xbf") == 1

    settled = _state(project)
    assert "Stamped 0 cards" in _fine(cardforge(project, "ids", "--write")).stderr
    assert _state(project) | {".cardforge_cache/build.lock": ()} == settled | {".cardforge_cache/build.lock": ()}
    _fine(cardforge(project, "build", "anki", "--locked", env=_LATER))
    assert ledger_in(project / "build" / "deck.apkg").keys() == before.keys()

    lock.unlink()
    done = _fine(cardforge(project, "build", "anki"))
    assert "12 new" in done.stderr
    assert _guids(lock) == sorted(before), "a GUID in the source is the GUID, even without a lock"
    rebuilt = (project / "build" / "deck.apkg").read_bytes()
    assert [note.note_id for note in ledger_in(project / "build" / "deck.apkg").values()] == [
        note.note_id for note in before.values()
    ], len(rebuilt) - len(package)

    fresh = stamped["cards/windows.md"].replace(b"What does the clipped surrogate of GRPO limit?", b"Name a colour.")
    write(project, {"cards/windows.md": fresh.replace(b"How far one update may move the policy.", b"Red")})
    assert "0 new, 1 changed, 11 unchanged, 0 removed" in _fine(cardforge(project, "build", "anki")).stderr
    assert _guids(lock) == sorted(before)


def test_a_stamp_that_would_break_a_card_is_not_made(tmp_path: Path) -> None:
    """Every shape of the notation: with stamps a file holds the same cards, and each GUID stays what it was."""
    project = write(tmp_path, {"cardforge.toml": 'name = "deck"\n'})
    (project / "cards").mkdir()
    for path in sorted((ROOT / "tests" / "cases" / "shapes").glob("*.md*")):
        shutil.copy(path, project / "cards")
    for name in set(re.findall(r"^(cards/[^:]+):.*error\[", cardforge(project, "check").stdout, re.MULTILINE)):
        (project / name).unlink()
    done = _fine(cardforge(project, "build", "anki"))
    assert "notes: " in done.stderr
    before = _notes(project / "cardforge.lock")
    assert len(before) > 100
    said = _fine(cardforge(project, "ids", "--write")).stderr
    assert "no place for a comment: identity stays in the lock" in said
    after = _fine(cardforge(project, "build", "anki"))
    assert f"0 new, 0 changed, {len(before)} unchanged, 0 removed" in after.stderr
    files = {path: path.read_bytes() for path in (project / "cards").iterdir()}
    _fine(cardforge(project, "ids", "--write"))
    assert {path: path.read_bytes() for path in (project / "cards").iterdir()} == files
    stamped = set(re.findall(rb"\bid=([a-z2-9]{16})\b", b"".join(files.values())))
    assert len(stamped) > 0.9 * len(before) - 10


def test_a_word_of_sixteen_letters_is_no_guid_and_a_guid_of_another_note_is_not_taken_twice(project: Path) -> None:
    guid = _guids(project / "cardforge.lock")[0]
    cloze = f"<!-- card: id={guid} -->\nQ: PPO limits {{{{c1::the update}}}}.\nA: By clipping.\n"
    word = "<!-- card: id=gradientdescents -->\nQ: What goes downhill?\nA: Gradient descent.\n"
    write(project, {"cards/more.md": word, "cards/cloze.md": cloze})
    _fine(cardforge(project, "build", "anki"))
    notes = _notes(project / "cardforge.lock")
    assert len(notes) == 5
    assert "gradientdescents" not in notes
    assert not notes[guid].is_cloze, "Anki cannot turn a basic note into a cloze"


def test_a_lock_rebuilt_from_a_package_updates_nothing_in_anki(
    project: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    need("anki")
    lock, package = project / "cardforge.lock", project / "build" / "deck.apkg"
    write(project, {"cards/gae.md": _GAE.replace("trade off", "balance")})
    _fine(cardforge(project, "build", "anki"))
    first, text = package.read_bytes(), lock.read_bytes()
    refused = cardforge(project, "ids", "--from", "build/deck.apkg")
    assert refused.status == 2
    assert "cardforge.lock is there" in refused.stderr
    lock.unlink()
    assert cardforge(project, "ids", "--from", "cards/gae.md").status == 1
    assert cardforge(project, "ids", "--from", "absent.apkg").status == 1
    assert not lock.exists()
    _fine(cardforge(project, "ids", "--from", "build/deck.apkg", "--dry-run"))
    assert not lock.exists()
    assert "3 notes went to cardforge.lock" in _fine(cardforge(project, "ids", "--from", "build/deck.apkg")).stderr
    assert lock.read_bytes() == text
    assert "3 unchanged" in _fine(cardforge(project, "build", "anki", env=_LATER)).stderr
    with opened(tmp_path / "collection") as anki:
        assert anki.read(first).new == 3
        log = anki.read(package.read_bytes())
        assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert package.read_bytes() == first


def test_prune_drops_notes_without_a_card(project: Path) -> None:
    lock = project / "cardforge.lock"
    text = lock.read_bytes()
    assert "Every note of the lock has a card" in _fine(cardforge(project, "ids", "--prune")).stderr
    (project / "cards" / "gae.md").unlink()
    _fine(cardforge(project, "build", "anki"))
    gone = lock.read_bytes()
    assert gone.count(b"\ngone\n") == 1
    assert "1 note without a card would be dropped" in _fine(cardforge(project, "ids", "--prune", "-n")).stderr
    assert lock.read_bytes() == gone
    _fine(cardforge(project, "ids", "--prune"))
    assert len(_notes(lock)) == 2
    assert b"\ngone\n" not in lock.read_bytes()
    assert set(_notes(lock)) < set(re.findall(r"^\[(\w+)\]", text.decode(), re.MULTILINE))


def test_a_named_lock_keeps_sources_of_no_project(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": _PPO})
    _fine(cardforge(tmp_path, "build", "anki", "a.md", "--lock", "my.lock", "-o", "one.apkg"))
    (guid,) = _guids(tmp_path / "my.lock")
    write(
        tmp_path, {"a.md": _PPO.replace("What does the clipped surrogate of PPO limit", "What limits PPO's surrogate")}
    )
    done = _fine(cardforge(tmp_path, "build", "anki", "a.md", "--lock", "my.lock", "-o", "two.apkg"))
    assert _guids(tmp_path / "my.lock") == [guid]
    assert "0 new, 1 changed" in done.stderr
    assert not (tmp_path / "cardforge.lock").exists()
    assert _fine(cardforge(tmp_path, "diff", "a.md", "--lock", "my.lock")).stdout.startswith("0 new, 0 changed")


def test_locked_refuses_a_lock_that_would_change_and_writes_nothing(project: Path) -> None:
    _fine(cardforge(project, "build", "anki", "--locked"))
    settled = _state(project)
    _edit(project)
    edited = _state(project)
    done = cardforge(project, "build", "anki", "--locked")
    assert done.status == 1
    assert "lock-would-change" in done.stdout
    assert "1 new, 1 changed, 1 moved, 1 removed" in done.stdout
    cache = ".cardforge_cache"  # a build may always write there
    assert {name: at for name, at in _state(project).items() if not name.startswith(cache)} == {
        name: at for name, at in edited.items() if not name.startswith(cache)
    }
    assert edited["cardforge.lock"] == settled["cardforge.lock"]


def test_a_one_off_build_over_its_package_keeps_a_reworded_note(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": f"{_PPO}\n{_KL}"})
    _fine(cardforge(tmp_path, "build", "anki", "a.md", "-o", "a.apkg"))
    before = ledger_in(tmp_path / "a.apkg")
    write(tmp_path, {"a.md": f"{_PPO.replace('limit', 'hold back')}\n{_KL}"})
    _fine(cardforge(tmp_path, "build", "anki", "a.md", "-o", "b.apkg"))
    _fine(cardforge(tmp_path, "build", "anki", "a.md", "-o", "a.apkg", env=_LATER))
    after, elsewhere = ledger_in(tmp_path / "a.apkg"), ledger_in(tmp_path / "b.apkg")
    assert after.keys() == before.keys()
    assert len(elsewhere.keys() & before.keys()) == 1
    times = {guid: note.modified - before[guid].modified for guid, note in after.items()}
    assert sorted(times.values()) == [0, 10_000_000]


def test_identity_is_the_same_from_every_folder(project: Path, tmp_path: Path) -> None:
    lock = project / "cardforge.lock"
    text, package = lock.read_bytes(), (project / "build" / "deck.apkg").read_bytes()
    runs: list[tuple[Path, list[str]]] = [
        (project, []),
        (project / "cards", []),
        (project / "cards", ["."]),
        (project, [str(project / "cards")]),
        (project / "build", ["../cards/gae.md", "../cards/ppo.md"]),
    ]
    for number, (folder, sources) in enumerate(runs):
        lock.unlink()
        out = tmp_path / f"{number}.apkg"
        _fine(cardforge(folder, "build", "anki", *sources, "-o", str(out)))
        assert lock.read_bytes() == text
        assert out.read_bytes() == package
        _fine(cardforge(folder, "build", "anki", *sources, "--locked", "-o", str(out)))


def test_neither_hash_seed_nor_time_zone_nor_temporary_folder_matters(project: Path, tmp_path: Path) -> None:
    lock, package = project / "cardforge.lock", project / "build" / "deck.apkg"
    first = lock.read_bytes(), package.read_bytes()
    (tmp_path / "elsewhere").mkdir()
    for environment in (
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
        {"TMPDIR": str(tmp_path / "elsewhere"), "LC_ALL": "C"},
    ):
        lock.unlink()
        package.unlink()
        _fine(cardforge(project, "build", "anki", env=environment))
        assert (lock.read_bytes(), package.read_bytes()) == first


def test_an_unchanged_rebuild_years_later_leaves_the_package_and_the_lock_as_they_are(project: Path) -> None:
    lock, package = project / "cardforge.lock", project / "build" / "deck.apkg"
    old = time.time() - 1000
    os.utime(lock, (old, old))
    before, data = lock.stat(), package.read_bytes()
    assert "3 unchanged" in _fine(cardforge(project, "build", "anki", env=_LATER)).stderr
    assert package.read_bytes() == data
    after = lock.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
