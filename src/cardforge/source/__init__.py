"""Reads one source file into raw cards that know where they stand."""
