"""The settings of a project: ``cardforge.toml``, or ``[tool.cardforge]`` in ``pyproject.toml``."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Any

from cardforge.diagnostics import Code, Sink, Span
from cardforge.languages import tag_trouble
from cardforge.passage import split_lines
from cardforge.printing import DEFAULTS, read_options
from cardforge.printing import KEYS as PRINTED
from cardforge.profile import Profile, names_of, read_profile
from cardforge.values import dataclass
from cardforge.vocabulary import KEYS as TAUGHT
from cardforge.vocabulary import Vocabulary, nearest, taught

DEFAULT_NAMESPACE = "cardforge"
"""Enters the GUIDs of a project that sets none: two authors who both leave it share the GUIDs of equal questions."""

_TEXT_KEYS = ("name", "title", "namespace", "language", "source_url")
_EMPTY = ("anki", "html")
_TABLES = ("anki", "pdf", "html", "check")
KEYS = ("name", "title", "sources", "namespace", "language", "source_url", *TAUGHT, *_TABLES)
_VARIABLES = {key: f"CARDFORGE_{key.upper()}" for key in _TEXT_KEYS}
_FILE_NAME = re.compile(r"[^/\\:\x00-\x1f]*")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. ``root`` is the project's folder, None for a one-off run without a project.

    ``origins`` says where each setting comes from that is no default, by its key; "." joins a table and its key.
    """

    root: Path | None
    file: str = ""
    name: str = ""
    title: str = ""
    sources: tuple[str, ...] = ("cards",)
    namespace: str = DEFAULT_NAMESPACE
    language: str = "en"
    source_url: str = ""
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    pdf: Mapping[str, Any] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    origins: Mapping[str, str] = field(default_factory=dict)


Plain = str | int | bool | list[str] | dict[str, list[str]] | dict[str, dict[str, list[str]]]
"""What a setting's value is where it is shown."""


def settings_in_force(settings: Settings) -> list[tuple[str, Plain]]:
    """Every key and its value, whether it was set or not; "." joins a table and its key."""
    words, profile = settings.vocabulary, settings.profile
    components = {
        name: {part: list(props) for part, props in asdict(each).items() if props}
        for name, each in words.components.items()
    }
    return [
        ("name", settings.name or (settings.root.name if settings.root else "")),
        ("title", settings.title),
        ("sources", list(settings.sources)),
        ("namespace", settings.namespace),
        ("language", settings.language),
        ("source_url", settings.source_url),
        ("sections", {str(kind): list(titles) for kind, titles in words.sections.items()}),
        ("labels", sorted(words.labels)),
        ("components", components),
        ("heading_level", words.heading_level),
        ("notes", words.notes),
        ("cloze", "highlight" if words.highlight else "braces"),
        *((f"pdf.{key}", settings.pdf.get(key, default)) for key, default in DEFAULTS.items()),
        ("check.select", names_of(profile.select)),
        ("check.ignore", names_of(profile.ignore)),
        ("check.per_file_ignores", {glob: names_of(codes) for glob, codes in profile.files}),
        ("check.question_words", profile.question_words),
        ("check.answer_words", profile.answer_words),
        ("check.list_items", profile.list_items),
    ]


def find_project(start: Path) -> Path | None:
    """The config file of the nearest project at or above ``start``, or None."""
    for folder in (start, *start.parents):
        own = folder / "cardforge.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and _has_table(shared):
            return shared
    return None


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml speaks of us; one that is no TOML does where it looks like it, and is reported."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return False
    if "cardforge" not in text:
        return False
    try:
        return _ours(tomllib.loads(text)) is not None
    except (tomllib.TOMLDecodeError, RecursionError):
        return re.search(r"^\s*\[tool\.cardforge[\].]", text, re.MULTILINE) is not None


def _ours(data: dict[str, Any]) -> dict[str, Any] | None:
    tool = data.get("tool")
    ours = tool.get("cardforge") if isinstance(tool, dict) else None
    return ours if isinstance(ours, dict) else None


def load_settings(start: Path, environment: Mapping[str, str], sink: Sink) -> Settings:
    """The settings for a run in ``start``: the environment over the project's file over the defaults."""
    path = find_project(start)
    settings = Settings(None) if path is None else _load(path, Path(os.path.relpath(path, start)).as_posix(), sink)
    told = {key: environment[name] for key, name in _VARIABLES.items() if environment.get(name)}
    if not _FILE_NAME.fullmatch(told.get("name", "")):
        hint = f"Choose a plain word for {_VARIABLES['name']}."
        sink.add(Code.BAD_CONFIG, Span(""), f"{_VARIABLES['name']} becomes a file's name: no / \\ or : in it.", hint)
        del told["name"]
    if trouble := tag_trouble(told.get("language", "")):
        sink.add(Code.BAD_CONFIG, Span(""), f"{_VARIABLES['language']} is no BCP 47 tag.", trouble)
        del told["language"]
    origins = {**settings.origins, **{key: _VARIABLES[key] for key in told}}
    return replace(settings, origins=origins, **told)  # type: ignore[arg-type] # all of them are texts


def _load(path: Path, shown: str, sink: Sink) -> Settings:
    nothing = Settings(path.parent, shown)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        told = f"The config cannot be read: {error.strerror}."
        sink.add(Code.UNREADABLE_FILE, Span(shown), told, "Give yourself the right to read it.")
        return nothing
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        told = f"The byte 0x{error.object[error.start]:02X} is not UTF-8."
        sink.add(Code.NOT_UTF8, Span(shown, line, column, line, column + 1), told, "Save the config as UTF-8.")
        return nothing
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        last = len(split_lines(text)) or 1  # without a place, it is the end of the file that came too early
        line, column = (int(place[1]), int(place[2])) if place else (last, 1)
        told = re.sub(r" \(at .*\)$", "", str(error))
        hint = 'Write key = "value", one a line, texts in quotes.'
        span = Span(shown, line, column, line, column + 1)
        sink.add(Code.BAD_CONFIG, span, f"The config is not valid TOML: {told}.", hint)
        return nothing
    if path.name == "pyproject.toml":
        data = _ours(data) or {}
    return _checked(path, shown, text, data, sink)


def _checked(path: Path, shown: str, text: str, data: dict[str, Any], sink: Sink) -> Settings:
    above = ("tool", "cardforge") if path.name == "pyproject.toml" else ()

    def complain(code: Code, message: str, hint: str, *keys: str) -> None:
        sink.add(code, _place(shown, text, (*above, *keys)), message, hint)

    def doubt(message: str, hint: str, *keys: str, unknown: bool = False) -> None:
        complain(Code.UNKNOWN_KEY if unknown else Code.BAD_CONFIG, message, hint, *keys)

    def place(*keys: str) -> str:
        return f"{shown}:{_place(shown, text, (*above, *keys)).line}"

    found: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key, value in data.items():
        if key not in KEYS:
            complain(Code.UNKNOWN_KEY, f"The config has no key {key}.", nearest(key, KEYS), key)
        elif key in _TEXT_KEYS and not isinstance(value, str):
            complain(Code.BAD_CONFIG, f"{key} has to be a text in quotes.", f'Write {key} = "…".', key)
        elif key == "sources" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            complain(Code.BAD_CONFIG, "sources has to be a list of texts.", 'Write sources = ["cards"].', key)
        elif key in _TABLES and not isinstance(value, dict):
            complain(Code.BAD_CONFIG, f"{key} has to be a table.", f"Write [{key}] and its keys below it.", key)
        elif key in _EMPTY:
            for inner in value:
                told = f"The table [{key}] has no key {inner}."
                complain(Code.UNKNOWN_KEY, told, "It has no keys yet: take it out.", key, inner)
        elif key == "pdf":
            found["pdf"] = _printed(value, doubt)
            origins |= {f"{key}.{inner}": place(key, inner) for inner in found["pdf"]}
        elif key == "check":
            found["profile"] = read_profile(value, doubt)
            origins |= {f"{key}.{inner}": place(key, inner) for inner in value}
        elif key == "language" and (trouble := tag_trouble(value)):
            complain(Code.BAD_CONFIG, f"The language {value} is no BCP 47 tag.", trouble, key)
        else:
            if key not in TAUGHT:
                found[key] = tuple(value) if key == "sources" else value
            origins[key] = place(key)
    if not _FILE_NAME.fullmatch(found.get("name", "")):
        told = "name becomes a file's name: no / \\ or : in it."
        complain(Code.BAD_CONFIG, told, "Choose a plain word.", "name")
        del found["name"], origins["name"]
    vocabulary = taught(Vocabulary(), data, doubt)
    return Settings(root=path.parent, file=shown, vocabulary=vocabulary, origins=origins, **found)


def _printed(told: Mapping[str, Any], doubt: Callable[..., None]) -> dict[str, Any]:
    """What the table ``[pdf]`` says that makes sense."""
    for key in told:
        if key not in PRINTED:
            doubt(f"The table [pdf] has no key {key}.", nearest(key, PRINTED), "pdf", key, unknown=True)
    found = {key: value for key, value in told.items() if key in PRINTED}
    wrong: set[str] = set()

    def complain(key: str, message: str, hint: str) -> None:
        wrong.add(key)
        doubt(message, hint, "pdf", key)

    read_options(found, complain)
    return {key: value for key, value in found.items() if key not in wrong}


_TABLE = re.compile(r"^\s*\[\[?(?P<keys>[^\]#]+)\]")
_KEY = re.compile(r"^\s*(?P<keys>[^=#\[\]{}]+?)\s*=")


def _place(shown: str, text: str, wanted: tuple[str, ...]) -> Span:
    """Where a key stands, by its whole path: the first line that is about it."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(split_lines(text), 1):
        opened = _TABLE.match(line)
        match = opened or _KEY.match(line)
        if match is None:
            continue
        keys = tuple(part.strip(" \t\"'") for part in match["keys"].split("."))
        table = keys if opened else table
        if (keys if opened else (*table, *keys))[: len(wanted)] == wanted:
            return Span(shown, number, match.start("keys") + 1, number, match.end("keys") + 1)
    return Span(shown, 1, 1, 1, 2)
