"""The settings of a project: ``cardforge.toml``, or ``[tool.cardforge]`` in ``pyproject.toml``."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cardforge.diagnostics import Code, Sink, Span

DEFAULT_NAMESPACE = "cardforge"
"""Enters the GUIDs of a project that sets none: two authors who both leave it share the GUIDs of equal questions."""

_TEXT_KEYS = ("name", "title", "namespace", "language", "source_url")
_TABLES = ("anki", "pdf")
KEYS = ("name", "title", "sources", "namespace", "language", "source_url", *_TABLES)
_VARIABLES = {"namespace": "CARDFORGE_NAMESPACE", "language": "CARDFORGE_LANGUAGE", "title": "CARDFORGE_TITLE"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. ``root`` is the project's folder, None for a one-off run without a project."""

    root: Path | None
    file: str = ""
    name: str = ""
    title: str = ""
    sources: tuple[str, ...] = ("cards",)
    namespace: str = DEFAULT_NAMESPACE
    language: str = "en"
    source_url: str = ""
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


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
    try:
        return re.search(r"^\s*\[tool\.cardforge[\].]", path.read_text("utf-8", "replace"), re.MULTILINE) is not None
    except OSError:
        return False


def load_settings(start: Path, environment: Mapping[str, str], sink: Sink) -> Settings:
    """The settings for a run in ``start``: the environment over the project's file over the defaults."""
    path = find_project(start)
    if path is None:
        return _with_environment(Settings(None), environment)
    shown = Path(os.path.relpath(path, start)).as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        sink.add(
            Code.UNREADABLE_FILE, Span(shown), f"The config cannot be read: {error.strerror}.", "Check its rights."
        )
        return Settings(path.parent, shown)
    except UnicodeDecodeError:
        sink.add(Code.BAD_CONFIG, Span(shown), "The config is not UTF-8.", "Save it as UTF-8.")
        return Settings(path.parent, shown)
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        told = re.sub(r" \(at .*\)$", "", str(error))
        hint = 'Write key = "value", one a line.'
        sink.add(Code.BAD_CONFIG, Span(shown, line, column, line, column + 1), f"The config is no TOML: {told}.", hint)
        return Settings(path.parent, shown)
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("cardforge", {})
    return _with_environment(_checked(path.parent, shown, text, data, sink), environment)


def _checked(root: Path, shown: str, text: str, data: dict[str, Any], sink: Sink) -> Settings:
    def complain(code: Code, key: str, message: str, hint: str) -> None:
        sink.add(code, _place(shown, text, key), message, hint)

    found: dict[str, Any] = {}
    for key, value in data.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            known = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(KEYS)}."
            complain(Code.UNKNOWN_KEY, key, f"Unknown key {key} in the config.", known)
        elif key in _TEXT_KEYS and not isinstance(value, str):
            complain(Code.BAD_CONFIG, key, f"{key} has to be a text.", f'Write {key} = "…".')
        elif key == "sources" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            complain(Code.BAD_CONFIG, key, "sources has to be a list of texts.", 'Write sources = ["cards"].')
        elif key in _TABLES and not isinstance(value, dict):
            complain(Code.BAD_CONFIG, key, f"{key} has to be a table.", f"Write [{key}] and its keys below it.")
        elif key in _TABLES:
            for inner in value:
                complain(Code.UNKNOWN_KEY, inner, f"Unknown key {inner} in [{key}].", f"[{key}] has no keys yet.")
        else:
            found[key] = tuple(value) if key == "sources" else value
    if not re.fullmatch(r"[^/\\:\x00-\x1f]*", found.get("name", "")):
        complain(
            Code.BAD_CONFIG, "name", "name becomes a file's name and cannot hold / \\ or :.", "Choose a plain word."
        )
        del found["name"]
    return Settings(root=root, file=shown, **found)


def _place(shown: str, text: str, key: str) -> Span:
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(rf"\s*(?:\[\s*)?[\"']?({re.escape(key)})[\"']?\s*[=\].]", line)
        if match:
            return Span(shown, number, match.start(1) + 1, number, match.end(1) + 1)
    return Span(shown, 1, 1, 1, 1)


def _with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    from dataclasses import replace

    told = {key: environment[name] for key, name in _VARIABLES.items() if environment.get(name)}
    return replace(settings, **told) if told else settings  # type: ignore[arg-type] # all of them are texts
