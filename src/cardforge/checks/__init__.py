"""Rules over the whole collection, one function each, in the table :data:`RULES`."""

from collections.abc import Callable, Iterable, Sequence

from cardforge.backends.math import MathError, refusal
from cardforge.diagnostics import Code, Sink, Span
from cardforge.doc import Block, Math, MathBlock, plain_text, walk
from cardforge.model import Card, Deck, bodies_of
from cardforge.profile import Profile

__all__ = ["RULES", "Rule", "bodies_of", "check", "formulas_can_be_read", "short_question"]

Rule = Callable[[Deck, Sink], None]

_SHORT = 40


def short_question(card: Card) -> str:
    """A card's question in at most 40 characters, to name it in a message."""
    text = plain_text(next(iter(bodies_of(card))).blocks)
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def formulas_can_be_read(deck: Deck, sink: Sink) -> None:
    """A formula that cannot be read is shown as its source."""
    for section in deck.sections:
        _check_formulas(section.lead_in, None, deck, sink)
        for card in section.cards:
            for body in bodies_of(card):
                if _may_hold_math(body.source):
                    _check_formulas(body.blocks, card, deck, sink)


def _may_hold_math(source: str) -> bool:
    """Whether a source has what one of a formula has.

    That is a delimiter, a fence's language, or a label whose definition stands elsewhere.
    """
    return "$" in source or "\\" in source or "[" in source or "math" in source.lower()


def _check_formulas(blocks: Iterable[Block], card: Card | None, deck: Deck, sink: Sink) -> None:
    for node in walk(blocks):
        if isinstance(node, Math | MathBlock):
            refused = refusal(node.tex, display=isinstance(node, MathBlock))
            if refused:
                name = f"“{short_question(card)}”" if card else "the text before the first card"
                _report_formula(node, refused, name, deck, sink)


def _report_formula(node: Math | MathBlock, refused: MathError, name: str, deck: Deck, sink: Sink) -> None:
    span = node.span or Span(deck.file)
    first_line = "\n" not in node.tex[: (refused.column or 1) - 1]
    if refused.column and first_line:
        column = span.column + refused.column - 1
        span = Span(span.file, span.line, column, span.line, column + 1)
    tex = " ".join(node.tex.split())
    tex = tex if len(tex) <= _SHORT else tex[: _SHORT - 1] + "…"
    sink.add(
        Code.BAD_FORMULA,
        span,
        f"The formula `{tex}` in {name} cannot be read: {refused.message}.",
        "Mend the LaTeX; until then its source is shown.",
    )


RULES: tuple[Rule, ...] = (formulas_can_be_read,)


def check(decks: Sequence[Deck], sink: Sink, profile: Profile | None = None) -> None:
    """Apply every rule to every deck; with a profile, those of quality too."""
    for deck in decks:
        for rule in RULES:
            rule(deck, sink)
    if profile is not None:
        from cardforge.checks import quality

        quality.judge([quality.opinion_of(deck, profile) for deck in decks], sink)
