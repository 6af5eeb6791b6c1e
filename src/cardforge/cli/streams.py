"""The three standard streams: UTF-8 whatever the locale says, and no traceback where one is closed, full or gone."""

import os
import sys
from contextlib import suppress
from typing import NoReturn, TextIO

import typer

from cardforge.cache.record import TAPE
from cardforge.diagnostics import Code, Sink, Span

FINE, FINDINGS, USAGE, ENVIRONMENT_TROUBLE = 0, 1, 2, 3


def prepare() -> None:
    """Make the output streams UTF-8 that escapes what it cannot say. One that is closed swallows what it is given."""
    sys.stdout = sys.stdout or _hole()
    sys.stderr = sys.stderr or _hole()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr] # text streams


def _hole() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - stands in for a stream until the end


def say(text: str) -> None:
    """A line for the person, on standard error. Whoever closed it wants to hear nothing."""
    TAPE.told.append((2, text + "\n"))
    with suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def emit(data: str | bytes, stream: TextIO | None = None) -> None:
    """Products and machine output, on standard output unless told otherwise. Ends the run where it cannot be written.

    A reader that has seen enough (``| head``) is no trouble.
    """
    stream = sys.stdout if stream is None else stream
    try:
        if isinstance(data, str):
            TAPE.told.append((2 if stream is sys.stderr else 1, data))
            stream.write(data)
        else:
            TAPE.spoilt = True
            stream.buffer.write(data)
        stream.flush()
    except OSError as error:
        # What is left in the buffer must not be tried again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(FINE) from None
        say(f"cardforge: standard output cannot be written: {error.strerror}.")
        raise typer.Exit(ENVIRONMENT_TROUBLE) from None


def read_stdin(sink: Sink) -> bytes:
    """All of standard input; b"" with a finding where it is closed or a folder."""
    try:
        # A shell may close it (`<&-`), and Python then has no stream.
        return sys.stdin.buffer.read() if sys.stdin else os.read(0, 1)
    except OSError as error:
        told = f"Standard input cannot be read: {error.strerror}."
        sink.add(Code.UNREADABLE_FILE, Span("<stdin>"), told, "Pipe the cards in, or name a file in the place of -.")
        return b""


def refuse(message: str) -> NoReturn:
    """Say what is wrong with the command and end the run."""
    say(f"cardforge: {message}")
    raise typer.Exit(USAGE)
