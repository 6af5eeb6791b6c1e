"""The lint for print shops' PDFs passes one that is right, and names each thing that is made wrong in it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from pdf_objects import Font, fonts_of
from pikepdf import Array, Dictionary, Name
from x4lint import Rule, lint

Change = Callable[[Any], object]

XMP: Final = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
xmlns:dc="http://purl.org/dc/elements/1.1/" pdfxid:GTS_PDFXVersion="PDF/X-4" pdf:Trapped="False"
xmp:CreateDate="2026-01-01T00:00:00Z" xmp:ModifyDate="2026-01-01T00:00:00Z" xmp:MetadataDate="2026-01-01T00:00:00Z"
xmpMM:DocumentID="uuid:1" xmpMM:VersionID="1" xmpMM:RenditionClass="default">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Cards</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end="w"?>"""


def profile(space: str = "CMYK", kind: str = "prtr", version: int = 2) -> bytes:
    """The header of an ICC profile, which is all that is looked at."""
    header = bytearray(128)
    header[:4] = len(header).to_bytes(4, "big")
    header[8] = version
    header[12:16], header[16:20], header[36:40] = kind.encode(), space.ljust(4).encode(), b"acsp"
    return bytes(header)


def _at(pdf: Any, path: str) -> tuple[Any, Any]:
    """The holder of an entry and the entry's key: from the catalog, or from the first page with ``page`` in front."""
    *words, last = path.split("/")
    place = pdf.Root
    for word in words:
        place = pdf.pages[0].obj if word == "page" else place[_key(word)]
    return place, _key(last)


def _key(word: str) -> str | int:
    return int(word) if word.isdecimal() else f"/{word}"


def put(path: str, value: Any) -> Change:
    """Set an entry, to what a function makes for this file if it is one."""

    def change(pdf: Any) -> None:
        place, key = _at(pdf, path)
        place[key] = value(pdf) if callable(value) else value

    return change


def cut(path: str) -> Change:
    """Take an entry away."""

    def change(pdf: Any) -> None:
        place, key = _at(pdf, path)
        del place[key]

    return change


def both(*changes: Change) -> Change:
    """All of them."""
    return lambda pdf: [change(pdf) for change in changes]


def paint(operators: str) -> Change:
    """Draw on the page."""
    return lambda pdf: pdf.pages[0].contents_add(pdf.make_stream(operators.encode()))


def icc(**facts: Any) -> Change:
    """Another profile for the intent."""
    return put("OutputIntents/0/DestOutputProfile", lambda pdf: pdf.make_stream(profile(**facts), N=4))


def resource(kind: str, value: Any) -> Change:
    """A resource of the page, of a kind it has none of."""

    def change(pdf: Any) -> None:
        pdf.pages[0].obj.Resources[f"/{kind}"] = Dictionary(X=value(pdf) if callable(value) else value)

    return change


def xmp(old: str, new: str = "") -> Change:
    """Say something else in the metadata."""
    assert old in XMP
    return lambda pdf: pdf.Root.Metadata.write(XMP.replace(old, new).encode())


def annotation(subtype: str, box: list[float], **entries: Any) -> Change:
    """An annotation on the page."""
    return put("page/Annots", Array([Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=box, **entries)]))


def state(**entries: Any) -> Change:
    """A graphics state among the page's resources."""
    return resource("ExtGState", Dictionary(**entries))


def layers(**entries: Any) -> Change:
    """The default configuration of layers."""
    return put("OCProperties", Dictionary(OCGs=Array(), D=Dictionary(**entries)))


def image(pdf: Any, **entries: Any) -> Any:
    """A picture of one black pixel."""
    return pdf.make_stream(b"\0" * 4, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, **entries)


def form(pdf: Any, operators: bytes = b"1 0 0 rg", **entries: Any) -> Any:
    """A form that paints."""
    return pdf.make_stream(operators, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), **entries)


def untold(pdf: Any) -> None:
    """Nothing of trapping in the information dictionary."""
    del pdf.docinfo["/Trapped"]


def spot(alternate: Any) -> Array:
    """The separation "All" with its substitute."""
    return Array([Name.Separation, Name.All, alternate, Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)])


def good() -> pikepdf.Pdf:
    """A page with a bleed, marks outside of it, black text colour and the metadata of PDF/X-4."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    page.obj.TrimBox, page.obj.BleedBox = Array([30, 30, 270, 170]), Array([21, 21, 279, 179])
    page.obj.Resources = Dictionary(ColorSpace=Dictionary(All=spot(Name.DeviceCMYK)))
    page.contents_add(pdf.make_stream(b"0 0 0 1 k 0.5 g /All cs 1 scn 5 5 10 1 re f"))
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                S=Name.GTS_PDFX,
                OutputConditionIdentifier=pikepdf.String("FOGRA39"),
                DestOutputProfile=pdf.make_stream(profile(), N=4),
            )
        ]
    )
    pdf.Root.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.docinfo["/Title"], pdf.docinfo["/Trapped"] = pikepdf.String("Cards"), Name("/False")
    return pdf


def found(change: Change, **saved: Any) -> list[str]:
    """The rules that the good file breaks after a change, read back from its bytes."""
    out = BytesIO()
    with good() as pdf:
        change(pdf)
        pdf.save(out, **({"force_version": "1.6"} | saved))
    with pikepdf.open(out) as pdf:
        return [each.rule.name for each in lint(pdf)]


def test_a_file_as_print_shops_want_it_passes() -> None:
    assert found(lambda _: None) == []


ART: Final = put("page/ArtBox", Array([30, 30, 270, 170]))
DAY: Final = "2026-01-01T00:00:00Z"
RGB: Final = Name.DeviceRGB
UNTRAPPED: Final = 'pdf:Trapped="False"'

ALLOWED: Final[dict[str, Change]] = {
    "an annotation beside the bleed": annotation("Text", [0, 0, 20, 20]),
    "an ArtBox for the TrimBox": both(ART, cut("page/TrimBox")),
    "no BleedBox": cut("page/BleedBox"),
    "RGB with a profile": both(
        paint("1 0 0 rg"),
        put(
            "page/Resources/ColorSpace/DefaultRGB",
            lambda pdf: Array([Name.ICCBased, pdf.make_stream(profile("RGB", "mntr"), N=3)]),
        ),
    ),
    "RGB for RGB": both(
        put("OutputIntents/0/DestOutputProfile", lambda pdf: pdf.make_stream(profile("RGB"), N=3)),
        put("page/Contents", lambda pdf: pdf.make_stream(b"1 0 0 rg")),
        cut("page/Resources/ColorSpace"),
    ),
    "a later profile": icc(version=4),
    "a stencil": resource("XObject", lambda pdf: image(pdf, ImageMask=True)),
    "the curve of a soft mask": resource(
        "ExtGState", lambda pdf: Dictionary(SMask=Dictionary(S=Name.Alpha, TR=Dictionary(), G=form(pdf, b"0 g")))
    ),
    "no transfer function": state(TR2=Name.Default),
    "a halftone": state(HT=Dictionary(HalftoneType=1)),
    "layers with a name": layers(Name=pikepdf.String("Answers")),
    "a destination": put("OpenAction", lambda pdf: Array([pdf.pages[0].obj, Name.Fit])),
}


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_is_allowed_is_not_found(change: Change) -> None:
    assert found(change) == []


BROKEN: Final[dict[str, tuple[Rule, Change]]] = {
    "no intent": (Rule.INTENT, put("OutputIntents/0/S", Name.GTS_PDFA1)),
    "two intents": (Rule.INTENT, lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])),
    "no condition": (Rule.INTENT, cut("OutputIntents/0/OutputConditionIdentifier")),
    "no profile": (Rule.PROFILE, cut("OutputIntents/0/DestOutputProfile")),
    "a screen's profile": (Rule.PROFILE, icc(kind="mntr")),
    "too late a profile": (Rule.PROFILE, icc(version=5)),
    "a torn profile": (Rule.PROFILE, lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(profile() + b"x")),
    "wrong channels": (Rule.PROFILE, put("OutputIntents/0/DestOutputProfile/N", 3)),
    "another standard": (Rule.VERSION_KEY, xmp("PDF/X-4", "PDF/X-3:2003")),
    "no name of the document": (Rule.IDS, xmp('xmpMM:DocumentID="uuid:1"')),
    "no name of the version": (Rule.IDS, xmp('xmpMM:VersionID="1"')),
    "no rendition": (Rule.IDS, xmp('xmpMM:RenditionClass="default"')),
    "no day of making": (Rule.DATES, xmp(f'xmp:CreateDate="{DAY}"')),
    "no day of change": (Rule.DATES, xmp(f'xmp:ModifyDate="{DAY}"')),
    "no day of metadata": (Rule.DATES, xmp(f'xmp:MetadataDate="{DAY}"')),
    "two titles": (Rule.TITLE, xmp(">Cards<", ">Other<")),
    "no title": (Rule.TITLE, xmp(">Cards<", "><")),
    "trapped or not": (Rule.TRAPPED, xmp(UNTRAPPED, 'pdf:Trapped="True"')),
    "perhaps trapped": (Rule.TRAPPED, both(xmp('"False"', '"Unknown"'), untold)),
    "not a word of trapping": (Rule.TRAPPED, both(xmp(UNTRAPPED), untold)),
    "a program": (Rule.ACTIONS, put("OpenAction", Dictionary(S=Name.JavaScript))),
    "a way out": (Rule.ACTIONS, annotation("Link", [0, 0, 9, 9], A=Dictionary(S=Name.URI))),
    "no trim": (Rule.TRIM, cut("page/TrimBox")),
    "trim and art": (Rule.TRIM, ART),
    "a trim beyond the bleed": (Rule.NESTING, put("page/TrimBox", Array([20, 30, 270, 170]))),
    "a bleed beyond the page": (Rule.NESTING, put("page/BleedBox", Array([21, 21, 301, 179]))),
    "only the trim in view": (Rule.VIEW, put("ViewerPreferences", Dictionary(ViewArea=Name.TrimBox))),
    "a link on the card": (Rule.ANNOTATIONS, annotation("Link", [100, 100, 120, 110])),
    "a note in the bleed": (Rule.ANNOTATIONS, annotation("Text", [5, 5, 22, 22])),
    "a font by name": (Rule.FONTS, resource("Font", Dictionary(Type=Name.Font, BaseFont=Name.Helvetica))),
    "a transfer function": (Rule.TRANSFER, state(TR=Name.Identity)),
    "a second one": (Rule.TRANSFER, state(TR2=Name.Identity)),
    "a halftone's phase": (Rule.TRANSFER, state(HTP=Array([0, 0]))),
    "a threshold halftone": (Rule.HALFTONE, state(HT=Dictionary(HalftoneType=6))),
    "a named halftone": (Rule.HALFTONE, state(HT=Dictionary(HalftoneType=1, HalftoneName=pikepdf.String("x")))),
    "layers without a name": (Rule.LAYERS, layers()),
    "layers that set themselves": (Rule.LAYERS, layers(Name=pikepdf.String("x"), AS=Array())),
    "PostScript": (Rule.OUTSIDE, resource("XObject", lambda pdf: pdf.make_stream(b"", Subtype=Name.PS))),
    "another file's page": (Rule.OUTSIDE, resource("XObject", lambda pdf: form(pdf, b"", Ref=Dictionary()))),
    "data elsewhere": (Rule.OUTSIDE, resource("XObject", lambda pdf: form(pdf, b"", F=pikepdf.String("x")))),
}


@pytest.mark.parametrize(("rule", "change"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_is_found_and_nothing_else(rule: Rule, change: Change) -> None:
    assert found(change) == [rule.name]


COLOURED: Final[dict[str, Change]] = {
    "a fill": paint("1 0 0 rg"),
    "a line": paint("1 0 0 RG"),
    "a space by its name": paint("/DeviceRGB cs"),
    "an inline picture": paint("BI /W 1 /H 1 /BPC 8 /CS /RGB ID aaa EI"),
    "a picture": resource("XObject", lambda pdf: image(pdf, ColorSpace=RGB)),
    "an indexed picture": resource(
        "XObject", lambda pdf: image(pdf, ColorSpace=Array([Name.Indexed, RGB, 0, pikepdf.String("abc")]))
    ),
    "a form": resource("XObject", form),
    "a form in a form": resource(
        "XObject", lambda pdf: form(pdf, b"", Resources=Dictionary(XObject=Dictionary(Y=form(pdf))))
    ),
    "a form's group": resource("XObject", lambda pdf: form(pdf, b"", Group=Dictionary(CS=RGB))),
    "the page's group": put("page/Group", Dictionary(CS=RGB)),
    "a spot colour's substitute": put("page/Resources/ColorSpace/X", spot(RGB)),
    "a shading": resource("Shading", Dictionary(ShadingType=2, ColorSpace=RGB)),
    "a shading as pattern": resource(
        "Pattern", Dictionary(PatternType=2, Shading=Dictionary(ShadingType=2, ColorSpace=RGB))
    ),
    "tiles": resource("Pattern", lambda pdf: pdf.make_stream(b"1 0 0 rg", PatternType=1, Resources=Dictionary())),
    "a soft mask": resource("ExtGState", lambda pdf: Dictionary(SMask=Dictionary(S=Name.Alpha, G=form(pdf)))),
    "a drawn glyph": resource(
        "Font",
        lambda pdf: Dictionary(
            Type=Name.Font, Subtype=Name.Type3, CharProcs=Dictionary(a=pdf.make_stream(b"1 0 0 rg"))
        ),
    ),
}


@pytest.mark.parametrize("change", COLOURED.values(), ids=COLOURED.keys())
def test_a_screens_colour_is_found_wherever_it_is(change: Change) -> None:
    assert found(change) == [Rule.COLOURS.name]


def test_what_is_wrong_with_the_file_itself_is_found() -> None:
    assert found(lambda _: None, force_version="1.7") == [Rule.PDF_VERSION.name]
    assert found(put("Version", Name("/1.7"))) == [Rule.PDF_VERSION.name]
    assert found(lambda _: None, encryption=pikepdf.Encryption(owner="o", user="", R=4)) == [Rule.ENCRYPTION.name]
    with good() as pdf:  # never saved, so that it has no identifier
        assert Rule.FILE_ID in {each.rule for each in lint(pdf)}


def test_every_rule_is_broken_by_some_test() -> None:
    elsewhere = {Rule.COLOURS, Rule.FILE_ID, Rule.ENCRYPTION, Rule.PDF_VERSION}
    assert {rule for rule, _ in BROKEN.values()} | elsewhere == set(Rule)


def test_a_font_is_told_by_what_it_lacks() -> None:
    with pikepdf.new() as pdf:
        file = pdf.make_stream(b"")
        whole: dict[str, Any] = {"FontDescriptor": Dictionary(FontFile2=file), "ToUnicode": file}
        mute = {"FontDescriptor": Dictionary(FontFile2=file)}
        bare = {"FontDescriptor": Dictionary(), "ToUnicode": file}
        for name, entries in {"ABCDEF+Whole": whole, "ABCDEF+Mute": mute, "Plain-Bold": bare}.items():
            pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(f"/{name}"), **entries))
        fonts = fonts_of(pdf)
    assert fonts == [
        Font("ABCDEF+Whole", embedded=True, subset=True, unicode=True),
        Font("ABCDEF+Mute", embedded=True, subset=True, unicode=False),
        Font("Plain-Bold", embedded=False, subset=False, unicode=True),
    ]
    assert [font.complete for font in fonts] == [True, False, False]


def test_what_qpdf_finds_is_told(check_syntax: Callable[[bytes], list[str]]) -> None:
    out = BytesIO()
    with good() as pdf:
        pdf.save(out)
    assert check_syntax(out.getvalue()) == []
    assert check_syntax(out.getvalue().replace(b"endstream", b"endstraem", 1))
