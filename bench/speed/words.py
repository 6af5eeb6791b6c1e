"""What the cards are made of: words, patterns of sentences, programs and formulas, from ``words.toml``."""

import tomllib
from pathlib import Path
from typing import Final

_ALL: Final = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
NOUNS: Final[tuple[str, ...]] = tuple(_ALL["nouns"].split())
ADJECTIVES: Final[tuple[str, ...]] = tuple(_ALL["adjectives"].split())
VERBS: Final[tuple[str, ...]] = tuple(_ALL["verbs"].split())
TAGS: Final[tuple[str, ...]] = tuple(_ALL["tags"].split())
QUESTIONS: Final[tuple[str, ...]] = tuple(_ALL["questions"])
SENTENCES: Final[tuple[str, ...]] = tuple(_ALL["sentences"])
INLINE: Final[tuple[str, ...]] = tuple(_ALL["inline"])
DISPLAY: Final[tuple[str, ...]] = tuple(_ALL["display"])
PROGRAMS: Final[tuple[tuple[str, str], ...]] = tuple((one["language"], one["text"]) for one in _ALL["programs"])
