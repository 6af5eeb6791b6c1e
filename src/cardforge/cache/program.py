"""What a result depends on beside the sources: this program, the libraries that are installed, Python."""

import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import Final

from cardforge import __version__

_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib loads long


@cache
def program() -> bytes:
    """A digest of the program as it is installed: an edited checkout is another program.

    Its own files count by name, size and time, the libraries by the names and versions that are installed. Empty where
    its files cannot be seen: then nothing is kept, for nobody could tell whether it holds.
    """
    with suppress(OSError):
        return _digest()
    return b""


def _digest() -> bytes:
    digest = sha256(f"{__version__} {sys.version} {sys.platform} {sys.getfilesystemencoding()}\n".encode())
    for line in sorted(_files(_PACKAGE, "")):
        digest.update(line.encode("utf-8", "surrogatepass"))
    for folder in dict.fromkeys(sys.path):
        if installed := sorted(_installed(folder)):
            digest.update("\n".join([folder, *installed]).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _files(folder: str, below: str) -> list[str]:
    found = []
    for each in os.scandir(folder):
        if each.is_dir():
            if each.name != "__pycache__":
                found += _files(each.path, f"{below}{each.name}/")
        else:
            about = each.stat()
            found.append(f"{below}{each.name} {about.st_size} {about.st_mtime_ns}\n")
    return found


def _installed(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth"))]  # noqa: PTH208 - names are wanted
    except OSError:
        return []
