"""A lesson's practice page as people paste it, all the way to the browser and to paper."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visiting import press

from command import ROOT, cardforge

_OWN = ROOT / "tests" / "seed" / "practice-alignment.txt"
_SHARED = ROOT.parent / "shared" / "input" / "practice-rlhf-dpo.txt"


@pytest.mark.parametrize("seed", [_OWN, _SHARED], ids=lambda path: path.stem)
def test_the_seed_page_is_studied_and_prints_nine_flashcards(
    seed: Path, tmp_path: Path, browser: Browser, read: Callable[[bytes], list[str]]
) -> None:
    if not seed.is_file():
        pytest.skip(f"NOT TESTED: {seed.name} is not there")
    assert cardforge(tmp_path, "build", "html", str(seed), "-o", "page.html").status == 0
    context = browser.new_context()
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    shown = context.new_page()
    shown.goto((tmp_path / "page.html").as_uri())
    kinds = {kind: shown.locator(f".cf-{kind}.cf-card").count() for kind in ("self-check", "scenario", "flashcard")}
    assert kinds == {"self-check": 5, "scenario": 4, "flashcard": 9}
    assert shown.locator(".cf-lead-in").count() == 3
    verdicts = shown.locator(".cf-scenario .cf-verdict").all_text_contents()
    assert ["Yes" in verdict for verdict in verdicts] == [True, True, False, False]
    text = shown.content()
    assert "Section titled" not in text
    press(shown, "Print flashcards")
    pages = read(shown.pdf(format="A4"))
    assert len(pages) == 9
    press(shown, "Print all")
    assert len(read(shown.pdf(format="A4"))) == 18
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()
