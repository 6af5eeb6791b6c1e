"""A visitor of pages, and where axe comes from."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any, Final

from page_cards import page as page_of
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from cardforge.model import Collection

AXE: Final = "4.14.1"


class Visitor:
    """Opens pages from files, each in a context of its own, and keeps what they asked for and said."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.requests: list[str] = []
        self.noise: list[str] = []

    def __call__(self, html: bytes | Collection, *, at: str = "", **facts: Any) -> Page:
        """The open page; ``at`` is what follows the address, ``facts`` are those of a Playwright context."""
        data = html if isinstance(html, bytes) else page_of(html)
        path = self.folder / f"page-{len(list(self.folder.iterdir()))}.html"
        path.write_bytes(data)
        return self.open(f"{path.as_uri()}{at}", **facts)

    def open(self, address: str, **facts: Any) -> Page:
        """The same for an address."""
        context = self.browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | facts))
        context.set_default_timeout(5000)
        context.on("request", self._asked)
        page = context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        page.on("dialog", self._opened)
        page.goto(address)
        return page

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        self.noise.append(f"{message.type}: {message.text}")

    def _opened(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def press(shown: Page, button: str) -> None:
    """Press a print button; the browser's own dialog does not open in a test, the sheet stays laid out."""
    shown.evaluate("window.print = () => {}")
    shown.get_by_role("button", name=button).click()


def fetch_axe(cache: Path, source: Path) -> str:
    """Bring axe-core from the npm registry to the file ``source``; what hinders it, or ""."""
    npm = shutil.which("npm")
    if npm is None:
        return "apt-get install npm"
    cache.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"axe-core@{AXE}", "--silent", "--pack-destination", str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    archive = cache / f"axe-core-{AXE}.tgz"
    if done.returncode or not archive.is_file():
        return f"npm pack: {done.stderr.strip()[:200]}"
    with tarfile.open(archive) as packed:
        file = packed.extractfile("package/axe.min.js")
        assert file is not None
        part = source.with_suffix(f".{os.getpid()}")
        part.write_bytes(file.read())
    part.replace(source)
    archive.unlink(missing_ok=True)
    return ""
