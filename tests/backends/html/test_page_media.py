"""A browser shows every picture, can play every sound, asks nobody, and runs nothing of a drawing."""

from pathlib import Path

from visiting import Visitor

from cardforge.config import Settings
from cardforge.diagnostics import Sink
from cardforge.pipeline import Request, read
from cardforge.pipeline.render import Order, render
from command import EPOCH
from media_files import SOURCE, write_media


def test_every_picture_is_shown_and_every_sound_can_be_played(visit: Visitor, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    write_media(cards)
    (cards / "a.md").write_text(SOURCE, "utf-8")
    reading = read(Request(Settings(tmp_path), tmp_path, int(EPOCH)), Sink())
    (product,) = render(reading.collection, reading.notes, Order({"html": None}, int(EPOCH)), Sink())
    shown = visit(product.data)
    shown.click("[data-cf=open-all]")
    widths = shown.evaluate(
        "async () => Promise.all([...document.images].map(async (i) => { i.loading = 'eager'; await i.decode();"
        " return i.naturalWidth; }))"
    )
    assert widths == [60, 40, 30, 60, 200]
    assert [sound.get_attribute("aria-label") for sound in shown.locator("audio").all()] == [
        "A bell",
        "a horn",
        "Sound",
        "Sound",
    ]
    horn = "(e) => new Promise((done) => { e.onloadedmetadata = () => done(e.duration); e.onerror = () => done(-1);"
    assert shown.locator("audio").nth(1).evaluate(f"{horn} e.preload = 'auto'; e.load(); }})") > 0.2
    assert shown.title() != "1"
    # The visit itself asserts that there was no dialog, no error and no request.
