"""Files, names and settings of an enemy: nothing outside of the project is read or changed, and nothing waits."""

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from cardforge.config import KEYS
from command import Run, cardforge, write

GOOD: Final = "Q: Why?\nA: So.\n"
HIDDEN: Final = "Q: What is secret?\nA: s3cr3t-words\n"


def findings(done: Run) -> list[str]:
    return [f"{each['code']} {each['file']}" for each in json.loads(done.stdout) if each["severity"] != "advice"]


def project(tmp_path: Path, config: str = "") -> Path:
    """A project beside a secret."""
    write(tmp_path, {"secret/s.md": HIDDEN, "secret/p.png": b"s3cr3t", "home/cardforge.toml": config})
    return write(tmp_path / "home", {"cards/a.md": GOOD})


@pytest.mark.parametrize("source", ["../secret", "../secret/s.md", "/etc", "cards/../../secret", "link", "link.md"])
def test_a_config_cannot_name_what_lies_outside(source: str, tmp_path: Path) -> None:
    home = project(tmp_path, f"sources = [{json.dumps(source)}]\n")
    (home / "link").symlink_to("../secret")
    (home / "link.md").symlink_to("../secret/s.md")
    done = cardforge(home, "check", "--format", "json")
    assert done.status == 1
    assert [each.split()[0] for each in findings(done)] == ["outside-project"]
    assert b"s3cr3t" not in done.out + done.err


def test_a_folder_of_sources_that_is_a_link_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    home = project(tmp_path)
    (home / "cards/a.md").unlink()
    (home / "cards").rmdir()
    (home / "cards").symlink_to("../secret")
    done = cardforge(home, "list", "--format", "json")
    assert done.status == 1
    assert b"secret?" not in done.out


@pytest.mark.parametrize("name", ["pipe.md", "cards/pipe.md"])
def test_a_pipe_that_the_project_names_is_not_waited_for(name: str, tmp_path: Path) -> None:
    home = project(tmp_path, f'sources = ["cards", "{name}"]\n')
    os.mkfifo(home / name)
    done = cardforge(home, "check", "--format", "json")
    assert findings(done) == [f"unreadable-file {name}"]
    assert done.status == 3


def test_a_device_without_end_is_too_large(tmp_path: Path) -> None:
    done = cardforge(tmp_path, "check", "/dev/zero", "--format", "json")
    assert (done.status, findings(done)) == (3, ["unreadable-file /dev/zero"])


@pytest.mark.parametrize("guard", ["build.lock", ".gitignore"])
def test_a_link_in_the_projects_own_folder_changes_nothing_elsewhere(guard: str, tmp_path: Path) -> None:
    home = project(tmp_path)
    victim = tmp_path / "victim"
    if guard == "build.lock":
        victim.write_text("precious", "utf-8")
    (home / ".cardforge_cache").mkdir()
    (home / ".cardforge_cache" / guard).symlink_to(victim)
    done = cardforge(home, "build", "anki", "--format", "json")
    assert (done.status, [each.split()[0] for each in findings(done)]) == (3, ["unwritable-output"])
    assert (victim.read_text("utf-8") if victim.exists() else "") == ("precious" if guard == "build.lock" else "")


@pytest.mark.parametrize("part", ["cardforge.lock", "collection.anki2"])
@pytest.mark.parametrize("claim", [300 << 20, 50 << 20])
def test_a_package_that_unpacks_to_very_much_is_not_unpacked(claim: int, part: str, tmp_path: Path) -> None:
    packaged(tmp_path)
    swapped(tmp_path, part, lambda data: data + b" " * claim)
    done = cardforge(tmp_path, "ids", "--from", "bomb.apkg")
    assert done.status == 1
    assert "No record of notes can be read" in done.stderr
    assert cardforge(tmp_path, "build", "anki", "cards.md", "-o", "bomb.apkg").status == 0


def packaged(folder: Path) -> None:
    """A project whose lock was lost, and its package."""
    write(folder, {"cards.md": GOOD, "cardforge.toml": ""})
    assert cardforge(folder, "build", "anki", "cards.md", "-o", "good.apkg").status == 0
    (folder / "cardforge.lock").unlink()


def swapped(folder: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """A package like good.apkg, but for one part."""
    with (
        zipfile.ZipFile(folder / "good.apkg") as good,
        zipfile.ZipFile(folder / "bomb.apkg", "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in good.namelist():
            archive.writestr(name, change(good.read(name)) if name == part else good.read(name))


def endless(data: bytes) -> bytes:
    """The database with notes that never end."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        connection.execute("ALTER TABLE notes RENAME TO old")
        connection.execute(
            "CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i > 0)"
            "SELECT i AS guid, i AS id, i AS mod, i AS mid, i AS flds FROM n"
        )
        connection.commit()
        return connection.serialize()


def foreign(data: bytes) -> bytes:
    """The database with fields that are no text."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        connection.execute("UPDATE notes SET flds = x'ff00', guid = 7")
        connection.commit()
        return connection.serialize()


@pytest.mark.parametrize("change", [endless, foreign, lambda data: data[: len(data) // 2], lambda _: b""])
def test_a_strangers_database_is_no_record(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    packaged(tmp_path)
    swapped(tmp_path, "collection.anki2", change)
    done = cardforge(tmp_path, "ids", "--from", "bomb.apkg")
    assert done.status == 1
    assert "No record of notes can be read" in done.stderr


@pytest.mark.parametrize(
    "record",
    [
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff",
        b'{"format": 3}',
        (
            b'{"format":2,"key":"0123456789abcdef","question":["a"],"answer":["a"],"hashes":[[7],[0]],"file":[["a"],[0]],'
            b'"deck":[["a"],[0]],"kind":[["a"],[0]],"id":[[7],[0]],"tags":[[[7]],[0]],"ordinals":[[["x"]],[0]],'
            b'"cards":[[99999999999],[0]],"question text":[[0,7]],"answer text":[]}'
        ),
    ],
)
def test_a_strangers_record_is_none(record: bytes, tmp_path: Path) -> None:
    packaged(tmp_path)
    swapped(tmp_path, "cardforge.lock", lambda _: record)
    done = cardforge(tmp_path, "ids", "--from", "bomb.apkg")
    assert done.status == 1
    assert "No record of notes can be read" in done.stderr


@pytest.mark.parametrize("target", ["../secret/p.png", "/../secret/p.png", "%2e%2e/secret/p.png", "l.png", "d/p.png"])
def test_a_picture_outside_of_the_project_is_in_no_product(target: str, tmp_path: Path) -> None:
    home = project(tmp_path)
    (home / "cards/l.png").symlink_to("../../secret/p.png")
    (home / "cards/d").symlink_to("../../secret")
    write(home, {"cards/a.md": f"Q: Why?\nA: ![x]({target}) <img src='{target}'>\n"})
    done = cardforge(home, "build", "all", "--format", "json")
    assert done.status == 1
    assert {each.split()[0] for each in findings(done)} <= {"outside-project", "missing-image"}
    assert not (home / "build").exists() or not list((home / "build").iterdir())


ODD_NAMES: Final = (
    "con.md", "nul.md", "a b.md", "-x.md", "--help.md", "é.md", "e\u0301.md", "🧠.md", "a\nb.md", "a\tb.md",
    "\x1b[31mred.md",
    "\u202edm.txt.md", "%0A::error::x.md", "a::b,c=d.md", "'$(touch ran)'.md", '"><script>.md',
    "~.md", "a#b?c.md",
    "x.MD", "%2e%2e.md", "x" * 200 + ".md", "\u2028.md", "\x9b31m.md", "{0}%s.md", "a\\b.md", "[a](b).md", "a;b|c&d.md",
)  # fmt: skip


def test_odd_file_names_are_read_and_shown_without_their_effect(tmp_path: Path) -> None:
    for name in ODD_NAMES:
        (tmp_path / "c").mkdir(exist_ok=True)
        (tmp_path / "c" / name).write_text(f"{GOOD}\nQ: No answer?\n", "utf-8")
    (tmp_path / "c" / os.fsdecode(b"\xff\xfe.md")).write_text(f"{GOOD}\nQ: No answer?\n", "utf-8")
    for how in ("text", "json", "github", "sarif"):
        done = cardforge(tmp_path, "check", "c", "--format", how)
        assert done.status == 1
        for char in "\x1b\x9b\u202e\u2028\r\t":
            if how != "json" or char < " ":
                assert char not in done.stdout + done.stderr, (how, char)
        if how == "github":
            lines = done.stdout.splitlines()
            assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
            assert sum(line.startswith("::error ") for line in lines) == len(ODD_NAMES) + 1
        elif how != "text":
            json.loads(done.stdout)
    assert cardforge(tmp_path, "build", "all", "c", "-o", "out/").status == 1
    assert not (tmp_path / "ran").exists()


def test_odd_things_in_the_place_of_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"c/empty.md": "", "c/dir.md/inside.md": GOOD, "c/good.md": GOOD})
    (tmp_path / "c/loop.md").symlink_to("loop.md")
    (tmp_path / "c/nothing.md").symlink_to("nowhere")
    (tmp_path / "c/up").symlink_to("..")
    done = cardforge(tmp_path, "check", "c", "--format", "json")
    assert done.status == 3
    assert findings(done) == ["unreadable-file c/loop.md", "unreadable-file c/nothing.md"]
    for named in ("c/loop.md", "c/nothing.md", "c/good.md/x.md", "a\0b"[:1], "c/none.md"):
        assert cardforge(tmp_path, "check", named).status == 3


VALUES: Final = (
    "1", "-9223372036854775809", "1" * 4000, "1e999", "nan", "true",
    '""', '"x"', '"\\u0000"', '"a\\nb\\u202e\\u001b[31m"',
    "[]", "[[]]", '["x", 1]', "{}", "{x = {x = {}}}",
    "1979-05-27T07:32:00Z", '"../../x"', '"/"', '"' + "x" * 100_000 + '"',
    "[" * 3000 + "]" * 3000, '"javascript:alert(1)"', '["-", "", "/dev/zero", "\\u0000"]',
)  # fmt: skip


def test_every_key_of_the_config_takes_every_value_without_a_traceback(tmp_path: Path) -> None:
    from cardforge.config import load_settings
    from cardforge.diagnostics import Sink

    for key in (*KEYS, "unknown", '"a\\nb"', "check.select", "anki.x", "tool.cardforge"):
        for value in VALUES:
            write(tmp_path, {"cardforge.toml": f"{key} = {value}\n"})
            sink = Sink()
            load_settings(tmp_path, {}, sink)
            for each in sink:
                assert each.span.file == "cardforge.toml"
    nested = ".".join("a" for _ in range(5000))
    for text in (f"{nested} = 1\n", f"[{nested}]\n", "\x00", "a = 1\na = 2\n", '"' * 100_000, "k = " + "{a=" * 3000):
        write(tmp_path, {"cardforge.toml": text})
        assert cardforge(tmp_path, "check").status in (1, 3)  # 3: the folder of sources is missing as well
