"""Reads the sources' texts, and has them at hand for what points into them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cardforge.cache.witness import digest
from cardforge.diagnostics import Code, Sink, Span
from cardforge.memory import MUCH, give_back
from cardforge.pipeline.discover import MOST_BYTES, Source, bytes_of


class Texts(Mapping[str, str]):
    """The texts of a run by the name their files are shown under.

    Findings point into few of them, and a large collection's take much room: what is let go of is read again when it is
    asked for, and is empty when its file has changed since.
    """

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        """Those that were not let go of."""
        self.digests: dict[str, bytes] = {}
        """Of the bytes that were read, by the same name."""
        self._paths: dict[str, Path] = {}

    def add(self, name: str, text: str, data: bytes, path: Path | None) -> None:
        """Take the text that a file's bytes are; ``path`` is None for what is no file."""
        self.held[name], self.digests[name] = text, digest(data)
        if path is not None and path.is_file():  # a pipe is read once
            self._paths[name] = path

    def let_go(self, is_needed: Callable[[str], bool]) -> None:
        """Drop the texts of files but those that are needed."""
        dropped = [name for name in self._paths if name in self.held and not is_needed(self.held[name])]
        if sum(len(self.held.pop(name)) for name in dropped) >= MUCH:
            give_back()

    def __getitem__(self, name: str) -> str:
        if name in self.held or name not in self._paths:
            return self.held[name]
        data = b""
        with suppress(OSError):
            data = bytes_of(self._paths[name])
        same = digest(data) == self.digests[name]
        return data.decode("utf-8", "replace").removeprefix("\ufeff") if same else ""

    def __contains__(self, name: object) -> bool:
        return name in self.digests  # a mapping would read the text to tell

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)


def read_text(source: Source, stdin: bytes, texts: Texts, sink: Sink) -> str | None:
    """The text of a source without its byte order mark, or None with a finding. ``texts`` takes it for excerpts."""
    try:
        data = stdin if source.path is None else bytes_of(source.path)
    except OSError as error:
        told = f"The file cannot be read: {error.strerror or error}."
        hint = "Check that it is there and that you may read it."
        sink.add(Code.UNREADABLE_FILE, Span(source.shown), told, hint)
        return None
    if len(data) > MOST_BYTES:
        told = f"This file is larger than {MOST_BYTES >> 20} MiB."
        sink.add(Code.UNREADABLE_FILE, Span(source.shown), told, "Divide it over several files.")
        return None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        texts.add(source.shown, data.decode("utf-8", "replace").removeprefix("\ufeff"), data, source.path)
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        sink.add(
            Code.NOT_UTF8,
            Span(source.shown, line, column, line, column + 1),
            f"The byte 0x{data[error.start]:02X} is not UTF-8.",
            "Save the file in the encoding UTF-8; your editor's “Save as” offers it.",
        )
        return None
    texts.add(source.shown, text, data, source.path)
    return text
