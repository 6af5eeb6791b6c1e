"""The validator tells what conforms from what does not, so that its silence about a product means something."""

from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas
from verapdf import VeraPdf

XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """ReportLab's own default: a font that is not embedded, no tags, no metadata."""
    path = tmp_path / "plain é.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(100, 100, "Not embedded")
    canvas.save()
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty page with the metadata PDF/A-2b asks for."""
    path = tmp_path / "empty.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        metadata = pdf.make_stream(XMP, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        pdf.Root.Metadata = metadata
        pdf.save(path, deterministic_id=True)
    return path


def test_what_conforms_passes_and_what_does_not_is_told_by_its_rules(
    verapdf: VeraPdf, plain: Path, empty: Path
) -> None:
    by = {(each.file, each.flavour): each for each in verapdf.validate([plain, empty], ["2b", "ua1"])}
    assert list(by) == [(plain, "2b"), (plain, "ua1"), (empty, "2b"), (empty, "ua1")]
    assert by[empty, "2b"].broken == ()
    assert by[empty, "2b"].checks > 20
    assert {"6.2.11.4.1-1", "6.6.2.1-1"} <= {each.rule for each in by[plain, "2b"].broken}  # fonts; metadata
    assert {"7.21.4.1-1", "7.1-3"} <= {each.rule for each in by[plain, "ua1"].broken}  # fonts; nothing is tagged
    assert "font[0](Helvetica)" in str(by[plain, "2b"])
    assert {"7.1-11"} <= {each.rule for each in by[empty, "ua1"].broken}  # no structure


def test_what_cannot_be_judged_is_no_pass(verapdf: VeraPdf, tmp_path: Path, empty: Path) -> None:
    with pytest.raises(RuntimeError, match="no such flavour: 2z"):
        verapdf.validate([empty], ["2z"])
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(RuntimeError, match=r"broken\.pdf: "):
        verapdf.validate([broken], ["2b"])
    with pytest.raises(RuntimeError, match=r"missing\.pdf: "):
        verapdf.validate([tmp_path / "missing.pdf"], ["2b"])


def test_one_without_its_libraries_says_what_java_said(verapdf: VeraPdf, empty: Path) -> None:
    assert verapdf
    lame = VeraPdf(str(empty), str(empty))
    with pytest.raises(RuntimeError, match="package org"):
        lame.validate([empty], ["2b"])
