"""Front matter: the YAML between two ``---`` lines at the very top of a file."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field
from typing import Any, Final

import yaml

from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.languages import tag_trouble
from cardforge.passage import Line
from cardforge.values import dataclass
from cardforge.vocabulary import KEYS as TAUGHT
from cardforge.vocabulary import Vocabulary, nearest, taught

KEYS = ("deck", "tags", "lang", "source", "title")
_LONGEST = 64 * 1024
_MOST_BRACKETS = 1000
_KEY = re.compile(r"\w[\w.-]*\s*:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says about a file; "" or () where it is silent.

    ``vocabulary`` is the project's, with what the file adds to it.
    """

    deck: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    source: str = ""
    title: str = ""
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


def read_front_matter(
    file: str, lines: Sequence[Line], vocabulary: Vocabulary, sink: Sink
) -> tuple[FrontMatter, Sequence[Line]]:
    """The front matter and the lines after it. Foreign keys are ignored; unknown ones under ``cardforge:`` reported."""
    nothing = FrontMatter(vocabulary=vocabulary)
    if not lines or lines[0].text.rstrip() != "---":
        return nothing, lines
    end = next((i for i, line in enumerate(lines) if i and line.text.rstrip() in ("---", "...")), None)
    if end is None:
        if any(":" in line.text for line in lines[1:3]):
            _complain(
                sink, Span(file, 1, 1, 1, 4), "The front matter opened here is never closed.", "Close it with ---."
            )
        return nothing, lines[1:]
    if not lines[1].text.strip() and not any(_KEY.match(line.text) for line in lines[1:end]):
        # Two rules with prose between them.
        return nothing, lines
    data = _load(file, lines[1:end], sink)
    rest = lines[end + 1 :]
    if data is None:
        return nothing, rest
    ours = data.get("cardforge")
    if ours is not None and not isinstance(ours, dict):
        place = _place(file, lines[1:end], "cardforge")
        _complain(sink, place, "cardforge: in the front matter has to hold keys of its own.", "Indent them below it.")
        ours = None
    for key in ours or {}:
        if key not in (*KEYS, *TAUGHT):
            place = _place(file, lines[1:end], str(key))
            known = nearest(str(key), (*KEYS, *TAUGHT))
            sink.add(Code.UNKNOWN_KEY, place, f"Unknown key {key} under cardforge:.", known)
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
    if trouble := tag_trouble(_text(merged.get("lang"))):
        told = f"The language {_text(merged['lang'])} is no BCP 47 tag."
        _complain(sink, _place(file, lines[1:end], "lang"), told, trouble)
        del merged["lang"]

    def complain(message: str, hint: str, *keys: str, unknown: bool = False) -> None:
        code = Code.UNKNOWN_KEY if unknown else Code.BAD_FRONT_MATTER
        sink.add(code, _place(file, lines[1:end], keys[-1]), message, hint.replace(" = ", ": "))

    return (
        FrontMatter(
            deck=_text(merged.get("deck")),
            tags=_tags(merged.get("tags")),
            lang=_text(merged.get("lang")),
            source=_text(merged.get("source")),
            title=_text(merged.get("title")),
            vocabulary=taught(vocabulary, ours or {}, complain),
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
        data, repeated = read_yaml(text), _repeated(text)
    except yaml.MarkedYAMLError as error:
        _report_yaml(file, lines, error, sink)
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
    for key in repeated:
        _report_repeated(file, lines, key, sink)
    return data


_MAY_BE_KEY: Final = re.compile(r"([\w-]+)[\"']?[ \t]*:")


def _repeated(text: str) -> list[yaml.ScalarNode]:
    """The keys of ours that stand once more: YAML takes the last of them, and says nothing. Raises as YAML does."""
    names = _MAY_BE_KEY.findall(text)
    if len(set(names)) == len(names):
        return []
    found: list[yaml.ScalarNode] = []
    mappings = [yaml.compose(text, Loader=yaml.BaseLoader)]
    for mapping in mappings:
        seen: set[str] = set()
        for key, value in mapping.value if isinstance(mapping, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode) or key.value not in (*KEYS, *TAUGHT, "cardforge"):
                continue
            if key.value in seen:
                found.append(key)
            seen.add(key.value)
            if key.value == "cardforge" and mapping is mappings[0]:
                mappings.append(value)
    return found


def _report_repeated(file: str, lines: Sequence[Line], key: yaml.ScalarNode, sink: Sink) -> None:
    line = lines[key.start_mark.line]
    start, end = line.column_at(key.start_mark.column), line.column_at(key.end_mark.column)
    told = f"{key.value} stands here once more, and what it said before is lost."
    span = Span(file, line.number, start, line.number, end)
    sink.add(Code.BAD_FRONT_MATTER, span, told, "Keep one of them.", Severity.WARNING)


_PAIRS: Final = {"[": "]", "{": "}"}
_NOT_CLOSED: Final = {
    "[": ("This bracket is not closed", "Write ] where the list ends."),
    "{": ("This brace is not closed", "Write } where it ends."),
    "quote": ("This quotation mark is not closed", "Write another one where the value ends."),
}
_QUOTE: Final = "Quote values that hold : or #."
_MENDS: Final = (
    (r"'\\t' that cannot start", "Write a blank in the place of the tab."),
    (r"cannot start any token|alias", "Quote the value: to YAML the sign it begins with is no text."),
    (r"escape|hexadecimal", "Write every backslash twice, or put the value between single quotation marks."),
)


def _report_yaml(file: str, lines: Sequence[Line], error: yaml.MarkedYAMLError, sink: Sink) -> None:
    began = _not_closed(lines, error)
    mark = error.context_mark if began else error.problem_mark or error.context_mark
    row, column = (mark.line, mark.column) if mark else (0, 0)
    if row >= len(lines):  # it is the end that came too early
        row, column = len(lines) - 1, len(lines[-1].text)
    text = lines[row].text
    message, mend = began or (f"The front matter is no YAML: {error.problem}", _QUOTE)
    if not began:
        mend = next((mend for found, mend in _MENDS if re.search(found, error.problem or "")), mend)
        if text[:1].isspace() and ":" not in text[:column]:
            mend = "Begin the key where the one above it begins."
        elif mend is _QUOTE and ("'" in text[:column] or '"' in text[:column]):
            mend = "Quote the value as a whole, with marks that it does not hold."
    number, column = lines[row].number, lines[row].column_at(column)
    place = Span(file, number, column, number, min(column + 1, lines[row].column_at(len(text))))
    _complain(sink, place, f"{message}.", mend)


def _not_closed(lines: Sequence[Line], error: yaml.MarkedYAMLError) -> tuple[str, str] | None:
    """What to say where something that was opened is not closed, as far as YAML came: there is the mistake."""
    mark = error.context_mark
    if mark is None or error.context is None:
        return None
    if error.context == "while scanning a quoted scalar":
        return _NOT_CLOSED["quote"]
    rest = "\n".join(line.text for line in lines[mark.line :])[mark.column :]
    opener = rest[:1]
    open_yet = opener in _PAIRS and "flow" in error.context and rest.count(opener) > rest.count(_PAIRS[opener])
    return _NOT_CLOSED[opener] if open_yet else None


READ_ALIKE: Final = re.compile(r"[ -=?-{}~\n]*")
"""What PyYAML's own reader and the one in C read alike; not so tabs, what is beyond ASCII, heads of blocks."""


def read_yaml(text: str) -> Any:
    """The texts, lists and dictionaries of YAML. What the reader in C refuses, PyYAML's own words."""
    if yaml.__with_libyaml__ and READ_ALIKE.fullmatch(text):
        with suppress(yaml.YAMLError):
            return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - base loaders make nothing else
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - the same


def _complain(sink: Sink, span: Span, message: str, hint: str) -> None:
    sink.add(Code.BAD_FRONT_MATTER, span, message, hint)


def _place(file: str, lines: Sequence[Line], key: str) -> Span:
    """Where a key stands: at the beginning of a line, or in braces."""
    for pattern in (r"^[\s-]*[\"']?(?P<key>%s)[\"']?\s*:", r"(?<![\w-])(?P<key>%s)[\"']?(?:\s*:|\s*[],}])"):
        for line in lines:
            if found := re.search(pattern % re.escape(key), line.text):
                at = found.start("key")
                return Span(file, line.number, line.column_at(at), line.number, line.column_at(at + len(key)))
    return Span(file, 1, 1, 1, 4)


def _text(value: object) -> str:
    return "" if value in (None, "~", "null") else " ".join(str(value).split())


def _tags(value: object) -> tuple[str, ...]:
    if value in (None, "~", "null"):
        return ()
    parts = value if isinstance(value, list) else str(value).split(",") if "," in str(value) else str(value).split()
    return tuple("_".join(str(part).split()) for part in parts if str(part).strip())
