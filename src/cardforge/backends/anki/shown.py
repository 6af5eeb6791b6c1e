"""What a package itself says of its notes: so much need not stand in the record beside it.

The texts are read off the fields, as near to those of the lock as markup tells; where they differ the record has them.
"""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from html import unescape
from typing import Final

from cardforge.backends.anki.notetypes import CLOZE
from cardforge.identity.lock import LONGEST_QUESTION
from cardforge.identity.record import Shown
from cardforge.identity.told import in_short

_NEAR: Final = 300  # characters of HTML that have, for most fields, all of the text in short
_STEPS: Final = 1_000_000
_MOST_STEPS: Final = 100  # of a million steps of SQLite each: ten times what 100,000 notes take
_NOTES: Final = """
    SELECT guid, id, mod, mid, flds
    FROM notes LEFT JOIN (SELECT nid, min(due) AS place FROM cards GROUP BY nid) ON nid = id
    ORDER BY place IS NULL, place, id"""
_PLAIN: Final = '<p dir="auto">'
_READ: Final = ("<", "&", "\\", "{", "  ")
"""What a text may have in it that is read as something else."""
_SPECIAL: Final = re.compile(r"[<\\{]")
_FORMULA: Final = re.compile(r"\\[()\[\]]")
_GAP: Final = re.compile(r"\{\{c\d+::|(?:::[^{}]*)?\}\}")
_INLINE: Final = re.compile(r"</?(?:code|span|strong|em|a|sub|sup|kbd|del|ins|mark|u|small)(?: [^>]*)?>")
_TAG: Final = re.compile(r"<[^>]*>")


def shown(guid: str, note_id: int, modified: int, note_type: int, fields: Sequence[str]) -> Shown:
    """What is to be seen of a note."""
    return Shown(guid, note_id, modified, *in_short_of(note_type, fields))


def in_short_of(note_type: int, fields: Sequence[str]) -> tuple[str, str]:
    """Question and answer in short: a note's first field asks, the second of a basic note answers."""
    cloze = note_type == CLOZE.id
    return words_in(fields[0], gaps=cloze), "" if cloze else words_in(fields[1])


def words_in(html: str, *, gaps: bool = False) -> str:
    """The words of a field in short, on one line."""
    if html.startswith(_PLAIN):
        text = html[len(_PLAIN) : _NEAR].removesuffix("</p>")
        if text.isprintable() and not any(map(text.__contains__, _READ)):  # as it is, in most fields
            return in_short(text.strip())
    begun = html if len(html) <= _NEAR else _begun(html[:_NEAR])
    words = _words(begun, gaps=gaps)
    return in_short(words if begun is html or len(words) > LONGEST_QUESTION else _words(html, gaps=gaps))


def _begun(html: str) -> str:
    """HTML up to where a tag or a reference was cut through."""
    for opens, closes in ("<>", "&;"):
        at = html.rfind(opens)
        if at > html.rfind(closes):
            html = html[:at]
    return html


def _words(html: str, *, gaps: bool) -> str:
    if html.startswith(_PLAIN):  # as most fields begin
        text = html[len(_PLAIN) :].removesuffix("</p>")
        if not _SPECIAL.search(text):
            return " ".join((unescape(text) if "&" in text else text).split())
    if "\\" in html:
        html = _FORMULA.sub("", html)
    if gaps:
        html = _GAP.sub("", html)
    text = _TAG.sub(" ", _INLINE.sub("", html))
    return " ".join(unescape(text).split() if "&" in text else text.split())


def notes_in(collection: bytes) -> list[Shown]:
    """The notes of a package's database, in the order of their cards.

    It may be a stranger's. Raises sqlite3.Error, ValueError, TypeError, LookupError or AttributeError for what is none
    of ours, and for one that is made to take for ever.
    """
    if not collection:
        raise ValueError(collection)
    left = iter(range(_MOST_STEPS))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(collection)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.set_progress_handler(lambda: next(left, None) is None, _STEPS)
        rows = connection.execute(_NOTES)
        return [shown(guid, number, time, kind, fields.split("\x1f")) for guid, number, time, kind, fields in rows]
