"""The objects of a PDF (ISO 32000-1, 7.3) and the file they make (7.5).

ReportLab keeps a tree of Python objects for each object of the file, and looks it up by name in four dictionaries; for
a hundred thousand pages that is gigabytes. So pages, outline and structure, of which there are many, are bytes by
number, and are let go as they are written.
"""

import zlib
from array import array
from io import BytesIO
from typing import Any, Final

from reportlab.pdfbase import pdfdoc


class File(pdfdoc.PDFDocument):
    """ReportLab's document, with objects that are bytes beside its own: ``ready``, by number."""

    def __init__(self, version: tuple[int, int], language: str) -> None:
        super().__init__(invariant=1, compression=1, pdfVersion=version, lang=language)
        self.version = version
        self.ready: dict[int, bytes] = {}

    def format(self) -> bytes:
        """The file's bytes. What is ready is let go meanwhile."""
        own: Any = self  # ReportLab's types do not say what a document has
        root, info = own.Reference(own.Catalog), own.Reference(own.info)
        head = pdfdoc.PDFFile(self.version)
        file = BytesIO()
        file.write(head.format(self))
        places = array("Q")
        while len(places) < self.objectcounter:  # which grows while ReportLab's own are written
            number = len(places) + 1
            data = self.ready.pop(number, None)
            if data is None:
                data = pdfdoc.format(self.idToObject[self.numberToId[number]], self, toplevel=1)
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s%sendobj\n" % (number, data, b"" if data.endswith(b"\n") else b"\n"))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        for place in places:
            file.write(b"%010d 00000 n \n" % place)
        trailer = pdfdoc.PDFTrailer(start, Size=len(places) + 1, Root=root, Info=info, ID=self.ID())
        file.write(trailer.format(self))
        return file.getvalue()


class Objects:
    """The numbered objects of one document. A number is reserved first where others refer to it before it is known."""

    def __init__(self, pdf: File) -> None:
        self._pdf = pdf

    def reserve(self) -> int:
        """The number of an object that will be put later."""
        self._pdf.objectcounter += 1
        number: int = self._pdf.objectcounter
        return number

    def put(self, number: int, data: bytes) -> None:
        """Set a reserved object."""
        self._pdf.ready[number] = data

    def add(self, data: bytes) -> int:
        """Add an object; returns its number."""
        number = self.reserve()
        self.put(number, data)
        return number

    def number_of(self, reference: Any) -> int:
        """The number of an object of ReportLab's, by its reference."""
        number: int = self._pdf.idToObjectNumberAndVersion[reference.name][0]
        return number


def reference(number: int) -> bytes:
    """What refers to an object."""
    return b"%d 0 R" % number


_LEVEL: Final = 4
"""Of compression: pages come out 4 % larger than at zlib's default of 6, in three fifths of its time."""


def compressed(data: bytes) -> bytes:
    """A stream object that holds data under Flate."""
    packed = zlib.compress(data, _LEVEL)
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2): in UTF-16 where it is not plain."""
    plain = text.isascii() and text.isprintable()
    data = text.encode("ascii") if plain else b"\xfe\xff" + text.encode("utf-16-be", "replace")
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return b"(%s)" % data.replace(b"\r", rb"\r")  # a bare CR would be read as a line feed


def references(numbers: list[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(map(reference, numbers))
