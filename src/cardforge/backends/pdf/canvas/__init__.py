"""A page's content stream: operators, inks, and what a piece of a page is to a reader who cannot see it."""
