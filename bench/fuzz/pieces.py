"""What inputs are made of: shapes of cards with a place for words, and ways to nest, cut and damage them.

In a piece ``w`` stands for a word that has to be found again. What is debris by the shapes' own rules (a label, a
number, an attribute, a comment, an address) has none.
"""

import re
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Final

TITLES: Final = ("Self-check", "Flashcards", "Scenarios", "Quiz", "Exercises: one", "Check yourself")

# Each ends its paragraph, so that pieces stand side by side as an author's blocks do.
PIECES: Final = tuple(
    f"{piece}\n\n"
    for piece in (
        # prose
        "w",
        "w w\nw",
        "w?",
        "**w?**",
        "w **w** _w_ `w` ~~w~~ [w](a.md) <b>w</b> w",
        "w <kbd>w</kbd> w<sub>w</sub> w<br>w",
        "w\\\nw  \nw",
        # how questions start
        "**1. w?**",
        "**2.** w?",
        "1) w?",
        "2. w?",
        "3. w?\n   w",
        "**4. w?** w",
        "### 1. w?",
        "#### Q2. w?",
        "###### 3. w",
        "### w",
        "#### w?",
        "5. ### w?\n\n   w",
        "Question 6: w?",
        # folds
        "<details><summary>Show answer</summary>\n\nw\n\nw\n\n</details>",
        "<details>\n<summary>w?</summary>\nw</details>",
        "<details><summary>Answer</summary>w</details>",
        "<details open><summary><b>Answer</b></summary>\n<p>\n\n#### Answer: B\n\nw\n\n</p>\n</details>",
        "<details><summary>Hint</summary>w</details>",
        "<details><summary>Show answer (w)</summary>\n\n- w\n- w\n\n</details>".replace("(w)", "(worked)"),
        "<details><summary>💡 Solution</summary>\n\n```\nw\n```\n\n</details>",
        "<details><summary>w</summary>\n\n<details><summary>w</summary>\n\nw\n\n</details>\n\nw\n\n</details>",
        "<details><summary>Answer</summary>\n\n| w | w |\n|---|---|\n| w | w |\n\n</details>",
        "w <details><summary>Answer</summary>w</details> w",
        "<details>w</details>",
        "<details><summary></summary>w</details>",
        # question and answer lines
        "Q: w?\nA: w",
        "Q: w?\n\nA: w\n\nw",
        "**Q: w?**\nA: w",
        "**Q: w?**\n\nw",
        "Q. w?\nw",
        "Q: w?",
        "A: w",
        "**A:** w",
        "Answer: w",
        # scenarios
        "Scenario 1. w",
        "**Scenario A:** w",
        "Yes. w",
        "**It depends.** w",
        # options
        "- [ ] w\n- [x] w",
        "* [x] w\n* [ ] w\n  w",
        "- A: w\n- B: w",
        "- (a) w\n- (b) w",
        "A. w\nB. w",
        "A) w\n\nB) w",
        "Answer: B",
        "#### Answer: A",
        "**Explanation:** w",
        # gaps
        "w {{c1::w}} w",
        "{{c1::w::w}} and {{c2::w}}",
        "{{c1::w {{c2::w}}}}",
        "C: w [w] w",
        "w ==w== w",
        "`{{c1::w}}` $x {{c1::w}}$",
        # components
        '<Flashcard question="w?">\n\nw\n\n</Flashcard>',
        '<Flashcard question="w?">\n  w\n</Flashcard>',
        '<Flashcard question="w?" answer="w" />',
        "<Flashcard question={`w?`} answer={'w'} />",
        '<FlashcardSet>\n<Flashcard question="w?">w</Flashcard>\n\nw\n\n</FlashcardSet>',
        "import x from 'y'",
        "{/* a remark */}",
        "<Aside>\n\nw\n\n</Aside>",
        # notes
        "w::w",
        "w:::w",
        "w\n?\nw",
        "> [!question]- w\n> w",
        "> [!NOTE]\n> w",
        "[[a|w]] w",
        "%%a remark%%",
        # other blocks
        "- w\n- w",
        "1. w\n2. w\n   - w",
        "10. w\n\n    w",
        "> w\n> w",
        "> > w\nw",
        "```\nw\n```",
        "~~~ js\nw\n~~~",
        "    w\n    w",
        "| w | w |\n|---|---|\n| w | w |",
        "$$\nw\n$$",
        r"\[ w \] w \( w \)",
        "$w$ costs $5 and $w$",
        "<div>w</div>",
        "<div>\n\nw\n\n</div>",
        "<p align=center>w <b>w</b></p>",
        "<table><tr><th>w</th></tr><tr><td>w</td></tr></table>",
        "<ul><li>w</li><li>w</ul>",
        "<dl><dt>w</dt><dd>w</dd></dl>",
        "w[^1]\n\n[^1]: w",
        "[a]: https://example.org\n\nw [w][a]",
        "<!-- a remark -->\nw",
        "w <!-- a remark --> w",
        "<!-- card: id=a -->",
        "<!-- card: tags=b -->\nw",
        "---",
        "***",
        "![w](https://example.org/a.png)",
        "w\n### w",
        "- w\n> w\n1. w",
        # what is never closed
        "```\nw",
        "<details><summary>w</summary>\n\nw",
        "$$ w",
        "{{c1::w",
        "</details>\nw",
    )
)

# What the grammar reads, so that random texts are made of more than prose.
TOKENS: Final = (
    *"# ## ### ###### > - * + 1. 2) 3、 1． a) A. B: | |-| :-: ` ``` ~~~ $ $$ \\( \\) \\[ \\] [x] [ ] ( ) !".split(),
    *"** * _ __ ~~ == --- === *** & &amp; &#0; &#x110000; &#xD800; &lt; < > </ /> <! <? <![CDATA[ ]]> <!-- -->".split(),
    *"{/* */} { } {{ }} {{c1:: {{c0:: {{c999999:: :: ::: ? ?? %% [[ ]] ![[ [^1] [^1]: [a]: <a@b.c> http://a.b".split(),
    *"www.a.b \\ \\\\ / . : , ; ! <details> </details> <details <summary> </summary> <summary>Answer</summary>".split(),
    *"<b> </b> <br> <p> </p> <div> </div> <table> <tr> <td> <li> <script> </script> <style> <T> <Flashcard".split(),
    *'</Flashcard> question=" answer={` `} Q: A: C: Q. A. Answer: Question Hint: Scenario Exercise Yes. No.'.split(),
    *"Show answer Quiz Flashcards Answers sound: [sound:a.mp3] [latex] [/latex] [$] [/$] [type:Front] <%=".split(),
    *"{{Front}} {{#Back}} {{/Back}} wzxhzdk:0 klzzwxh:0000 \x02wzxhzdk:0\x03 a b word Why? 1 0 9999999999".split(),
    *"日本語 ق שלום 🧠 👩‍🚀 é e\u0301 ß ı ﬁ \u200b \u202e \u2066 \u00a0 \u3000 \u2028 \u2029 \x85 \x0c \x0b \x00".split(
        " "
    ),
    *"\x01 \x02 \x03 \x1b \x1c \x1e \x1f \x7f \x9b \ufdd0 \ufdd1 \ufdef \ufeff \ufffd \ufffe \u0338 \t".split(" "),
    *("\n", "\n", "\n", "\n\n", "\n\n", "\n    ", "\n  ", "\n\t", "\r\n", "\r", " ", " ", "  "),
    *("\n## Self-check\n", "\n## Flashcards\n", "\n## Scenarios\n", "Section titled “Quiz”\n", "Show answer\n"),
    *("\n---\n", "---\ntags: [a, b]\n---\n", "---\na: &a [*a]\n---\n"),
)

_NESTED: Final = 0.15
"""How likely a piece is put into another."""
_CUT: Final = 0.8
"""How likely only a part of a file is taken."""
_WORD: Final = re.compile(r"\bw\b")


def number_words(parts: list[str]) -> list[str]:
    """The parts with each ``w`` made a word of its own, ``w0w``, ``w1w`` and so on."""
    numbers = count()
    return [_WORD.sub(lambda _: f"w{next(numbers)}w", part) for part in parts]


def _in_quote(part: str) -> str:
    return "".join(f"> {line}" if line.strip() else f">{line}" for line in part.splitlines(keepends=True)) + "\n"


def _in_item(part: str, mark: str) -> str:
    lines = part.splitlines(keepends=True)
    rest = (" " * len(mark) + line if line.strip() else line for line in lines[1:])
    return mark + lines[0] + "".join(rest)


NESTS: Final[tuple[Callable[[str], str], ...]] = (
    _in_quote,
    lambda part: _in_item(part, "- "),
    lambda part: _in_item(part, "1. "),
    lambda part: f"- w\n\n{_in_item(part, '  ')}",
    lambda part: f"<details><summary>Answer</summary>\n\n{part}</details>\n\n",
    lambda part: f"<details><summary>w?</summary>\n\n{part}</details>\n\n",
    lambda part: f"<div>\n\n{part}</div>\n\n",
    lambda part: part.replace("\n", "\r\n"),
    lambda part: part.removesuffix("\n"),  # no blank line after it
)
"""Ways to put a piece into another, or close to the next."""


def nests(part: str) -> bool:
    """Whether a piece may be put into another: a component's props are read only where it is a card of its own."""
    return "<Flashcard" not in part


def section(random: Random) -> list[str]:
    """A card section as its title and its blocks, their words numbered."""
    parts = [f"## {random.choice(TITLES)}\n\n"]
    for _ in range(random.randrange(1, 9)):
        part = random.choice(PIECES)
        while nests(part) and random.random() < _NESTED:
            part = random.choice(NESTS)(part)
        parts.append(part)
    return number_words(parts)


def soup(random: Random) -> str:
    """Tokens of the grammar in no order."""
    return "".join(random.choice(TOKENS) for _ in range(random.randrange(1, 60)))


def damaged(random: Random, data: bytes) -> bytes:
    """A file with up to eight injuries: pieces cut out, doubled, moved or put in, bytes changed."""
    start = random.randrange(max(1, len(data)))
    data = data[start : start + random.randrange(1, 3000)] if random.random() < _CUT else data[:20_000]
    for _ in range(random.randrange(9)):
        a, b = sorted(random.randrange(len(data) + 1) for _ in range(2))
        b = min(b, a + random.randrange(1, 200))
        match random.randrange(8):
            case 0:
                data = data[:a] + data[b:]
            case 1:
                data = data[:b] + data[a:b] * random.randrange(1, 4) + data[b:]
            case 2:
                at = random.randrange(len(data) + 1)
                data = data[:at] + data[a:b] + data[at:]
            case 3:
                data = data[:a] + random.choice(TOKENS).encode() * random.choice((1, 1, 1, 2, 50)) + data[a:]
            case 4:
                data = data[:a] + random.choice(PIECES).encode() + data[a:]
            case 5:
                data = data[:a] + random.randbytes(random.randrange(1, 4)) + data[a:]
            case 6:
                data = data[:a] + data[a:b].replace(b"\n", random.choice((b"\r\n", b"", b"\n\n", b"\n  "))) + data[b:]
            case _:
                data = data[:a]
    return data
