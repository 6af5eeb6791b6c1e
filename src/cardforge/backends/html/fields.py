"""One field of a card to the HTML of the page: formulas, pictures, gaps, and room to scroll for what is wide."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import quote

from cardforge.backends import markup
from cardforge.backends.html.formulas import Formulas
from cardforge.backends.html.words import Words
from cardforge.backends.math.holes import asked
from cardforge.doc import Audio, Block, Gap, Image, Math, MathBlock
from cardforge.model import Media

_FIRST_RANK: Final = 4  # the heading markup begins with
_NARROW_CODE: Final = 28  # characters that fit a card on the narrowest screen
_HEADING: Final = re.compile(r"(</?h)([456])(?=[ >])")
_BOX: Final = re.compile(
    r'<div class="cf-(?P<table>table)">|<div class="cf-display">(?=<svg class="cf-math cf-wide)'
    r'|<span class="cf-room [^>]*>|<pre class="cf-(?P<code>code)" dir="ltr">(?=(?P<text>.*?)</pre>)',
    re.DOTALL,
)
# A browser may break the line between a formula and the bracket or the full stop beside it.
_MARKS: Final = r"(?:&#?\w+;|[^\w\s<>&;])"
_BESIDE: Final = re.compile(
    rf'({_MARKS}{{0,4}})(<svg class="cf-math cf-d[^>]*>.*?</svg>)((?:{_MARKS}|;){{0,4}})', re.DOTALL
)
_TAG: Final = re.compile(r"<[^>]*>")


def _together(found: re.Match[str]) -> str:
    return f'<span class="cf-together">{found[0]}</span>' if found[1] or found[3] else found[0]


@dataclass(slots=True)
class FieldWriter:
    """Writes the fields of one page. ``folder`` is where pictures lie, as an address; None puts them into the page."""

    words: Words
    media: Mapping[str, Media]
    load: Callable[[Media], bytes]
    folder: str | None = None
    formulas: Formulas = field(default_factory=Formulas)
    shown: dict[str, Media] = field(default_factory=dict)
    _regions: Counter[str] = field(default_factory=Counter)
    _pictures: dict[str, str] = field(default_factory=dict)

    def html(self, blocks: Sequence[Block], language: str, rank: int) -> str:
        """The blocks' HTML; their first heading gets the rank ``rank``."""
        hooks = markup.Hooks(
            math=lambda tex, display: self._math(tex, language, display=display),
            image=self._image,
            sound=self._sound,
            gap=self._gap,
            gapped=lambda formula: self._gapped(formula, language),
        )
        html = markup.render(blocks, hooks)
        # What these patterns find is markup: in text, < and > are escaped.
        html = _HEADING.sub(lambda m: f"{m[1]}{min(6, int(m[2]) - _FIRST_RANK + rank)}", html)
        return _BOX.sub(self._region, _BESIDE.sub(_together, html))

    def _region(self, found: re.Match[str]) -> str:
        """A box that scrolls by itself can be reached by keyboard and has a name of its own."""
        kind = "table" if found["table"] else "code" if found["code"] else "formula"
        if kind == "code" and max(map(len, _TAG.sub("", found["text"]).split("\n"))) <= _NARROW_CODE:
            return found[0]
        self._regions[kind] += 1
        name = self.words(kind, self._regions[kind])
        return f'{found[0][:-1]} role="region" tabindex="0" aria-label="{name}">'

    def _math(self, tex: str, language: str, *, display: bool) -> str:
        html, wide = self.formulas.draw(tex, language, display=display)
        if not wide:
            return html
        if display:
            return html.replace('"cf-math ', '"cf-math cf-wide ', 1)
        return f'<span class="cf-room {self.formulas.depth_class(html)}">{html}</span>'

    def _gapped(self, formula: Math | MathBlock, language: str) -> str:
        """A formula with gaps opens as a whole; until then each of them is an empty box."""
        display = isinstance(formula, MathBlock)
        blank = asked(formula.tex, formula.holes, display=display)
        gap = Gap(formula.holes[0].ordinal, ())
        shown = self._math(blank, language, display=display) if blank else ""
        return self._gap(gap, self._math(formula.tex, language, display=display), shown)

    def _image(self, image: Image) -> str:
        alt = escape(image.alt)
        media = self.media.get(image.media)
        if media is None:
            href = markup.safe_href(image.src)
            shown = alt or self.words("picture")
            return f'<a href="{escape(href)}" rel="noopener noreferrer">{shown}</a>' if href else alt
        self.shown[media.name] = media
        title = f' title="{escape(image.title)}"' if image.title else ""
        width, height = media.width, media.height
        if image.width and width:
            width, height = image.width, max(1, round(image.width * height / width))
        size = f' width="{width}" height="{height}"' if width and height else ""
        return f'<img src="{self._address(media)}" alt="{alt}"{title}{size} loading="lazy" decoding="async">'

    def _sound(self, sound: Audio) -> str:
        label = escape(sound.label)
        media = self.media.get(sound.media)
        if media is None:
            href = markup.safe_href(sound.src)
            shown = label or self.words("sound")
            return f'<a href="{escape(href)}" rel="noopener noreferrer">{shown}</a>' if href else label
        self.shown[media.name] = media
        told = f'<span class="cf-sound-label">{label}</span> ' if label else ""
        name = label or self.words("sound")
        player = f'<audio controls preload="none" src="{self._address(media)}" aria-label="{name}"></audio>'
        return f'<span class="cf-sound">{told}{player}</span>'

    def _address(self, media: Media) -> str:
        if self.folder is not None:
            return escape(quote(f"{self.folder.rstrip('/')}/{media.name}" if self.folder else media.name, safe="/:%"))
        if media.name not in self._pictures:
            data = b64encode(self.load(media)).decode("ascii")
            self._pictures[media.name] = f"data:{escape(media.mime)};base64,{data}"
        return self._pictures[media.name]

    def _gap(self, gap: Gap, inner: str, blank: str = "") -> str:
        hint = blank or escape(gap.hint) or "…"
        label = self.words("gap", gap.ordinal) + (f": {escape(gap.hint)}" if gap.hint else "")
        return (
            f'<span class="cf-gap" data-gap="{gap.ordinal}">'
            f'<button type="button" class="cf-blank cf-needs-js" data-cf="gap" aria-label="{label}">{hint}</button>'
            f'<span class="cf-filled" tabindex="-1">{inner}</span></span>'
        )
