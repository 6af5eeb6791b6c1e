"""The pictures of docs/print.md, made by the program they show."""
