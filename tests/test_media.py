"""Pictures and sounds of every kind, from a folder into Anki, a browser and print."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from anki_harness import opened
from cardforge.config import Settings
from cardforge.diagnostics import Code, Sink
from cardforge.pipeline import Reading, Request, read
from cardforge.pipeline.render import Order, render
from command import EPOCH
from media_files import SOURCE, write_media


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    cards = tmp_path / "cards"
    cards.mkdir()
    write_media(cards)
    (cards / "a.md").write_text(SOURCE, "utf-8")
    return read(Request(Settings(tmp_path), tmp_path, int(EPOCH)), Sink())


def _product(reading: Reading, target: str) -> bytes:
    sink = Sink()
    (product,) = render(reading.collection, reading.notes, Order({target: None}, int(EPOCH)), sink)
    assert [finding.message for finding in sink] == []
    return product.data


def test_only_the_drawing_lost_something(reading: Reading) -> None:
    assert [(finding.code, finding.span.line) for finding in reading.sink] == [(Code.DROPPED_MARKUP, 2)]
    assert "without its event handlers, scripts and links to other files" in next(iter(reading.sink)).message
    assert sorted(media.mime for media in reading.collection.media.values()) == [
        "audio/flac",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/svg+xml",
        "image/webp",
    ]


def test_anki_has_every_file_and_plays_every_sound(reading: Reading, tmp_path: Path) -> None:
    package = _product(reading, "anki")
    assert package == _product(reading, "anki")
    with opened(tmp_path / "anki") as anki:
        anki.read(package)
        stored = anki.media()
        by_name = {media.name: media for media in reading.collection.media.values()}
        assert set(stored) == set(by_name)
        for name, data in stored.items():
            path = Path(by_name[name].path)
            assert data == path.read_bytes() or path.suffix == ".svg"
        assert b"script" not in stored[next(name for name in stored if name.endswith(".svg"))]
        assert anki.problems() == []
        pictures, sounds = (anki.cards(reading.collection.identity(card).guid)[0] for card in reading.collection.cards)
        assert len(re.findall(r'<img src="[^"]+"', pictures.answer)) == 5
        assert sounds.answer.count("[anki:play:a:") == 4
        assert "[sound:none.mp3]" in sounds.answer.replace("&#91;", "[")


def test_print_shows_upright_pictures_on_white_and_a_sign_for_each_sound(reading: Reading) -> None:
    data = _product(reading, "pdf")
    assert data == _product(reading, "pdf")
    with pikepdf.open(BytesIO(data)) as pdf:
        images = [image for page in pdf.pages for image in page.images.values()]
        seen = {(int(image.Width), int(image.Height)) for image in images}
        assert (40, 80) in seen  # upright
        assert all(image.get("/SMask") is None for image in images)
    pages = [page.render(scale=2).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(data)]
    colours = {colour for page in pages for _, colour in page.getcolors(1 << 20) or []}
    assert any(red > 240 and abs(green - 127) < 6 and abs(blue - 127) < 6 for red, green, blue in colours)  # on white
    assert any(green > 150 and red < 12 and blue < 12 for red, green, blue in colours)  # the drawing
    assert any(red > 240 and green > 240 and blue < 40 for red, green, blue in colours)  # CMYK yellow
    text = "".join(part.get_textpage().get_text_range() for part in pypdfium2.PdfDocument(data))
    assert "A bell" in text
    assert "a horn" in text


def test_a_package_holds_compressed_files_as_they_are(reading: Reading) -> None:
    with zipfile.ZipFile(BytesIO(_product(reading, "anki"))) as package:
        assert sum(entry.compress_type == zipfile.ZIP_STORED for entry in package.infolist()) >= 7
