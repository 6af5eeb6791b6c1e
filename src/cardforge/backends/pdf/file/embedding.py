"""A face as a PDF font: Type0 with Identity-H, so that a show string holds glyph numbers (ISO 32000-1, 9.7).

Only the glyphs a document uses are embedded, under their old numbers. ToUnicode tells a reader what they say.
TrueType outlines go into a CIDFontType2, PostScript ones into a CIDFontType0 with a bare CFF table.
"""

from hashlib import sha256
from itertools import groupby
from typing import Any, Final

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from cardforge.backends.pdf.file.composing import with_glyphs
from cardforge.backends.pdf.text.characters import utf16
from cardforge.backends.pdf.text.faces import Source
from cardforge.backends.pdf.text.shaping import UsedFace

# What a CIDFontType2 needs of a TrueType file (ISO 32000-1, table 126); a reader maps and shapes nothing itself.
_KEEP: Final = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
_KEEP_POSTSCRIPT: Final = ("CFF ", "head", "hhea", "hmtx", "maxp")
_SYMBOLIC: Final = 4
_ITALIC: Final = 64
_FIXED: Final = 1
_SLANT: Final = -12

_CMAP_HEAD: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL: Final = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
_UNTOLD: Final = dict.fromkeys((0, 0xFEFF, 0xFFFE))  # PDF/A-2 forbids them there (ISO 19005-2, 6.2.11.7.2)
_CMAP_BLOCK: Final = 100  # entries a bfchar section may have


class Stream(pdfdoc.PDFStream):
    """A compressed stream that ends its data with a line end, which ReportLab's own leaves out (7.3.8.1)."""

    def __init__(self, content: bytes, entries: dict[str, object] | None = None, *, compress: bool = True) -> None:
        entries = dict(entries or {})
        if compress:  # now and not when the file is written, for until then every page is held
            content = pdfdoc.PDFZCompress.encode(content)
            entries["Filter"] = pdfdoc.PDFArray([pdfdoc.PDFName(pdfdoc.PDFZCompress.pdfname)])
        super().__init__(pdfdoc.PDFDictionary(entries), content, [])

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        """The object's bytes."""
        formatted: bytes = super().format(document)
        return formatted.removesuffix(b"endstream\n") + b"\nendstream\n"


def embed(used: UsedFace, document: Any) -> pdfdoc.PDFObjectReference:
    """Add the font objects to a document; returns the reference for the page's font resources."""
    face, source = used.face, used.face.source
    postscript = face.postscript
    program = _subset(used)
    tag = "".join(chr(65 + byte % 26) for byte in sha256(program).digest()[:6])
    name = pdfdoc.PDFName(f"{tag}+{source.name}")
    cap_height = face.hb_font.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)
    entries: dict[str, object] = {"Subtype": "/CIDFontType0C"} if postscript else {"Length1": len(program)}
    descriptor = pdfdoc.PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": _flags(source),
            "FontBBox": pdfdoc.PDFArray(_bounding_box(used, program)),
            "ItalicAngle": _SLANT if source.italic else 0,
            "Ascent": round(face.ascent * 1000),
            "Descent": -round(face.descent * 1000),
            "CapHeight": round(cap_height * face.em * 1000),
            "StemV": 140 if source.bold else 85,
            "FontFile3" if postscript else "FontFile2": document.Reference(Stream(program, entries)),
        }
    )
    told = {
        "Type": "/Font",
        "Subtype": "/CIDFontType0" if postscript else "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": pdfdoc.PDFDictionary(
            {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        ),
        "FontDescriptor": document.Reference(descriptor),
        "DW": 1000,
        "W": _widths(used),
    }
    descendant = pdfdoc.PDFDictionary(told if postscript else {**told, "CIDToGIDMap": "/Identity"})
    font = pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant)]),
            "ToUnicode": document.Reference(Stream(_to_unicode(used).encode("ascii"))),
        }
    )
    reference: pdfdoc.PDFObjectReference = document.Reference(font)
    return reference


def _subset(used: UsedFace) -> bytes:
    face = used.face
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyph for glyph in used.glyphs if glyph not in used.made)
    flags = hb.SubsetFlags
    wanted.flags = flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
    if face.cids is None:  # else glyphs keep their CIDs, and may come closer together
        wanted.flags |= flags.RETAIN_GIDS
    for axis, value in face.source.axes:
        wanted.pin_axis_location(face.hb_face, axis, value)
    keep = _KEEP_POSTSCRIPT if face.postscript else _KEEP
    for table in face.hb_face.table_tags:
        if table not in keep:
            wanted.drop_table_tag_set.add(int.from_bytes(table.encode("ascii"), "big"))
    subset = hb.subset(face.hb_face, wanted)
    if face.postscript:
        return bytes(subset.reference_table("CFF ").data)
    program = bytes(subset.blob.data)
    return with_glyphs(program, used.made, face.hb_font) if used.made else program


def _flags(source: Source) -> int:
    return _SYMBOLIC | (_ITALIC if source.italic else 0) | (_FIXED if source.fixed else 0)


def _bounding_box(used: UsedFace, program: bytes) -> list[int]:
    """The font's box from its head table (OpenType spec, head: four int16 from byte 36), in 1/1000 em."""
    font = used.face.hb_face if used.face.postscript else hb.Face(hb.Blob(program))
    head = bytes(font.reference_table("head").data)
    corners = (int.from_bytes(head[at : at + 2], "big", signed=True) for at in (36, 38, 40, 42))
    return [round(corner * used.face.em * 1000) for corner in corners]


def _by_cid(used: UsedFace) -> list[tuple[int, int]]:
    """The glyphs in use, each as the CID that a show string has for it and the glyph's number."""
    cids = used.face.cids
    return sorted((glyph if cids is None else cids[glyph], glyph) for glyph in used.glyphs)


def _widths(used: UsedFace) -> pdfdoc.PDFArray:
    """The W array: runs of consecutive CIDs with their advances in 1/1000 em."""
    entries: list[object] = []
    for _, run in groupby(enumerate(_by_cid(used)), lambda item: item[1][0] - item[0]):
        glyphs = [pair for _, pair in run]
        advances = [used.advance(glyph) * used.face.em * 1000 for _, glyph in glyphs]
        entries += [glyphs[0][0], pdfdoc.PDFArray([round(advance, 2) for advance in advances])]
    return pdfdoc.PDFArray(entries)


def _to_unicode(used: UsedFace) -> str:
    """The ToUnicode CMap. A glyph without a text of its own (a mark of a cluster) maps to a zero-width space."""
    texts = ((cid, used.glyphs[glyph].translate(_UNTOLD)) for cid, glyph in _by_cid(used) if glyph)
    lines = [f"<{cid:04X}> <{utf16(text or chr(0x200B))}>" for cid, text in texts]
    blocks = [lines[i : i + _CMAP_BLOCK] for i in range(0, len(lines), _CMAP_BLOCK)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return _CMAP_HEAD + body + _CMAP_TAIL
