"""The hashes of a note's fields by name, kept as the line of text that the lock has for them.

A dictionary of texts takes seven times as much memory, and a collection holds two for each card.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar, overload

_T = TypeVar("_T")


class Hashes(Mapping[str, str]):
    """A hash for each field, by name, in order: ``question=… answer=…``. It never changes.

    Names have neither blanks nor ``=``, hashes no blanks.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = f" {text}"

    @classmethod
    def of(cls, hashes: Mapping[str, str]) -> "Hashes":
        """The hashes of a mapping."""
        return cls(" ".join([f"{name}={value}" for name, value in hashes.items()]))

    @property
    def text(self) -> str:
        """The line."""
        return self._text[1:]

    def __getitem__(self, name: str) -> str:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    @overload
    def get(self, key: str, /) -> str | None: ...
    @overload
    def get(self, key: str, /, default: _T) -> str | _T: ...
    def get(self, key: str, /, default: object = None) -> object:
        """The hash of a field."""
        at = self._text.find(f" {key}=")
        if at < 0:
            return default
        at += len(key) + 2
        end = self._text.find(" ", at)
        return self._text[at:] if end < 0 else self._text[at:end]

    def __iter__(self) -> Iterator[str]:
        return (pair.partition("=")[0] for pair in self._text.split())

    def __len__(self) -> int:
        return len(self._text.split())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Hashes) and self._text == other._text:
            return True
        return isinstance(other, Mapping) and dict(self.items()) == dict(other.items())

    __hash__ = None  # type: ignore[assignment] # it equals any mapping of the same

    def __repr__(self) -> str:
        return f"Hashes({self.text!r})"
