"""Texts with gaps, whatever an author writes: a gap is a gap or a finding, and never shows as its mark."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardforge.checks import bodies_of
from cardforge.diagnostics import Code
from cardforge.doc import Gap, Text, gaps_in, walk
from cardforge.model import Cloze
from cardforge.vocabulary import Vocabulary
from deck_notation import read

_PIECES = (
    "{{c1::", "{{c2::", "{{C3::", "{{c0::", "{{c501::", "{{c::", "{{c1,2::", "{{", "{", "}", "}}", "}}}", "::", "==",
    "[", "]", "[c2::", "](u)", "C: ", "Q: ", "A: ", "Extra: ", "\n", "\n\n", "- ", "1. ", "> ", "## ", "| ",
    "\n|---|\n",
    "`", "``", "```\n", "$", "$$", "\\", "\\frac", "_", "**", "*", "<b>", "<br>", "<!-- ", " -->", "\\(", "\\)",
    "<details><summary>Show answer</summary>\n\n", "<details><summary>Why", "</summary>", "</details>\n", "    ",
    "word", "two words", "é", "1",
)  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join)


@given(_TEXTS, st.booleans())
@example("{{c1::a {{c2::b}} c}}", False)
@example("Q: Why {{c1::\nA: so}}", False)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_cards_or_findings(text: str, highlight: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    deck, sink = read(text, vocabulary=Vocabulary(highlight=highlight))
    wrong = {each.code for each in sink}
    for card in deck.cards:
        shown = [node.text for body in bodies_of(card) for node in walk(body.blocks) if isinstance(node, Text)]
        if Code.BAD_CLOZE not in wrong and "\\" not in text and "<" not in text:
            assert not any("{{c1::" in words or "{{c2::" in words for words in shown)
        assert not any("\ufdd0" in words for words in shown)
        if isinstance(card, Cloze) and not wrong:
            assert {number for number, _ in gaps_in(card.text.blocks)}
        gaps = [node for body in bodies_of(card) for node in walk(body.blocks) if isinstance(node, Gap)]
        assert not gaps or isinstance(card, Cloze)
        assert all(1 <= gap.ordinal <= 500 and gap.children for gap in gaps)
