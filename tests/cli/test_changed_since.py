"""``build pdf --changed-since``: what is printed again after an edit, and what is said of a file that tells nothing."""

import os
import re
import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from command import Run, cardforge, write

WORDS = ["Aster", "Birch", "Cedar", "Dahlia", "Elder"]


def _cards(words: Sequence[str], told: str = "a plant") -> str:
    return "\n".join(f"Q: What is {word}?\nA: {word} is {told}.\n" for word in words)


def _pages(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdfium.PdfDocument(BytesIO(pdf))]


def _printed(pdf: Path) -> list[tuple[str, str]]:
    """Each page's plant and the number in its footer."""
    found = []
    for page in _pages(pdf.read_bytes()):
        number = re.search(r"\d+ / \d+", page)
        assert number
        found.append((next(word for word in WORDS if word in page), number[0]))
    return found


def _fine(run: Run) -> Run:
    assert run.status == 0, run.stdout + run.stderr
    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was built once; what it had then is kept as ``old.lock`` and ``old.apkg``."""
    files = {"cardforge.toml": 'name = "deck"\nnamespace = "tests"\n', "cards/a.md": _cards(WORDS[:3])}
    made = write(tmp_path / "project", files | {"cards/b.md": _cards(WORDS[3:4])})
    _fine(cardforge(made, "build", "all"))
    shutil.copy(made / "cardforge.lock", made / "old.lock")
    shutil.copy(made / "build" / "deck.apkg", made / "old.apkg")
    return made


def _edit(project: Path) -> None:
    """The second card gets another answer, the third a tag, the fourth a new question; a fifth comes."""
    tagged = f'<!-- card: tags="tall" -->\n{_cards(WORDS[2:3])}'
    changed = [_cards(WORDS[:1]), _cards(WORDS[1:2], "a tree"), tagged]
    reworded = _cards(WORDS[3:4]).replace("What is Dahlia?", "What is it that a Dahlia is?")
    write(project, {"cards/a.md": "\n".join(changed), "cards/b.md": f"{reworded}\n{_cards(WORDS[4:])}"})


@pytest.mark.parametrize("since", ["old.lock", "old.apkg", "cardforge.lock"])
def test_only_new_and_changed_cards_are_printed_under_the_numbers_they_have_among_all(
    project: Path, since: str
) -> None:
    _edit(project)
    said = _fine(cardforge(project, "build", "pdf", "--changed-since", since)).stderr
    assert _printed(project / "build" / "deck.pdf") == [("Birch", "2 / 5"), ("Dahlia", "4 / 5"), ("Elder", "5 / 5")]
    assert f"pdf: 3 of 5 cards, new or changed since {since}, → build/deck.pdf (" in said


def test_a_print_after_the_lock_moved_on_is_still_the_one_since_the_old_lock(project: Path) -> None:
    _edit(project)
    _fine(cardforge(project, "build", "anki"))
    _fine(cardforge(project, "build", "pdf", "--changed-since", "old.lock"))
    assert [word for word, _ in _printed(project / "build" / "deck.pdf")] == ["Birch", "Dahlia", "Elder"]
    said = _fine(cardforge(project, "build", "pdf", "-o", "none.pdf", "--changed-since", "cardforge.lock")).stderr
    assert "pdf: No card changed since cardforge.lock: there is nothing to print" in said
    assert not (project / "none.pdf").exists()


def test_a_card_that_had_gone_when_the_lock_was_written_is_printed_when_it_is_back(project: Path) -> None:
    kept = (project / "cards" / "a.md").read_bytes()
    write(project, {"cards/a.md": _cards(WORDS[:2])})
    _fine(cardforge(project, "build", "anki"))
    write(project, {"cards/a.md": kept})
    _fine(cardforge(project, "build", "pdf", "--changed-since", "cardforge.lock"))
    assert _printed(project / "build" / "deck.pdf") == [("Cedar", "3 / 4")]


def test_where_nothing_changed_nothing_is_written(project: Path) -> None:
    pdf = project / "build" / "deck.pdf"
    before = (pdf.read_bytes(), pdf.stat().st_mtime_ns)
    for more in ([], ["--dry-run"]):
        run = _fine(cardforge(project, "build", "pdf", "--changed-since", "old.lock", *more))
        assert run.stderr.splitlines()[0] == (
            "pdf: No card changed since old.lock: there is nothing to print, and an earlier PDF stays as it is."
        )
        assert "Nothing was written" not in run.stderr
    assert (pdf.read_bytes(), pdf.stat().st_mtime_ns) == before
    assert _fine(cardforge(project, "build", "pdf", "--changed-since", "old.lock", "-o", "-")).out == b""
    assert _fine(cardforge(project, "build", "pdf", "-q", "--changed-since", "old.lock")).stderr == ""


def test_build_all_prints_what_changed_and_makes_the_others_whole(project: Path) -> None:
    _edit(project)
    page = project / "build" / "deck.html"
    page.unlink()
    said = _fine(cardforge(project, "build", "all", "--changed-since", "build/deck.apkg")).stderr
    assert [word for word, _ in _printed(project / "build" / "deck.pdf")] == ["Birch", "Dahlia", "Elder"]
    assert "anki: 5 cards →" in said
    assert "html: 5 cards →" in said
    assert all(word in page.read_text("utf-8") for word in WORDS)
    again = _fine(cardforge(project, "build", "all", "--changed-since", "build/deck.apkg")).stderr
    assert "pdf: No card changed since build/deck.apkg" in again
    assert "anki: 5 cards →" in again


def test_of_a_split_print_only_the_decks_with_changes_are_made(project: Path) -> None:
    write(project, {"cards/b.md": _cards(WORDS[3:])})
    said = _fine(cardforge(project, "build", "pdf", "--split", "-o", "out/", "--changed-since", "old.lock")).stderr
    assert [path.name for path in (project / "out").iterdir()] == ["b.pdf"]
    assert _printed(project / "out" / "b.pdf") == [("Elder", "2 / 2")]
    assert "pdf: 1 of 2 cards, new or changed since old.lock, → out/b.pdf" in said


def test_cards_of_no_project_are_compared_with_their_package(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": _cards(WORDS[:3])})
    _fine(cardforge(tmp_path, "build", "anki", "a.md", "-o", "a.apkg"))
    write(tmp_path, {"a.md": _cards(WORDS[:2]) + "\n" + _cards(WORDS[2:3], "a tree")})
    _fine(cardforge(tmp_path, "build", "pdf", "a.md", "-o", "a.pdf", "--changed-since", "a.apkg"))
    assert _printed(tmp_path / "a.pdf") == [("Cedar", "3 / 3")]


def test_a_picture_that_changed_is_a_change_of_its_card(project: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="{}" height="9"/></svg>'
    pictured = f"{_cards(WORDS[:3])}\nQ: What is Elder?\nA: ![Elder](e.svg)\n"
    write(project, {"cards/a.md": pictured, "cards/e.svg": drawing.format(9)})
    _fine(cardforge(project, "build", "anki"))
    write(project, {"cards/e.svg": drawing.format(5)})
    _fine(cardforge(project, "build", "pdf", "--changed-since", "cardforge.lock"))
    assert _printed(project / "build" / "deck.pdf") == [("Elder", "4 / 5")]


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        (
            "gone.lock",
            None,
            3,
            "gone.lock: error[unreadable-file]: The file cannot be read: No such file or directory.",
        ),
        ("cards", None, 3, "cards: error[unreadable-file]: The file cannot be read: Is a directory."),
        (
            "text.md",
            b"# No lock\n",
            1,
            "text.md:1:1: error[bad-lock]: The lock cannot be used. It is no cardforge lock.",
        ),
        ("empty", b"", 1, "empty:1:1: error[bad-lock]: The lock cannot be used. It is no cardforge lock."),
        ("bytes", b"\xff\xfe\x00", 1, "bytes:1:1: error[bad-lock]: The lock cannot be used. It is not UTF-8."),
        (
            "half.lock",
            b"# cardforge lock 1\n",
            1,
            "half.lock:2:1: error[bad-lock]: The lock cannot be used. Its last line",
        ),
        ("not.apkg", b"PK\x03\x04 and no more", 1, "not.apkg: error[bad-lock]: No record of notes can be read from"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_a_file_that_tells_nothing_is_a_finding_and_nothing_is_written(
    project: Path, name: str, content: bytes | None, status: int, said: str
) -> None:
    if content is not None:
        write(project, {name: content})
    _edit(project)
    before = {path: path.read_bytes() for path in (project / "build").iterdir()}
    run = cardforge(project, "build", "all", "--changed-since", name)
    assert run.status == status
    assert run.stdout.startswith(said)
    assert "= Name a cardforge.lock, or a package that cardforge build anki wrote." in run.stdout
    assert "Nothing was written: 1 error" in run.stderr
    assert {path: path.read_bytes() for path in (project / "build").iterdir()} == before


def test_a_pipe_in_the_place_of_the_lock_is_no_file_to_wait_for(project: Path) -> None:
    os.mkfifo(project / "pipe")
    run = cardforge(project, "build", "pdf", "--changed-since", "pipe")
    assert (run.status, "pipe: error[unreadable-file]" in run.stdout) == (3, True)


@pytest.mark.parametrize("target", ["anki", "html"])
def test_what_is_not_printed_cannot_be_chosen_so(project: Path, target: str) -> None:
    run = cardforge(project, "build", target, "--changed-since", "old.lock")
    assert (run.status, run.stderr) == (
        2,
        "cardforge: --changed-since chooses what is printed: build pdf or all with it.\n",
    )
