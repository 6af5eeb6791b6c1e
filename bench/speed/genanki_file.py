"""Writes notes with genanki as its manual says: ``python genanki_file.py NOTES.json OUT.apkg``, with genanki 0.13.

The notes are those of a package: ``[deck, fields, tags]`` each. Run with a peer's Python, which has genanki.
"""

import json
import sys
from pathlib import Path

import genanki


def main(notes: Path, out: Path) -> None:
    """Write the file."""
    models: dict[int, genanki.Model] = {}
    decks: dict[str, genanki.Deck] = {}
    for name, fields, tags in json.loads(notes.read_text("utf-8")):
        wide = len(fields)
        model = models.setdefault(wide, _model(wide))
        deck = decks.setdefault(name, genanki.Deck(len(decks) + 1, name))
        deck.add_note(genanki.Note(model=model, fields=fields, tags=tags))
    genanki.Package(decks.values()).write_to_file(str(out))


def _model(wide: int) -> genanki.Model:
    names = [{"name": f"Field {at}"} for at in range(wide)]
    return genanki.Model(
        wide, f"{wide} fields", names, [{"name": "Card", "qfmt": "{{Field 0}}", "afmt": "{{Field 1}}"}]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
