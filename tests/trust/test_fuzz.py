"""Over a thousand of the inputs that ``python -m bench.fuzz`` makes: none breaks a promise."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.mark.parametrize("first", range(0, 1200, 600))
def test_no_input_breaks_a_promise(first: int) -> None:
    from bench.fuzz.__main__ import run, smallest

    count = run(7, first, first + 600)
    assert count.inputs == 600
    assert count.built == 3
    assert [(each.promise, each.told, b"".join(smallest(each))) for each in count.breaks[:3]] == []


def test_the_fuzzer_finds_what_is_wrong() -> None:
    from bench.fuzz.promises import lost, misplaced

    from cardforge.diagnostics import Code, Sink, Span
    from cardforge.model import Deck

    assert lost(["## Quiz\n\n", "1. w0w?\n\n", "<details><summary>Answer</summary>w1w</details>\n\n"]) == []
    assert lost(["# Quiz\n\n", "<!-- w0w -->\n\n", "Q: w1w?\nA: w2w\n\n"]) == ["w0w"]
    sink = Sink()
    sink.add(Code.NO_CARDS, Span("case.md", 2, 1, 2, 9), "Wrong.", "Mend.")
    assert len(misplaced(Deck("case.md", "", ""), sink, "one\ntwo\n")) == 1
    assert misplaced(Deck("case.md", "", ""), sink, "one\ntwo more\n") == []
