"""What an author may teach the reader: words, components and forms, beyond those it knows by itself.

The same settings stand in a project's config and, for one file, in its front matter.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Protocol

from cardforge.model import Kind
from cardforge.values import dataclass

KEYS = ("sections", "labels", "components", "heading_level", "notes", "cloze")
"""The settings read here."""

SECTION_KINDS = (Kind.SELF_CHECK, Kind.SCENARIO, Kind.FLASHCARD)
COMPONENT_KEYS = ("question", "answer", "hint")
DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Component:
    """The props, or the elements inside, that hold a component's fields; empty where the usual names do."""

    question: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and forms in force beyond the built-in ones.

    ``labels`` are words of a fold's label, ``sections`` titles by kind, ``components`` those that are cards.
    ``heading_level`` is the level whose headings are questions, 0 for none; ``notes`` says that the syntax of notes
    apps counts. With ``highlight``, ``==words==`` are a cloze's gaps.
    """

    labels: frozenset[str] = frozenset()
    sections: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)
    heading_level: int = 0
    notes: bool = False
    highlight: bool = False


class Complain(Protocol):
    """Reports a slip: what is wrong, what to do, the path of the key, and whether the key itself is unknown."""

    def __call__(self, message: str, hint: str, *keys: str, unknown: bool = False) -> None:
        """Report it."""


def taught(before: Vocabulary, data: Mapping[str, object], complain: Complain) -> Vocabulary:
    """The vocabulary with what ``data`` says under :data:`KEYS`; whatever it says wrong is reported and left out."""
    after = before
    if "labels" in data:
        labels = texts_in(data["labels"])
        if labels is None:
            complain("labels has to be a list of texts.", 'Write labels = ["reveal"].', "labels")
        else:
            words = frozenset(word.casefold() for label in labels for word in re.findall(r"\S+", label))
            after = replace(after, labels=after.labels | words)
    if "sections" in data:
        after = replace(after, sections=_sections(after.sections, data["sections"], complain))
    if "components" in data:
        after = replace(after, components={**after.components, **_components(data["components"], complain)})
    if "heading_level" in data:
        level = _level(data["heading_level"])
        if level is None:
            complain("heading_level has to be a number from 1 to 6.", "Write heading_level = 3.", "heading_level")
        else:
            after = replace(after, heading_level=level)
    if "notes" in data:
        notes = _SWITCH.get(str(data["notes"]).casefold())
        if notes is None:
            complain("notes has to be true or false.", "Write notes = true.", "notes")
        else:
            after = replace(after, notes=notes)
    if "cloze" in data:
        if data["cloze"] not in _CLOZE:
            complain("cloze has to be highlight or braces.", 'Write cloze = "highlight".', "cloze")
        else:
            after = replace(after, highlight=data["cloze"] == "highlight")
    return after


def nearest(key: str, known: tuple[str, ...]) -> str:
    """What to do about an unknown key: the nearest known one, or all of them."""
    near = difflib.get_close_matches(key, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."


def texts_in(value: object) -> tuple[str, ...] | None:
    """A list of texts, or one text as such a list; None for anything else."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return None
    found = tuple(item.strip() for item in value if isinstance(item, str) and item.strip())
    return found if len(found) == len(value) else None


_CLOZE = ("highlight", "braces")
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _level(value: object) -> int | None:
    text = "" if isinstance(value, bool) else str(value)
    return int(text) if re.fullmatch(rf"[1-{DEEPEST_HEADING}]", text) else None


def _sections(
    before: Mapping[Kind, tuple[str, ...]], value: object, complain: Complain
) -> Mapping[Kind, tuple[str, ...]]:
    known = tuple(str(kind) for kind in SECTION_KINDS)
    if not isinstance(value, dict):
        complain("sections has to hold titles by kind.", 'Write self-check = ["My title"] below it.', "sections")
        return before
    found = dict(before)
    for key, titles in value.items():
        name = str(key)
        told = texts_in(titles)
        if name not in known:
            complain(f"There is no section of kind {name}.", nearest(name, known), "sections", name, unknown=True)
        elif told is None:
            complain(
                f"The titles of {name} have to be a list of texts.", f'Write {name} = ["My title"].', "sections", name
            )
        else:
            kind = Kind(name)
            found[kind] = (*found.get(kind, ()), *(" ".join(title.casefold().split()) for title in told))
    return found


_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def _components(value: object, complain: Complain) -> dict[str, Component]:
    names = texts_in(value)
    if names is not None:
        value = {name: {} for name in names}
    if not isinstance(value, dict):
        complain("components has to hold names of components.", 'Write components = ["MyCard"].', "components")
        return {}
    found = {}
    for key, told in value.items():
        name = str(key)
        if not _NAME.fullmatch(name):
            complain(f"{name!r} is no name of a component.", "Write it as in <MyCard>.", "components", name)
            continue
        fields: dict[str, tuple[str, ...]] = {}
        if not isinstance(told, dict):
            hint = f'Write {name} = {{ question = "prompt" }}.'
            complain(f"{name} has to name its question and its answer.", hint, "components", name)
            continue
        for part, props in told.items():
            told_props = texts_in(props)
            if part not in COMPONENT_KEYS:
                hint = nearest(str(part), COMPONENT_KEYS)
                complain(f"A component has no {part}.", hint, "components", name, str(part), unknown=True)
            elif told_props is None or not all(_NAME.fullmatch(prop) for prop in told_props):
                hint = f'Write {part} = "prop".'
                complain(f"The {part} of {name} has to be a prop's name.", hint, "components", name, str(part))
            else:
                fields[str(part)] = told_props
        found[name] = Component(**fields)
    return found
