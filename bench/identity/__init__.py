"""How well notes keep their GUID when an author edits: the cards, the edits and the count."""
