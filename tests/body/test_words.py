"""Texts that are mere words are not read by Markdown; what they mean is what Markdown would have said."""

import random

import pytest

from cardforge import body
from cardforge.body.words import paragraph_of
from deck_notation import read_blocks

PARTS = (
    *("word", "w", "www", "Zürich", "日本語", "don't", "“quoted”", "3", "10.", "a:", "http", "mailto:", "—", "()", "|"),
    *(" ", " ", " ", "  ", "\n", "\n", "\n\n", "\t", "\u00a0", "\u2003", ".", ",", ":", "://", "/", "!", "?", "%", ";"),
    *("#", "> ", "- ", "+ ", "1. ", "1) ", "=", "===", "---", "*", "_", "~", "`", "[", "]", "(", ")", "<", ">", "&"),
    *(
        "&amp;",
        "@",
        "a@b.cd",
        "www.a.bc",
        "$",
        "$x$",
        "\\",
        "\\(",
        "{",
        "{{c1::",
        "}}",
        "}",
        '"',
        "'",
        "{#",
        "|-",
        "[^1]",
    ),
    *(
        "<br>",
        "</details>",
        "\f",
        "\v",
        "\x1f",
        "\x85",
        "\u2028",
        "\ufdd0",
        "\ufdd1",
        "\ufeff",
        "[sound:a.mp3]",
        "[^1]",
    ),
)


def test_mere_words_mean_what_markdown_says(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = random.Random(8)  # noqa: S311 - a fixed seed: the same texts each time
    texts = ["".join(chosen.choices(PARTS[:30] if n % 2 else PARTS, k=chosen.randint(1, 8))) for n in range(30_000)]
    taken = [text for text in dict.fromkeys(texts) if paragraph_of(text)]
    assert len(taken) > 1_000
    directly = [read_blocks(text) for text in taken]
    monkeypatch.setattr(body, "paragraph_of", lambda _: None)
    assert [text for text, told in zip(taken, directly, strict=True) if read_blocks(text) != told] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a  b",
        "a\n\nb",
        "a \nb",
        "a\n b",
        "*a*",
        "a\n- b",
        "a\n===",
        "1. a",
        "a@b.cd",
        "www.a.bc",
        "http://a.bc",
        "a &amp; b",
        "$x$",
        r"\(x\)",
        "{{c1::a}}",
        "| a |\n|---|",
        "> a",
        "# a",
        "    a",
        "a\tb",
        "\u00a0",
    ],
)
def test_what_may_mean_more_is_left_to_markdown(text: str) -> None:
    assert paragraph_of(text) is None
