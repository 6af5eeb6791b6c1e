"""What bodies mean, held against GitHub's own renderer: the standards' examples, and real documentation.

Each example is tried as a question and as an answer through every target. Where trees differ is listed, with a reason
each, in ``tests/cases/bodies/differences.md``; ``--update-golden`` writes that list anew and keeps its reasons.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from test_tree import blocks as short

from cardforge.backends import Context
from cardforge.backends.targets import TARGETS
from cardforge.diagnostics import Sink, Span
from cardforge.model import Body, Collection, Deck, Flashcard, Head, Identity, Section
from deck_notation import read_blocks
from github_texts import Text, UnavailableError, bodies, examples
from github_trees import has_html, same, theirs

REPORT: Final = Path(__file__).parent.parent / "cases" / "bodies" / "differences.md"
LEAST_OF_EXAMPLES: Final = 0.98
LEAST_OF_BODIES: Final = 0.995
FEWEST_BODIES: Final = 2_000
# cmark-gfm renders neither alerts nor formulas.
OURS_ALONE: Final = re.compile(r"\$|\\\\[(\[]|^ *> *\[!", re.MULTILINE)
_HEAD: Final = """# Where a body differs from GitHub

Of the examples of CommonMark 0.31.2 and GFM 0.29 without raw HTML, these give another tree than cmark-gfm does.
`tests/body/test_examples.py` writes this list; the reasons are by hand.
"""


def fetched(fetch: Callable[[], list[Text]], *, ci: bool) -> list[Text]:
    """The texts; where they cannot be fetched, the test ends here, loudly."""
    try:
        return fetch()
    except UnavailableError as error:
        said = f"NOT TESTED: {error}"
        if ci:
            pytest.fail(said, pytrace=False)
        pytest.skip(said)


@pytest.fixture(scope="session")
def all_examples(ci: bool, need: Callable[[str], str]) -> list[Text]:  # noqa: FBT001 - a fixture is handed over by name
    """All examples."""
    need("cmarkgfm")
    return fetched(examples, ci=ci)


def test_examples_mean_what_they_mean_on_github(
    all_examples: list[Text], golden: Callable[[Path, str], None], say: Callable[[str], None]
) -> None:
    plain = [each for each in all_examples if not has_html(each.text)]
    different = [each for each in plain if not same(read_blocks(each.text)[0], theirs(each.text))]
    share = 1 - len(different) / len(plain)
    say(f"examples\n{len(plain) - len(different)} of {len(plain)} examples as on GitHub: {share:.1%}")
    told = REPORT.read_text("utf-8") if REPORT.exists() else ""
    reasons = dict(re.findall(r"^## (.*?) \(.*\)\n\n(.*)$", told, re.MULTILINE))
    entries = (
        f"\n## {each.name} ({each.section})\n\n{reasons.get(each.name, 'No reason yet.')}\n\n    {each.text!r}\n"
        f"    ours:   {short(read_blocks(each.text)[0])!r}\n    GitHub: {short(theirs(each.text))!r}\n"
        for each in different
    )
    golden(REPORT, _HEAD + "".join(entries))
    assert "No reason yet." not in REPORT.read_text("utf-8")
    assert len(plain) >= 600
    assert share >= LEAST_OF_EXAMPLES


def test_html_beside_a_text_changes_nothing_of_it(ci: bool) -> None:  # noqa: FBT001 - a fixture
    """A text without HTML is not read as HTML; with a comment before it, which is no content, it is."""
    texts = [each.text for each in (*fetched(examples, ci=ci), *fetched(bodies, ci=ci)) if "<" not in each.text]
    assert len(texts) > FEWEST_BODIES
    assert [text for text in texts if read_blocks(text)[0] != read_blocks(f"<!-- -->\n\n{text}")[0]] == []


def _cards(texts: list[Text]) -> Collection:
    other = read_blocks("Other side.")[0]
    cards = []
    for number, each in enumerate(texts):
        body, beside = Body(each.text, read_blocks(each.text)[0]), Body("", other)
        for at, (question, answer) in enumerate(((body, beside), (beside, body))):
            cards.append(Flashcard(Head(Span("examples.md", 2 * number + at + 1), "Examples"), question, answer))
    first = 1_780_000_000_000
    identities = {
        card.head.span: Identity(f"guid-{at}", first + 10 * at, tuple(range(first + 10 * at, first + 10 * at + 2)), 1)
        for at, card in enumerate(cards)
    }
    deck = Deck("examples.md", "Examples", "Examples", sections=(Section(None, "", cards=tuple(cards)),))
    return Collection("Examples", "en", (deck,), identities)


@pytest.mark.parametrize("target", TARGETS)
def test_every_example_is_built_as_a_question_and_as_an_answer(target: str, all_examples: list[Text]) -> None:
    product = TARGETS[target].load()(_cards(all_examples), Context(1_780_000_000, lambda _: b"", Sink()))
    assert product.startswith({"anki": b"PK", "pdf": b"%PDF-", "html": b"<!doctype html>"}[target])


def test_bodies_of_real_documentation_mean_what_they_mean_on_github(
    ci: bool,  # noqa: FBT001 - a fixture is handed over by its name
    need: Callable[[str], str],
    say: Callable[[str], None],
) -> None:
    need("cmarkgfm")
    texts = [each for each in fetched(bodies, ci=ci) if not OURS_ALONE.search(each.text)]
    different = [each for each in texts if not same(read_blocks(each.text)[0], theirs(each.text))]
    share = 1 - len(different) / len(texts)
    told = [f"bodies\n{len(texts) - len(different)} of {len(texts)} real bodies as on GitHub: {share:.2%}"]
    say("\n".join([*told, *(f"  {each.name}" for each in different[:10])]))
    assert len(texts) >= FEWEST_BODIES
    assert share >= LEAST_OF_BODIES
