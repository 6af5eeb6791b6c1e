"""What a file says about itself: its title and makers as XMP, the standards it keeps to, and the colours it means.

PDF/A-2 (ISO 19005-2), PDF/UA-1 (ISO 14289-1) and PDF/X-4 (ISO 15930-7) each ask for an identifier in the XMP packet and
for an output intent; PDF/A wants every property that XMP itself does not know to be described in the file.
"""

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase import pdfdoc

from cardforge import __version__
from cardforge.backends.pdf.file.embedding import Stream
from cardforge.values import dataclass

CREATOR: Final = f"cardforge {__version__}"
PRODUCER: Final = "ReportLab"
_MADE: Final = "2000-01-01T00:00:00Z"
"""A press asks for times; the time of a build is no part of what it makes, so every file has the same."""
_HEAD_DATE: Final = slice(24, 36)  # of an ICC profile: when it was made (ICC.1:2010, 7.2.10)
_HEAD_ID: Final = slice(84, 100)
_SPACES: Final = {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}
_PRINTABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Colours:
    """An ICC profile that says what a file's colours mean, what to call it, and the number of its components."""

    profile: bytes
    name: str
    components: int


@cache
def screen_colours() -> Colours:
    """sRGB, as Pillow's colour management makes it, without the time of its making."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[_HEAD_DATE] = b"\x07\xd0\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
    made[_HEAD_ID] = bytes(16)
    return Colours(bytes(made), "sRGB IEC61966-2.1", 3)


def press_colours(profile: bytes) -> Colours | None:
    """The colours of a printing condition; None for what is no output profile in four inks (ICC.1:2010, 7.2)."""
    if profile[36:40] != b"acsp" or profile[12:16] != b"prtr" or profile[16:20] != b"CMYK":
        return None
    try:
        words = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).strip()
    except (ImageCms.PyCMSError, OSError):
        return None
    return Colours(profile, words or "Custom", _SPACES[b"CMYK"])


def add_intents(pdf: Any, colours: Colours, kinds: Sequence[str]) -> None:
    """Say for which printing condition a document's colours are meant; ``kinds`` as GTS_PDFA1 and GTS_PDFX."""
    profile = pdf.Reference(Stream(colours.profile, {"N": colours.components}))
    name = pdfdoc.PDFString(colours.name)
    intents = [
        pdfdoc.PDFDictionary(
            {
                "Type": "/OutputIntent",
                "S": f"/{kind}",
                "OutputConditionIdentifier": name,
                "Info": name,
                "DestOutputProfile": profile,
            }
        )
        for kind in kinds
    ]
    # ReportLab has a list of what a catalog may hold, which is older than output intents.
    pdf.Catalog.__NoDefault__ = [*pdf.Catalog.__NoDefault__, "OutputIntents"]
    pdf.Catalog.OutputIntents = pdfdoc.PDFArray(intents)


def add_packet(pdf: Any, title: str, language: str, *, archive: bool, press: bool) -> None:
    """Add the XMP packet: ``archive`` for PDF/A-2a and PDF/UA-1, ``press`` for PDF/X-4."""
    properties = [
        "<dc:format>application/pdf</dc:format>",
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_xml(title)}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:language><rdf:Bag><rdf:li>{_xml(language)}</rdf:li></rdf:Bag></dc:language>",
        f"<xmp:CreatorTool>{_xml(CREATOR)}</xmp:CreatorTool>",
        f"<pdf:Producer>{_xml(PRODUCER)}</pdf:Producer>",
    ]
    if archive:
        properties += ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>"]
        properties += ["<pdfuaid:part>1</pdfuaid:part>", _described("pdfuaid", "part", "Integer")]
    if press:
        properties += [f"<xmp:{name}>{_MADE}</xmp:{name}>" for name in ("CreateDate", "ModifyDate", "MetadataDate")]
        properties += [f"<xmpMM:DocumentID>uuid:{_uuid(title)}</xmpMM:DocumentID>"]
        properties += ["<xmpMM:VersionID>1</xmpMM:VersionID>", "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>"]
        properties += ["<pdf:Trapped>False</pdf:Trapped>", "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"]
    names = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NAMESPACES.items())
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>\n{chr(10).join(properties)}\n</rdf:Description></rdf:RDF>'
        '</x:xmpmeta>\n<?xpacket end="w"?>'
    )
    entries: dict[str, object] = {"Type": "/Metadata", "Subtype": "/XML"}
    pdf.Catalog.Metadata = Stream(packet.encode(), entries, compress=False)


_NAMESPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def _described(prefix: str, name: str, kind: str) -> str:
    """A property's description, which PDF/A asks for where XMP does not know it (ISO 19005-2, 6.6.2.3)."""
    of_property = {"name": name, "valueType": kind, "category": "internal", "description": f"{prefix}:{name}"}
    inner = "".join(f"<pdfaProperty:{key}>{value}</pdfaProperty:{key}>" for key, value in of_property.items())
    return (
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{prefix}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACES[prefix]}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
        f'<rdf:li rdf:parseType="Resource">{inner}</rdf:li>'
        "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    )


def _uuid(title: str) -> str:
    digest = sha256(title.encode("utf-8", "replace")).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _xml(text: str) -> str:
    """A text in XML, without the characters that XML has no room for."""
    return escape(_PRINTABLE.sub("\ufffd", text))
