"""Front matter: the reader in C gives what PyYAML's own gives, or leaves the text to it."""

import random

import pytest
import yaml

from cardforge.source.front_matter import READ_ALIKE, read_yaml

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
