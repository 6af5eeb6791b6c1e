"""What print says of itself is true: the products for screens are PDF/A-2a and PDF/UA-1, those for press PDF/X-4."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from verapdf import VeraPdf
from x4lint import lint

from cardforge.printing import Layout
from command import ROOT, cardforge

FLAVOURS: Final = ("2a", "ua1")
# What asks for the two profiles on the command line; the one for screens is what one gets unasked.
SCREEN: Final[tuple[str, ...]] = ()
PRESS: Final[tuple[str, ...]] = ("--profile", "press", "--icc")
# Real decks, and texts in ten scripts.
DECKS: Final = [path for path in (ROOT / "cards", ROOT / "tests" / "seed" / "scripts.md") if path.exists()]


@pytest.mark.parametrize("layout", Layout)
def test_every_construct_is_kept_and_can_be_heard(
    layout: Layout, printed: Callable[..., Path], verapdf: VeraPdf, say: Callable[[str], None]
) -> None:
    made = printed(*SCREEN, "--layout", layout.value)
    start = time.perf_counter()
    verdicts = verapdf.validate([made], FLAVOURS)
    took = time.perf_counter() - start
    say(f"veraPDF\n{layout.value:<10}{sum(each.checks for each in verdicts):>8} checks in {took:.1f} s")
    assert [str(each) for each in verdicts if each.broken] == []


@pytest.mark.parametrize("deck", DECKS, ids=lambda path: path.stem)
def test_a_deck_is_kept_and_can_be_heard(deck: Path, verapdf: VeraPdf, tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    done = cardforge(
        tmp_path, "build", "pdf", str(deck), "--lock", str(tmp_path / "lock"), *SCREEN, "--output", str(made)
    )
    assert done.status == 0, done.stderr
    assert [str(each) for each in verapdf.validate([made], FLAVOURS) if each.broken] == []


@pytest.mark.parametrize("layout", Layout)
def test_a_print_shop_can_take_every_construct(
    layout: Layout,
    printed: Callable[..., Path],
    check_syntax: Callable[[bytes], list[str]],
    need: Callable[[str], str],
) -> None:
    made = printed(*PRESS, need("cmyk profile"), "--layout", layout.value)
    assert check_syntax(made.read_bytes()) == []
    with pikepdf.open(made) as pdf:
        assert [str(each) for each in lint(pdf)] == []
