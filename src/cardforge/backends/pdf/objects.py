"""Objects of a PDF as the bytes they will be (ISO 32000-1, 7.3): pages, outline and structure, of which there are many.

ReportLab keeps a tree of Python objects for each object of the file; for a hundred thousand pages that is gigabytes.
"""

import zlib
from typing import Any


class Objects:
    """The numbered objects of one document. A number is reserved first where others refer to it before it is known."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf

    def reserve(self) -> int:
        """The number of an object that will be put later."""
        number: int = self._pdf.objectcounter + 1
        self._pdf.Reference(b"", f"O{number}")
        return number

    def put(self, number: int, data: bytes) -> None:
        """Set a reserved object."""
        self._pdf.idToObject[f"O{number}"] = data

    def add(self, data: bytes) -> int:
        """Add an object; returns its number."""
        number = self.reserve()
        self.put(number, data)
        return number

    def number_of(self, reference: Any) -> int:
        """The number of an object of ReportLab's, by its reference."""
        number: int = self._pdf.idToObjectNumberAndVersion[reference.name][0]
        return number


def compressed(data: bytes) -> bytes:
    """A stream object that holds data under Flate."""
    packed = zlib.compress(data)
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2): in UTF-16 where it is not plain."""
    plain = text.isascii() and text.isprintable()
    data = text.encode("ascii") if plain else b"\xfe\xff" + text.encode("utf-16-be", "replace")
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return b"(%s)" % data.replace(b"\r", rb"\r")  # a bare CR would be read as a line feed


def array(numbers: list[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)
