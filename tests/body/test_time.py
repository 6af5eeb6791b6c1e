"""Bodies made to be slow: time grows with the length, whatever is repeated."""

import time

import pytest

from deck_notation import read_blocks

UNITS = (
    "[^a] [^a]: b\n\n",
    "[^a\n",
    "x[^a]\n\n[^a]: b [^b]\n\n",
    "[a]: b\n[a]\n",
    "[a]: <b\n",
    "[a]: b '\n",
    "[a](b 'c",
    "[a](b (",
    "![[a](b)](",
    "]: [",
    "> [!NOTE]\n> a\n\n",
    "*a **b ~~c ",
    "a* b** c~~ ",
    "*a_ ",
    "a@b.c_",
    "a@",
    "www.a_b ",
    "http://a&b;",
    "<a b='",
    "<!-",
    "<?a",
    "`` ` ",
    "- a\n\n  b\n",
    "1. a\n   - b\n     > c\n",
    "|a|b|c|\n|-|-|-|\n|a|\n",
    "a\n: -\n",
    "~~~\n```\n",
    "<details>\n<summary>a</summary>\n",
    "\t- a\n",
)
SLOW = 1.0
"""Seconds from which growth matters."""
MOST_SECONDS = 6.0
GROWTH = 2.6


def _seconds(unit: str, length: int) -> float:
    text = unit * (length // len(unit))
    start = time.process_time()
    read_blocks(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_repeated_is_read_in_time_that_grows_with_the_length(unit: str) -> None:
    whole = _seconds(unit, 64_000)
    for _ in range(2):
        whole = whole if whole <= SLOW else min(whole, _seconds(unit, 64_000))
    assert whole < MOST_SECONDS
    assert whole <= max(SLOW, GROWTH * _seconds(unit, 32_000))


@pytest.mark.parametrize(
    "table",
    [
        "|" * 8_000 + "\n" + "|-" * 8_000 + "|\n" + "|a|\n" * 8_000,
        "<table><tr>" + "<td>a" * 6_000 + "<tr><td>a" * 3_000 + "</table>",
    ],
)
def test_a_table_of_long_and_short_rows_stays_small(table: str) -> None:
    start = time.process_time()
    tree, findings = read_blocks(table)
    assert (bool(tree), findings) == (True, [])
    assert time.process_time() - start < 5
    assert len(repr(tree)) < 3_000_000
