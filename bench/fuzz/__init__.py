"""Feeds the program with what nobody meant to write, and holds it to its promises."""
