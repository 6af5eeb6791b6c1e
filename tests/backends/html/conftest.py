"""One browser for all of these tests, and axe. Every visit asserts that the page was quiet and stayed at home."""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Playwright
from visiting import AXE, Visitor, fetch_axe

_FLAGS: Final = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --force-color-profile=srgb --font-render-hinting=none"
).split()


@pytest.fixture(scope="session")
def browser(
    need: Callable[[str], str], playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The system's Chromium, or the one $CHROMIUM names."""
    program = os.environ.get("CHROMIUM") or need("chromium")
    browser = playwright.chromium.launch(
        executable_path=program, args=_FLAGS, downloads_path=tmp_path_factory.mktemp("downloads")
    )
    yield browser
    browser.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """``visit(collection)``: the page in the browser. At the end: no request left it, nothing was said or broke."""
    folder = tmp_path / "pages"
    folder.mkdir()
    visitor = Visitor(browser, folder)
    yield visitor
    for context in browser.contexts:
        context.close()
    assert visitor.noise == []
    home = (folder.as_uri(), "data:", "blob:")
    assert [url for url in visitor.requests if not url.startswith(home)] == []


@pytest.fixture(scope="session")
def axe(ci: bool, need: Callable[[str], str]) -> str:  # noqa: FBT001 - a fixture is handed over by its name
    """The source of axe-core, once from the npm registry, then from the cache."""
    need("playwright")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardforge-tests"
    source = cache / f"axe-{AXE}.js"
    if not source.is_file():
        failure = fetch_axe(cache, source)
        if failure:
            said = f"NOT TESTED: axe-core {AXE} is missing ({failure})"
            if ci:
                pytest.fail(said, pytrace=False)
            pytest.skip(said)
    return source.read_text("utf-8")


@pytest.fixture
def violations(axe: str) -> Callable[[Page], list[str]]:
    """``violations(page)``: what axe finds wrong, a line each, with all of its rules for pages switched on."""

    def run(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(f"(() => {{{axe}}})()")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {each['help']}: {node['html'][:160]} ({node['failureSummary']})"
            for each in found["violations"]
            for node in each["nodes"][:3]
        ]

    return run


@pytest.fixture
def read(need: Callable[[str], str]) -> Callable[[bytes], list[str]]:
    """``read(pdf)``: the text of each page, blanks and line ends as one blank."""
    need("pypdfium2")
    import pypdfium2

    def texts(pdf: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(BytesIO(pdf))
        return [" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in document]

    return texts
