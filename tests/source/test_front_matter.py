"""Front matter: the reader in C gives what PyYAML's own gives, or leaves the text to it."""

import random

import pytest
import yaml

from cardforge.diagnostics import Sink
from cardforge.passage import lines_of
from cardforge.source.front_matter import READ_ALIKE, read_front_matter, read_yaml
from cardforge.vocabulary import Vocabulary

PARTS = (
    *("deck", "tags", "lang", ":", ": ", " ", "  ", "\n", "\n", "- ", "[", "]", "{", "}", ",", '"', "'", "#", "|", ">"),
    *("&a", "*a", "!x", "%", "@", "`", "\t", "é", "日", "\x85", "\ufeff", "no", "~", "---", "...", "? ", "\\n", "<<: "),
)


def _answer(text: str, loader: type) -> object:
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - base loaders make texts, lists and dictionaries only
    except yaml.YAMLError as error:
        return str(error)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was installed without its reader in C")
def test_both_readers_say_the_same() -> None:
    chance = random.Random(5)  # noqa: S311 - the same texts each time
    texts = ["".join(chance.choices(PARTS, k=chance.randint(1, 12))) for _ in range(20_000)]
    taken = [text for text in texts if READ_ALIKE.fullmatch(text)]
    assert len(taken) > 1_000

    def read(text: str) -> object:
        try:
            return read_yaml(text)
        except yaml.YAMLError as error:
            return str(error)

    assert [text for text in texts if read(text) != _answer(text, yaml.BaseLoader)] == []


@pytest.mark.parametrize(
    ("text", "place", "said", "mend"),
    [
        ("deck: D\ntags: [a, b\nsource: x", (3, 7), "This bracket is not closed.", "Write ] where the list ends."),
        ("tags: [a, b", (2, 7), "This bracket is not closed.", "Write ] where the list ends."),
        ("tags: {a: b", (2, 7), "This brace is not closed.", "Write } where it ends."),
        (
            'deck: "Part 1\ntags: a',
            (2, 7),
            "This quotation mark is not closed.",
            "Write another one where the value ends.",
        ),
        ("deck: Part 1: A", (2, 13), "mapping values are not allowed here.", "Quote values that hold : or #."),
        (
            "deck: D\n  tags: a",
            (3, 7),
            "mapping values are not allowed here.",
            "Begin the key where the one above it begins.",
        ),
        ("deck: @x", (2, 7), "cannot start any token.", "Quote the value: to YAML the sign it begins with is no text."),
        (
            "deck: *x",
            (2, 7),
            "found undefined alias 'x'.",
            "Quote the value: to YAML the sign it begins with is no text.",
        ),
        (
            'deck: "a\\qb"',
            (2, 10),
            "unknown escape character 'q'.",
            "Write every backslash twice, or put the value between single quotation marks.",
        ),
        ("tags: [a: b: c]", (2, 12), "expected ',' or ']', but got ':'.", "Quote values that hold : or #."),
        ("tags: [a, b\nother: [x]", (2, 7), "This bracket is not closed.", "Write ] where the list ends."),
        (
            "cardforge:\n  deck: A\n   tags: b",
            (4, 8),
            "mapping values are not allowed here.",
            "Begin the key where the one above it begins.",
        ),
        ("deck: a\tb", (2, 8), "'\\t' that cannot start any token.", "Write a blank in the place of the tab."),
        ("deck: 'it's", (2, 11), "found '<scalar>'.", "Quote the value as a whole, with marks that it does not hold."),
        (
            "deck: D\ndeck: E",
            (3, 1),
            "deck stands here once more, and what it said before is lost.",
            "Keep one of them.",
        ),
        ("cardforge:\n  tags: a\n  'tags': b", (4, 3), "tags stands here once more", "Keep one of them."),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_its_mend(
    text: str, place: tuple[int, int], said: str, mend: str
) -> None:
    sink = Sink()
    read_front_matter("a.md", lines_of(f"---\n{text}\n---\nQ: Why?\n"), Vocabulary(), sink)
    (found,) = sink
    assert (found.span.line, found.span.column) == place
    assert said in found.message
    assert found.hint == mend


@pytest.mark.parametrize(
    "text",
    ["author: A\nauthor: B", "deck: a\ntags: ['deck: b', deck]", "a: &a {b: *a}\nb: 1\nb: 2", "deck: D # deck: E"],
)
def test_keys_of_others_may_stand_twice(text: str) -> None:
    sink = Sink()
    read_front_matter("a.md", lines_of(f"---\n{text}\n---\nQ: Why?\n"), Vocabulary(), sink)
    assert [found.message for found in sink if "once more" in found.message] == []
