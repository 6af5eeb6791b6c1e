"""The PDF file: its objects, fonts, pictures, structure, outline and metadata."""
