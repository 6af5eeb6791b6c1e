"""What PDF/X-4 (ISO 15930-7:2010) asks of a file and a machine can see, so far as a PDF made here could break it.

It is no certificate: whether glyphs and pictures decode is asked of other readers, and rules about features that
nothing here writes (OPI, trap networks, JPEG 2000) are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pikepdf
from colours import device_colours
from pdf_objects import dictionaries_of, fonts_of


class Rule(StrEnum):
    """What a file may break."""

    INTENT = "exactly one output intent GTS_PDFX, which says its condition"
    PROFILE = "the intent embeds the ICC profile of an output device, version 2 or 4"
    VERSION_KEY = "XMP pdfxid:GTS_PDFXVersion is PDF/X-4"
    IDS = "XMP has xmpMM:DocumentID, VersionID and RenditionClass"
    DATES = "XMP has xmp:CreateDate, ModifyDate and MetadataDate"
    TITLE = "XMP has dc:title, the same as the information dictionary's"
    TRAPPED = "pdf:Trapped is True or False, the same in both places"
    FILE_ID = "the trailer has a file identifier"
    ENCRYPTION = "nothing is encrypted"
    PDF_VERSION = "the version is at most 1.6"
    ACTIONS = "no actions, no JavaScript"
    TRIM = "every page has a TrimBox or an ArtBox, not both"
    NESTING = "TrimBox inside BleedBox inside MediaBox"
    VIEW = "a viewer shows and prints the MediaBox or the BleedBox"
    ANNOTATIONS = "annotations lie outside the bleed"
    COLOURS = "device colours are grey or the intent's"
    FONTS = "fonts are embedded"
    TRANSFER = "no transfer functions, no halftone phase"
    HALFTONE = "halftones are of type 1 or 5 and have no name"
    LAYERS = "configurations of layers have names and set nothing by themselves"
    OUTSIDE = "all data is in the file, and none of it is PostScript"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken, and by what."""

    rule: Rule
    what: str

    def __str__(self) -> str:
        return f"{self.what} ({self.rule})"


Box = tuple[float, float, float, float]
_CHANNELS: Final = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_DEVICE: Final = {"GRAY": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_XMP_MM: Final = "{http://ns.adobe.com/xap/1.0/mm/}"
_XMP: Final = "{http://ns.adobe.com/xap/1.0/}"
_TRAPPED: Final = "{http://ns.adobe.com/pdf/1.3/}Trapped"
_PDFX: Final = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
# ISO 32000-1, table 198: the types of action, as the key S names them.
_ACTIONS: Final = frozenset(
    "/GoTo /GoToR /GoToE /Launch /Thread /URI /Sound /Movie /Hide /Named /SubmitForm /ResetForm /ImportData /JavaScript"
    " /SetOCGState /Rendition /Trans /GoTo3DView".split()
)
_SLACK: Final = 0.01  # points


def lint(pdf: pikepdf.Pdf) -> list[Finding]:
    """Everything an open PDF does that PDF/X-4 forbids, and all it lacks."""
    return [*_intent(pdf), *_metadata(pdf), *_file(pdf), *_pages(pdf), *_objects(pdf), *_layers(pdf)]


def _intents(pdf: pikepdf.Pdf) -> list[Any]:
    return [each for each in pdf.Root.get("/OutputIntents", []) if each.get("/S") == "/GTS_PDFX"]


def _space(pdf: pikepdf.Pdf) -> str:
    """The colour space of the intent's profile: "CMYK", "RGB", "GRAY", or what else it says."""
    for intent in _intents(pdf):
        if "/DestOutputProfile" in intent:
            return bytes(intent.DestOutputProfile.read_bytes())[16:20].decode("ascii", "replace").strip()
    return ""


def _intent(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    intents = _intents(pdf)
    if len(intents) != 1:
        yield Finding(Rule.INTENT, f"{len(intents)} output intents")
    for intent in intents:
        if not str(intent.get("/OutputConditionIdentifier", "")):
            yield Finding(Rule.INTENT, "no OutputConditionIdentifier")
        if "/DestOutputProfile" not in intent:
            yield Finding(Rule.PROFILE, "no DestOutputProfile")
            continue
        icc, channels = bytes(intent.DestOutputProfile.read_bytes()), intent.DestOutputProfile.get("/N")
        # ICC.1:2010, 7.2: size, version, class, colour space, signature.
        if len(icc) < 128 or icc[36:40] != b"acsp" or int.from_bytes(icc[:4], "big") != len(icc):
            yield Finding(Rule.PROFILE, "DestOutputProfile is no ICC profile")
        elif icc[8] not in {2, 4} or icc[12:16] != b"prtr":
            yield Finding(Rule.PROFILE, f"version {icc[8]}, class {icc[12:16]!r}")
        elif _CHANNELS.get(_space(pdf)) != channels:
            yield Finding(Rule.PROFILE, f"{_space(pdf)} has not {channels} channels")


def _metadata(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    xmp = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
    keys = [_PDFX, _TITLE, _TRAPPED]
    keys += [_XMP_MM + key for key in ("DocumentID", "VersionID", "RenditionClass")]
    keys += [_XMP + key for key in ("CreateDate", "ModifyDate", "MetadataDate")]
    said = {key: str(xmp.get(key, "")) for key in keys}
    if said.pop(_PDFX) != "PDF/X-4":
        yield Finding(Rule.VERSION_KEY, "no pdfxid:GTS_PDFXVersion of PDF/X-4")
    title, other = said.pop(_TITLE), str(pdf.docinfo.get("/Title", ""))
    if not title or (other and other != title):
        yield Finding(Rule.TITLE, f"dc:title is {title!r}, Title {other!r}")
    trapped, other = said.pop(_TRAPPED), str(pdf.docinfo.get("/Trapped", ""))[1:]
    if not {trapped, other} - {""} or {trapped, other} - {"", "True", "False"} or (other and trapped != other):
        yield Finding(Rule.TRAPPED, f"pdf:Trapped is {trapped!r}, Trapped {other!r}")
    for key, value in said.items():
        if not value:
            rule = Rule.IDS if key.startswith(_XMP_MM) else Rule.DATES
            yield Finding(rule, f"no {key.partition('}')[2]}")


def _file(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield Finding(Rule.FILE_ID, "no ID")
    if pdf.is_encrypted:
        yield Finding(Rule.ENCRYPTION, "encrypted")
    for version in (pdf.pdf_version, str(pdf.Root.get("/Version", "/1.0"))[1:]):
        if tuple(map(int, version.split("."))) > (1, 6):
            yield Finding(Rule.PDF_VERSION, version)
    preferences: Any = pdf.Root.get("/ViewerPreferences", {})
    for key in ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip"):
        if str(preferences.get(key, "/MediaBox")) not in {"/MediaBox", "/BleedBox"}:
            yield Finding(Rule.VIEW, f"{key[1:]} is {preferences[key]}")
    for font in fonts_of(pdf):
        if not font.embedded:
            yield Finding(Rule.FONTS, font.name)


def _pages(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    allowed = {"/DeviceGray", _DEVICE[_space(pdf)]} if _space(pdf) in _DEVICE else set(_DEVICE.values())
    for number, page in enumerate(pdf.pages, 1):
        for colour in sorted(device_colours(page) - allowed):
            yield Finding(Rule.COLOURS, f"page {number}: {colour[1:]}")
        trims = [page.obj[key] for key in ("/TrimBox", "/ArtBox") if key in page.obj]
        if len(trims) != 1:
            yield Finding(Rule.TRIM, f"page {number}: {len(trims)}")
            continue
        media, trim = _box(page.mediabox), _box(trims[0])
        bleed = _box(page.obj.get("/BleedBox", trims[0]))
        if not (_inside(trim, bleed) and _inside(bleed, media)):
            yield Finding(Rule.NESTING, f"page {number}: {trim} in {bleed} in {media}")
        for each in page.obj.get("/Annots", []):
            if each.get("/Subtype") != "/TrapNet" and _meet(_box(each.Rect), bleed):
                yield Finding(Rule.ANNOTATIONS, f"page {number}: {each.get('/Subtype')}")


def _box(box: Any) -> Box:
    x1, y1, x2, y2 = (float(value) for value in box)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _inside(inner: Box, outer: Box) -> bool:
    grown = (outer[0] - _SLACK, outer[1] - _SLACK, outer[2] + _SLACK, outer[3] + _SLACK)
    return inner[0] >= grown[0] and inner[1] >= grown[1] and inner[2] <= grown[2] and inner[3] <= grown[3]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _objects(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """What is forbidden wherever it stands."""
    for each in dictionaries_of(pdf):
        yield from _entries(each)


def _entries(entries: Any) -> Iterator[Finding]:
    if str(entries.get("/S")) in _ACTIONS:
        yield Finding(Rule.ACTIONS, str(entries.S)[1:])
    curve = "/TR" in entries and "/G" not in entries  # a soft mask may have one
    if curve or "/HTP" in entries or str(entries.get("/TR2", "/Default")) != "/Default":
        yield Finding(Rule.TRANSFER, "TR, TR2 or HTP")
    if "/HalftoneType" in entries and (int(entries.HalftoneType) not in {1, 5} or "/HalftoneName" in entries):
        yield Finding(Rule.HALFTONE, f"type {entries.HalftoneType}")
    if isinstance(entries, pikepdf.Stream):
        if "/PS" in {str(entries.get("/Subtype")), str(entries.get("/Subtype2"))}:
            yield Finding(Rule.OUTSIDE, "PostScript")
        if "/F" in entries or "/Ref" in entries:
            yield Finding(Rule.OUTSIDE, "data of another file")


def _layers(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    layers: Any = pdf.Root.get("/OCProperties", {})
    for each in [*([layers.D] if "/D" in layers else []), *layers.get("/Configs", [])]:
        if not str(each.get("/Name", "")) or "/AS" in each:
            yield Finding(Rule.LAYERS, "no Name, or AS")
