"""The texts of sources: let go of once they are read, read again where a finding points, never another file's."""

import gc
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from projects import files_of, project, ran

from cardforge import pipeline
from cardforge.config import load_settings
from cardforge.diagnostics import Sink
from cardforge.pipeline import reading as stage
from cardforge.pipeline.discover import Source
from cardforge.pipeline.entries import Job
from cardforge.pipeline.entries.shelf import Shelf, key_of
from cardforge.pipeline.texts import Texts, read_text
from cardforge.vocabulary import Vocabulary
from command import cardforge, write

_BARE = "Q: Why?\n\nQ: How?\nA: Slowly.\n"
"""A file with a finding on its first line."""


def _texts(path: Path) -> Texts:
    texts, sink = Texts(), Sink()
    source = Source("a.md", path, path.parent, named=True, in_project=False)
    assert read_text(source, b"", texts, sink) == path.read_bytes().decode().removeprefix("\ufeff")
    assert not list(sink)
    return texts


@pytest.mark.parametrize("text", ["One.\n", "\ufeffWith a mark.\r\n", "Ünïcode ∑\n"])
def test_a_text_that_was_let_go_of_is_read_again(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    texts = _texts(path)
    texts.let_go(lambda _: False)
    assert (texts.held, list(texts)) == ({}, ["a.md"])
    with monkeypatch.context() as unreadable:
        unreadable.setattr("cardforge.pipeline.texts.bytes_of", None)
        assert "a.md" in texts, "nothing is read to tell that"
    assert texts["a.md"] == text.removeprefix("\ufeff")
    path.write_bytes(b"Another.\n")
    assert texts["a.md"] == ""
    path.unlink()
    assert texts["a.md"] == ""


def test_a_text_that_is_needed_and_one_of_no_file_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, {"a.md": "Needed.\n"}) / "a.md"
    texts = _texts(path)
    texts.add("<stdin>", "Typed.\n", b"Typed.\n", None)
    texts.let_go(lambda text: text.startswith("Needed"))
    path.unlink()
    assert dict(texts) == {"a.md": "Needed.\n", "<stdin>": "Typed.\n"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with subprocess.Popen(["tee", tmp_path / "pipe.md"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as writer:
        assert writer.stdin is not None
        writer.stdin.write(_BARE.encode())
        writer.stdin.close()
        done = cardforge(tmp_path, "check", "pipe.md")
    assert "\n  1 | Q: Why?\n" in done.stdout + done.stderr


@pytest.mark.parametrize("changed", [False, True])
def test_a_finding_shows_its_line_unless_the_file_was_changed_meanwhile(
    changed: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = project(tmp_path / "course")
    path = write(course, {"cards/bare.md": _BARE}) / "cards" / "bare.md"
    gather: Callable[..., Mapping[str, Any]] = vars(stage)["gather"]

    def and_change(*arguments: Any) -> Mapping[str, Any]:
        entries = gather(*arguments)
        if changed:
            path.write_text("# Other\n\nQ: Else?\nA: Else.\n", "utf-8")
        return entries

    monkeypatch.setattr(stage, "gather", and_change)
    said = ran(course, tmp_path / "keys", "build", "anki").out
    assert "cards/bare.md:1:4: error[missing-answer]" in said
    assert ("\n  1 | Q: Why?\n" in said) is not changed


def test_no_text_of_a_file_is_held_after_it_was_read(tmp_path: Path) -> None:
    course, sink = project(tmp_path / "course"), Sink()
    write(course, {"cards/heard.md": "Q: Why? <!-- cardforge-ignore-next-line -->\nA: For this.\n"})
    read = pipeline.read(pipeline.Request(load_settings(course, {}, sink), course, 1, trees=False, keeps=True), sink)
    assert set(read.texts.held) == {"cards/heard.md", "cardforge.toml"}
    assert len(read.texts) == 5
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, Job) and each.text]


def test_a_file_that_is_needed_once_more_and_was_changed_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notes left the cache in the same moment: they can be made from nothing but the file."""
    course = project(tmp_path / "course")
    ran(course, tmp_path / "keys", "build", "anki")
    before = files_of(course)
    gather: Callable[..., Mapping[str, Any]] = vars(stage)["gather"]

    def and_change(*arguments: Any) -> Mapping[str, Any]:
        entries = gather(*arguments)
        for kept in (course / ".cardforge_cache" / "files").iterdir():
            kept.unlink()
        (course / "cards" / "a.md").write_text("Q: Else?\nA: Else.\n", "utf-8")
        return entries

    monkeypatch.setattr(stage, "gather", and_change)
    done = ran(course, tmp_path / "keys", "build", "anki", "--kind", "flashcard")
    assert (done.status, done.out) == (3, "")
    assert done.err == "cardforge: cards/a.md: The file was changed while it was read: run the command again.\n"
    assert [name for name, data in done.files if dict(before)[name] != data] == ["cards/a.md"]


def test_a_tree_is_not_read_from_a_file_that_was_changed_meanwhile(tmp_path: Path) -> None:
    path = write(tmp_path, {"a.md": "Q: Why?\nA: Because.\n"}) / "a.md"
    source = Source("a.md", path, tmp_path, named=True, in_project=False)
    job, shelf = Job(source, path.read_text("utf-8"), Vocabulary(), "en", 0), Shelf()
    trees = shelf.trees(job, key_of(job, None), "")
    assert trees.source(0) == "Why?"
    path.write_text("Q: Who?\nA: You.\n", "utf-8")
    with pytest.raises(OSError, match="changed while it was read"):
        shelf.trees(job, key_of(job, None), "").source(0)
