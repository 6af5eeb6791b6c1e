"""The structure of a tagged PDF as an outline one can read: what each element is, says and describes."""

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2.raw as c
from pdf_samples import open_pdf
from pypdfium2 import PdfPage


def outline(data: bytes) -> str:
    """All elements of a document as pdfium reads them, page by page; an element that spans pages stands on each."""
    lines: list[str] = []
    for at, page in enumerate(open_pdf(data)):
        lines.append(f"page {at + 1}")
        tree = c.FPDF_StructTree_GetForPage(page.raw)
        texts = _texts(page)
        for child in range(c.FPDF_StructTree_CountChildren(tree)):
            lines += _lines(c.FPDF_StructTree_GetChildAtIndex(tree, child), texts, 1)
        c.FPDF_StructTree_Close(tree)
    return "\n".join(lines)


def _lines(element: object, texts: dict[int, str], depth: int) -> Iterator[str]:
    told = [_string(c.FPDF_StructElement_GetType, element)]
    for call, name in (
        (c.FPDF_StructElement_GetTitle, "title"),
        (c.FPDF_StructElement_GetLang, "lang"),
        (c.FPDF_StructElement_GetAltText, "alt"),
        (c.FPDF_StructElement_GetActualText, "text"),
    ):
        if value := _string(call, element):
            told.append(f"{name}={value!r}")
    kids: list[str | object] = []
    for at in range(c.FPDF_StructElement_CountChildren(element)):
        number = c.FPDF_StructElement_GetChildMarkedContentID(element, at)
        child = c.FPDF_StructElement_GetChildAtIndex(element, at)
        if number >= 0:
            kids.append(texts.get(number, ""))
        elif child:
            kids.append(child)
    if all(isinstance(kid, str) for kid in kids):
        told += [kid for kid in kids if isinstance(kid, str)]
        kids = []
    yield "  " * depth + " ".join(told).rstrip()
    for kid in kids:
        if isinstance(kid, str):
            yield f"{'  ' * depth}  · {kid}"
        else:
            yield from _lines(kid, texts, depth + 1)


def _texts(page: PdfPage) -> dict[int, str]:
    """The text of each marked-content sequence of a page, by its number."""
    found: dict[int, str] = {}
    text = page.get_textpage()
    for each in range(c.FPDFPage_CountObjects(page.raw)):
        item = c.FPDFPage_GetObject(page.raw, each)
        number = c.FPDFPageObj_GetMarkedContentID(item)
        if number >= 0 and c.FPDFPageObj_GetType(item) == c.FPDF_PAGEOBJ_TEXT:
            size = c.FPDFTextObj_GetText(item, text.raw, None, 0)
            buffer = ctypes.create_string_buffer(size)
            c.FPDFTextObj_GetText(item, text.raw, ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), size)
            words = buffer.raw[: size - 2].decode("utf-16-le").strip()
            found[number] = f"{found.get(number, '')} {words}".strip()
    return found


def _string(call: Callable[..., int], element: object) -> str:
    size = call(element, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    call(element, buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le")
