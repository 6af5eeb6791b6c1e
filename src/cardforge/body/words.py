"""Texts that are mere words: one paragraph in which nothing is marked. Half of all fields are, and need no more."""

import re

from cardforge.doc import Paragraph, Text

# Whatever could begin a block, mark a run of words, stand for a character or name an address is left to Markdown.
_CHARACTERS = r"[^\\`*_~\[\]<&@${\x00-\x20\x7f:w\ufdd0-\ufdef]++"
_LINE = rf"(?![\s>#=+|:0-9-])(?:{_CHARACTERS}| (?=[^ \n])|:(?!//)|w(?!ww\.))++"
_WORDS = re.compile(rf"{_LINE}(?:\n{_LINE})*+")


def paragraph_of(text: str) -> Paragraph | None:
    """The paragraph that a text of mere words is; None for any other, also for many a text that says no more."""
    return Paragraph((Text(text.replace("\n", " ")),)) if _WORDS.fullmatch(text) else None
