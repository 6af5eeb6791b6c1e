"""Advice on what is hard to learn: what each rule takes, and the nearest that it has to leave alone."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cardforge.config import Settings
from cardforge.diagnostics import QUALITY, Sink
from cardforge.pipeline import Request, read
from command import ROOT, write

GOOD: Final = "A: It keeps the policy near.\n"


def _advice(folder: Path, *, language: str = "en", **files: str) -> list[str]:
    """The advice about the cards of some files, each by slug and line."""
    write(folder, {f"{name}.md": text for name, text in files.items()})
    settings, sink = Settings(None, language=language), Sink()
    names = tuple(f"{name}.md" for name in files)
    reading = read(Request(settings, folder, 0, names, thorough=True), sink)
    return [f"{found.code}:{found.span.line}" for found in reading.judge(strict=False) if found.code in QUALITY]


def _q(question: str, answer: str = "It keeps the policy near.") -> str:
    return f"Q: {question}\nA: {answer}\n"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (_q("Why " + "so " * 25 + "?"), "long-question"),
        (_q("为" * 52 + "？"), "long-question"),
        (_q("Why?", "so " * 51), "long-answer"),
        (_q("Why?", "为" * 102), "long-answer"),
        (_q("Which are there?", "\n- a\n- b\n- c\n- d"), "list-answer"),
        (_q("Which are there?", "There are four:\n\n1. a\n2. b\n3. c\n4. d"), "list-answer"),
        (_q("Is it so?", "**Yes.**"), "bare-verdict"),
        (_q("Is it so?", "false"), "bare-verdict"),
        (_q("What is PPO and how does it clip?"), "two-questions"),
        (_q("What is PPO? How does it clip?"), "two-questions"),
        (_q("Explain what a proxy is, and why is it gamed?"), "two-questions"),
        (_q("什么是PPO？它如何裁剪？"), "two-questions"),
        (_q("Which loss did we derive in this lesson?"), "needs-context"),
        (_q("Which of the following is a prime?"), "needs-context"),
        (_q("What does this code print?"), "needs-context"),
        (_q("What does this mean?"), "needs-context"),
        (_q("Which term was described above?"), "needs-context"),
        (_q("What does the KL penalty penalize?", "The KL penalty"), "given-away"),
        ("The {{c1::policy}} of PPO is a policy that is clipped.\n", "given-away"),
        (_q("Which curve falls?", "One. ![](https://example.org/a.png)"), "missing-alt"),
        (
            _q("Which curve falls?", "This one falls.") + "\n" + _q("Which *curve* falls", "Another one."),
            "near-duplicate",
        ),
        (
            _q("Which keeps the trained policy near its frozen reference model?", "The KL term.")
            + "\n"
            + _q("Which keeps the trained policy near its reference model?", "The KL term."),
            "near-duplicate",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_a_rule_takes(text: str, slug: str, tmp_path: Path) -> None:
    assert [found.partition(":")[0] for found in _advice(tmp_path, a=text)] == [slug]


@pytest.mark.parametrize(
    "text",
    [
        _q("Why " + "so " * 23 + "$a + b + c$?"),
        _q("Which does this print?\n\n```python\n" + "print(1)\n" * 30 + "```\n"),
        _q("为" * 48 + "？"),
        _q("Why?", "so " * 49),
        f"## Self-check\n\n**1. Why?**\n\n<details>\n<summary>Show answer</summary>\n\n{'so ' * 90}\n\n</details>\n",
        _q("Which are there?", "\n- a\n- b\n- c"),
        _q("Why does it fail?", "Because the reward is a proxy. It is gamed by:\n\n- a\n- b\n\nand then some."),
        _q("Is it so?", "Yes: the ratio is clipped."),
        _q("Is it so?", "No idea"),
        _q("When and where was it measured?"),
        _q("Is it a bias? Or a variance?"),
        _q("What does the prompt “Why? How?” ask for?"),
        _q("What is the difference between how PPO and how DPO learn?"),
        _q("What, and only what, does PPO clip?"),
        _q("What is it called when a proxy is gamed?"),
        _q("How long does this take to converge in practice?"),
        _q("A bot praises everyone. Why is this bad?"),
        _q("What does this code print? `print(1)`"),
        _q("What is the following of a sect called?"),
        _q("Is PPO on-policy or off-policy?", "On-policy"),
        _q("Which is larger: KL, JS?", "KL"),
        _q("What does the P in PPO stand for?", "Proximal"),
        _q("What is 2 + 2?", "4"),
        "PPO clips the {{c1::ratio}} of {{c2::probabilities}}.\n",
        _q("What does TCP guarantee?", "Order.") + "\n" + _q("What does UDP guarantee?", "Nothing."),
        _q("What is the cube of 3 in the field?", "27") + "\n" + _q("What is the cube of 4 in the field?", "27"),
        _q("When is a matrix positive definite?") + "\n" + _q("When is a matrix not positive definite?"),
        _q("What is $a < b$?") + "\n" + _q("What is $a > b$?"),
    ],
    ids=lambda value: value[:40],
)
def test_no_rule_takes(text: str, tmp_path: Path) -> None:
    assert _advice(tmp_path, a=text) == []


@pytest.mark.parametrize(
    ("language", "text", "slugs"),
    [
        ("de", _q("Ist das so?", "Ja."), ["bare-verdict"]),
        ("de", _q("Was heißt „who and why is it“?", "yes"), []),
        ("ja", _q("正しいですか？", "はい"), ["bare-verdict"]),
        ("fi", _q("Onko niin?", "Kyllä"), []),
        ("en-GB", _q("Which loss did we derive in this lesson?"), ["needs-context"]),
        ("nl", _q("Wat is water in this lesson?"), []),
    ],
)
def test_words_count_in_their_language_only(language: str, text: str, slugs: list[str], tmp_path: Path) -> None:
    assert [found.partition(":")[0] for found in _advice(tmp_path, language=language, a=text)] == slugs


def test_near_duplicates_are_found_across_files(tmp_path: Path) -> None:
    assert _advice(tmp_path, a=_q("Why does it fail?"), b="\n" + _q("why does it *fail*")) == ["near-duplicate:2"]


def test_the_cards_of_this_repository_are_easy_to_learn(tmp_path: Path) -> None:
    files = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "cards").glob("*.md"))}
    assert _advice(tmp_path, **files) == []


def test_ten_thousand_cards_are_compared_in_a_moment(say: Callable[[str], None]) -> None:
    from cardforge.checks.duplicates import near_duplicates, said_by
    from cardforge.checks.words import Sayings
    from cardforge.diagnostics import Span
    from cardforge.doc import Paragraph, Text
    from cardforge.model import Body, Card, Flashcard, Head

    chance = random.Random(1)  # noqa: S311 - the same cards each time
    words = [f"word{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}" for i in range(2_000)]

    def body(text: str) -> Body:
        return Body(text, (Paragraph((Text(text),)),))

    def card(line: int, question: str) -> Card:
        return Flashcard(Head(Span("a.md", line, 1, line, 2), "d"), body(question), body("It is so."))

    def seconds(count: int) -> tuple[float, int]:
        cards = [card(i, f"What is the {' '.join(chance.sample(words, 6))} of it?") for i in range(count)]
        cards += [card(count + i, cards[i].question.source.replace("What", "what")) for i in range(10)]  # type: ignore[union-attr] # flashcards
        sink = Sink()
        start = time.process_time()
        sayings = Sayings()
        near_duplicates([said_by(card, sayings) for card in cards], sink)
        return time.process_time() - start, len(sink.found)

    small, large = seconds(2_500), seconds(10_000)
    say(f"near-duplicates\n2,500 cards {small[0]:.2f} s, 10,000 cards {large[0]:.2f} s of CPU")
    assert (small[1], large[1]) == (10, 10)
    assert large[0] < 10 * small[0] + 1


@pytest.mark.parametrize(
    "answer",
    [
        "It is $\\frac{a$.",
        "It is \\(\\frac{a\\).",
        "It is \\[\\frac{a\\].",
        "\n```math\n\\frac{a\n```",
        "\n```Math\nx^2^3\n```",
        "See the note[^1].\n\n## Notes\n\n[^1]: It is $\\frac{a$.",
    ],
)
def test_a_formula_is_checked_however_it_comes_into_a_field(answer: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.md": f"Q: What is it?\nA: {answer}\n"})
    sink = Sink()
    reading = read(Request(Settings(None), tmp_path, 0, ("a.md",)), sink)
    assert [str(found.code) for found in reading.judge(strict=False)].count("bad-formula") == 1


@pytest.mark.parametrize(
    "answer",
    [
        "![](https://example.org/a.png)",
        '<img src="https://example.org/a.png">',
        "![][it]\n\n## Notes\n\n[it]: https://example.org/a.png",
        "See[^1].\n\n## Notes\n\n[^1]: ![](https://example.org/a.png)",
    ],
)
def test_a_picture_without_words_is_found_however_it_comes_into_a_field(answer: str, tmp_path: Path) -> None:
    assert "missing-alt" in " ".join(_advice(tmp_path, a=_q("What does it look like?", answer)))
