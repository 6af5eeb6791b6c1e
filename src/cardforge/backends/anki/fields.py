"""One body of a card to the HTML of an Anki field.

Anki reads a field as text before anyone reads it as HTML: it looks for clozes, sounds, LaTeX and input boxes (rslib
``cloze.rs``, ``text.rs``, ``latex.rs``; aqt ``reviewer.py``), then MathJax looks for formulas. What only looks like
one of these is written so that they do not see it and a reader sees no difference.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Final

from cardforge.backends import markup
from cardforge.doc import Audio, Gap, Hole, Image, Math, MathBlock
from cardforge.model import Body

MOST_CLOZES: Final = 500  # rslib cloze.rs: later ordinals make no card, very large ones stop the import

# Characters that Anki drops, that end a field (U+001F), or that UTF-8 does not have.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_COMMAND: Final = re.compile(r"\[(?=sound:|anki:|latex\]|\$|\[type:)", re.IGNORECASE)
_TAG_OR_DELIMITER: Final = re.compile(r"(<[^>]*>)|\\(?=[(\[])")
_EQUAL_BRACES: Final = re.compile(r"([{}])(?=\1)")
_CLOZE_SAFE: Final = str.maketrans({"{": "&#123;", "}": "&#125;", ":": "&#58;"})
_TEX_STEP: Final = re.compile(r"\\(?:[a-zA-Z]+|.|$)|[{}]", re.DOTALL)
_COLON: Final = "\x1e"  # stands for a colon's reference until the LaTeX around it is escaped
_TEX_DELIMITERS: Final = frozenset({r"\(", r"\)", r"\[", r"\]", "\\"})


def safe(html: str) -> str:
    """A field that is to Anki what it is to a browser.

    U+0338 becomes an entity because Anki composes characters: ``>`` with that overlay would no longer end a tag.
    """
    if "[" in html:
        html = _COMMAND.sub("&#91;", html)
    if html.isascii() and html.isprintable():
        return html
    return _FORBIDDEN.sub("", html).replace("\u0338", "&#824;")


@dataclass(slots=True)
class _Stash:
    """Keeps what must stay as it is out of a text that is being worked on, behind a mark for each piece.

    The mark cannot occur in the text, which would have to contain its own hash: it is ``form`` with the hash in it.
    """

    form: str
    body: Body
    kept: list[str] = field(default_factory=list)
    mark: str = ""

    def keep(self, piece: str) -> str:
        self.mark = self.mark or self.form.format(sha256(self.body.source.encode("utf-8", "replace")).hexdigest())
        self.kept.append(piece)
        return f"{self.mark}{len(self.kept) - 1};"

    def fill(self, text: str) -> str:
        """The text with the pieces where their marks stand."""
        if not self.kept:
            return text
        begun, *marked = text.split(self.mark)
        parts = [each.partition(";") for each in marked]
        return begun + "".join([f"{self.kept[int(number)]}{rest}" for number, _, rest in parts])


def _stash(body: Body) -> _Stash:
    return _Stash("\x1f{:.16}x", body)


def _sounds(body: Body) -> _Stash:
    """Where commands to play wait until the last moment: whatever else reads as a command is undone before."""
    return _Stash("cf{}sound", body)


@dataclass(slots=True)
class FieldWriter:
    """Writes the fields of one note, and knows then which media they show and which clozes they ask for."""

    media: set[str] = field(default_factory=set)
    clozes: set[int] = field(default_factory=set)

    def html(self, body: Body) -> str:
        """A body without gaps."""
        words = markup.plain(body.blocks)
        if words is not None:
            return safe(_plain_delimiters(words))
        stash, sounds = _stash(body), _sounds(body)
        hooks = markup.Hooks(
            math=lambda tex, display: stash.keep(_math(tex, tex, display=display)),
            image=self._image,
            sound=lambda sound: self._sound(sound, sounds),
        )
        return sounds.fill(safe(stash.fill(_plain_delimiters(markup.render(body.blocks, hooks)))))

    def cloze(self, body: Body) -> str:
        """A body whose gaps stand in Anki's notation; nothing else in it reads as that."""
        stash, sounds = _stash(body), _sounds(body)

        def gap(node: Gap, inner: str) -> str:
            if not inner or not 1 <= node.ordinal <= MOST_CLOZES:
                return inner
            self.clozes.add(node.ordinal)
            hint = f"::{escape(node.hint).translate(_CLOZE_SAFE)}" if node.hint else ""
            return stash.keep(f"{{{{c{node.ordinal}::") + inner + stash.keep(f"{hint}}}}}")

        def math(tex: str, display: bool) -> str:  # noqa: FBT001 - the hook's own order
            apart = _EQUAL_BRACES.sub(r"\1 ", tex)  # means the same; two side by side would end or begin a gap
            return stash.keep(_math(tex, apart, display=display).replace("::", ":&#58;"))

        def gapped(node: Math | MathBlock) -> str:
            display = isinstance(node, MathBlock)
            if not _is_asked(node, display=display):  # no formula without what is hidden: all of it is hidden
                inner = math(node.tex, display)
                for hole in reversed(node.holes):
                    inner = gap(Gap(hole.ordinal, ()), inner)
                return inner
            self.clozes.update(hole.ordinal for hole in node.holes)
            written = _math(node.tex, _with_marks(node.tex, node.holes), display=display)
            return stash.keep(written.replace(_COLON, "&#58;"))

        def image(node: Image) -> str:
            return self._image(node).translate(_CLOZE_SAFE)

        def sound(node: Audio) -> str:
            return self._sound(node, sounds)

        hooks = markup.Hooks(math=math, image=image, sound=sound, gap=gap, gapped=gapped)
        return sounds.fill(safe(stash.fill(_plain_delimiters(markup.render(body.blocks, hooks)))))

    def _sound(self, sound: Audio, sounds: _Stash) -> str:
        if sound.media:
            self.media.add(sound.media)
            label = f"{escape(sound.label).translate(_CLOZE_SAFE)} " if sound.label else ""
            return f'<span class="sound">{label}{sounds.keep(f"[sound:{sound.media}]")}</span>'
        href = markup.safe_href(sound.src)
        label = escape(sound.label or sound.src).translate(_CLOZE_SAFE)
        return f'<a href="{escape(href).translate(_CLOZE_SAFE)}">{label}</a>' if href else label

    def _image(self, image: Image) -> str:
        alt = escape(image.alt)
        if image.media:
            self.media.add(image.media)
            title = f' title="{escape(image.title)}"' if image.title else ""
            width = f' width="{image.width}"' if image.width else ""
            return f'<img src="{escape(image.media)}" alt="{alt}"{title}{width}>'
        href = markup.safe_href(image.src)
        return f'<a href="{escape(href)}">{alt or escape(href)}</a>' if href else alt


def words(text: str) -> str:
    """One line of text for a field of its own."""
    return safe(_plain_delimiters(escape(text, quote=False)))


def _plain_delimiters(html: str) -> str:
    r"""HTML in whose text MathJax finds no ``\(`` or ``\[``: an element divides them (it reads across a comment)."""
    if "\\" not in html:
        return html
    return _TAG_OR_DELIMITER.sub(lambda found: found[1] or "\\<span></span>", html)


def _math(tex: str, written: str, *, display: bool) -> str:
    r"""A formula for MathJax; its source as code where it cannot be set or would end its delimiters early."""
    # Not before there is a formula: the engine takes longer to load than a small deck to build.
    from cardforge.backends.math import refusal

    if not _is_closed(tex) or refusal(tex, display=display):
        return f'<code dir="ltr">{escape(tex, quote=False).translate(_CLOZE_SAFE)}</code>'
    text = escape(written, quote=False)
    return rf"\[{text}\]" if display else rf"\({text}\)"


def _is_asked(node: Math | MathBlock, *, display: bool) -> bool:
    """Whether MathJax can set a formula with its gaps filled, and with each of them hidden."""
    from cardforge.backends.math import refusal
    from cardforge.backends.math.holes import asked

    settable = _is_closed(node.tex) and refusal(node.tex, display=display) is None
    return settable and asked(node.tex, node.holes, display=display) is not None


def _with_marks(tex: str, holes: Sequence[Hole]) -> str:
    """LaTeX with Anki's marks around its gaps, and nothing else in it that reads as a part of one."""
    marks: list[tuple[int, int, str]] = []
    for depth, hole in enumerate(holes):
        # At one place, what ends comes before what begins; of two that begin, the outer one does so first.
        marks += [(hole.start, depth + 1, f" {{{{c{hole.ordinal}::"), (hole.end, -depth - 1, " }} ")]
    parts: list[str] = []
    position = 0
    for at, _, mark in [*sorted(marks), (len(tex), 0, "")]:
        part = _EQUAL_BRACES.sub(r"\1 ", tex[position:at])
        parts += [part.replace("::", f":{_COLON}"), mark]
        position = at
    return "".join(parts)


def _is_closed(tex: str) -> bool:
    """Whether braces are balanced and no delimiter stands outside them: MathJax reads on to the first that does."""
    depth = 0
    for step in _TEX_STEP.findall(tex):
        if step == "{":
            depth += 1
        elif step == "}":
            depth -= 1
        if depth < 0 or (depth == 0 and step in _TEX_DELIMITERS):
            return False
    return depth == 0
