"""The lock file: what its text holds, what reading it costs, what git makes of it, and what becomes of a broken one."""

import contextlib
import dataclasses
import io
import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.cli import run
from cardforge.diagnostics import Code, Sink
from cardforge.identity import Note, lock
from cardforge.identity.lock import LockText, one_line, read_lock, write_lock
from cardforge.identity.naming import make_guid
from command import cardforge, write

_ODD = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\r\t\v\f\x00\x07\x1c\x85\u2028\u2029\ufeff[]#<=>|\\ \u202e\u00a0")),
    max_size=40,
)
_NAME = st.text(st.characters(min_codepoint=33, exclude_categories=["Z", "C"]), min_size=1, max_size=250)
_NUMBER = st.integers(1, (1 << 63) - 1)

_NOTES = st.builds(
    Note,
    guid=st.text("abcdefghijkmnpqrstuvwxyz23456789", min_size=16, max_size=16),
    note_id=_NUMBER,
    card_ids=st.lists(_NUMBER, max_size=3).map(tuple),
    kind=st.sampled_from(["flashcard", "cloze", "scenario"]),
    deck=_ODD,
    file=_ODD,
    question=_ODD,
    answer=_ODD.map(lambda text: one_line(text).encode()),
    key=st.text("0123456789abcdef", min_size=16, max_size=16),
    modified=st.integers(0, 1 << 39),
    content=st.dictionaries(st.sampled_from(["question", "answer", "gap1", "tags"]), st.just("0123456789abcdef")),
    id=st.none() | _NAME,
    tags=st.lists(_NAME, max_size=4).map(tuple),
    ordinals=st.lists(st.integers(1, 500), max_size=4).map(tuple),
    gone=st.booleans(),
)


def _read(text: str) -> dict[str, Note]:
    sink = Sink()
    notes = read_lock("cardforge.lock", text, sink)
    assert notes is not None, [d.message for d in sink]
    assert not list(sink)
    return notes


def _refused(text: str) -> str:
    """What a broken lock is told."""
    sink = Sink()
    assert read_lock("cardforge.lock", text, sink) is None
    (finding,) = sink
    assert finding.code is Code.BAD_LOCK
    return finding.message


@given(st.lists(_NOTES, max_size=6, unique_by=lambda note: note.guid))
@settings(max_examples=300, deadline=None)
def test_whatever_a_note_holds_is_read_again_and_written_the_same(notes: list[Note]) -> None:
    text = write_lock(notes)
    assert text.encode().decode() == text, "it is text"
    assert "\r" not in text
    read = _read(text)
    assert list(read) == sorted(note.guid for note in notes)
    assert text.count("\n[") == len(notes)
    for note in notes:
        plain = dataclasses.replace(
            note,
            deck=one_line(note.deck),
            file=one_line(note.file),
            question=one_line(note.question),
            answer=note.answer,
        )
        assert read[note.guid] == plain
    assert write_lock(read.values()) == text


def test_what_no_line_can_hold_stands_there_as_an_escape() -> None:
    assert one_line("a\nb\r\x00\x85\u2028\udcff é 字 𝒳") == r"a\x0ab\x0d\x00\x85\u2028\udcff é 字 𝒳"


def _note(number: int, modified: int = 1_700_000_000, text: str = "") -> Note:
    return Note(
        guid=make_guid("tests", "basic", str(number), 0),
        note_id=1_700_000_000_000 + 3 * number,
        card_ids=(1_700_000_000_001 + 3 * number, 1_700_000_000_002 + 3 * number),
        kind="flashcard",
        deck="Course::Lesson",
        file=f"cards/{number % 40}.md",
        question=f"What is the meaning of number {number} {text}?",
        answer=f"It is {number}.".encode(),
        key=f"{number:016x}",
        modified=modified,
        content=dict.fromkeys(("question", "answer", "hint", "type", "kind", "tags", "section"), f"{number:016x}"),
    )


def test_reading_takes_time_in_proportion_to_the_notes(say: Callable[[str], None]) -> None:
    def seconds(count: int) -> float:
        text = write_lock(_note(number) for number in range(count))
        before = time.process_time()
        assert len(_read(text)) == count
        return time.process_time() - before

    few = min(seconds(10_000) for _ in range(3))
    many = seconds(100_000)
    say(f"Reading the lock\n10,000 notes {few:.2f} s, 100,000 notes {many:.2f} s")
    assert many < 3
    assert many < 25 * few


def _git(folder: Path, *arguments: str) -> int:
    told = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *told, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def _commit(folder: Path, branch: str, text: str) -> None:
    (folder / "cardforge.lock").write_text(text, "utf-8", newline="\n")
    assert _git(folder, "checkout", "-q", "-B", branch) == 0
    assert _git(folder, "add", "-A") == 0
    assert _git(folder, "commit", "-qm", branch) == 0


def test_git_merges_two_branches_that_each_add_twenty_notes(tmp_path: Path, say: Callable[[str], None]) -> None:
    whole = 0
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert _git(folder, "init", "-q") == 0
        numbers = random.Random(seed).sample(range(10**6), 4040)  # noqa: S311 - only a choice
        base = [_note(number) for number in numbers[40:]]
        ours, theirs = [_note(n) for n in numbers[:20]], [_note(n) for n in numbers[20:40]]
        _commit(folder, "base", write_lock(base))
        _commit(folder, "ours", write_lock([*base, *ours]))
        assert _git(folder, "checkout", "-q", "base") == 0
        _commit(folder, "theirs", write_lock([*base, *theirs]))
        style = ("merge", "diff3", "zdiff3")[seed % 3]
        merged = _git(folder, "-c", f"merge.conflictStyle={style}", "merge", "-q", "--no-edit", "ours")
        whole += merged == 0
        text = (folder / "cardforge.lock").read_text("utf-8")
        assert write_lock(_read(text).values()) == write_lock([*base, *ours, *theirs])
    say(f"Merging the lock\n{whole} of 10 merges of 20 and 20 notes into 4,000 had no conflict")
    assert whole >= 8


def test_a_note_that_git_tore_apart_is_read_as_its_branch_wrote_it(tmp_path: Path) -> None:
    """Git merges line by line: a note that became another gave its body to one that now stands before it."""

    def named(guid: str, number: int, **told: Any) -> Note:
        return dataclasses.replace(_note(number), guid=guid, **told)

    place = {"file": "cards/a.md", "deck": "A", "kind": "self-check"}
    before, ours = named("www", 1, **place), named("nnn", 2)
    theirs = [named("mmm", 3, **place), named("www", 1, question="Else?", answer=b"Else.", file="cards/a.md", deck="A")]
    names = ("ours", "base", "theirs")
    for name, notes in zip(names, ([ours, before], [before], theirs), strict=True):
        (tmp_path / name).write_text(write_lock(notes), "utf-8", newline="\n")
    done = subprocess.run(["git", "merge-file", "-p", *names], cwd=tmp_path, capture_output=True, check=False)
    text = done.stdout.decode()
    assert text.count("\n[www]\n") == 2, "else git tore nothing"
    assert _read(text) == {note.guid: note for note in (theirs[0], ours, theirs[1])}


def test_of_a_note_whose_numbers_all_have_others_nothing_is_taken_for_torn() -> None:
    """Two branches may give a number twice, which is mended where notes are kept: none may be lost for it."""

    def side(guid: str, other: str, number: int, modified: int) -> str:
        notes = (dataclasses.replace(_note(number, modified), guid=each) for each in (guid, other))
        return write_lock(notes).removesuffix("# end\n").partition("\n\n")[2]

    head, end = write_lock([]).partition("\n\n")[0], "# end\n"
    ours, theirs = side("aaa", "bbb", 1, 1_700_000_000), side("aaa", "ccc", 2, 1_700_000_900)
    read = _read(f"{head}\n\n<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n\n{end}")
    assert sorted(read) == ["aaa", "bbb", "ccc"]
    assert read["aaa"].modified == 1_700_000_900


def test_no_stanza_of_a_lock_as_it_was_written_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [
        _note(1),
        dataclasses.replace(_note(2), id="mine", tags=("a", "b")),
        dataclasses.replace(_note(3), ordinals=(1, 3), answer=b""),
        dataclasses.replace(_note(4), gone=True),
    ]
    text = write_lock(notes)
    monkeypatch.setattr(lock, "_parse", None)
    assert _read(text) == {note.guid: note for note in notes}


_USUAL = _NOTES.flatmap(
    lambda note: st.builds(
        dataclasses.replace,
        st.just(note),
        note_id=st.integers(1, 1 << 50),
        card_ids=st.lists(st.integers(1, 1 << 50), max_size=3).map(tuple),
        content=st.just(dict.fromkeys(("question", "answer", "tags"), "0123456789abcdef")),
    )
)


@given(st.lists(_USUAL, max_size=4, unique_by=lambda note: note.guid), st.data())
@settings(max_examples=400, deadline=None)
def test_a_lock_that_is_read_at_once_gives_what_it_gives_line_by_line(notes: list[Note], data: st.DataObject) -> None:
    lines = write_lock(notes).split("\n")
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(2, len(lines) - 1))
        kept = data.draw(st.sampled_from([0, 1, 2]))  # a line that is gone, as it was, or there twice
        other = st.sampled_from(["", "# said", "gone", "x", "note 7", "content a=b c=d  e=f", "changed 01", *lines])
        lines[at : at + 1] = [*[lines[at]] * kept, *data.draw(st.lists(other, max_size=2))]
    sinks = Sink(), Sink()
    found = [
        read_lock("lock", "\n".join([lines[0], *said, *lines[1:]]), sink)
        for said, sink in zip(([], ["# said"]), sinks, strict=True)
    ]
    assert found[0] == found[1]
    assert [d.message for d in sinks[0]] == [d.message for d in sinks[1]]


@pytest.mark.parametrize(
    "content",
    [
        "question=1\u00a0y answer=2 hint=3",
        "question=1\u00a0y=4 answer=2 hint=3",
        "question=1\ty answer=2 hint=3",
        "question=1 question=2 hint=3",
        "question=1 answer=2 hint=3 hint=4",
        "question=1 answer=2 hint=3\t",
        "question=1 answer=2  hint=3",
        " question=1 answer=2",
        "question=1 answer=2 ",
        "question=1 answer=2 hint",
        "question=1 answer=2",
        "question=1",
        "question",
        "",
    ],
)
def test_the_hashes_of_one_stanza_are_the_same_whatever_other_stanzas_are(content: str) -> None:
    text = re.sub("content .*", f"content {content}", write_lock([_note(1)]))
    sinks = Sink(), Sink()
    at_once, line_by_line = (
        read_lock("lock", each, sink)
        for each, sink in zip((text, text.replace("\n\n", "\n\n# said\n\n", 1)), sinks, strict=True)
    )
    assert at_once == line_by_line
    assert [d.message for d in sinks[0]] == [d.message for d in sinks[1]]
    if at_once and line_by_line:
        (one,), (other,) = at_once.values(), line_by_line.values()
        assert [*one.content.items()] == [*other.content.items()]
        assert write_lock([one]) == write_lock([other])


@given(st.sampled_from([0, 1, 99, 100, 101, 250]), st.data())
@settings(max_examples=60, deadline=None)
def test_what_a_new_lock_has_in_common_with_the_old_one_is_taken_from_it(count: int, data: st.DataObject) -> None:
    text = LockText([_note(number) for number in range(count)])
    whole = b"".join(text)
    assert text.behind(whole) is None
    cut = data.draw(st.integers(0, len(whole)))
    for other in (whole[:cut], whole[:cut] + b"x" + whole[cut + 1 :], whole + b"x", b""):
        if other != whole:
            again = text.behind(other)
            assert again is not None
            assert b"".join(again) == b"".join(again) == whole
            third = whole[: data.draw(st.integers(0, len(whole) - 1))]
            assert b"".join(again.behind(third) or ()) == whole


def test_hashes_apart_by_more_than_one_blank_are_read_as_they_were() -> None:
    text = write_lock([_note(1)])
    assert _read(text.replace(" hint=", "  hint=").replace("content ", "content  ")) == _read(text)
    assert "cannot be read" in _refused(text.replace(" hint=", " hint "))


_TOPICS = "reward policy critic buffer rollout gradient entropy penalty baseline advantage".split()


def _card(topic: str, verb: str) -> str:
    return f"Q: What does the {topic} {verb}?\nA: It {verb}s what the {topic} is made for.\n\n"


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_a_small_project_builds_after_a_merge_with_conflicts(style: str, tmp_path: Path) -> None:
    base = "".join(_card(topic, "limit") for topic in _TOPICS)
    write(tmp_path, {"cardforge.toml": 'name = "deck"\n', "cards/base.md": base, ".gitignore": "build/\n"})
    assert _git(tmp_path, "init", "-q") == 0
    lock = tmp_path / "cardforge.lock"

    def branch(name: str, files: Mapping[str, str], epoch: str) -> dict[str, Note]:
        write(tmp_path, files)
        assert cardforge(tmp_path, "build", "anki", env={"SOURCE_DATE_EPOCH": epoch}).status == 0
        _commit(tmp_path, name, lock.read_text("utf-8"))
        return _read(lock.read_text("utf-8"))

    branch("base", {}, "1760000000")
    ours = branch("ours", {"cards/ours.md": "".join(_card(topic, "measure") for topic in _TOPICS)}, "1760000100")
    assert _git(tmp_path, "checkout", "-q", "base") == 0
    theirs = branch(
        "theirs",
        {
            "cards/theirs.md": "".join(_card(topic, "damage") for topic in _TOPICS),
            "cards/base.md": base.replace("limits what the reward", "bounds what the reward"),
        },
        "1760000200",
    )
    assert _git(tmp_path, "-c", f"merge.conflictStyle={style}", "merge", "-q", "ours") == 1
    assert re.search(r"^<{7}", lock.read_text("utf-8"), re.MULTILINE)
    assert ("|||||||" in lock.read_text("utf-8")) is (style == "diff3")
    done = cardforge(tmp_path, "build", "anki", env={"SOURCE_DATE_EPOCH": "1760000300"})
    assert done.status == 0, done.stdout
    assert "0 new, 0 changed, 30 unchanged, 0 removed" in done.stderr
    assert _read(lock.read_text("utf-8")) == ours | theirs
    assert cardforge(tmp_path, "build", "anki", "--locked").status == 0


def _conflict(ours: str, theirs: str, base: str | None = None) -> str:
    """A lock in which git could not unite two stanzas."""
    head, tail = write_lock([]).split("\n# end")
    middle = "" if base is None else f"||||||| 1234567\n{base}"
    return f"{head}\n<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> other: #1\n\n# end{tail}"


def _stanza(note: Note) -> str:
    return write_lock([note]).split("\n\n")[1] + "\n"


def test_of_a_note_both_sides_changed_the_later_one_is_kept() -> None:
    old, new = _note(1), _note(1, 1_700_000_001, "now")
    new = dataclasses.replace(new, content={**new.content, "question": "f" * 16})
    for base in (None, _stanza(_note(1, 1_600_000_000, "once"))):
        assert _read(_conflict(_stanza(old), _stanza(new), base)) == {new.guid: new}
        assert _read(_conflict(_stanza(new), _stanza(old), base)) == {new.guid: new}
    gone = dataclasses.replace(old, gone=True)
    assert _read(_conflict(_stanza(old), _stanza(gone))) == {old.guid: old}
    assert _read(_conflict(_stanza(gone), _stanza(old))) == {old.guid: old}
    assert _read(_conflict("", _stanza(old))) == {old.guid: old}


def test_two_changes_in_the_same_second_are_a_contradiction() -> None:
    one = _note(1)
    other = dataclasses.replace(one, content={**one.content, "answer": "f" * 16})
    assert f"changed the note {one.guid} at the same second" in _refused(_conflict(_stanza(one), _stanza(other)))


def test_numbers_that_two_branches_both_gave_are_told_apart(tmp_path: Path) -> None:
    """Anki's database holds each number once: a package with one twice cannot even be made."""
    write(
        tmp_path,
        {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _card("reward", "limit") + _card("critic", "warn")},
    )
    lock = tmp_path / "cardforge.lock"
    assert cardforge(tmp_path, "build", "anki").status == 0
    first, second = _read(lock.read_text("utf-8")).values()
    clash = dataclasses.replace(second, note_id=first.note_id, card_ids=(first.card_ids[0], second.card_ids[1]))
    lock.write_text(write_lock([first, clash]), "utf-8", newline="\n")
    done = cardforge(tmp_path, "build", "anki")
    assert done.status == 0, done.stdout
    assert "2 unchanged" in done.stderr
    notes = _read(lock.read_text("utf-8"))
    numbers = [number for note in notes.values() for number in (note.note_id, *note.card_ids)]
    assert len(set(numbers)) == len(numbers) == 6
    assert notes[first.guid] == first
    assert notes[second.guid].card_ids[1] == second.card_ids[1]


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (lambda _: "", "It is no cardforge lock"),
        (lambda _: "{}\n", "It is no cardforge lock"),
        (lambda text: text.replace("lock 1", "lock 2"), "It is of format 2; this cardforge reads format 1"),
        (lambda text: text.replace("\n# end", ""), "cut off"),
        (lambda text: text.replace("changed ", "changed x"), "cannot be read"),
        (lambda text: text.replace("kind ", "sort "), "cannot be read"),
        (lambda text: text.replace("\nkind ", "\nkind a\nkind "), "cannot be read"),
        (lambda text: re.sub("note .*", "note", text), "cannot be read"),
        (lambda text: re.sub("note .*", f"note {1 << 63}", text), "cannot be read"),
        (lambda text: re.sub("note .*", "note -1", text), "cannot be read"),
        (lambda text: re.sub("changed .*", f"changed {10**18}", text), "cannot be read"),
        (lambda text: re.sub("changed .*", "changed " + "9" * 5000, text), "cannot be read"),
        (lambda text: re.sub("content .*", "content question", text), "cannot be read"),
        (lambda text: re.sub(r"\[.*\]", "[]", text), "cannot be read"),
        (lambda text: text.replace("# end", _stanza(_note(1)) + "\n# end"), "twice"),
    ],
)
def test_a_broken_lock_is_refused(spoilt: Callable[[str], str], told: str) -> None:
    assert told in _refused(spoilt(write_lock([_note(1)])))


_DECK = _card("reward", "limit") + _card("critic", "warn")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project that was built, one of whose questions was reworded since."""
    project = write(tmp_path / "project", {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _DECK})
    assert cardforge(project, "build", "anki").status == 0
    write(project, {"cards/a.md": _DECK.replace("What does the critic warn?", "Of what does the critic warn?")})
    return project


def _state(project: Path) -> dict[str, bytes]:
    """All that stands in a project, but for the cache."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".cardforge_cache" not in path.parts
    }


def _nothing_happens(project: Path, statuses: tuple[int, ...], told: str) -> None:
    before = _state(project)
    for arguments in (["build", "anki"], ["build", "all"], ["ids", "--prune"], ["ids", "--write"], ["diff"]):
        said = io.StringIO()
        with contextlib.chdir(project), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = run(arguments)  # in this process: there are a hundred of them
        assert status in statuses, arguments
        assert told in said.getvalue()
        assert _state(project) == before


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no cardforge lock"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
        (b"# cardforge lock 1\nquestion \xff\n", "not UTF-8"),
        (b"# cardforge lock 7\n", "format 7"),
        (b"# cardforge lock 1\n", "cut off"),
        (b"# cardforge lock 1\n\n[abc]\n\x00\n\n# end\n", "cannot be read"),
    ],
)
def test_with_a_corrupt_lock_nothing_is_written(data: bytes, told: str, built: Path) -> None:
    (built / "cardforge.lock").write_bytes(data)
    _nothing_happens(built, (1,), told)


def test_a_lock_that_was_cut_off_anywhere_is_found_out(built: Path) -> None:
    whole = (built / "cardforge.lock").read_bytes()
    for length in (*range(0, len(whole) - 1, 10), len(whole) - 1, *(m.end() for m in re.finditer(rb"\n", whole[:-1]))):
        _refused(whole[:length].decode("utf-8", "ignore"))
    for length in (len(whole) // 3, whole.index(b"\n\n[", 200) + 1, len(whole) - len("\n# end\n")):
        (built / "cardforge.lock").write_bytes(whole[:length])
        _nothing_happens(built, (1,), "bad-lock")


def test_a_folder_a_pipe_or_a_circle_in_the_place_of_the_lock(built: Path) -> None:
    lock = built / "cardforge.lock"
    lock.unlink()
    lock.mkdir()
    _nothing_happens(built, (3,), "Is a directory")
    lock.rmdir()
    os.mkfifo(lock)
    _nothing_happens(built, (3,), "it is no file")
    lock.unlink()
    lock.symlink_to("cardforge.lock")
    _nothing_happens(built, (3,), "The lock cannot be read")


@pytest.mark.skipif(os.name != "posix", reason="not everyone may make links elsewhere")
def test_a_lock_that_is_a_link_is_written_where_it_leads(built: Path) -> None:
    lock, kept = built / "cardforge.lock", built.parent / "kept" / "deck.lock"
    kept.parent.mkdir()
    lock.rename(kept)
    lock.symlink_to("../kept/deck.lock")
    before = kept.read_text("utf-8")
    done = cardforge(built, "build", "anki")
    assert done.status == 0, done.stdout
    assert "1 changed, 1 unchanged" in done.stderr
    assert lock.is_symlink()
    assert [path.name for path in kept.parent.glob("[!.]*")] == ["deck.lock"]
    after = kept.read_text("utf-8")
    assert _read(after).keys() == _read(before).keys()
    assert "Of what does the critic warn?" in after
    assert cardforge(built, "ids", "--write").status == 0
    write(built, {"cards/a.md": "Q: What is new?\nA: This.\n"})
    assert cardforge(built, "build", "anki").status == 0
    assert cardforge(built, "ids", "--prune").status == 0
    assert lock.is_symlink()
    assert [note.question for note in _read(kept.read_text("utf-8")).values()] == ["What is new?"]
    kept.unlink()
    _nothing_happens(built, (3,), "a link to a file that is not there")
    assert not kept.exists()


@pytest.mark.skipif(os.name != "posix", reason="not everyone may make links elsewhere")
def test_a_stamped_source_that_is_a_link_stays_one(built: Path) -> None:
    (built / "cards" / "a.md").rename(built / "shared.md")
    (built / "cards" / "a.md").symlink_to("../shared.md")
    done = cardforge(built, "ids", "--write")
    assert done.status == 0, done.stdout
    assert (built / "cards" / "a.md").is_symlink()
    assert (built / "shared.md").read_text("utf-8").count("id=") == 2


@pytest.mark.skipif(os.name != "posix", reason="not everyone may make links elsewhere")
def test_a_product_takes_the_place_of_a_link(built: Path) -> None:
    package, other = built / "build" / "deck.apkg", built / "other.apkg"
    package.rename(other)
    before = other.read_bytes()
    package.symlink_to("../other.apkg")
    assert cardforge(built, "build", "anki").status == 0
    assert not package.is_symlink()
    assert package.read_bytes() != before
    assert other.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_lock_nobody_may_read(built: Path) -> None:
    (built / "cardforge.lock").chmod(0)
    done = cardforge(built, "build", "anki")
    assert done.status == 3
    assert "Permission denied" in done.stdout


def test_a_read_only_lock_is_fine_until_it_would_change(built: Path) -> None:
    lock = built / "cardforge.lock"
    lock.chmod(0o444)
    before = _state(built)
    done = cardforge(built, "build", "anki")
    assert done.status == 3
    assert "cardforge.lock" in done.stdout
    assert "Permission denied" in done.stdout
    assert _state(built) == before
    write(built, {"cards/a.md": _DECK})
    assert cardforge(built, "build", "anki").status == 0
    assert _state(built) == before | {"cards/a.md": _DECK.encode()}


def test_a_lock_with_other_line_ends_or_a_byte_order_mark_is_the_same_lock(built: Path) -> None:
    write(built, {"cards/a.md": _DECK})
    lock = built / "cardforge.lock"
    text = lock.read_bytes()
    for other in (text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text):
        lock.write_bytes(other)
        assert cardforge(built, "build", "anki", "--locked").status == 0
        assert lock.read_bytes() == other


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_a_file_with_a_name_no_line_can_hold_keeps_its_notes(tmp_path: Path) -> None:
    project = write(tmp_path, {"cardforge.toml": 'name = "deck"\n'})
    (project / "cards").mkdir()
    for name in (b"a\nb\x07.md", b"caf\xe9.md"):
        Path(os.fsdecode(os.fsencode(project / "cards") + b"/" + name)).write_text(_card(name.hex(), "limit"), "utf-8")
    assert cardforge(project, "build", "anki").status == 0
    lock = (project / "cardforge.lock").read_bytes()
    assert rb"file cards/a\x0ab\x07.md" in lock
    done = cardforge(project, "build", "anki", "--locked")
    assert done.status == 0, done.stdout
    assert "2 unchanged" in done.stderr
    assert "went from the deck" not in done.stderr
    assert (project / "cardforge.lock").read_bytes() == lock
