"""The cache: what it saves, whom it trusts, and that a run without it, or with a broken one, is the same run."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from projects import afresh, deck, files_of, picture, project, ran, was_told_again

from cardforge.body import read_body
from cardforge.cache.seal import opened, pack, sealed, unpack
from cardforge.cache.store import FOLDER
from cardforge.cli import run
from cardforge.model import Body, Deck
from cardforge.passage import Passage
from cardforge.pipeline.entries import Entry, Job, making, reading
from cardforge.pipeline.entries.gather import gather
from command import ROOT, cardforge, write

_BUILD = ("build", "anki")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return project(tmp_path / "course")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def _settled(course: Path, keys: Path, *command: str) -> None:
    """Run until nothing changes: the first run writes the lock, the second one sees what it wrote."""
    for _ in range(2):
        ran(course, keys, *(command or _BUILD))
    assert was_told_again(course, keys, *(command or _BUILD))


def test_a_run_is_told_again_by_whole_processes_too(course: Path) -> None:
    first, second, third = (cardforge(course, *_BUILD) for _ in range(3))
    assert (first.status, second.status) == (0, 0)
    assert third == second
    script = (
        "import sys\nfrom cardforge.__main__ import main\nsys.argv = ['cardforge', 'build', 'anki']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    )
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1760000000", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", script], cwd=course, env=env, capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert "cardforge.cache.record" in loaded
    assert not loaded & {"typer", "json", "pathlib", "markdown", "genanki", "cardforge.pipeline"}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: write(folder, {"cards/a.md": deck(0, (0,))}),
        lambda folder: write(folder, {"cards/new.md": deck(0, (7,))}),
        lambda folder: (folder / "cards/sub/c.md").unlink(),
        lambda folder: (folder / "cards/b.md").rename(folder / "cards/z.md"),
        lambda folder: write(folder, {"cards/red.png": picture("green")}),
        lambda folder: (folder / "cards/red.png").rename(folder / "cards/RED.png"),
        lambda folder: write(folder, {"cardforge.toml": 'name = "other"\n'}),
        lambda folder: (folder / "cardforge.lock").unlink(),
        lambda folder: (folder / "build/course.apkg").unlink(),
        lambda folder: write(folder, {"build/course.apkg": b""}),
        lambda folder: write(folder, {"cards/cardforge.toml": ""}),
    ],
)
def test_whatever_changed_is_seen(change: Callable[[Path], object], course: Path, keys: Path) -> None:
    _settled(course, keys)
    change(course)
    inside = course / "cards" if (course / "cards/cardforge.toml").exists() else course
    assert not was_told_again(inside, keys, *_BUILD)


def test_what_is_no_input_changes_nothing(course: Path, keys: Path) -> None:
    _settled(course, keys)
    os.utime(course / "cards/a.md", (1, 1))
    write(course, {"notes.txt": "words", "build/other.txt": "words", "cards/.hidden.md": "Q: a\nA: b\n"})
    assert was_told_again(course, keys, *_BUILD)


def test_an_edit_parses_the_edited_file_alone(course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    read_here = reading.read_here

    def noted(job: Job, *rest: Any) -> Entry | None:
        read.append(job.source.shown)
        return read_here(job, *rest)

    monkeypatch.setattr(reading, "read_here", noted)
    ran(course, keys, *_BUILD)
    assert read == ["cards/a.md", "cards/b.md", "cards/sub/c.md"]
    read.clear()
    write(course, {"cards/b.md": deck(1, (5,))})
    ran(course, keys, *_BUILD)
    assert read == ["cards/b.md"]
    read.clear()
    write(course, {"cards/red.png": picture("green")})
    ran(course, keys, *_BUILD)
    assert read == ["cards/b.md"], "it shows the picture"


def test_all_three_products_parse_every_field_once(course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def noted(passage: Passage, *rest: Any) -> Body:
        texts.append(passage.text)
        return read_body(passage, *rest)

    monkeypatch.setattr("cardforge.reader.read_body", noted)
    assert ran(course, keys, "build", "all").status == 0
    once = sorted(texts)
    assert len(once) >= 14
    texts.clear()
    assert ran(course, keys, "build", "html").status == 0
    assert texts == [], "trees come from the cache"
    texts.clear()
    shutil.rmtree(course / FOLDER)
    ran(course, keys, *_BUILD)
    assert sorted(texts) == once


def test_trees_are_kept_once_something_needs_them(course: Path, keys: Path, tmp_path: Path) -> None:
    def trees() -> int:
        entries = (course / FOLDER / "files").iterdir()
        return sum(b"trees" in unpack(each.read_bytes())[::2] for each in entries)

    ran(course, keys, *_BUILD)
    assert trees() == 0, "the package is made of notes"
    plain = afresh(course, tmp_path / "other/course")
    assert ran(course, keys, "build", "html") == ran(plain, keys, "build", "html")
    assert trees() == len(list(course.glob("cards/**/*.md")))
    kept = [unpack(each.read_bytes())[::2] for each in (course / FOLDER / "files").iterdir()]
    assert all({b"deck", b"notes", b"trees"} <= set(parts) for parts in kept), "beside what was kept before"
    write(course, {"cards/b.md": deck(1, (5,))})
    write(plain, {"cards/b.md": deck(1, (5,))})
    assert ran(course, keys, *_BUILD) == ran(plain, keys, *_BUILD)


@pytest.mark.parametrize("command", [_BUILD, ("check",), ("build", "all")])
def test_a_first_run_reads_each_source_once(
    command: tuple[str, ...], course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    read_text_of = making.read_text_of

    def noted(job: Job, *rest: Any) -> Deck:
        read.append(job.source.shown)
        return read_text_of(job, *rest)

    monkeypatch.setattr(making, "read_text_of", noted)
    (course / "cardforge.lock").unlink(missing_ok=True)
    ran(course, keys, *command)
    assert sorted(read) == sorted(set(read))
    assert read
    read.clear()
    for after in (command, (*command, "-v"), ("diff",)):
        assert ran(course, keys, *after, replays=False).status == 0
    assert read == [], "what was asked for is in the cache, and identity asks for no trees"


def test_advice_that_is_gone_is_given_anew(course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*given: Any) -> dict[str, Entry]:
        return {shown: replace(entry, opinion=None) for shown, entry in gather(*given).items()}

    write(course, {"cards/a.md": "Q: Is it so?\nA: Yes.\n"})
    told = ran(course, keys, "check", replays=False)
    assert "bare-verdict" in told.out
    monkeypatch.setattr("cardforge.pipeline.reading.gather", without)
    assert ran(course, keys, "check", replays=False) == told


def test_an_unchanged_product_is_not_written_again(course: Path, keys: Path) -> None:
    _settled(course, keys)
    product = course / "build/course.apkg"
    os.utime(product, (1, 1))
    shutil.rmtree(course / FOLDER)
    ran(course, keys, *_BUILD)
    assert product.stat().st_mtime == 1
    write(course, {"cards/a.md": deck(0, (0,))})
    ran(course, keys, *_BUILD)
    assert product.stat().st_mtime > 1


def test_the_cache_keeps_itself_out_of_git_and_can_be_deleted(course: Path, keys: Path) -> None:
    _settled(course, keys)
    assert (course / FOLDER / ".gitignore").read_text() == "*\n"
    shutil.rmtree(course / FOLDER)
    assert ran(course, keys, *_BUILD).status == 0


def test_a_run_without_a_project_has_no_cache(tmp_path: Path) -> None:
    write(tmp_path, {"cards/a.md": deck(0, (0,))})
    assert ran(tmp_path, tmp_path / "keys", *_BUILD).status == 0
    assert not (tmp_path / FOLDER).exists()


def test_what_says_that_it_writes_nothing_writes_no_cache(course: Path, keys: Path) -> None:
    ran(course, keys, "diff")
    assert not (course / FOLDER).exists()


# ---- whom it trusts


def test_the_key_is_private_and_outside_of_the_project(course: Path, keys: Path) -> None:
    _settled(course, keys)
    key = keys / "cardforge/key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    key.chmod(0o644)  # others may have read it, and sealed what they like
    assert not was_told_again(course, keys, *_BUILD)
    said = "The project's cache cannot be used"
    assert [said in ran(course, keys, *_BUILD, *more).err for more in ((), ("-v",))] == [False, True]
    key.chmod(0o600)
    assert said not in ran(course, keys, *_BUILD, "-v").err


def test_a_key_that_came_with_the_project_is_none(course: Path) -> None:
    for _ in range(2):
        assert ran(course, course / "mine", *_BUILD).status == 0
    assert not was_told_again(course, course / "mine", *_BUILD)
    assert not (course / FOLDER / "files").exists()


def test_a_cache_that_another_person_sealed_is_none(course: Path, keys: Path, tmp_path: Path) -> None:
    _settled(course, keys)
    assert not was_told_again(course, tmp_path / "others", *_BUILD)
    write(course, {"cards/a.md": deck(0, (0,))})
    assert ran(course, tmp_path / "others", *_BUILD).status == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"-3:", "-3"), (b"+1:x", "+1"), (b" 1:x", " 1"), (b":x", "b''"), (b"9:x", "11"), (b"x", "not found")],
)
def test_what_is_no_entry_is_passed_over(data: bytes, said: str, course: Path, keys: Path) -> None:
    ran(course, keys, *_BUILD)
    for kept in (course / FOLDER / "files").iterdir():
        kept.write_bytes(data)
    before = files_of(course)
    write(course, {"cards/new.md": deck(0, ())})
    assert ran(course, keys, *_BUILD).status == 0
    assert [each for each in files_of(course) if "new" not in each[0]] == list(before)
    with pytest.raises(ValueError, match=re.escape(said)):
        unpack(data)


def test_a_file_of_the_cache_under_another_name_is_none(course: Path, keys: Path) -> None:
    ran(course, keys, *_BUILD)
    files = sorted((course / FOLDER / "files").iterdir())
    first = files[0].read_bytes()
    files[0].write_bytes(files[1].read_bytes())
    files[1].write_bytes(first)
    before = files_of(course)
    write(course, {"cards/new.md": deck(0, ())})
    ran(course, keys, *_BUILD)
    assert [each for each in files_of(course) if "new" not in each[0]] == list(before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("what", ["link", "inner link", "file", "pipe", "folder"])
def test_what_stands_in_the_place_of_the_cache_is_no_cache(what: str, course: Path, keys: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    _settled(course, keys, "check")
    shutil.move(course / FOLDER, tmp_path / "kept")
    match what:
        case "link":
            (course / FOLDER).symlink_to(elsewhere)
        case "inner link":
            (course / FOLDER).mkdir()
            (course / FOLDER / "files").symlink_to(elsewhere)
            (course / FOLDER / "runs").symlink_to(elsewhere)
        case "file":
            (course / FOLDER).write_text("no folder")
        case _:
            shutil.move(tmp_path / "kept", course / FOLDER)
            for path in list((course / FOLDER).rglob("*")):
                if path.is_file() and path.name != ".gitignore":
                    path.unlink()
                    os.mkfifo(path) if what == "pipe" else path.mkdir()
    done = ran(course, keys, "check")
    assert done.status == 0
    assert "3 files" in done.err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_a_cache_that_cannot_be_written_is_none(course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    plain = ran(course, keys, "check")
    shutil.rmtree(course / FOLDER)
    monkeypatch.setattr(os, "replace", full)
    assert ran(course, keys, "check") == plain
    assert [path.name for path in (course / FOLDER).rglob("*") if path.is_file()] == [".gitignore"]


def test_old_entries_go(course: Path, keys: Path) -> None:
    for number in range(60):
        write(course, {"cards/a.md": f"Q: What is {number}?\nA: A number.\n"})
        ran(course, keys, "check", "-q")
    assert len(list((course / FOLDER / "files").iterdir())) < 120
    assert len(list((course / FOLDER / "runs").iterdir())) <= 33


def test_a_seal_holds_for_what_it_was_made_for() -> None:
    parts = [b"", b"one", b"1:x", bytes(range(256))]
    key, other = b"k" * 32, b"o" * 32
    data = sealed(key, "run a", parts)
    assert unpack(pack(parts)) == parts
    assert opened(key, "run a", data) == parts
    assert opened(key, "run b", data) is None
    assert opened(other, "run a", data) is None
    for at in range(0, len(data), 7):
        broken = bytearray(data)
        broken[at] ^= 1
        assert opened(key, "run a", bytes(broken)) is None
        assert opened(key, "run a", data[:at]) is None


def test_the_command_line_runs_twice_in_one_process(course: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    monkeypatch.setenv("XDG_CACHE_HOME", str(keys))
    assert [run(_BUILD), run(_BUILD)] == [0, 0]


def test_notes_and_trees_go_with_the_pictures_they_were_made_with(course: Path, keys: Path, tmp_path: Path) -> None:
    ran(course, keys, *_BUILD)
    write(course, {"cards/red.png": picture("green")})
    ran(course, keys, "build", "html")
    plain = afresh(course, tmp_path / "other/course")
    assert ran(course, keys, *_BUILD) == ran(plain, keys, *_BUILD)


def test_advice_is_kept_and_given_anew_for_other_measures(course: Path, keys: Path, tmp_path: Path) -> None:
    long = "Q: What do forty words in a row say to whoever reads them?\nA: " + "word " * 40 + "\n"
    twin = "Q: what do forty words in a row say to whoever reads them\nA: Nothing.\n"
    config = 'namespace = "tests"\n[check]\nanswer_words = {}\n'
    write(course, {"cards/a.md": long, "cards/twin.md": twin})
    plain = tmp_path / "other/course"
    for measure in (50, 30, 50):
        write(course, {"cardforge.toml": config.format(measure)})
        afresh(course, plain)
        found = ran(course, keys, "check", "--format", "json")
        assert found == ran(plain, keys, "check", "--format", "json")
        assert ("long-answer" in found.out) == (measure == 30)
        assert "near-duplicate" in found.out
        write(course, {"cards/sub/c.md": f"Q: {measure}?\nA: One.\n"})  # so that the run is not told again
