"""``cardforge new`` and ``cardforge config`` as people meet them."""

import json
import tomllib
from pathlib import Path
from typing import Final

import pytest

from cardforge.config import KEYS
from cardforge.pipeline.start import template
from command import cardforge, write

KINDS: Final = {"flashcard", "self-check", "scenario", "choice", "cloze"}


def test_a_new_project_builds_without_a_word(tmp_path: Path) -> None:
    made = cardforge(tmp_path, "new", "cards")
    assert (made.status, made.stdout) == (0, "")
    assert "Next: cd cards, then cardforge build all" in made.stderr
    project = tmp_path / "cards"
    assert list(tmp_path.iterdir()) == [project]
    checked = cardforge(project, "check", "--strict")
    assert (checked.status, checked.stdout) == (0, "")
    built = cardforge(project, "build", "all", "--strict")
    assert (built.status, built.stdout) == (0, "")
    assert "namespace" not in built.stderr
    assert {path.suffix for path in (project / "build").iterdir()} == {".apkg", ".pdf", ".html"}
    cards = json.loads(cardforge(project, "list", "--format", "json").stdout)
    assert {card["kind"] for card in cards} == KINDS
    assert {Path(card["file"]).suffix for card in cards} == {".md", ".mdx"}
    assert "eol=lf" in (project / ".gitattributes").read_text("utf-8")


def test_its_config_explains_every_key(tmp_path: Path) -> None:
    for name in ("a", "b"):
        cardforge(tmp_path, "new", name)
    texts = [(tmp_path / name / "cardforge.toml").read_text("utf-8") for name in ("a", "b")]
    spaces = [tomllib.loads(text)["namespace"] for text in texts]
    assert len(set(spaces)) == 2
    assert all(len(space) == 20 for space in spaces)
    targets = {"anki", "pdf", "html", "notes", "cloze", "components", "heading_level", "sections", "labels"}
    assert {key for key in KEYS if key not in texts[0]} <= targets


@pytest.mark.parametrize("name", sorted(template("x")))
def test_what_stands_there_is_never_touched(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: "mine"})
    done = cardforge(tmp_path, "new")
    assert (done.status, f"{name}: error[unwritable-output]" in done.stderr) == (3, True)
    assert [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


def test_a_folder_with_other_files_takes_a_project(tmp_path: Path) -> None:
    write(tmp_path, {"cards/mine.md": "Q: Why?\nA: So.\n", "notes.txt": "mine"})
    assert cardforge(tmp_path, "new", ".").status == 0
    assert (tmp_path / "cards" / "mine.md").read_text("utf-8") == "Q: Why?\nA: So.\n"
    assert (tmp_path / "cardforge.toml").is_file()


@pytest.mark.parametrize("arguments", [["new", "x", "-n"], ["-n", "new", "x"]])
def test_a_dry_run_makes_nothing(arguments: list[str], tmp_path: Path) -> None:
    done = cardforge(tmp_path, *arguments)
    assert (done.status, "Would write" in done.stderr, list(tmp_path.iterdir())) == (0, True, [])


@pytest.mark.parametrize("there", [{"x": "a file"}, {"x/cards": "a file"}])
def test_a_file_in_the_way_leaves_nothing_half_done(there: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, there)
    done = cardforge(tmp_path, "new", "x")
    assert (done.status, "error[unwritable-output]" in done.stderr) == (3, True)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == list(there)


def test_config_says_where_each_setting_comes_from(tmp_path: Path) -> None:
    config = 'title = "File"\nlanguage = "de"\nlabels = ["mehr"]\n\n[check]\nanswer_words = 60\n'
    write(tmp_path, {"cardforge.toml": config, "sub/.keep": ""})
    env = {"CARDFORGE_TITLE": "Told"}
    done = cardforge(tmp_path / "sub", "config", "--format", "json", "--ignore", "quality", env=env)
    rows = {row["key"]: (row["value"], row["from"]) for row in json.loads(done.stdout)}
    assert rows["title"] == ("Told", "CARDFORGE_TITLE")
    assert rows["language"] == ("de", "../cardforge.toml:2")
    assert rows["labels"] == (["mehr"], "../cardforge.toml:3")
    assert rows["check.answer_words"] == (60, "../cardforge.toml:6")
    assert rows["check.ignore"] == (["quality"], "--ignore")
    assert rows["name"] == (tmp_path.name, "default")
    assert {key.partition(".")[0] for key in rows} | {"anki", "pdf", "html"} >= set(KEYS)
    text = cardforge(tmp_path / "sub", "config", env=env).stdout
    assert 'title                   "Told"' in text
    assert text.startswith("project  ..\n")


def test_config_without_a_project_and_with_a_slip(tmp_path: Path) -> None:
    done = cardforge(tmp_path, "config")
    assert (done.status, "none here" in done.stdout) == (0, True)
    write(tmp_path, {"cardforge.toml": "titel = 1\n"})
    wrong = cardforge(tmp_path, "config")
    assert (wrong.status, "Did you mean title?" in wrong.stderr) == (1, True)


def test_a_build_says_that_no_namespace_is_set_and_what_a_filter_leaves_out(tmp_path: Path) -> None:
    cards = "Q: Why?\nA: So.\n\nTwo: {{c1::gaps}}.\n"
    write(
        tmp_path, {"cardforge.toml": "", "cards/a.md": cards, "cards/b.md": "<!-- card: tags=x -->\nQ: How?\nA: So.\n"}
    )
    assert cardforge(tmp_path, "build", "all").stderr.count("No namespace is set") == 1
    assert "No namespace" not in cardforge(tmp_path, "build", "html").stderr
    assert "No namespace" not in cardforge(tmp_path, "build", "anki", env={"CARDFORGE_NAMESPACE": "me"}).stderr
    assert "Only 1 of " in cardforge(tmp_path, "build", "anki", "--tag", "x").stderr
    assert "Only " not in cardforge(tmp_path, "build", "anki").stderr
