"""Measurements: what the program promises in numbers, and how it does."""
