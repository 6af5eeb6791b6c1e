"""Print stays about as fast as ReportLab's own paragraphs, and takes no more for a page where there are many.

The bars of ``python -m bench.print`` for time are narrower; these are wide enough for a machine that does other things
as well. Memory does not depend on what else the machine does.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BESIDE, SLOPE = 1.4, 1.15
"""Times the time of ``Paragraph.drawOn``; the power of the number of pages."""


def test_print_is_as_fast_as_paragraphs_and_grows_with_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.print.__main__ import LARGE, MEMORY, PROFILES, SMALL, cost, growth, rounds

    ways = {profile: lambda profile=profile: cost("cardforge", SMALL, profile) for profile in PROFILES}
    small = rounds({**ways, "paragraph": lambda: cost("paragraph", SMALL)}, 3)
    assert small[PROFILES[0]].seconds <= BESIDE * small["paragraph"].seconds
    for profile in PROFILES:
        slope, memory = growth((SMALL, small[profile]), (LARGE, cost("cardforge", LARGE, profile)))
        assert slope <= SLOPE
        assert memory <= MEMORY[profile]
