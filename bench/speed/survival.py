"""What of the cards' code, formulas, tables, pictures and tags is in a package."""

import json
import re
import sqlite3
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Final

from bench.speed.corpus import Code, Draft, Formula, Picture, Table

FEATURES: Final = ("code verbatim", "code highlighted", "inline math", "display math", "table", "image packed", "tags")
_TAG: Final = re.compile(r"<[^>]*>")
_BLANK: Final = re.compile(r"\s+")
_NAME: Final = re.compile(r"\b[A-Z][a-z]{5}\b")
_SOURCE: Final = re.compile(r'<img[^>]*\bsrc="([^"]*)"')
_PRE: Final = re.compile(r"<pre.*?</pre>", re.DOTALL)


@dataclass(slots=True)
class Survival:
    """How many notes there are, and of each feature how many cards have it and how many kept it."""

    notes: int = 0
    had: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def share(self, feature: str) -> float:
        """What survived, of 1."""
        return self.kept[feature] / self.had[feature] if self.had[feature] else 1.0


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is in the package, with the names of the package's media."""

    fields: tuple[str, ...]
    tags: frozenset[str]
    media: frozenset[str]


def notes_in(package: Path) -> Iterator[Note]:
    """The notes of an .apkg, whose collection is SQLite (the layout Anki calls legacy 1 and 2)."""
    with zipfile.ZipFile(package) as archive, tempfile.NamedTemporaryFile(suffix=".anki2") as file:
        media = json.loads(archive.read("media"))
        packed = frozenset(media[name] for name in archive.namelist() if name in media)
        file.write(archive.read("collection.anki2"))
        file.flush()
        with sqlite3.connect(file.name) as database:
            for fields, tags in database.execute("SELECT flds, tags FROM notes"):
                yield Note(tuple(fields.split("\x1f")), frozenset(tags.split()), packed)


def survived(drafts: Iterable[Draft], packages: Sequence[Path]) -> Survival:
    """Look for each part of each card in its note, which is told by the name in its question."""
    wanted = {draft.name: draft for draft in drafts}
    found = Survival()
    for package in packages:
        for note in notes_in(package):
            found.notes += 1
            names = [name for name in _NAME.findall(_text(note.fields[0])) if name in wanted]
            if len(names) == 1:
                found.kept.update(_kept(wanted.pop(names[0]), note, found.had))
    for draft in wanted.values():  # cards without a note lose all they have
        _kept(draft, Note((), frozenset(), frozenset()), found.had)
    return found


def _kept(draft: Draft, note: Note, had: Counter[str]) -> list[str]:
    """The features of a card that its note has; ``had`` counts those the card has."""
    html = "\n".join(note.fields)
    text = _text(html)
    squeezed = _BLANK.sub("", text)
    blocks = _PRE.findall(html)
    code = [part.text for part in draft.answer if isinstance(part, Code)]
    formulas = [part.tex for part in draft.answer if isinstance(part, Formula)]
    pictures = [part.name for part in draft.answer if isinstance(part, Picture)]
    told = {
        "code verbatim": [any(one in _text(block) for block in blocks) for one in code],
        "code highlighted": [any("<span" in block for block in blocks)] * len(code),
        "inline math": [_BLANK.sub("", rf"\({tex}\)") in squeezed for tex in draft.inline],
        "display math": [_BLANK.sub("", rf"\[{tex}\]") in squeezed for tex in formulas],
        "table": ["<table" in html and "<td" in html for part in draft.answer if isinstance(part, Table)],
        "image packed": [_packed(name, html, note.media) for name in pictures],
        "tags": [note.tags.issuperset(draft.tags)],
    }
    had.update(feature for feature, answers in told.items() if answers)
    return [feature for feature, answers in told.items() if answers and all(answers)]


def _packed(name: str, html: str, media: frozenset[str]) -> bool:
    """Whether a picture shown is in the package; programs give it other names, which still hold the old one's stem."""
    return any(unescape(source) in media and Path(name).stem in source for source in _SOURCE.findall(html))


def _text(html: str) -> str:
    return unescape(_TAG.sub("", html))
