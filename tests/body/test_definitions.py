"""What a file defines once, links' targets and footnotes, reaches every field that uses it."""

from test_tree import blocks

from cardforge.diagnostics import Span
from cardforge.doc import Math, walk
from cardforge.model import SelfCheck
from deck_notation import read

TEXT = """## Self-check

1. What does [DPO][Paper] leave out?[^why]

<details><summary>Show answer</summary>

The [paper] says it.[^ critic] [^none]

</details>

2. What does PPO keep?

<details><summary>Show answer</summary>

A critic.[^critic]

</details>

[^why]: See $r$ in [the paper][paper].
[^critic]: Beside *the* policy.

    Costs memory.

[PAPER]: https://a.b/c
  "A title"
[paper]: https://example.org/second

```
[^none]: in code
```
"""


def test_definitions_at_the_end_of_the_file_are_found_by_every_field() -> None:
    deck, sink = read(TEXT)
    # The code block belongs to no card, and is the only thing that does not.
    assert [(each.code, each.span.line) for each in sink] == [("unclaimed-block", 28)]
    first, second = deck.cards
    assert isinstance(first, SelfCheck)
    assert isinstance(second, SelfCheck)
    assert blocks(first.question.blocks) == (
        "p(What does a(https://a.b/c “A title”: DPO) leave out?sup(1)) hr "
        "ol1~(p(See math(r) in a(https://a.b/c “A title”: the paper).))"
    )
    assert blocks(first.answer.blocks) == "p(The a(https://a.b/c “A title”: paper) says it.[^ critic] [^none])"
    assert blocks(second.answer.blocks) == "p(A critic.sup(1)) hr ol1~(p(Beside em(the) policy.) p(Costs memory.))"


def test_a_formula_in_a_footnote_knows_its_place() -> None:
    deck, _ = read(TEXT)
    first = next(deck.cards)
    assert isinstance(first, SelfCheck)
    assert [node.span for node in walk(first.question.blocks) if isinstance(node, Math)] == [
        Span("case.md", 19, 14, 19, 15)
    ]


def test_a_field_s_own_definition_comes_first() -> None:
    deck, _ = read("## Quiz\n\nQ: [a]?\nA: [a]\n\n[a]: own\n\n## End\n\n[a]: other\n")
    card = next(deck.cards)
    assert blocks(card.answer.blocks) == "p(a(own: a))"  # type: ignore[union-attr] # a flashcard has an answer
