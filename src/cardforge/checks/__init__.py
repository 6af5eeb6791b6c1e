"""Rules over the whole collection."""
