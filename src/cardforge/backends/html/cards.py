"""A card to its HTML. Without the script everything can be read; what needs the script has the class cf-needs-js."""

import re
from functools import lru_cache
from html import escape
from typing import Final, assert_never
from urllib.parse import quote

from cardforge.backends.html.fields import FieldWriter
from cardforge.backends.html.words import Words, tag
from cardforge.backends.markup import safe_href
from cardforge.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Collection,
    Deck,
    Flashcard,
    Scenario,
    Section,
    SelfCheck,
    kind_of,
)
from cardforge.values import dataclass

_SIGNS: Final = {"yes": ("✓", "yes"), "true": ("✓", "yes"), "no": ("✗", "no"), "false": ("✗", "no")}
_ENDINGS: Final = (".md", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands: its deck, its section, its position there from 1, the rank of its own heading."""

    deck: Deck
    section: Section
    position: int
    rank: int
    verdicts: tuple[str, ...] = ()
    """What a reader of a scenario may choose from."""


@dataclass(frozen=True, slots=True)
class CardWriter:
    """Writes the cards of one page. ``source_url`` is where their lessons are, or ""."""

    collection: Collection
    words: Words
    fields: FieldWriter
    source_url: str = ""

    def card(self, card: Card, place: Place) -> str:
        """The card's article."""
        kind, guid = kind_of(card).value, self.collection.identity(card).guid
        words = self.words
        label = words(kind, card.head.number or place.position)
        rank, name = min(6, place.rank), f"card-{guid}"
        anchor = name
        if not (guid.isascii() and guid.isalnum()):  # an author's lock may call a note anything
            name, anchor = escape(name), quote(name)
        hint = ""
        if card.hint:
            inner = self._field(card.hint, place)
            hint = f'<details class="cf-hint"><summary{words.lang}>{words("hint")}</summary>{inner}</details>'
        told = f'aria-label="{words("link", "")}{label}"{words.lang}'
        link = f'<a class="cf-link" href="#{anchor}" {told}>#</a>'
        return (
            f'<article class="cf-card cf-{kind}" id="{name}">'
            f'<h{rank} class="cf-label"{words.lang}>{label}</h{rank}>{link}'
            f"{self._inside(card, place, hint)}{self._foot(card, place)}</article>"
        )

    def _inside(self, card: Card, place: Place, hint: str) -> str:
        match card:
            case Flashcard():
                front, back = self._front(card.question, place), self._field(card.answer, place, "cf-back")
                return front + hint + self._button("flip", "answer", ' aria-expanded="false"') + back
            case SelfCheck():
                answer = self._fold("answer", self._field(card.answer, place, "cf-back"))
                return f"{self._front(card.question, place)}{hint}{answer}"
            case Scenario():
                return self._scenario(card, place, hint)
            case Choice():
                return self._choice(card, place, hint)
            case Cloze():
                extra = self._field(card.extra, place, "cf-back") if card.extra else ""
                return f"{self._front(card.text, place)}{hint}{self._button('gaps', 'gaps')}{extra}"
            case _:
                assert_never(card)

    def _scenario(self, card: Scenario, place: Place, hint: str) -> str:
        situation = self._field(card.situation, place, "cf-situation") if card.situation else ""
        prompt = self._field(card.prompt, place, "cf-prompt") if card.prompt else ""
        verdict = ""
        if card.verdict:
            sign, name = _SIGNS.get(card.verdict.strip().casefold(), ("•", "other"))
            verdict = (
                f'<p class="cf-verdict cf-{name}" dir="auto"><span class="cf-sign" aria-hidden="true">{sign}</span>'
                f" {escape(card.verdict)}</p>"
            )
        back = f'<div class="cf-back">{verdict}{self._field(card.reasoning, place)}</div>'
        answer = self._fold("verdict" if card.verdict else "reasoning", back + self._agreement())
        return f'<div class="cf-front">{situation}{prompt}</div>{hint}{self._commitment(card, place)}{answer}'

    def _commitment(self, card: Scenario, place: Place) -> str:
        words, own = self.words, self.words("own")
        name = escape(f"verdict-{self.collection.identity(card).guid}")
        if card.verdict:
            picks = "".join(
                f'<label class="cf-pick"><input type="radio" name="{name}" value="{escape(verdict)}" required>'
                f"<span>{escape(verdict)}</span></label>"
                for verdict in place.verdicts
            )
            picks += (
                f'<label class="cf-pick"><input type="radio" name="{name}" value="" required><span>{own}</span></label>'
            )
            needed = ""
        else:
            picks, needed = "", " required"
        return (
            f'<form class="cf-commit cf-needs-js"{words.lang}><fieldset><legend>{words("first")}</legend>{picks}'
            f'<textarea class="cf-own" rows="1" dir="auto" aria-label="{own}" placeholder="{own}"{needed}></textarea>'
            f'</fieldset><button type="submit" class="cf-button cf-main-button">{words("compare")}</button></form>'
        )

    def _agreement(self) -> str:
        words, verdict = self.words, '<button type="button" class="cf-button" aria-pressed="false"'
        return (
            f'<div class="cf-agreement cf-needs-js" role="group" aria-label="{words("same")}"{words.lang}>'
            f'<p class="cf-said" dir="auto"></p><p>{words("same")}</p><div class="cf-row">'
            f'{verdict} data-cf="agree">✓ {words("agrees")}</button>'
            f'{verdict} data-cf="differ">✗ {words("differs")}</button>'
            f'<button type="button" class="cf-plain" data-cf="retry">{words("retry")}</button></div></div>'
        )

    def _choice(self, card: Choice, place: Place, hint: str) -> str:
        words, guid = self.words, escape(self.collection.identity(card).guid)
        several = sum(option.correct for option in card.options) > 1
        items, right = [], []
        for number, option in enumerate(card.options):
            letter = chr(65 + number) if number < 26 else str(number + 1)  # noqa: PLR2004 - A to Z
            truth = ' data-right=""' if option.correct else ""
            right += [letter] if option.correct else []
            items.append(
                f'<li class="cf-option"{truth}><input class="cf-needs-js" type="{"checkbox" if several else "radio"}"'
                f' name="option-{guid}" value="{letter}" aria-labelledby="option-{guid}-{letter}">'
                f'<span class="cf-letter" aria-hidden="true">{letter}</span>'
                f'<div class="cf-option-text" id="option-{guid}-{letter}">{self._field(option.text, place)}</div></li>'
            )
        shown = self._field(card.explanation, place) if card.explanation else ""
        told = words("solution", ", ".join(right) or "–")
        answer = f'<p class="cf-solution"{words.lang}><span aria-hidden="true">✓</span> {told}</p>'
        answer = self._fold("answer", f'<div class="cf-back">{answer}{shown}</div>')
        return (
            f'{self._front(card.question, place)}{hint}<form class="cf-choosing"><fieldset>'
            f"<legend{words.lang}>{words('pick-several' if several else 'pick-one')}</legend>"
            f'<ol class="cf-options">{"".join(items)}</ol></fieldset><div class="cf-row cf-needs-js"{words.lang}>'
            f'<button type="submit" class="cf-button cf-main-button">{words("check")}</button>'
            f'<button type="button" class="cf-plain" data-cf="retry" hidden>{words("retry")}</button>'
            f'<p class="cf-result" role="status"></p></div></form>{answer}'
        )

    def _front(self, body: Body, place: Place) -> str:
        return self._field(body, place, "cf-front")

    def _field(self, body: Body, place: Place, name: str = "") -> str:
        foreign = place.deck.language != self.collection.language
        lang = f' lang="{tag(place.deck.language)}"' if foreign else ""
        classes = f"{name} cf-prose" if name else "cf-prose"
        html = self.fields.html(body.blocks, place.deck.language, place.rank + 1)
        return f'<div class="{classes}"{lang}>{html}</div>'

    def _fold(self, label: str, inner: str) -> str:
        return f'<details class="cf-answer"><summary{self.words.lang}>{self.words(label)}</summary>{inner}</details>'

    def _button(self, action: str, label: str, attributes: str = "") -> str:
        return (
            f'<button type="button" class="cf-reveal cf-needs-js" data-cf="{action}"{attributes}{self.words.lang}>'
            f"{self.words(label)}</button>"
        )

    def _foot(self, card: Card, place: Place) -> str:
        head, parts = card.head, []
        address = (
            safe_href(lesson(self.source_url, place.deck.file, place.section.heading or place.section.title))
            if self.source_url
            else None
        )
        if address:
            parts.append(f'<a href="{escape(address)}" rel="noopener"{self.words.lang}>{self.words("lesson")}</a>')
        if head.source:
            href = safe_href(head.source) if re.match(r"https?://", head.source, re.IGNORECASE) else None
            shown = escape(head.source.partition("//")[2].removesuffix("/") if href else head.source)
            link = f'<a href="{escape(href)}" rel="noopener noreferrer">{shown}</a>' if href else shown
            parts.append(f'<span dir="auto"><span{self.words.lang}>{self.words("source")}:</span> {link}</span>')
        if head.tags:
            parts.append(f'<span class="cf-tags" dir="auto">{_tags(head.tags)}</span>')
        return f'<footer class="cf-foot">{"".join(parts)}</footer>' if parts else ""


@lru_cache(maxsize=1 << 12)
def _tags(tags: tuple[str, ...]) -> str:
    return " ".join(f"#{escape(name)}" for name in tags)


def verdicts(section: Section, words: Words) -> tuple[str, ...]:
    """What a reader may choose from: yes and no, as the section's verdicts have it, and its other verdicts in order."""
    found = {card.verdict.strip() for card in section.cards if isinstance(card, Scenario)} - {""}
    folded = {verdict.casefold() for verdict in found}
    pairs = (("Yes", "No"), ("True", "False"), (words.raw(["yes"])["yes"], words.raw(["no"])["no"]))
    pair = next((pair for pair in pairs if folded & {word.casefold() for word in pair}), pairs[2])
    known = {word.casefold() for word in pair}
    return (*pair, *sorted(verdict for verdict in found if verdict.casefold() not in known))


def lesson(source_url: str, file: str, title: str) -> str:
    """The address of a card's lesson: the base, the deck's file without its Markdown ending, the section's anchor."""
    path = next((file.removesuffix(ending) for ending in _ENDINGS if file.endswith(ending)), file)
    anchor = slug(title)
    return f"{source_url}{quote(path)}{f'#{quote(anchor)}' if anchor else ''}"


def slug(title: str) -> str:
    """A title's anchor as GitHub, Starlight and Docusaurus make it: lower case, no punctuation, blanks to hyphens."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
