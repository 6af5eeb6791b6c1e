"""The settings of a project: where they are found, what they mean, and what is said about slips."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from cardforge.config import DEFAULT_NAMESPACE, KEYS, Settings, load_settings
from cardforge.diagnostics import Code, Diagnostic, Sink
from cardforge.model import Kind
from cardforge.source.front_matter import KEYS as FILE_KEYS
from cardforge.vocabulary import KEYS as TAUGHT
from cardforge.vocabulary import Component
from command import ROOT, write

FULL: Final = """# A course.
name = "course"
title = "A course"
sources = ["cards", "more/a.md"]
namespace = "me/course"
language = "de"
source_url = "https://example.org/course"
labels = ["enthüllen", "Zum Ergebnis"]
heading_level = 3
notes = true
cloze = "highlight"

[sections]
self-check = ["Lernkontrolle  2"]
flashcard = "Kärtchen"

[components.RevealCard]
question = "prompt"
answer = ["solution", "Reply"]

[anki]

[pdf]

[html]

[check]
"""


def _load(folder: Path, env: Mapping[str, str] | None = None) -> tuple[Settings, list[Diagnostic]]:
    sink = Sink()
    return load_settings(folder, env or {}, sink), list(sink)


def _one(folder: Path, text: str | bytes, file: str = "cardforge.toml") -> Diagnostic:
    _, found = _load(write(folder, {file: text}))
    assert len(found) == 1, found
    return found[0]


def test_without_a_config_there_is_no_project(tmp_path: Path) -> None:
    settings, found = _load(tmp_path)
    assert (settings.root, settings.namespace, settings.sources, found) == (None, DEFAULT_NAMESPACE, ("cards",), [])


def test_every_key_is_read(tmp_path: Path) -> None:
    settings, found = _load(write(tmp_path, {"cardforge.toml": FULL}))
    assert found == []
    assert settings.root == tmp_path
    assert settings.sources == ("cards", "more/a.md")
    assert (settings.name, settings.title, settings.namespace) == ("course", "A course", "me/course")
    assert (settings.language, settings.source_url) == ("de", "https://example.org/course")
    words = settings.vocabulary
    assert words.labels == {"enthüllen", "zum", "ergebnis"}
    assert words.sections == {Kind.SELF_CHECK: ("lernkontrolle 2",), Kind.FLASHCARD: ("kärtchen",)}
    assert words.components == {"RevealCard": Component(("prompt",), ("solution", "Reply"))}
    assert (words.heading_level, words.notes, words.highlight) == (3, True, True)
    assert all(key in FULL for key in KEYS)


def test_an_empty_config_makes_a_project_of_defaults(tmp_path: Path) -> None:
    settings, found = _load(write(tmp_path, {"cardforge.toml": ""}))
    assert (settings.root, settings.namespace, settings.language, found) == (tmp_path, DEFAULT_NAMESPACE, "en", [])


def test_the_nearest_config_at_or_above_counts(tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": 'name = "outer"', "a/cardforge.toml": 'name = "inner"', "a/b/c/.keep": ""})
    settings, _ = _load(tmp_path / "a" / "b" / "c")
    assert (settings.name, settings.root, settings.file) == ("inner", tmp_path / "a", "../../cardforge.toml")
    assert _load(tmp_path)[0].name == "outer"


@pytest.mark.parametrize(
    "text",
    [
        '[tool.cardforge]\nname = "x"\n',
        '[ tool . cardforge ]\nname = "x"\n',
        'tool.cardforge.name = "x"\n',
        '[tool]\ncardforge = { name = "x" }\n',
    ],
)
def test_a_pyproject_that_speaks_of_us_is_a_project(text: str, tmp_path: Path) -> None:
    settings, found = _load(write(tmp_path, {"pyproject.toml": f'project.name = "other"\n{text}'}))
    assert (settings.root, settings.name, found) == (tmp_path, "x", [])


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "cardforge"\n',
        '[tool.other]\nx = "[tool.cardforge]"\n',
        'tool = "cardforge"\n',
        '[tool]\ncardforge = "x"\n',
        "= broken, and no word of us",
    ],
)
def test_any_other_pyproject_is_none(text: str, tmp_path: Path) -> None:
    settings, found = _load(write(tmp_path, {"pyproject.toml": text}))
    assert (settings.root, found) == (None, [])


def test_our_own_file_comes_before_a_pyproject(tmp_path: Path) -> None:
    both = {"cardforge.toml": 'name = "own"', "pyproject.toml": '[tool.cardforge]\nname = "shared"'}
    assert _load(write(tmp_path, both))[0].name == "own"


@pytest.mark.parametrize(
    ("text", "code", "place", "said"),
    [
        ('nmae = "x"\n', Code.UNKNOWN_KEY, (1, 1, 5), "Did you mean name?"),
        ('# c\n"namspace" = "x"\n', Code.UNKNOWN_KEY, (2, 1, 11), "Did you mean namespace?"),
        ("zzz = 1\n", Code.UNKNOWN_KEY, (1, 1, 4), "Known are name, title"),
        ("[zzz]\nname = 1\n", Code.UNKNOWN_KEY, (1, 2, 5), "Known are"),
        ("[anki]\npapr = 1\n", Code.UNKNOWN_KEY, (2, 1, 5), "no keys yet"),
        ("title = 3\n", Code.BAD_CONFIG, (1, 1, 6), 'title = "…"'),
        ('sources = "cards"\n', Code.BAD_CONFIG, (1, 1, 8), 'sources = ["cards"]'),
        ("sources = [1]\n", Code.BAD_CONFIG, (1, 1, 8), 'sources = ["cards"]'),
        ("  anki = 1\n", Code.BAD_CONFIG, (1, 3, 7), "[anki]"),
        ('language = "english"\n', Code.BAD_CONFIG, (1, 1, 9), "Did you mean en?"),
        ('language = "pt_BR"\n', Code.BAD_CONFIG, (1, 1, 9), "Did you mean pt-BR?"),
        ("labels = 3\n", Code.BAD_CONFIG, (1, 1, 7), 'labels = ["reveal"]'),
        ("heading_level = 7\n", Code.BAD_CONFIG, (1, 1, 14), "heading_level = 3"),
        ("heading_level = true\n", Code.BAD_CONFIG, (1, 1, 14), "heading_level = 3"),
        ('notes = "maybe"\n', Code.BAD_CONFIG, (1, 1, 6), "notes = true"),
        ('cloze = "bold"\n', Code.BAD_CONFIG, (1, 1, 6), "highlight"),
        ("[sections]\nselfcheck = ['x']\n", Code.UNKNOWN_KEY, (2, 1, 10), "Did you mean self-check?"),
        ("[sections]\nscenario = 1\n", Code.BAD_CONFIG, (2, 1, 9), 'scenario = ["My title"]'),
        ("sections = ['x']\n", Code.BAD_CONFIG, (1, 1, 9), "self-check"),
        ("[components.Card]\nqestion = 'x'\n", Code.UNKNOWN_KEY, (2, 1, 8), "Did you mean question?"),
        ("[components]\nCard = 1\n", Code.BAD_CONFIG, (2, 1, 5), "question ="),
        ("[components.Card]\nanswer = 'a b'\n", Code.BAD_CONFIG, (2, 1, 7), 'answer = "prop"'),
        ('name = "a/b"\n', Code.BAD_CONFIG, (1, 1, 5), "plain word"),
        ('name = "a"\ntitle = No quotes\n', Code.BAD_CONFIG, (2, 9, 10), "in quotes"),
        ('name = "a"\nname = "b"\n', Code.BAD_CONFIG, (2, 11, 12), "key"),
        ('sources = ["a",\n', Code.BAD_CONFIG, (1, 1, 2), "key"),
        (f"title = {'[' * 100_000}", Code.BAD_CONFIG, (1, 1, 2), "key"),
        (b'name = "a"\ntitle = "\xe9"\n', Code.NOT_UTF8, (2, 10, 11), "UTF-8"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_slip_is_told_where_it_stands(
    text: str | bytes, code: Code, place: tuple[int, int, int], said: str, tmp_path: Path
) -> None:
    found = _one(tmp_path, text)
    assert (found.code, found.span.file) == (code, "cardforge.toml")
    assert (found.span.line, found.span.column, found.span.end_column) == place
    assert said in found.hint


def test_a_slip_in_a_pyproject_is_told_in_our_table(tmp_path: Path) -> None:
    text = '[project]\ntitel = "x"\n\n[tool.cardforge]\ntitel = "x"\n'
    found = _one(tmp_path / "a", text, "pyproject.toml")
    assert (found.span.file, found.span.line, found.hint) == ("pyproject.toml", 5, "Did you mean title?")
    inner = _one(tmp_path / "b", "[tool.cardforge]\n[tool.cardforge.pdf]\npapr = 1\n", "pyproject.toml")
    assert inner.span.line == 3


def test_a_broken_pyproject_that_speaks_of_us_is_told(tmp_path: Path) -> None:
    found = _one(tmp_path, "[tool.cardforge]\nname = \n", "pyproject.toml")
    assert (found.code, found.span.line) == (Code.BAD_CONFIG, 2)


def test_a_config_of_an_editor_that_marks_its_byte_order_is_read(tmp_path: Path) -> None:
    assert _load(write(tmp_path, {"cardforge.toml": b'\xef\xbb\xbfname = "x"'}))[0].name == "x"


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": 'title = "File"\nlanguage = "de"\n'})
    env = {"CARDFORGE_TITLE": "Told", "CARDFORGE_NAMESPACE": "me", "CARDFORGE_LANGUAGE": "", "OTHER": "x"}
    settings, found = _load(tmp_path, env)
    assert (settings.title, settings.namespace, settings.language, found) == ("Told", "me", "de", [])


def test_a_name_from_the_environment_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    settings, (found,) = _load(tmp_path, {"CARDFORGE_NAME": "../up"})
    assert (settings.name, found.code) == ("", Code.BAD_CONFIG)
    assert "CARDFORGE_NAME" in found.message


def test_every_key_is_documented_in_its_order() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == KEYS
    said = text.partition("## For one file")[2].partition("```")[0]
    assert set(re.findall(r"`(\w+)`", said)) == {*FILE_KEYS, *TAUGHT}


def test_every_example_of_the_document_is_taken(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|(?:[^|]*\|){2} `([^|]*)` \|", text, re.MULTILINE)
    assert len(rows) == len(KEYS)
    for key, line in rows:
        assert _load(write(tmp_path / key, {"cardforge.toml": f"{line}\n"}))[1] == [], key
