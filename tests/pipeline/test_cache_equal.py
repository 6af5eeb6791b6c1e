"""With a cache, in several processes or from nothing: a run gives the same bytes, the same report, the same status."""

import gc
import os
import pickle
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread, active_count
from typing import IO
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import CARDS, CONFIG, FRONT, Outcome, afresh, deck, picture, project, ran

from cardforge.cache.seal import unpack
from cardforge.cache.store import FOLDER
from cardforge.cache.witness import Folders
from cardforge.pipeline.discover import Source
from cardforge.pipeline.entries import Entry, Job, processes, reading, shelf
from cardforge.pipeline.entries.shelf import Parts, Shelf
from cardforge.pipeline.media import Listings
from cardforge.vocabulary import Vocabulary
from command import write

_FILES = ("cards/a.md", "cards/b.md", "cards/sub/c.md", "cards/sub/d.md", "cards/LICENSE.md")
_PICTURES = ("red", "deep/blue", "missing")
_COMMANDS = (
    ("build", "anki"),
    ("build", "anki", "-n"),
    ("build", "html"),
    ("build", "anki", "--format", "json"),
    ("build", "anki", "--strict", "--format", "sarif"),
    ("build", "anki", "--tag", "one"),
    ("build", "anki", "cards/a.md"),
    ("check",),
    ("check", "--format", "github"),
    ("check", "-q"),
    ("list", "--format", "json"),
    ("diff",),
    ("build", "anki", "--locked"),
    ("build", "anki", "-v"),
)
_CONFIGS = (
    CONFIG,
    CONFIG + 'language = "fr"\n',
    CONFIG + "heading_level = 2\n",
    CONFIG + '[check]\nignore = ["bad-formula"]\n',
    CONFIG + "unknown = 1\n",
)

_edits = st.one_of(
    st.tuples(
        st.just("write"),
        st.sampled_from(_FILES),
        st.integers(0, len(FRONT) - 1),
        st.lists(st.integers(0, len(CARDS) - 1), max_size=4),
    ),
    st.tuples(st.just("delete"), st.sampled_from(_FILES)),
    st.tuples(st.just("rename"), st.sampled_from(_FILES), st.sampled_from(_FILES)),
    st.tuples(
        st.just("picture"), st.sampled_from(("red", "deep/blue", "missing")), st.sampled_from(("green", "red", ""))
    ),
    st.tuples(st.just("config"), st.sampled_from(_CONFIGS)),
    st.tuples(st.just("product"), st.sampled_from((b"", b"other"))),
    st.tuples(st.just("flip"), st.integers(0, 1 << 30), st.integers(0, 1 << 20)),
    st.tuples(st.just("cut"), st.integers(0, 1 << 30), st.integers(0, 4096)),
    st.tuples(st.just("nothing")),
)


def _apply(edit: tuple[object, ...], folder: Path) -> None:
    match edit:
        case ("write", str(name), int(front), list(cards)):
            write(folder, {name: deck(front, cards)})
        case ("delete", str(name)):
            (folder / name).unlink(missing_ok=True)
        case ("rename", str(old), str(new)):
            if (folder / old).exists():
                (folder / old).replace(folder / new)
        case ("picture", str(name), str(colour)):
            (folder / f"cards/{name}.png").unlink(missing_ok=True)
            if colour:
                write(folder, {f"cards/{name}.png": picture(colour)})
        case ("config", str(text)):
            write(folder, {"cardforge.toml": text})
        case ("product", bytes(data)):
            (folder / "build/course.apkg").unlink(missing_ok=True)
            if data:
                write(folder, {"build/course.apkg": data})
        case ("flip" | "cut" as what, int(which), int(at)):
            kept = [path for path in sorted((folder / FOLDER).rglob("*")) if path.is_file() and path.stat().st_size]
            if kept:
                path = kept[which % len(kept)]
                broken = bytearray(path.read_bytes())
                if what == "cut":
                    del broken[at % len(broken) :]
                else:
                    broken[at % len(broken)] ^= 1 << (which % 8)
                path.write_bytes(broken)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.lists(_edits, max_size=2), st.sampled_from(_COMMANDS)), min_size=2, max_size=5))
def test_any_run_after_any_edits_is_the_run_without_a_cache(
    steps: list[tuple[list[tuple[object, ...]], tuple[str, ...]]],
) -> None:
    with TemporaryDirectory() as place:
        keys, cached, plain = Path(place, "keys"), Path(place, "one", "course"), Path(place, "other", "course")
        project(cached)
        for edits, command in steps:
            for edit in edits:
                _apply(edit, cached)
            afresh(cached, plain)
            expected = ran(plain, keys, *command, replays=False)
            assert ran(cached, keys, *command) == expected, command


def _together(folder: Path, keys: Path, command: tuple[str, ...], *, copies: bool) -> Outcome:
    """Run the command line in three processes, of which the others read a file for sure."""
    from_others, take_over, read_here = Event(), reading.take_over, reading.read_here

    def noted(job: Job, parts: Parts, shelf: Shelf) -> Entry | None:
        from_others.set()
        return take_over(job, parts, shelf)

    def patient(job: Job, shelf: Shelf, listings: Listings, folders: Folders) -> Entry | None:
        # Before there are copies one portion is read here, which is one file.
        assert (copies and active_count() == 1) or from_others.wait(60), "no other process has read a file"
        return read_here(job, shelf, listings, folders)

    with (
        patch.multiple(reading, WORTH=1, PORTION=1, take_over=noted, read_here=patient),
        patch.object(processes, "_MAY_COPY", copies),
    ):
        assert processes.are_copies() == copies
        return ran(folder, keys, *command, jobs=3)


def test_a_helper_leaves_what_it_cannot_hand_over_to_the_run(tmp_path: Path) -> None:
    """And goes on: one that ended by itself would leave a thread behind that waits for its input."""
    names = [write(tmp_path, {f"{name}.md": f"Q: {name}?\nA: Yes.\n"}) / f"{name}.md" for name in "abc"]
    sources = [Source(each.name, each, tmp_path, named=True, in_project=False) for each in names]
    a, b, c = (Job(each, each.path.read_text("utf-8"), Vocabulary(), "en", 0) for each in sources if each.path)
    (for_it, questions), (answers, from_it) = os.pipe(), os.pipe()

    def encode(entry: Entry, parts: Sequence[str]) -> Parts | None:
        return None if entry.deck.file == "b.md" else shelf.encode(entry, parts)

    def ask(*jobs: Job) -> int:
        question = pickle.dumps(list(jobs))
        asking.write(len(question).to_bytes(8, "big") + question)
        asking.flush()
        return len(unpack(hearing.read(int.from_bytes(hearing.read(8), "big"))))

    with os.fdopen(for_it, "rb") as asked, os.fdopen(from_it, "wb") as answered, os.fdopen(answers, "rb") as hearing:
        with os.fdopen(questions, "wb") as asking, patch.object(reading, "encode", encode):
            helper = Thread(target=reading.serve, args=(asked, answered))
            helper.start()
            assert [ask(a, c), ask(a, b, c), ask(b), ask(c)] == [2, 1, 0, 1]
        helper.join(30)
    gc.enable()  # a helper looks for no circles, and is a process of its own
    assert not helper.is_alive()


def _deserted(folder: Path, keys: Path) -> Outcome:
    """Build in three processes, of which the others hand nothing over."""
    run, asked, receive, read_here = os.getpid(), Event(), reading._receive, reading.read_here  # noqa: SLF001 - watched

    def encode(entry: Entry, parts: Sequence[str]) -> Parts | None:
        return shelf.encode(entry, parts) if os.getpid() == run else None

    def heard(pipe: IO[bytes]) -> bytes:
        asked.set()
        return receive(pipe)

    def patient(job: Job, shelf: Shelf, listings: Listings, folders: Folders) -> Entry | None:
        assert active_count() == 1 or asked.wait(60), "no other process was asked"
        return read_here(job, shelf, listings, folders)

    with patch.multiple(reading, WORTH=1, PORTION=1, encode=encode, _receive=heard, read_here=patient):
        assert processes.are_copies()
        return ran(folder, keys, "build", "anki", jobs=3)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux a process may be a copy of the run")
def test_what_no_helper_hands_over_is_read_and_kept_all_the_same(tmp_path: Path) -> None:
    one, other = project(tmp_path / "one/course"), project(tmp_path / "other/course")
    alone = ran(one, tmp_path / "keys", "build", "anki")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        assert apart.submit(_deserted, other, tmp_path / "keys").result(120) == alone
    assert len([*(other / FOLDER / "files").iterdir()]) == len([*other.glob("cards/**/*.md")])


@pytest.mark.parametrize("copies", [False, True])
@pytest.mark.parametrize("command", [("build", "anki"), ("build", "html"), ("check", "--format", "json")])
def test_several_processes_give_what_one_gives(command: tuple[str, ...], tmp_path: Path, *, copies: bool) -> None:
    if copies and sys.platform != "linux":
        pytest.skip("only on Linux a process may be a copy of the run")
    one, other = project(tmp_path / "one/course"), project(tmp_path / "other/course")
    alone = ran(one, tmp_path / "keys", *command)
    # In a process of its own, which has one thread, whatever ran here before.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        together = apart.submit(_together, other, tmp_path / "keys", command, copies=copies).result(120)
    assert together == alone
    assert ran(other, tmp_path / "keys", *command) == ran(one, tmp_path / "keys", *command)
