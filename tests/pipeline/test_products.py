"""One product a deck, and the files a page keeps beside it."""

import io
import re
from pathlib import Path

from PIL import Image

from cardforge.pipeline.lockfile import ledger_in
from command import cardforge, write

DECK = "---\ndeck: {deck}\n---\n\nQ: What is asked in {deck}?\nA: {answer}\n"


def _project(folder: Path) -> Path:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    files: dict[str, str | bytes] = {
        "cardforge.toml": 'name = "course"\nnamespace = "tests"\n',
        "cards/a.md": DECK.format(deck="Course::One", answer="![A red square](red.png)"),
        "cards/b.md": DECK.format(deck="Course::one", answer="The same name but for its case."),
        "cards/c.md": DECK.format(deck="CON", answer="A name no file may have on some systems."),
        "cards/red.png": buffer.getvalue(),
    }
    return write(folder, files)


def test_split_gives_every_deck_a_product_of_its_own_and_pages_an_index(tmp_path: Path) -> None:
    project = _project(tmp_path)
    done = cardforge(project, "build", "all", "--split")
    assert (done.status, done.stdout) == (0, "")
    names = {path.name for path in (project / "build").iterdir()}
    slugs = {"course-one", "course-one-2", "con-deck"}
    assert names == {f"{slug}.{ending}" for slug in slugs for ending in ("apkg", "pdf", "html")} | {"index.html"}
    index = (project / "build" / "index.html").read_text("utf-8")
    assert set(re.findall(r'href="([^"#]+)"', index)) >= {f"{slug}.html" for slug in slugs}
    assert len(ledger_in(project / "build" / "con-deck.apkg")) == 1


def test_split_needs_a_folder(tmp_path: Path) -> None:
    project = _project(tmp_path)
    for output in ("one.apkg", "-"):
        done = cardforge(project, "build", "anki", "--split", "-o", output)
        assert (done.status, done.stdout) == (2, "")
    assert not (project / "one.apkg").exists()


def test_assets_are_files_beside_the_page(tmp_path: Path) -> None:
    project = _project(tmp_path)
    assert cardforge(project, "build", "html", "--assets", "site/pictures", "-o", "site/").status == 0
    page = (project / "site" / "course.html").read_text("utf-8")
    (picture,) = (project / "site" / "pictures").iterdir()
    assert f'src="pictures/{picture.name}"' in page
    assert "data:image" not in page
    assert cardforge(project, "build", "html", "-o", "alone.html").status == 0
    assert "data:image/png" in (project / "alone.html").read_text("utf-8")


def test_cards_link_to_their_lesson_when_it_has_an_address(tmp_path: Path) -> None:
    project = _project(tmp_path)
    assert (
        cardforge(project, "build", "html", "--source-url", "https://example.org/course/", "-o", "a.html").status == 0
    )
    assert 'href="https://example.org/course/cards/a"' in (project / "a.html").read_text("utf-8")
    config = project / "cardforge.toml"
    config.write_text(config.read_text("utf-8") + 'source_url = "https://example.org/other/"\n', "utf-8")
    assert cardforge(project, "build", "html", "-o", "b.html").status == 0
    assert 'href="https://example.org/other/cards/a"' in (project / "b.html").read_text("utf-8")


def test_a_fragment_is_no_page_of_its_own(tmp_path: Path) -> None:
    project = _project(tmp_path)
    assert cardforge(project, "build", "html", "--fragment", "-o", "part.html").status == 0
    part = (project / "part.html").read_text("utf-8")
    assert "<html" not in part
    assert "What is asked in CON?" in part


def test_the_anchor_of_a_lesson_is_its_heading_as_written(tmp_path: Path) -> None:
    text = "## Try it yourself: spot the bug\n\nScenario 1. A loop runs once.\n\nA bug?\n\nYes. It should run twice.\n"
    project = write(tmp_path, {"cardforge.toml": 'source_url = "https://example.org/"\n', "cards/a.md": text})
    assert cardforge(project, "build", "html", "-o", "a.html").status == 0
    page = (project / "a.html").read_text("utf-8")
    assert 'href="https://example.org/cards/a#try-it-yourself-spot-the-bug"' in page
