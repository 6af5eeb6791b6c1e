"""How a source names pictures and sounds, beyond Markdown's own way: sizes, Anki's notation, endings that tell."""

import re
from collections.abc import Iterable
from typing import Final

from cardforge.body.html import Element
from cardforge.body.places import Places
from cardforge.diagnostics import Span

ANKI_SOUND: Final = re.compile(r"\[sound:([^\[\]\n]+)\]", re.IGNORECASE)
"""A sound in a line of text, as Anki writes it."""
_SOUND: Final = re.compile(r"[^?#]*\.(?:mp3|ogg|oga|opus|wav|m4a|flac)(?:[?#].*)?", re.IGNORECASE | re.DOTALL)
_ELSEWHERE: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_WIDTH: Final = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", re.IGNORECASE)
_STYLED: Final = re.compile(r"(?:^|;)\s*width\s*:\s*(\d{1,5})(?:\.\d+)?px\s*(?:;|$)", re.IGNORECASE)
_OBSIDIAN: Final = re.compile(r"(.*?)\s*\|\s*(\d{1,5})(?:x\d{1,5})?\s*", re.DOTALL)


def is_sound(src: str) -> bool:
    """Whether an address names a sound file, by its ending."""
    return not src.lower().startswith("data:") and _SOUND.fullmatch(src) is not None


def is_local_sound(href: str) -> bool:
    """Whether a link leads to a sound file beside the source."""
    return is_sound(href) and not _ELSEWHERE.match(href)


def sources_of(audio: Element) -> Iterable[str]:
    """What an <audio> element offers, best first."""
    yield audio.attributes.get("src", "").strip()
    for child in audio.children:
        if isinstance(child, Element) and child.tag == "source":
            yield child.attributes.get("src", "").strip()
            yield from sources_of(child)


def described(element: Element, alt: str) -> tuple[str, int | None]:
    """A picture's description and wished width in CSS pixels: ``width=…``, ``style``, or Obsidian's ``alt|300``."""
    told = _WIDTH.fullmatch(element.attributes.get("width", "")) or _STYLED.search(element.attributes.get("style", ""))
    width = int(told[1]) if told else 0
    if not width and (told := _OBSIDIAN.fullmatch(alt)):
        alt, width = told[1], int(told[2])
    return " ".join(alt.split()), width or None


def place_of(src: str, alt: str, places: Places) -> Span:
    """Where an address stands in the field; that of the description where it is defined elsewhere."""
    text = places.passage.text.lower()
    found = next((words for words in (src, f"![{alt}]") if words and words.lower() in text), None)
    return places.find(found) if found else places.passage.span()
