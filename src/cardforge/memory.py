"""Memory that was freed and is held all the same."""

import sys
from contextlib import suppress
from typing import Final

MUCH: Final = 1 << 24
"""Bytes, or characters, that are worth asking for: asking takes some milliseconds."""


def give_back() -> None:
    """Let the system have what was freed: glibc keeps what lies between other values."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes  # here, for few collections are so large

            ctypes.CDLL(None).malloc_trim(0)
