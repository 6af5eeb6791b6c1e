"""Front matter: the YAML between two ``---`` lines at the very top of a file."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from cardforge.diagnostics import Code, Sink, Span
from cardforge.passage import Line

KEYS = ("deck", "tags", "lang", "source", "title")
_LONGEST = 64 * 1024
_MOST_BRACKETS = 1000
_KEY = re.compile(r"\w[\w.-]*\s*:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says about a file; "" or () where it is silent."""

    deck: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    source: str = ""
    title: str = ""


def read_front_matter(file: str, lines: Sequence[Line], sink: Sink) -> tuple[FrontMatter, Sequence[Line]]:
    """The front matter and the lines after it. Foreign keys are ignored; unknown ones under ``cardforge:`` reported."""
    if not lines or lines[0].text.rstrip() != "---":
        return FrontMatter(), lines
    end = next((i for i, line in enumerate(lines) if i and line.text.rstrip() in ("---", "...")), None)
    if end is None:
        if any(":" in line.text for line in lines[1:3]):
            _complain(
                sink, Span(file, 1, 1, 1, 4), "The front matter opened here is never closed.", "Close it with ---."
            )
        return FrontMatter(), lines[1:]
    if not lines[1].text.strip() and not any(_KEY.match(line.text) for line in lines[1:end]):
        # Two rules with prose between them.
        return FrontMatter(), lines
    data = _load(file, lines[1:end], sink)
    rest = lines[end + 1 :]
    if data is None:
        return FrontMatter(), rest
    ours = data.get("cardforge")
    if ours is not None and not isinstance(ours, dict):
        place = _place(file, lines[1:end], "cardforge")
        _complain(sink, place, "cardforge: in the front matter has to hold keys of its own.", "Indent them below it.")
        ours = None
    for key in ours or {}:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, 1)
            known = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(KEYS)}."
            sink.add(
                Code.UNKNOWN_KEY, _place(file, lines[1:end], str(key)), f"Unknown key {key} under cardforge:.", known
            )
    merged = {**{key: data[key] for key in KEYS if key in data}, **{k: v for k, v in (ours or {}).items() if k in KEYS}}
    for key in ("deck", "lang", "source", "title"):
        if isinstance(merged.get(key), dict | list):
            _complain(sink, _place(file, lines[1:end], key), f"{key} has to be a text.", f"Write {key}: words.")
            del merged[key]
    tags = merged.get("tags")
    if isinstance(tags, dict) or (isinstance(tags, list) and any(isinstance(tag, dict | list) for tag in tags)):
        _complain(
            sink, _place(file, lines[1:end], "tags"), "tags has to be a list of words.", "Write tags: [one, two]."
        )
        del merged["tags"]
    return (
        FrontMatter(
            deck=_text(merged.get("deck")),
            tags=_tags(merged.get("tags")),
            lang=_text(merged.get("lang")),
            source=_text(merged.get("source")),
            title=_text(merged.get("title")),
        ),
        rest,
    )


def _load(file: str, lines: Sequence[Line], sink: Sink) -> dict[object, object] | None:
    text = "\n".join(line.text for line in lines)
    if len(text) > _LONGEST:
        _complain(sink, Span(file, 1, 1, 1, 4), "The front matter is longer than 64 KiB.", "Close it with --- sooner.")
        return None
    if len(re.findall(r"[\[{]|- -", text)) > _MOST_BRACKETS:
        _complain(
            sink, Span(file, 1, 1, 1, 4), "The front matter has too many brackets.", "Write one key: value a line."
        )
        return None
    try:
        # Every value is a text: a language "no" is Norwegian and not false, a title "2024" no number.
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes texts, lists and dicts only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row, column = (mark.line, mark.column) if mark else (0, 0)
        number = lines[min(row, len(lines) - 1)].number if lines else 1
        place = Span(file, number, column + 1, number, column + 2)
        _complain(sink, place, f"The front matter is no YAML: {error.problem}.", "Quote values that hold : or #.")
        return None
    except (yaml.YAMLError, ValueError, RecursionError):
        _complain(
            sink, Span(file, 1, 1, 1, 4), "The front matter cannot be read as YAML.", "Write one key: value a line."
        )
        return None
    if data is None or data == "":
        return {}
    if not isinstance(data, dict):
        _complain(sink, Span(file, 1, 1, 1, 4), "The front matter holds no keys.", "Write one key: value a line.")
        return None
    return data


def _complain(sink: Sink, span: Span, message: str, hint: str) -> None:
    sink.add(Code.BAD_FRONT_MATTER, span, message, hint)


def _place(file: str, lines: Sequence[Line], key: str) -> Span:
    for line in lines:
        if line.text.lstrip().startswith(f"{key}:"):
            column = len(line.text) - len(line.text.lstrip()) + 1
            return Span(file, line.number, column, line.number, column + len(key))
    return Span(file, 1, 1, 1, 4)


def _text(value: object) -> str:
    return "" if value in (None, "~", "null") else " ".join(str(value).split())


def _tags(value: object) -> tuple[str, ...]:
    if value in (None, "~", "null"):
        return ()
    parts = value if isinstance(value, list) else str(value).split(",") if "," in str(value) else str(value).split()
    return tuple("_".join(str(part).split()) for part in parts if str(part).strip())
