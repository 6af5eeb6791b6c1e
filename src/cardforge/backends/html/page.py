"""The page around the cards: head and security policy, contents, tools, sections, study dialog."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from cardforge.backends.html.cards import CardWriter, Place, slug, verdicts
from cardforge.backends.html.palette import colours
from cardforge.backends.html.words import Words, direction, tag
from cardforge.model import Choice, Cloze, Collection, Deck, Flashcard, Scenario, Section, SelfCheck
from cardforge.values import dataclass

_SCRIPT_WORDS: Final = "found known left open score said right wrong missed forgotten undo done".split()
_PRINT: Final = "@page{margin:12mm}\n"  # a site's pages have margins of their own
_REM: Final = '@property --cf-rem{syntax:"<length>";inherits:true;initial-value:16px}\n.cf{--cf-rem:1em}\n'
_LONG: Final = 200  # cards beyond which a browser is told to lay out only what is in sight
_GROUP: Final = 25  # cards that come into sight together
_HEIGHT: Final = 12  # of a card out of sight, in rem, until it has been seen
_STUDIED: Final = (Flashcard, SelfCheck, Cloze)
_JUDGED: Final = (Scenario, Choice)


@cache
def _part(name: str) -> str:
    return files("cardforge.backends.html").joinpath(name).read_text("utf-8")


@dataclass(slots=True)
class PageWriter:
    """Writes one page, or what a site embeds of it."""

    collection: Collection
    words: Words
    cards: CardWriter
    embedded: bool
    _slugs: Counter[str] = field(default_factory=Counter)
    _sizes: set[int] = field(default_factory=set)
    _cards: int = field(init=False)

    def __post_init__(self) -> None:
        self._cards = sum(1 for _ in self.collection.cards)

    def page(self) -> list[str]:
        """The whole document, in pieces: it may be long, and each whole one would be a copy of all."""
        words, title = self.words, escape(self.collection.title)
        decks, contents = self._decks(2)
        above = (
            f'<a class="cf-skip" href="#cf-main"{words.lang}>{words("skip")}</a>'
            f'<div class="cf-layout">{contents}<div class="cf-column"><header class="cf-header">'
            f'<h1 class="cf-title" dir="auto">{title}</h1>{self._theme()}</header>'
            f'<main class="cf-main" id="cf-main" tabindex="-1">{self._count()}{self._tools()}'
        )
        below = (
            f'</main><footer class="cf-footer">{self._progress()}</footer></div></div>{self._study()}{self._glyphs()}'
        )
        images = "data:" if self.cards.fields.folder is None else "'self' data:"
        sounds = any(media.mime.startswith("audio/") for media in self.cards.fields.shown.values())
        script = Script(_part("page.js"), self._data())
        inner = [above, *decks, below]
        return document(self.collection, self._style() + _PRINT, inner, images=images, sounds=sounds, script=script)

    def fragment(self) -> list[str]:
        """What stands in <main>, style and script before it, for a page that has a head and a title; in pieces."""
        decks, _ = self._decks(2)
        below = f'<div class="cf-footer">{self._progress()}</div>{self._study()}'
        inner = [self._count(), self._tools(), *decks, below]
        # Scripts of sites set the href of every element that has one; that of <use> cannot be set.
        inner = [part.replace('<use href="', '<use xlink:href="') for part in inner]
        language = f' lang="{tag(self.collection.language)}" dir="{direction(self.collection.language)}"'
        above = (
            f'<div class="cf cf-fragment" data-words="{self._data()}"{language}>'
            f"<style>{embedded(self._style())}</style><script>{_part('page.js')}</script>"
        )
        return [above, *inner, f"{self._glyphs()}</div>\n"]

    def _theme(self) -> str:
        label = f'<span aria-hidden="true">◐</span> {self.words("dark")}'
        return _button("theme", label, "cf-theme cf-needs-js", f' aria-pressed="false"{self.words.lang}')

    def _grouped(self, cards: Sequence[str]) -> Iterator[str]:
        """Cards as they are on a short page; on a long one in groups that are laid out when they come into sight."""
        if self._cards <= _LONG:
            yield from cards
            return
        for first in range(0, len(cards), _GROUP):
            group = cards[first : first + _GROUP]
            self._sizes.add(len(group))
            yield from (f'<div class="cf-group cf-of-{len(group)}">', *group, "</div>")

    def _style(self) -> str:
        sizes = "".join(f".cf-of-{n}{{contain-intrinsic-size:auto {n * _HEIGHT}rem}}" for n in sorted(self._sizes))
        return style(self.cards.fields.formulas.css() + sizes)

    def _glyphs(self) -> str:
        return self.cards.fields.formulas.glyphs()

    def _data(self) -> str:
        return escape(json.dumps(self.words.raw(_SCRIPT_WORDS), ensure_ascii=False))

    def _count(self) -> str:
        words, decks = self.words, len(self.collection.decks)
        parts = [words("decks", decks)] if decks > 1 else []
        parts.append(words.count(self._cards))
        return (
            f'<p class="cf-count"{words.lang}>{" · ".join(parts)}'
            f' <span class="cf-known cf-needs-js" role="status"></span></p>'
        )

    def _tools(self) -> str:
        words, kinds = self.words, {type(card) for card in self.collection.cards}
        buttons = [
            _button("study", words("study"), "cf-main-button") if kinds & set(_STUDIED) else "",
            _button("open-all", words("open-all")),
            _button("close-all", words("close-all")),
            _button("print-cards", words("print-cards")) if Flashcard in kinds else "",
            _button("print-all", words("print-all")),
        ]
        return (
            f'<div class="cf-tools cf-needs-js"{words.lang}><div role="search" class="cf-search">'
            f'<input class="cf-query" type="search" aria-label="{words("search")}" placeholder="{words("search")}"'
            ' aria-keyshortcuts="/" autocomplete="off" spellcheck="false">'
            f'<kbd class="cf-key" aria-hidden="true">/</kbd><p class="cf-found" role="status"></p></div>'
            f'<div class="cf-row" role="group" aria-label="{words("tools")}">{"".join(buttons)}</div></div>'
        )

    def _decks(self, rank: int) -> tuple[list[str], str]:
        """All decks in pieces, and the table of contents with a link to each deck and section."""
        decks = self.collection.decks
        titled = len(decks) > 1 or any(deck.title != self.collection.title for deck in decks)
        html: list[str] = []
        entries: list[str] = []
        for deck in decks:
            name = self._name("deck", deck.title)
            sections = [self._section(section, deck, rank + titled) for section in deck.sections]
            title = f'<h{rank} class="cf-deck-title" dir="auto">{escape(deck.title)}</h{rank}>' if titled else ""
            parts = [part for section, _ in sections for part in section]
            html += (f'<div class="cf-deck" id="{name}">{title}', *parts, "</div>")
            inner = "".join(entry for _, entry in sections)
            link = f'<li><a href="#{quote(name)}" dir="auto">{escape(deck.title)}</a><ul>{inner}</ul></li>'
            entries.append(link if titled else inner)
        words = self.words
        contents = (
            f'<nav class="cf-contents" aria-label="{words("contents")}"><details class="cf-toc" open>'
            f"<summary{words.lang}>{words('contents')}</summary><ul>{''.join(entries)}</ul></details></nav>"
        )
        return html, contents

    def _section(self, section: Section, deck: Deck, rank: int) -> tuple[list[str], str]:
        words = self.words
        name = self._name("section", section.title)
        shown = escape(section.title)
        title = f'<h{rank} class="cf-section-title" dir="auto">{shown}</h{rank}>' if section.title else ""
        below = rank + 1 if section.title else rank
        lead = self.cards.fields.html(section.lead_in, deck.language, below)
        foreign = f' lang="{tag(deck.language)}"' if deck.language != self.collection.language else ""
        lead_in = f'<div class="cf-lead-in cf-prose"{foreign}>{lead}</div>' if lead else ""
        study = ""
        if any(isinstance(card, _STUDIED) for card in section.cards):
            label = words("study-section", section.title or words.raw(["untitled"])["untitled"])
            study = _button("study", words("study"), "cf-needs-js", f' aria-label="{label}"{words.lang}')
        judged = sum(isinstance(card, _JUDGED) for card in section.cards)
        score = ""
        if judged:
            told = f"{words('score', 0, judged)} · {words('open', judged)}"
            score = f'<p class="cf-score cf-needs-js" role="status"{words.lang}>{told}</p>'
        choices = verdicts(section, words)
        cards = [
            self.cards.card(card, Place(deck, section, position, below, choices))
            for position, card in enumerate(section.cards, start=1)
        ]
        above = f'<section class="cf-section" id="{name}"><div class="cf-section-top">{title}{study}</div>{lead_in}'
        html = [above, *self._grouped(cards), f"{score}</section>"]
        count = f' <span class="cf-number" aria-hidden="true">{len(section.cards)}</span>' if section.cards else ""
        told = shown or words("untitled")
        return html, f'<li><a href="#{quote(name)}" dir="auto">{told}</a>{count}</li>'

    def _name(self, kind: str, title: str) -> str:
        """An element's id, made from its title, with a number from the second of a name on."""
        name = f"{kind}-{slug(title) or 'cards'}"
        self._slugs[name] += 1
        return escape(name if self._slugs[name] == 1 else f"{name}--{self._slugs[name]}")

    def _progress(self) -> str:
        words = self.words
        return (
            f'<div class="cf-progress cf-needs-js" role="group" aria-label="{words("progress")}"{words.lang}>'
            f'<p class="cf-kept">{words("kept")} <span class="cf-said-progress" role="status"></span></p>'
            f'<div class="cf-row">{_button("save", words("save"))}{_button("forget", words("forget"))}<label'
            f' class="cf-pick-key"><input type="checkbox" class="cf-keys" checked> {words("keys")}</label></div></div>'
        )

    def _study(self) -> str:
        words, main = self.words, "cf-main-button"
        above = _button("shuffle", words("shuffle")) + _button("close", words("close"))
        below = (
            _button("show", words("answer"), main)
            + _button("again", words("again"))
            + _button("good", words("good"), main)
            + _button("restart", words("restart"), main)
        )
        return (
            f'<dialog class="cf-study" aria-label="{words("study")}"><div class="cf-study-top"{words.lang}>'
            f'<p class="cf-left" role="status"></p>{above}</div>'
            '<progress class="cf-bar" max="1" value="0" aria-hidden="true"></progress>'
            '<div class="cf-study-card" role="group" tabindex="0" aria-live="polite"></div>'
            f'<div class="cf-study-actions"{words.lang}>{below}</div></dialog>'
        )


def _button(action: str, label: str, css_class: str = "", attributes: str = "") -> str:
    classes = f"cf-button {css_class}" if css_class else "cf-button"
    return f'<button type="button" class="{classes}" data-cf="{action}"{attributes}>{label}</button>'


def index(collection: Collection, words: Words, pages: Sequence[tuple[str, str, int]]) -> list[str]:
    """A page, in pieces, of links to pages: name, address, number of cards."""
    items = "".join(
        f'<li><a href="{escape(quote(href, safe="/:%#?&=@!$,;+~"))}" dir="auto">{escape(name)}</a>'
        f' <span class="cf-number"{words.lang}>{words.count(cards)}</span></li>'
        for name, href, cards in pages
    )
    total = words.count(sum(cards for _, _, cards in pages))
    inner = (
        '<div class="cf-layout"><div class="cf-column"><header class="cf-header">'
        f'<h1 class="cf-title" dir="auto">{escape(collection.title)}</h1></header><main class="cf-main">'
        f'<p class="cf-count"{words.lang}>{words("decks", len(pages))} · {total}</p><ul class="cf-index">{items}</ul>'
        "</main></div></div>"
    )
    return document(collection, style(""), [inner])


def embedded(css: str) -> str:
    """A style sheet for a site's page: it outweighs rules for elements there, and its rem is the site's text size."""
    weighty = re.sub(r"(?<![\w.-])(\.cf-[\w-]+)", r"\1\1", css)
    sized = re.sub(r"(?<!width: )(?<![\w.-])([\d.]+)rem\b", r"calc(\1 * var(--cf-rem))", weighty)
    return f"{_REM}{sized}"


def style(more: str) -> str:
    """The style sheet: the page's, its colours, and what its content adds."""
    return "\n" + _part("page.css") + colours() + more + "\n"


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the words it says, as JSON in an attribute's value."""

    code: str
    words: str


def document(
    collection: Collection,
    css: str,
    inner: Sequence[str],
    *,
    images: str = "",
    sounds: bool = False,
    script: Script | None = None,
) -> list[str]:
    """An HTML document whose policy allows this style, this script, such pictures and sounds alone; in pieces."""
    policy = "; ".join(_policy(css, script, images, images if sounds else ""))
    data = f' data-words="{script.words}"' if script else ""
    run = f"<script>{script.code}</script>" if script else ""
    above = (
        f'<!doctype html>\n<html lang="{tag(collection.language)}" dir="{direction(collection.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="cardforge">\n<title>{escape(collection.title)}</title>\n'
        f'<style>{css}</style>\n</head>\n<body class="cf cf-page"{data}>{run}\n'
    )
    return [above, *inner, "\n</body>\n</html>\n"]


def _policy(css: str, script: Script | None, images: str, sounds: str) -> Iterator[str]:
    yield "default-src 'none'"
    yield f"style-src {_hash(css)}"
    if script:
        yield f"script-src {_hash(script.code)}"
    if images:
        yield f"img-src {images}"
    if sounds:
        yield f"media-src {sounds}"
    yield "base-uri 'none'"
    yield "form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"
