"""Alerts and footnotes in every product: under a word, not told by colour alone, and nothing of them lost."""

import io
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from command import cardforge, write

CARD = """## Flashcards

Q: What can be said apart?[^where]

A: Five things.

> [!NOTE]
> The *first*.

> [!CAUTION]
> - The last.

[^where]: In an alert.
"""


def test_alerts_and_footnotes_are_in_every_product(tmp_path: Path, need: Callable[[str], str]) -> None:
    need("pypdfium2")
    import pypdfium2

    project = write(tmp_path, {"cardforge.toml": 'name = "deck"\nnamespace = "tests"\n', "cards/a.md": CARD})
    done = cardforge(project, "build", "all", "-q")
    assert done.status == 0, done.stderr
    note = (
        '<div class="cf-alert cf-note" role="note"><p class="cf-alert-title"><span lang="en" dir="ltr">Note</span></p>'
    )
    with zipfile.ZipFile(io.BytesIO((project / "build" / "deck.apkg").read_bytes())) as archive:
        data = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        ((fields,),) = database.execute("select flds from notes")
    for html in (fields, (project / "build" / "deck.html").read_text("utf-8")):
        assert f'{note}<p dir="auto">The <em>first</em>.</p></div>' in html
        assert '<div class="cf-alert cf-caution" role="note">' in html
        assert "What can be said apart?<sup>1</sup>" in html
        assert "In an alert." in html
    with closing(pypdfium2.PdfDocument(project / "build" / "deck.pdf")) as pdf:
        words = " ".join(page.get_textpage().get_text_range() for page in pdf).split()
    assert {"Note", "first.", "Caution", "last.", "apart?1", "alert."} <= set(words)
