"""The hashes of a note's fields by name, kept as the line of text that the lock has for them.

A dictionary of texts takes seven times as much memory, and a collection holds two for each card.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar, overload

_T = TypeVar("_T")


@lru_cache(maxsize=1 << 10)
def _once(text: str) -> str:
    """A text that was met before, in its place: the cards of a section have most of their hashes in common."""
    return text


_PAIRS: Final = re.compile(r"((?: [^\s=]+=\S+){1,2})((?: [^\s=]+=\S+)*)")


@lru_cache(maxsize=1 << 10)
def _checked(text: str) -> str:
    """Pairs, or no text at all. Raises ValueError for anything else."""
    if text and not _PAIRS.fullmatch(text):
        raise ValueError(text)
    return text


class Hashes(Mapping[str, str]):
    """A hash for each field, by name, in order: ``question=… answer=…``. It never changes.

    Names have neither blanks nor ``=``, hashes no blanks. The first two are mostly a card's own, the others are not:
    ``own`` are those and ``others`` the others, each pair after a blank.
    """

    __slots__ = ("_common", "_own")

    def __init__(self, own: str, others: str = "") -> None:
        self._own, self._common = own, _once(others)

    @classmethod
    def of(cls, hashes: Mapping[str, str]) -> "Hashes":
        """The hashes of a mapping."""
        pairs = [f" {name}={value}" for name, value in hashes.items()]
        return cls("".join(pairs[:2]), "".join(pairs[2:]))

    @classmethod
    def checked(cls, text: str) -> "Hashes":
        """The hashes of a line that anyone may have written. Raises ValueError for what are no pairs."""
        if pairs := _PAIRS.fullmatch(f" {text}"):
            return cls(*pairs.groups())
        return cls.of(dict(pair.split("=", 1) for pair in text.split()))

    @classmethod
    def parted(cls, own: str, others: str) -> "Hashes":
        """The hashes of two pairs that were looked at, and of others. Raises ValueError where these are none."""
        return cls(own, _checked(others))

    @property
    def halves(self) -> tuple[str, str]:
        """The first two and the others, each pair after a blank."""
        return self._own, self._common

    @property
    def text(self) -> str:
        """The line."""
        return f"{self._own}{self._common}"[1:]

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
        sought = f" {key}="
        for text in (self._own, self._common):
            at = text.find(sought)
            if at >= 0:
                at += len(sought)
                end = text.find(" ", at)
                return text[at:] if end < 0 else text[at:end]
        return default

    def __iter__(self) -> Iterator[str]:
        return (pair.partition("=")[0] for pair in self.text.split())

    def __len__(self) -> int:
        return len(self.text.split())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Hashes) and self._own == other._own and self._common == other._common:
            return True
        return isinstance(other, Mapping) and dict(self.items()) == dict(other.items())

    __hash__ = None  # type: ignore[assignment] # it equals any mapping of the same

    def __repr__(self) -> str:
        return f"Hashes({self.text!r})"
