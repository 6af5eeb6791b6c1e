"""A card to the note Anki will have: which note type, what in which field, which of its cards exist."""

from functools import lru_cache
from html import escape
from typing import Final, assert_never
from unicodedata import category, normalize

from cardforge.backends import Written
from cardforge.backends.anki.fields import FieldWriter, safe, words
from cardforge.backends.anki.notetypes import BASIC, CLOZE
from cardforge.backends.anki.shown import in_short_of
from cardforge.doc import plain_text
from cardforge.identity.told import Told
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Head, Option, Scenario, SelfCheck, kind_of

_FORWARD: Final = 0
_REVERSE: Final = 1
_VERDICTS: Final = {"yes": "✓", "no": "✗"}
_UNSEEN: Final = frozenset({"Cc", "Cs"})  # control characters and lone surrogates
_FEW: Final = 1 << 12  # names and sets of tags that many cards have in common
_TAKEN_TAGS: Final = frozenset({"marked", "leech"})  # Anki's own: an import drops them


def content(card: Card, told: Told | None = None) -> Written:
    """The note a card becomes. ``told`` is what identity holds of it."""
    writer = FieldWriter()
    kind = BASIC
    ordinals: tuple[int, ...] = (_FORWARD,)
    match card:
        case Flashcard():
            values = {"Front": writer.html(card.question), "Back": writer.html(card.answer)}
            if card.typed:
                values["Typed"] = safe(escape(plain_text(card.answer.blocks), quote=False))
            if card.reversed:
                values["Reverse"] = "1"
                ordinals = (_FORWARD, _REVERSE)
        case SelfCheck():
            values = {"Front": writer.html(card.question), "Back": writer.html(card.answer)}
        case Scenario():
            values = {
                "Front": _part("situation", writer, card.situation) + _part("prompt", writer, card.prompt),
                "Back": _verdict(card.verdict) + _part("reasoning", writer, card.reasoning),
            }
        case Choice():
            several = sum(option.correct for option in card.options) > 1
            values = {
                "Front": writer.html(card.question) + _options(writer, card.options, several=several, answered=False),
                "Back": _options(writer, card.options, several=several, answered=True)
                + _part("explanation", writer, card.explanation),
            }
        case Cloze():
            kind, values = CLOZE, {"Text": writer.cloze(card.text), "Extra": writer.html(card.extra)}
            ordinals = tuple(sorted(number - 1 for number in writer.clozes))
        case _:
            assert_never(card)
    values |= {
        "Hint": writer.html(card.hint) if card.hint else "",
        "Source": _source(card.head),
        "Kind": str(kind_of(card)),
        "Section": words(card.head.section),
    }
    fields = tuple([values.get(name, "") for _, name in kind.fields])
    telling = told is not None and in_short_of(kind.id, fields) == (told.question, told.answer_text.decode())
    return Written(kind.cloze, fields, ordinals, frozenset(writer.media), telling)


def tags(head: Head) -> tuple[str, ...]:
    """A card's tags as Anki keeps them: no blanks, no empty parts, none of its own, sorted; case tells none apart."""
    return _tags(head.tags)


@lru_cache(maxsize=_FEW)
def _tags(given: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for raw in given:
        joined = "_".join(_printable(normalize("NFC", raw)).split())
        tag = "::".join(filter(None, joined.split("::")))
        if tag and tag.casefold() not in _TAKEN_TAGS:
            found.setdefault(tag.casefold(), tag)
    return tuple(sorted(found.values()))


@lru_cache(maxsize=_FEW)
def deck_name(name: str) -> str:
    """A deck's name as Anki keeps it: composed, on one line, its ``::`` parts trimmed and none of them empty."""
    parts = (" ".join(_printable(part).split()) for part in normalize("NFC", name).split("::"))
    return "::".join(filter(None, parts)) or "cardforge"


def description(title: str, name: str) -> str:
    """What Anki shows below a deck's name, as HTML: the deck's title, where that says more than the name."""
    shown = " ".join(_printable(title).split())
    return "" if shown == name.rpartition("::")[2] else safe(escape(shown, quote=False))


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    blank = "".join(" " if each.isspace() else each for each in text)
    return "".join(each for each in blank if category(each) not in _UNSEEN)


def _part(name: str, writer: FieldWriter, body: Body) -> str:
    return f'<div class="{name}">{writer.html(body)}</div>' if body else ""


def _verdict(verdict: str) -> str:
    if not verdict:
        return ""
    sign = _VERDICTS.get(verdict.strip().casefold(), "")
    name = verdict.strip().casefold() if sign else "other"
    shown = f'<span class="sign">{sign}</span> ' if sign else ""
    return f'<p class="verdict {name}">{shown}{words(verdict)}</p>'


def _options(writer: FieldWriter, options: tuple[Option, ...], *, several: bool, answered: bool) -> str:
    """The options as a lettered list; answered, a sign in the text marks the right ones."""
    items = []
    for option in options:
        name, sign = ("right", '<span class="sign">✓</span>') if option.correct else ("wrong", "")
        shown = f"<div>{writer.html(option.text)}</div>"
        items.append(f'<li class="{name}">{sign}{shown}</li>' if answered else f"<li>{shown}</li>")
    return f'<ol class="options {"several" if several else "one"}" type="A">{"".join(items)}</ol>'


def _source(head: Head) -> str:
    shown = words(head.source)
    if not head.source.lower().startswith(("http://", "https://")):
        return shown
    return f'<a href="{safe(escape(head.source))}">{shown.partition("//")[2].removesuffix("/")}</a>'
