"""What goes wrong in real folders: one finding with its place, the documented status, no traceback, nothing broken.

``command.cardforge`` fails any test in which a traceback appears.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from command import Run, cardforge, write

GOOD: Final = "Q: What does KL divergence measure?\nA: How far one distribution is from another.\n"
FOLD: Final = "<details>\n<summary>Show answer</summary>\n\n"


@dataclass(frozen=True, slots=True)
class Case:
    """An input, and where which finding is expected: ``code severity file:line:column``."""

    files: dict[str, str | bytes]
    finding: str
    status: int
    named: str = "cards.md"


CASES: Final[dict[str, Case]] = {
    "missing file": Case({}, "unreadable-file error cards.md:0:0", 3),
    "folder without sources": Case({"cards.md/readme.txt": "x"}, "no-cards error :0:0", 1),
    "no card in a named file": Case({"cards.md": "# Notes\n"}, "no-cards error cards.md:0:0", 1),
    "empty file": Case({"cards.md": ""}, "no-cards error cards.md:0:0", 1),
    "question without answer": Case({"cards.md": f"{GOOD}\nQ: And why?\n"}, "missing-answer error cards.md:4:4", 1),
    "unclosed details": Case({"cards.md": f"1. Why?\n\n{FOLD}So.\n"}, "unclosed-details error cards.md:3:1", 1),
    "unclosed fence": Case({"cards.md": "Q: Why?\nA: So:\n\n  ```\n  x\n"}, "unclosed-fence error cards.md:4:3", 1),
    "missing image": Case({"cards.md": "Q: Why?\nA: So ![](no.png)\n"}, "missing-image error cards.md:2:11", 1),
    "image name too long": Case(
        {"cards.md": f"Q: Why?\nA: ![]({'a' * 5000}.png)\n"}, "missing-image error cards.md:2:8", 1
    ),
    "front matter": Case({"cards.md": f"---\ntags: [a, b\n---\n{GOOD}"}, "bad-front-matter error cards.md:2:7", 1),
    "front matter never closed": Case({"cards.md": f"---\ntags: a\n{GOOD}"}, "bad-front-matter error cards.md:1:1", 1),
    "not UTF-8": Case({"cards.md": b"Q: Why\nA: caf\xe9.\n"}, "not-utf8 error cards.md:2:7", 1),
    "UTF-16": Case({"cards.md": GOOD.encode("utf-16")}, "not-utf8 error cards.md:1:1", 1),
    "script in a formula": Case({"cards.md": "Q: $\\text{<script>}$?\nA: $x\n y$\n"}, "", 0),
    "2,000 braces": Case({"cards.md": f"Q: Why?\nA: ${'{' * 2000}$\n"}, "bad-formula warning cards.md:2:69", 0),
    "2,000 closed braces": Case(
        {"cards.md": f"Q: Why?\nA: ${'{' * 2000}x{'}' * 2000}$\n"}, "bad-formula warning cards.md:2:69", 0
    ),
    "event handler": Case(
        {"cards.md": "Q: Why?\nA: So <b onerror=alert(1)>x</b>\n"}, "dropped-markup warning cards.md:2:10", 0
    ),
    "a megabyte": Case({"cards.md": f"Q: Why?\nA: {'so ' * 350_000}\n"}, "field-too-long error cards.md:2:4", 1),
    "a megabyte without blanks": Case(
        {"cards.md": f"Q: {'x' * 1_000_000}\nA: y\n"}, "field-too-long error cards.md:1:4", 1
    ),
    "deep nesting": Case({"cards.md": f"Q: Why?\nA: {'<i>' * 5000}\n"}, "field-too-deep error cards.md:2:4", 1),
    "NUL": Case({"cards.md": "Q: Why\0?\nA: So.\n"}, "forbidden-character error cards.md:1:7", 1),
    "stray attribute": Case({"cards.md": f"<!-- card: draft -->\n{GOOD}"}, "bad-attribute error cards.md:1:12", 1),
}


def _findings(done: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _shown(finding: dict[str, Any]) -> str:
    return "{code} {severity} {file}:{line}:{column}".format(**finding)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gives_one_finding(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path, case.files)
    kept = write(tmp_path, {"out/cards.apkg": b"earlier"}) / "out" / "cards.apkg"
    before = kept.stat().st_mtime_ns
    done = cardforge(tmp_path, "build", "anki", case.named, "-o", "out/cards.apkg", "--format", "json")
    assert [_shown(finding) for finding in _findings(done)] == ([case.finding] if case.finding else [])
    assert done.status == case.status
    if case.status:
        assert (kept.read_bytes(), kept.stat().st_mtime_ns) == (b"earlier", before)
        assert list(kept.parent.iterdir()) == [kept]
    else:
        assert kept.read_bytes().startswith(b"PK")


def test_an_image_with_a_handler_has_both_findings_and_reaches_no_product(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": 'Q: Why?\nA: <img src="https://x.example/a.png" onerror="alert(1)">\n'})
    done = cardforge(tmp_path, "build", "anki", "cards.md", "-o", "a.apkg", "--format", "json")
    assert [_shown(finding) for finding in _findings(done)] == [
        "remote-image warning cards.md:2:14",
        "dropped-markup warning cards.md:2:39",
    ]
    assert done.status == 0


def test_all_errors_of_all_files_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    write(
        tmp_path, {"c/b.md": "Q: Why?\nA: $\\frac{$ ![](x.png) ![](y.png)\n", "c/a.md": b"\xff", "c/d.md": "Q: Why?\n"}
    )
    done = cardforge(tmp_path, "check", "c", "--format", "json", "--ignore", "quality")
    assert [_shown(finding) for finding in _findings(done)] == [
        "not-utf8 error c/a.md:1:1",
        "bad-formula warning c/b.md:2:10",
        "missing-image error c/b.md:2:17",
        "missing-image error c/b.md:2:28",
        "missing-answer error c/d.md:1:4",
    ]


def test_links_to_nothing_and_out_of_the_folder_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"secret.md": GOOD, "c/good.md": GOOD})
    (tmp_path / "c" / "nothing.md").symlink_to("nowhere.md")
    (tmp_path / "c" / "out.md").symlink_to("../secret.md")
    (tmp_path / "c" / "twice.md").symlink_to("good.md")
    os.mkfifo(tmp_path / "c" / "pipe.md")  # reading it would wait for ever
    done = cardforge(tmp_path, "check", "c", "--format", "json", "--ignore", "quality")
    assert [_shown(finding) for finding in _findings(done)] == [
        "outside-project error c/out.md:0:0",
        "unreadable-file error c/nothing.md:0:0",
    ]
    assert done.status == 3
    named = cardforge(tmp_path, "check", "c/nothing.md")
    assert (named.status, "leads to nothing" in named.stdout) == (3, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD})
    (tmp_path / "cards.md").chmod(0)
    done = cardforge(tmp_path, "check", "cards.md")
    assert (done.status, "Permission denied" in done.stdout) == (3, True)


def test_a_name_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD})
    assert cardforge(tmp_path, "check", "a" * 5000).status == 3
    done = cardforge(tmp_path, "build", "anki", "cards.md", "-o", "a" * 5000)
    assert (done.status, "File name too long" in done.stdout) == (3, True)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("cards.md/below.apkg", "cards.md is a file, not a folder"),
        ("folder.apkg/", "folder.apkg/cards.apkg"),
        ("cards.md", "would overwrite a source"),
        ("./linked.md", "would overwrite a source"),
        ("/proc/cards.apkg", "cannot be written"),
    ],
)
def test_a_product_that_cannot_be_written_is_told(output: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD, "folder.apkg/cards.apkg/file": b"kept"})
    (tmp_path / "linked.md").symlink_to("cards.md")
    before = sorted(tmp_path.rglob("*"))
    done = cardforge(tmp_path, "build", "anki", "cards.md", "-o", output)
    assert done.status == 3
    assert "error[unwritable-output]" in done.stdout
    assert said in done.stdout
    assert "Nothing was written" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "cards.md").read_text("utf-8") == GOOD


def test_all_products_are_written_or_none(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD, "build/cards.apkg": b"earlier", "build/cards.pdf/in-the-way": b"kept"})
    done = cardforge(tmp_path, "build", "all", "cards.md")
    assert done.status == 3
    assert (tmp_path / "build" / "cards.apkg").read_bytes() == b"earlier"
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == ["cards.apkg", "cards.pdf"]


def test_a_device_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert cardforge(tmp_path, "build", "anki", "cards.md", "-o", "pipe").status == 0
        assert os.read(reader, 2) == b"PK"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_product_keeps_the_rights_of_the_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": GOOD, "build/cards.apkg": b"earlier"})
    (tmp_path / "build" / "cards.apkg").chmod(0o640)
    assert cardforge(tmp_path, "build", "anki", "cards.md").status == 0
    assert (tmp_path / "build" / "cards.apkg").stat().st_mode & 0o777 == 0o640
