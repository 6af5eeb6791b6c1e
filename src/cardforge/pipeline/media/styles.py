"""Styles of a drawing through a closed list: declarations of known properties whose values name nothing outside."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from cardforge.pipeline.media.svg_names import FUNCTIONS, PROPERTIES

LOCAL: Final = re.compile(r"""url\(\s*(["']?)#([^)"'\s]+)\1\s*\)""", re.IGNORECASE)
"""A reference to another element of the same drawing."""
_FORBIDDEN: Final = re.compile(r"[\\@<>{};\x00-\x08]|//|/\*|javascript", re.IGNORECASE)
_CALL: Final = re.compile(r"([\w-]*)\s*\(")
_COMMENT: Final = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SELECTOR: Final = re.compile(r"""[\w\s.#*>,:()\-="'\[\]+~^$|]+""")
_RULE: Final = re.compile(r"([^{}@;]*)\{([^{}]*)\}")
_FONT: Final = re.compile(
    r"(?P<before>(?:(?:normal|italic|oblique|bold|bolder|lighter|small-caps|[1-9]00)\s+)*)"
    r"(?P<size>[\d.]+(?:px|pt|em|ex|mm|in|cm|pc|%|rem))(?:\s*/\s*[\w.%]+)?\s+(?P<family>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_VALUE: Final = 2_000
MOST_RULES: Final = 1_000
"""Rules of a drawing that are read: a browser tries each on every element."""


def safe_value(value: str) -> str | None:
    """A property's value as it may stand; None if it could load, run or end anything."""
    value = " ".join(re.sub(r"!\s*important\s*$", "", value).split())
    if not value or len(value) > _LONGEST_VALUE or _FORBIDDEN.search(value):
        return None
    if any(name.lower() not in FUNCTIONS for name in _CALL.findall(value)):
        return None
    return None if "url" in LOCAL.sub("", value).lower() else LOCAL.sub(r"url(#\2)", value).replace('"', "'")


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """The declarations of a ``style`` attribute or of a rule that may stay; ``font`` in its parts."""
    for part in _COMMENT.sub(" ", text).split(";"):
        name, _, value = part.partition(":")
        name = name.strip().lower()
        if name == "font":
            yield from _font(value)
        elif name in PROPERTIES and (safe := safe_value(value)) is not None:
            yield name, safe


def _font(value: str) -> Iterator[tuple[str, str]]:
    """A ``font`` shorthand as its properties: not every renderer reads it."""
    safe = safe_value(value)
    parts = _FONT.fullmatch(safe) if safe else None
    if parts is None:
        return
    for word in parts["before"].lower().split():
        if word in ("italic", "oblique"):
            yield "font-style", word
        elif word == "small-caps":
            yield "font-variant", word
        elif word != "normal":
            yield "font-weight", word
    yield "font-size", parts["size"]
    yield "font-family", parts["family"]


def rules(sheet: str, may_name: Callable[[str], bool]) -> str:
    """A style sheet's plain rules. At-rules go, and so do declarations that name an element ``may_name`` refuses."""
    kept = []
    for number, found in enumerate(_RULE.finditer(_without_at_rules(_COMMENT.sub(" ", sheet)))):
        selector = " ".join(found[1].split())
        if number >= MOST_RULES or not _SELECTOR.fullmatch(selector) or "url" in selector.lower():
            continue
        inside = ";".join(
            f"{name}:{value}"
            for name, value in declarations(found[2])
            if all(may_name(target) for _, target in LOCAL.findall(value))
        )
        if inside:
            kept.append(f"{selector}{{{inside}}}")
    return "\n".join(kept)


def _without_at_rules(sheet: str) -> str:
    parts, position = [], 0
    while (at := sheet.find("@", position)) >= 0:
        parts.append(sheet[position:at])
        position = _end_of_at_rule(sheet, at)
    return "".join([*parts, sheet[position:]])


def _end_of_at_rule(sheet: str, at: int) -> int:
    """Where an at-rule ends: at its semicolon, or at the brace that closes its block."""
    depth = 0
    for found in re.compile(r"[{};]").finditer(sheet, at):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        if depth <= 0:
            return found.end()
    return len(sheet)
