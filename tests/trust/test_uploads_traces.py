"""F7 of trust.md: who attaches a file is told what it gives away; the file stays as it was."""

import io

import pytest

from awards import files, traces
from tests.trust import uploads
from tests.trust.uploads import (
    document,
    named_png,
    office,
    packet,
    pdf,
    photo,
    picture,
    sheet,
)

pytestmark = pytest.mark.trust
PLACE, WHO = "place", "who"
XMP_PLACE = packet(
    "<rdf:Description exif:GPSLatitude='21,1.7N' exif:GPSLongitude='105,51E'/>"
)
XMP_WHO = packet("<dc:creator><rdf:Seq><rdf:li>Lan</rdf:li></rdf:Seq></dc:creator>")
WORD_WHO = (
    b"<cp:coreProperties><cp:lastModifiedBy>Lan</cp:lastModifiedBy></cp:coreProperties>"
)
TELLING = {  # twenty files, and what each gives away
    "ảnh chụp.jpg": (photo(), {PLACE}),
    "ảnh chụp có tên.jpg": (photo(who="Lan"), {PLACE, WHO}),
    "ảnh có tên.jpg": (photo(place=False, who="Lan"), {WHO}),
    "ảnh xmp.jpg": (picture("JPEG", xmp=XMP_PLACE), {PLACE}),
    "ảnh xmp tên.jpg": (picture("JPEG", xmp=XMP_WHO), {WHO}),
    "ảnh xmp.png": (named_png(**{"XML:com.adobe.xmp": XMP_PLACE.decode()}), {PLACE}),
    "ảnh chụp.png": (picture("PNG", exif=uploads.exif(place=True)), {PLACE}),
    "tên.png": (named_png(Author="Lan"), {WHO}),
    "người vẽ.png": (named_png(Artist="Lan"), {WHO}),
    "báo cáo.docx": (document(author="Lan"), {WHO}),
    "báo cáo có ảnh.docx": (document(image=photo()), {PLACE}),
    "báo cáo có cả hai.docx": (document(image=photo(), author="Lan"), {PLACE, WHO}),
    "người sửa cuối.docx": (office({"docProps/core.xml": WORD_WHO}), {WHO}),
    "người quản lý.docx": (office({"docProps/app.xml": b"<Manager>Lan</Manager>"}), {WHO}),
    "danh sách.xlsx": (sheet(author="Lan"), {WHO}),
    "danh sách, quản lý.xlsx": (sheet(manager="Hà"), {WHO}),
    "tờ trình.pdf": (uploads.written_pdf("Lan"), {WHO}),
    "tờ trình cũ.pdf": (uploads.old_pdf(b"/Author(Lan)"), {WHO}),
    "tờ trình xmp.pdf": (pdf() + XMP_WHO + b"\n%%EOF", {WHO}),
    "ảnh trong pdf.pdf": (pdf() + XMP_PLACE + b"\n%%EOF", {PLACE}),
}
SILENT = {
    "sạch.jpg": picture("JPEG"),
    "máy ảnh.jpg": photo(place=False),
    "sạch.png": picture("PNG"),
    "chú thích.png": named_png(Comment="Lễ trao thưởng"),
    "sạch.docx": document(),
    "sạch.pdf": pdf(),
    "tác giả trống.pdf": uploads.old_pdf(b"/Author( )"),
    "tác giả trống.docx": office({"docProps/core.xml": b"<dc:creator> </dc:creator>"}),
    "GPS trong bài.docx": document("GPSLatitude là gì"),
    "sạch.xlsx": sheet(),
}


def told(name, content, folder):
    stored = files.store(io.BytesIO(content), name, folder)
    assert files.path_of(stored.token, folder).read_bytes() == content  # kept as it came
    found = {PLACE: stored.has_location, WHO: stored.has_author}
    return {trace for trace, is_there in found.items() if is_there}


def wrong(folder):
    """Files of which something else is told than they give away."""
    expected = TELLING | {name: (content, set()) for name, content in SILENT.items()}
    return [
        name
        for name, (content, gives) in expected.items()
        if told(name, content, folder) != gives
    ]


def test_what_a_file_gives_away_is_told_and_no_more(tmp_path):
    assert len(TELLING) == 20
    assert wrong(tmp_path) == []


@pytest.mark.parametrize(
    "blind", ["_of_picture", "_of_packet", "_of_pdf", "_of_office", "read_part"]
)
def test_finder_that_does_not_look_is_seen(tmp_path, monkeypatch, blind):
    nothing = (lambda *_: b"") if blind == "read_part" else lambda _content: traces.Traces()
    monkeypatch.setattr(traces, blind, nothing)

    assert wrong(tmp_path) != []


@pytest.mark.parametrize("name", ["ảnh.jpg", "ảnh.png", "tờ trình.pdf", "báo cáo.docx"])
def test_traces_that_cannot_be_read_are_none(name):
    media_type = files.MEDIA_TYPES[name.rpartition(".")[2]]

    assert traces.of(b"\xff\xd8\xff" + bytes(100), media_type) == traces.Traces()
