"""How far long work has come: one line on a terminal that goes again, and nothing anywhere else."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from cardforge.cli.options import Manners

_LONG: Final = 0.7
"""Seconds after which work is long."""
_OFTEN: Final = 0.1
"""Seconds between two lines."""
_CLEAR: Final = "\r\x1b[K"


@dataclass(slots=True)
class Meter:
    """Says on standard error what is being done, once it takes long."""

    shown: bool
    _due: float = field(default_factory=lambda: time.monotonic() + _LONG)
    _stands: bool = False

    def files(self, done: int, all_of_them: int) -> None:
        """So many of so many files are read."""
        if done < all_of_them:
            self.line(f"reading: {done:,} of {all_of_them:,} files")
        else:
            self.line("comparing cards")

    def line(self, text: str) -> None:
        """What is being done now, in the place of what was."""
        now = time.monotonic()
        if self.shown and now >= self._due:
            self._due = now + _OFTEN
            self._stands = True
            self._write(f"{_CLEAR}{text}")

    def clear(self) -> None:
        """Take the line away."""
        if self._stands:
            self._stands = False
            self._write(_CLEAR)

    def _write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()


@contextmanager
def progress(manners: Manners) -> Iterator[Meter]:
    """A meter for a piece of work; its line is gone afterwards, however the work ends."""
    meter = Meter(sys.stderr.isatty() and not manners.quiet and os.environ.get("TERM") != "dumb")
    try:
        yield meter
    finally:
        meter.clear()
