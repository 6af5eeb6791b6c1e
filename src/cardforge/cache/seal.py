"""Seals: parts of bytes in one file, with a keyed hash (BLAKE2b) over them, and the person's key."""

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

_KEY_LENGTH: Final = 32
_SEAL_LENGTH: Final = 32
_PRIVATE: Final = 0o077
"""The rights of others, none of which a key's file may give."""


def pack(parts: Iterable[bytes]) -> bytes:
    """Parts one after the other, each behind its length."""
    return b"".join(b"%d:%b" % (len(part), part) for part in parts)


def unpack(data: bytes) -> list[bytes]:
    """The parts of packed bytes. Raises ValueError for anything else."""
    parts: list[bytes] = []
    at = 0
    while at < len(data):
        colon = data.index(b":", at, at + 20)
        length = data[at:colon]
        if not length.isdigit():  # a sign would lead back
            raise ValueError(length)
        end = colon + 1 + int(length)
        if end > len(data):
            raise ValueError(end)
        parts.append(data[colon + 1 : end])
        at = end
    return parts


def sealed(key: bytes, purpose: str, parts: Sequence[bytes]) -> bytes:
    """Parts under a seal that holds for this purpose alone: a file under another name is no cache."""
    data = pack(parts)
    return _seal(key, purpose, data) + data


def opened(key: bytes, purpose: str, data: bytes) -> list[bytes] | None:
    """The parts under a seal, or None where it is broken, foreign or another's."""
    seal, data = data[:_SEAL_LENGTH], data[_SEAL_LENGTH:]
    if not compare_digest(seal, _seal(key, purpose, data)):
        return None
    with suppress(ValueError):
        return unpack(data)
    return None


def _seal(key: bytes, purpose: str, data: bytes) -> bytes:
    sealing = blake2b(pack([purpose.encode("utf-8", "surrogatepass")]), key=key, digest_size=_SEAL_LENGTH)
    sealing.update(data)
    return sealing.digest()


def key_file() -> str:
    """Where the person's key is kept: outside of every project, where programs keep what can be made anew."""
    home = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(home):  # noqa: PTH117 - pathlib takes longer to load than a run without a change
        told = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
        home = told or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118 - the same
    return os.path.join(home, "cardforge", "key")  # noqa: PTH118 - the same


def read_key(root: str) -> bytes | None:
    """The person's key; None where there is none that nobody else can read or have made.

    A key in the project ``root`` may have come with it.
    """
    place = key_file()
    if os.path.realpath(place).startswith(os.path.join(os.path.realpath(root), "")):  # noqa: PTH118 - the same
        return None
    handle = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        about = os.fstat(handle)
        private = os.name != "posix" or (about.st_uid == os.geteuid() and not about.st_mode & _PRIVATE)
        if not stat.S_ISREG(about.st_mode) or about.st_size != _KEY_LENGTH or not private:
            return None
        key = os.read(handle, _KEY_LENGTH)
        return key if len(key) == _KEY_LENGTH else None
    finally:
        os.close(handle)


def the_key(root: str) -> bytes | None:
    """The person's key, made where there is none yet; None where it cannot be kept or trusted."""
    with suppress(OSError, ValueError):
        place = key_file()
        if not os.path.lexists(place):
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120 - the same
            _make(place)
        return read_key(root)
    return None


def _make(place: str) -> None:
    """Write a new key beside its place and link it there: whoever reads it reads all of it."""
    part = f"{place}.{os.getpid()}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(_KEY_LENGTH))
        if not os.path.lexists(place):
            os.replace(part, place)  # noqa: PTH105 - the same
    finally:
        with suppress(OSError):
            os.unlink(part)  # noqa: PTH108 - the same
