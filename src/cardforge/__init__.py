"""cardforge: write questions once, in Markdown; study them in Anki, on paper and in a browser."""

__version__ = "0.1.0"
