"""What an author wants to hear of findings: which are chosen and left out, and what the rules of quality measure by.

Errors are always told: a card would be wrong or lost. What is no error may be chosen and left out by its slug or by
the name of a group (:data:`GROUPS`).
"""

import difflib
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Final

from cardforge.diagnostics import QUALITY, Code, Severity, severity_of
from cardforge.values import dataclass
from cardforge.vocabulary import Complain, nearest

_MILD: Final = frozenset(code for code in Code if severity_of(code) is not Severity.ERROR)
GROUPS: Final[Mapping[str, frozenset[Code]]] = {
    "all": _MILD,
    "warnings": frozenset(code for code in _MILD if severity_of(code) is Severity.WARNING),
    "advice": frozenset(code for code in _MILD if severity_of(code) is Severity.ADVICE),
    "quality": QUALITY,
}
"""Names that stand for several slugs."""

_LISTS = ("select", "ignore")
_NUMBERS = ("question_words", "answer_words", "list_items")
_FILES = "per_file_ignores"
KEYS = (*_LISTS, _FILES, *_NUMBERS)
"""The keys of the config's table ``[check]``."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which findings are wanted, and the measures of the rules of quality.

    A question may have ``question_words`` words, a flashcard's answer ``answer_words``; an answer that is a list of
    ``list_items`` or more is long. ``files`` holds what is left out in files whose path matches a pattern.
    """

    select: frozenset[Code] = _MILD
    ignore: frozenset[Code] = frozenset()
    files: tuple[tuple[str, frozenset[Code]], ...] = ()
    question_words: int = 25
    answer_words: int = 50
    list_items: int = 4
    explicit: frozenset[Code] = field(default=frozenset())
    """What was selected by name: it is shown in full."""

    def wants(self, code: Code, path: str) -> bool:
        """Whether a finding about the file at ``path``, POSIX and from the project's root, is to be told."""
        if severity_of(code) is Severity.ERROR:
            return True
        left_out = any(code in codes and _matches(path, pattern) for pattern, codes in self.files)
        return code in self.select and code not in self.ignore and not left_out


def _matches(path: str, pattern: str) -> bool:
    """Whether a pattern takes a path: as a whole, or without a slash in it by the file's name alone."""
    return fnmatch.fnmatchcase(path if "/" in pattern else path.rpartition("/")[2], pattern)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with the name of a finding, and what to do."""

    message: str
    hint: str


def codes_of(names: Iterable[str]) -> frozenset[Code] | Slip:
    """What slugs and names of groups stand for; commas divide several."""
    found: set[Code] = set()
    for name in (part.strip() for told in names for part in told.split(",")):
        if name in GROUPS:
            found |= GROUPS[name]
        elif name in set(Code):
            if severity_of(Code(name)) is Severity.ERROR:
                return Slip(f"{name} is an error, and errors are always told.", "Mend it, or leave the file out.")
            found.add(Code(name))
        elif name:
            near = difflib.get_close_matches(name, [*map(str, Code), *GROUPS], 1)
            hint = f"Did you mean {near[0]}?" if near else "docs/diagnostics.md lists all slugs; all is every one."
            return Slip(f"There is no finding {name}.", hint)
    return frozenset(found)


def names_of(codes: frozenset[Code]) -> list[str]:
    """The shortest way to say a set of slugs: a group's name if it is one, else the slugs."""
    return next(([name] for name, group in GROUPS.items() if group == codes), sorted(map(str, codes)))


def told_by_flags(profile: Profile, select: Iterable[str], ignore: Iterable[str]) -> Profile | Slip:
    """The profile with what the command line selects in place of the config's choice, and ignores beyond it."""
    chosen, left_out = codes_of(select), codes_of(ignore)
    if isinstance(chosen, Slip):
        return chosen
    if isinstance(left_out, Slip):
        return left_out
    if chosen:
        profile = replace(profile, select=chosen, explicit=chosen, ignore=profile.ignore - chosen)
    return replace(profile, ignore=profile.ignore | left_out)


def read_profile(table: Mapping[str, object], complain: Complain) -> Profile:
    """The profile of the config's table ``[check]``; what it says wrong is reported and left out."""
    profile = Profile()
    for key, value in table.items():
        if key not in KEYS:
            complain(f"The table [check] has no key {key}.", nearest(key, KEYS), "check", key, unknown=True)
        elif key in _NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                complain(f"{key} has to be a number above 0.", f"Write {key} = {getattr(profile, key)}.", "check", key)
            else:
                profile = replace(profile, **{key: value})  # type: ignore[arg-type] # all of them are numbers
        elif key == _FILES:
            profile = replace(profile, files=_files(value, complain))
        elif codes := _codes(value, complain, "check", key):
            profile = replace(profile, **{key: codes})  # type: ignore[arg-type] # both of them are sets of slugs
    return profile


def _files(value: object, complain: Complain) -> tuple[tuple[str, frozenset[Code]], ...]:
    if not isinstance(value, dict):
        hint = 'Write per_file_ignores = { "old/*" = ["quality"] }.'
        complain(f"{_FILES} has to hold slugs by pattern.", hint, "check", _FILES)
        return ()
    found = ((str(glob), _codes(slugs, complain, "check", _FILES)) for glob, slugs in value.items())
    return tuple((glob, codes) for glob, codes in found if codes)


def _codes(value: object, complain: Complain, *keys: str) -> frozenset[Code]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        complain(f"{keys[-1]} has to be a list of slugs.", f'Write {keys[-1]} = ["long-answer"].', *keys)
        return frozenset()
    codes = codes_of(value)
    if isinstance(codes, Slip):
        complain(codes.message, codes.hint, *keys)
        return frozenset()
    return codes
