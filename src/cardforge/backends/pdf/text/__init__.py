"""Text: from characters to glyphs of faces, from words to lines."""
