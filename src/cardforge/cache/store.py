"""The project's cache folder: files that are there whole or not at all, and that no link leads out of."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import FileIO
from typing import Final

FOLDER: Final = ".cardforge_cache"
_LARGEST: Final = 1 << 28
"""Bytes of a file that are read."""
_BLOCK: Final = 1 << 20
_PART: Final = ".part"


def read_plain(path: str, largest: int = _LARGEST) -> bytes | None:
    """The bytes of a regular file; None for none, for one that is too large, and for what would never end."""
    with _regular(path, largest) as file, suppress(OSError):
        return None if file is None else file.read()
    return None


def hash_plain(path: str, mark: bytes) -> bytes | None:
    """The SHA-256 of such a file without the mark it may begin with; a large file is never in memory as a whole."""
    with _regular(path, _LARGEST) as file, suppress(OSError):
        if file is None:
            return None
        hashed = sha256(file.read(_BLOCK).removeprefix(mark))
        while block := file.read(_BLOCK):
            hashed.update(block)
        return hashed.digest()
    return None


@contextmanager
def _regular(path: str, largest: int) -> "Iterator[FileIO | None]":
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        yield None
        return
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > largest:
            yield None
            return
        with FileIO(handle, closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def room(root: str, name: str) -> str:
    """A folder of the cache."""
    return os.path.join(root, FOLDER, name)  # noqa: PTH118 - pathlib takes longer to load than a run without a change


def is_ours(root: str, name: str) -> bool:
    """Whether a folder of the cache is there and none of the way to it is a link, which would lead elsewhere."""
    return all(
        os.path.isdir(place) and not os.path.islink(place)  # noqa: PTH112, PTH114 - the same
        for place in (os.path.join(root, FOLDER), room(root, name))  # noqa: PTH118 - the same
    )


def make(root: str, name: str) -> bool:
    """Make a folder of the cache, which keeps itself out of git; whether it can be used."""
    cache = os.path.join(root, FOLDER)  # noqa: PTH118 - the same
    ignore = os.path.join(cache, ".gitignore")  # noqa: PTH118 - the same
    with suppress(OSError):
        if not os.path.islink(cache):  # noqa: PTH114 - the same
            os.makedirs(room(root, name), exist_ok=True)  # noqa: PTH103 - the same
            if not os.path.lexists(ignore):
                with open(ignore, "x", encoding="utf-8") as file:  # noqa: PTH123 - the same
                    file.write("*\n")
    return is_ours(root, name)


def write(root: str, name: str, file: str, data: bytes) -> bool:
    """Put a file into a folder of the cache in one step; False where that cannot be done."""
    folder = room(root, name)
    part = os.path.join(folder, f"{file}-{os.getpid()}{_PART}")  # noqa: PTH118 - the same
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        os.replace(part, os.path.join(folder, file))  # noqa: PTH105, PTH118 - the same
        part = ""
    except OSError:
        return False
    finally:
        if part:
            with suppress(OSError):
                os.unlink(part)  # noqa: PTH108 - the same
    return True


def prune(root: str, name: str, used: frozenset[str], most: int) -> None:
    """Keep what was used, and of the other files of a folder the newest up to ``most``."""
    if not is_ours(root, name):
        return
    with suppress(OSError):
        others = [each for each in os.scandir(room(root, name)) if each.name.partition(".")[0] not in used]
        if len(others) <= most:
            return
        aged = sorted(((each.stat(follow_symlinks=False).st_mtime_ns, each.path) for each in others), reverse=True)
        for _, path in aged[most // 2 :]:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - the same
