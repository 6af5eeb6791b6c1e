"""What a run looked at, so that the next one can tell whether it would see the same. Content decides, never times."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Final

from cardforge.cache.store import hash_plain

_BOM: Final = b"\xef\xbb\xbf"
_NOTHING: Final = b"-"


class Look(Enum):
    """How something was looked at.

    A file's bytes, a name in its folder, all names in a folder, all sources below one, where a link leads.
    """

    FILE = b"file"
    NAME = b"name"
    NAMES = b"names"
    TREE = b"tree"
    REAL = b"real"


Folders = dict[str, dict[str, bytes]]
"""What is in folders that were looked into, by name: what it is, and where it leads."""


@dataclass(slots=True)
class Witness:
    """What was seen, by way of looking and path. ``spoilt`` says that something was seen that cannot be compared."""

    seen: dict[tuple[Look, str], bytes] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    spoilt: bool = False
    folders: Folders = field(default_factory=dict)

    def look(self, how: Look, path: str) -> None:
        """Look, before the run does: what changes in between is then found changed by the next run."""
        self.seen.setdefault((how, path), look(how, path, self.endings, self.folders))

    def saw(self, path: str, data: bytes) -> None:
        """Note the bytes of a file as the run read them, or wrote them."""
        self.seen[Look.FILE, path] = digest(data)

    def is_same(self, how: Look, path: str) -> bool:
        """Whether something is as it was seen."""
        return self.seen.get((how, path)) == look(how, path, self.endings, {})

    def parts(self) -> list[bytes]:
        """All of it as bytes."""
        told = [",".join(self.endings).encode()]
        for (how, path), what in self.seen.items():
            told += [how.value, os.fsencode(path), what]
        return told


def holds(parts: Sequence[bytes]) -> bool:
    """Whether all that a witness saw is still so. Raises ValueError for what no witness said."""
    endings = tuple(parts[0].decode().split(","))
    seen = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    folders: Folders = {}
    return all(look(Look(how), os.fsdecode(path), endings, folders) == what for how, path, what in seen)


def digest(data: bytes) -> bytes:
    """The digest of a file's bytes; a byte order mark takes no part."""
    return sha256(data.removeprefix(_BOM)).digest()


def look(how: Look, path: str, endings: tuple[str, ...], folders: Folders) -> bytes:
    """What there is to see. ``folders`` are those looked into before, and take those that are looked into now."""
    match how:
        case Look.FILE:
            return hash_plain(path, _BOM) or _NOTHING
        case Look.REAL:
            return os.fsencode(os.path.realpath(path))
        case Look.NAME:
            # In its own case, also where the system does not care.
            return _inside(os.path.dirname(path), folders).get(os.path.basename(path), _NOTHING)  # noqa: PTH119, PTH120
        case Look.NAMES:
            return _hash([*_inside(path, folders).values()])
        case Look.TREE:
            return _hash(_tree(path, endings))


def _inside(folder: str, folders: Folders) -> dict[str, bytes]:
    if folder not in folders:
        folders[folder] = {each.name: _told(each) for each in _entries(folder)}
    return folders[folder]


def _hash(told: list[bytes]) -> bytes:
    return sha256(b"\0".join(told)).digest()


def _entries(folder: str) -> "list[os.DirEntry[str]]":
    """What is in a folder; nothing where there is none or it cannot be read."""
    with suppress(OSError, ValueError):
        return sorted(os.scandir(folder), key=lambda each: each.name)
    return []


def _told(each: "os.DirEntry[str]") -> bytes:
    """A name, what it is of, and where it leads if it is a link."""
    if each.is_symlink():
        return b"l" + os.fsencode(each.name) + b"\0" + os.fsencode(os.path.realpath(each.path))
    return (b"d" if each.is_dir() else b"f" if each.is_file() else b"o") + os.fsencode(each.name)


def _tree(path: str, endings: tuple[str, ...]) -> list[bytes]:
    """The sources at or below a path, in the way in which they are looked for."""
    if not os.path.isdir(path):  # noqa: PTH112 - pathlib takes longer to load than a run without a change
        return [b"file" if os.path.exists(path) else b"none"]  # noqa: PTH110 - the same
    told: list[bytes] = [b"folder"]
    for each in _entries(path):
        if each.name.startswith("."):
            continue
        if each.is_dir(follow_symlinks=False):
            if each.name != "node_modules":
                told += [_told(each), *_tree(each.path, endings), b"end"]
        elif each.name.lower().endswith(endings):
            told.append(_told(each))
    return told
