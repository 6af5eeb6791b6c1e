"""Turns the text of one field into a document tree."""
