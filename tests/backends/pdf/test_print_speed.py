"""Print stays about as fast as ReportLab's own paragraphs, and takes no more for a page where there are many.

The bars of ``python -m bench.print`` are narrower; these are wide enough for a machine that does other things as well.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BESIDE, SLOPE, MEMORY = 2.0, 1.2, 22.0
"""Times the time of ``Paragraph.drawOn``; the power of the number of pages; KiB a page, tags included."""


def test_print_is_as_fast_as_paragraphs_and_grows_with_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.print.__main__ import LARGE, SMALL, cost, growth, profiles, rounds

    profile = profiles()[0]
    ways = {"ours": lambda: cost("cardforge", SMALL, profile), "paragraph": lambda: cost("paragraph", SMALL)}
    small = rounds(ways, 3)
    assert small["ours"].seconds <= BESIDE * small["paragraph"].seconds
    slope, memory = growth((SMALL, small["ours"]), (LARGE, cost("cardforge", LARGE, profile)))
    assert slope <= SLOPE
    assert memory <= MEMORY
