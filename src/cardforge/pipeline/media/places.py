"""Where a file is that a source names: looked up in listings of folders, so that every system finds the same.

A name is found in whatever Unicode form the file system keeps it, and only in its own case, also where the system
does not care: the deck must build elsewhere too.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from cardforge.pipeline.discover import is_inside

_SITE_FOLDERS: Final = ("", "public", "static")
"""Where a name that begins with / lies in a project: at its root, or where site generators keep such files."""
_MOST_GUESSES: Final = 20
"""Missing files of a source for which a near name is looked for: it takes the names of a whole folder each time."""


class Trouble(Enum):
    """Why a name leads to no file."""

    MISSING = "missing"
    OUTSIDE = "outside"


@dataclass(slots=True)
class Listings:
    """The names in folders, each read once: by their NFC form, the name as the system keeps it."""

    read: dict[Path, dict[str, str] | None] = field(default_factory=dict)

    def names(self, folder: Path) -> dict[str, str] | None:
        """The names in a folder; None if there is none, or it cannot be read."""
        if folder not in self.read:
            try:
                found = sorted(os.listdir(folder))  # noqa: PTH208 - names are wanted, not paths
                self.read[folder] = {unicodedata.normalize("NFC", name): name for name in found}
            except (OSError, ValueError):
                self.read[folder] = None
        return self.read[folder]


@dataclass(slots=True)
class Lookup:
    """Finds files for one source in ``folder``; nothing outside ``bound`` is looked at."""

    folder: Path
    bound: Path
    listings: Listings
    _guesses: int = 0

    def find(self, src: str) -> Path | Trouble:
        """The file behind a relative address or a site's absolute one."""
        trouble = Trouble.MISSING
        for name in _spellings(src):
            for start in self._starts(name):
                found = self._walk(start, name)
                if isinstance(found, Path):
                    return found
                if found is Trouble.OUTSIDE:
                    trouble = found
        return trouble

    def near(self, src: str) -> str | None:
        """The name that was probably meant by one that is missing: in other case, with other slashes, or misspelt."""
        self._guesses += 1
        if self._guesses > _MOST_GUESSES:
            return None
        plain = unquote(src)
        slashed = re.sub(r"\\+", "/", plain)
        if slashed != plain and isinstance(self.find(slashed), Path):
            return slashed
        parts = [part for part in slashed.split("/") if part not in ("", ".")]
        for start in self._starts(slashed):
            if guess := self._guess(start, parts):
                return guess if not slashed.startswith("/") else f"/{guess}"
        return None

    def _starts(self, name: str) -> Iterator[Path]:
        if name.startswith("/"):
            yield from (self.bound / folder for folder in _SITE_FOLDERS)
        else:
            yield self.folder

    def _walk(self, start: Path, name: str) -> Path | Trouble:
        at = start
        parts = [part for part in name.split("/") if part not in ("", ".")]
        for part in parts:
            if part == ".." or not at.is_relative_to(self.bound):
                at = at.parent if part == ".." else at / part  # outside nothing is looked at; it may lead back in
                continue
            names = self.listings.names(at)
            kept = names.get(unicodedata.normalize("NFC", part)) if names is not None else None
            if kept is None:
                return Trouble.MISSING
            at /= kept
            if not is_inside(at, self.bound):
                return Trouble.OUTSIDE
        if not at.is_relative_to(self.bound):
            return Trouble.OUTSIDE
        return at if at.is_file() else Trouble.MISSING

    def _guess(self, start: Path, parts: list[str]) -> str | None:
        """The way to a near name, folder by folder, each exact but for its case, the file's own perhaps misspelt."""
        at = start
        way: list[str] = []
        for number, part in enumerate(parts):
            if part == "..":
                at, way = at.parent, [*way, part]
                continue
            names = self.listings.names(at) if is_inside(at, self.bound) else None
            wanted = unicodedata.normalize("NFC", part)
            same = [name for name in names or () if name.casefold() == wanted.casefold()]
            last = number == len(parts) - 1
            near = ([wanted] if wanted in same else same) or (get_close_matches(wanted, names or (), 1) if last else [])
            if not near:
                return None
            at, way = at / near[0], [*way, near[0]]
        return "/".join(way) if at.is_file() else None


def _spellings(src: str) -> list[str]:
    """A name as written, with its %20 read, and without what follows ? or #."""
    bare = re.sub(r"[?#].*$", "", src, flags=re.DOTALL)
    return list(dict.fromkeys((src, unquote(src), bare, unquote(bare))))
