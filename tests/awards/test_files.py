"""Uploads: what an office dossier may hold is kept, and nothing else."""

import hashlib
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from awards import files
from awards.errors import BadFile, DossierTooLarge
from models.history import EventKind, HistoryEvent
from models.papers import Attachment, ScanState
from tests.awards.conftest import stored
from workflows import history

DATA = Path(__file__).parents[1] / "data"
OFFICE = "application/vnd.openxmlformats-officedocument."


def picture(kind: str, width: int = 200, height: int = 100, mode: str = "RGB") -> bytes:
    content = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(content, kind)
    return content.getvalue()


def pdf(width: int = 210, height: int = 297, pages: int = 1) -> bytes:
    content = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for _ in range(pages):
            document.new_page(width, height).close()
        document.save(content)
    return content.getvalue()


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.'
    '{kind}.main+xml" /></Types>'
)
MAIN = {
    "word/document.xml": "wordprocessingml.document",
    "xl/workbook.xml": "spreadsheetml.sheet",
}


def archive(*names: str, large: int = 0) -> bytes:
    content = io.BytesIO()
    types = [TYPES.format(main=name, kind=MAIN[name]) for name in names if name in MAIN]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(
                name, "".join(types) if name == "[Content_Types].xml" else "<x />"
            )
        if large:
            made.writestr("word/media/large.xml", b"0" * large)
    return content.getvalue()


def office(main: str, *more: str, large: int = 0) -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", main, *more, large=large)


def huge_picture(side: int) -> bytes:
    """A PNG that says it is large and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + kind
            + data
            + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
PDF, PNG, JPG = pdf(), picture("PNG"), picture("JPEG")
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" />'
EXE = b"MZ\x90\x00\x03" + bytes(500)


def store(content: bytes, name: str, folder: Path) -> files.StoredFile:
    return files.store(io.BytesIO(content), name, folder)


# what is kept


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Tờ trình.pdf", PDF, "application/pdf"),
        ("báo cáo.PDF", pdf(pages=3), "application/pdf"),
        ("Biên bản.docx", DOCX, f"{OFFICE}wordprocessingml.document"),
        ("Danh sách.xlsx", XLSX, f"{OFFICE}spreadsheetml.sheet"),
        ("ảnh.jpg", JPG, "image/jpeg"),
        ("ảnh.JPEG", picture("JPEG", mode="CMYK"), "image/jpeg"),
        ("ảnh.png", PNG, "image/png"),
        ("ảnh trong.png", picture("PNG", mode="LA"), "image/png"),
        ("bản chụp.tiff.png", PNG, "image/png"),
    ],
)
def test_good_file_is_kept_as_it_came(tmp_path, name, content, media_type):
    kept = store(content, name, tmp_path)

    assert (kept.file_name, kept.media_type, kept.size) == (name, media_type, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert files.path_of(kept.token, tmp_path).read_bytes() == content


def test_spreadsheet_from_an_office_is_kept(tmp_path):
    content = (DATA / "danh-sach-de-nghi.xlsx").read_bytes()

    assert store(content, "danh-sach.xlsx", tmp_path).size == len(content)


def test_token_is_random_and_tells_nothing(tmp_path):
    first, second = (store(PDF, "a.pdf", tmp_path) for _ in range(2))

    assert first.token != second.token
    assert re.fullmatch("[0-9a-f]{32}", first.token)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([first.token, second.token])


def test_folder_is_made_when_it_is_missing(tmp_path):
    assert store(PDF, "a.pdf", tmp_path / "a" / "b").file_name == "a.pdf"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Lan\\Tờ trình.pdf", "Tờ trình.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("hợp\u202efdp.exe.pdf", "hợpfdp.exe.pdf"),
        ("a\u200b\u2066.pdf", "a.pdf"),
        ("hai\r\ndòng.pdf", "hai dòng.pdf"),
        ("  nhiều   chỗ .pdf ", "nhiều chỗ .pdf"),
        (unicodedata.normalize("NFD", "Đề nghị.pdf"), "Đề nghị.pdf"),
        ("ệ" * 81 + "12345678.pdf", "ệ" * 81 + "12345678.pdf"),  # 255 bytes
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("ệ" * 300 + ".pdf", "ệ" * 196 + ".pdf"),
        ("<b onclick=x>.pdf", "<b onclick=x>.pdf"),  # pages escape it
        ("\ud800.pdf", ".pdf"),
    ],
    ids=ascii,
)
def test_file_name_is_cleaned(tmp_path, sent, kept):
    assert store(PDF, sent, tmp_path).file_name == kept


# what is refused

WRONG_TYPE = "Tệp “{name}” không thuộc loại được nhận (pdf, docx, xlsx, jpg, png)."
WRONG_CONTENT = "Nội dung tệp “{name}” không đúng với phần mở rộng .{extension}."


@pytest.mark.parametrize(
    "name",
    [
        "virus.exe", "trang.html", "ảnh.svg", "mẫu.docm", "bảng.xlsm", "cũ.doc", "cũ.xls",
        "trình bày.pptx", "nén.zip", "ảnh.gif", "ảnh.webp", "ảnh.tiff", "chữ.txt", "kịch bản.js",
        "tờ trình.pdf.exe", "tờ trình.pdf.", "không đuôi", "a.p df", "a.ｐｄｆ", "a." + "b" * 100,
        "bpmn.bpmn", "dữ liệu.csv", "thư.eml", "trang.xhtml", "đĩa.iso", "phím tắt.lnk",
    ],
)  # fmt: skip
def test_other_extension_is_refused(tmp_path, name):
    with pytest.raises(BadFile) as refused:
        store(PDF, name, tmp_path)

    assert str(refused.value) == WRONG_TYPE.format(name=name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["pdf", "docx", ""])
def test_name_without_an_extension_is_refused(tmp_path, name):
    with pytest.raises(BadFile):
        store(PDF if name == "pdf" else DOCX, name, tmp_path)


_WRONG = {
    "an empty file": ("a.pdf", b""),
    "a program as pdf": ("a.pdf", EXE),
    "a program as docx": ("a.docx", EXE),
    "a page as jpg": ("a.jpg", HTML),
    "a page as pdf": ("a.pdf", HTML),
    "a drawing as png": ("a.png", SVG),
    "text as pdf": ("a.pdf", b"To trinh"),
    "png as jpg": ("a.jpg", PNG),
    "jpg as png": ("a.png", JPG),
    "gif as png": ("a.png", picture("GIF", mode="L")),
    "webp as jpg": ("a.jpg", picture("WEBP")),
    "pdf as docx": ("a.docx", PDF),
    "docx as pdf": ("a.pdf", DOCX),
    "docx as xlsx": ("a.xlsx", DOCX),
    "xlsx as docx": ("a.docx", XLSX),
    "a plain archive as docx": ("a.docx", archive("a.txt", "b.txt")),
    "an archive with a page as docx": ("a.docx", archive("index.html", "word/document.xml")),
    "a presentation as docx": ("a.docx", office("ppt/presentation.xml")),
    "an old word file as docx": ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
    "a picture's head and a page": ("a.jpg", b"\xff\xd8\xff\xe0" + HTML),
    "a pdf's head alone": ("a.pdf", b"%PDF-1.7\n"),
    "a pdf's head and a page": ("a.pdf", b"%PDF-1.7\n" + HTML),
    "a pdf cut off": ("a.pdf", PDF[:200]),
    "a pdf behind a program": ("a.pdf", EXE + PDF),
    "a pdf without pages": ("a.pdf", pdf(pages=0)),
    "a png cut off": ("a.png", PNG[: len(PNG) // 2]),
    "a jpg cut off": ("a.jpg", JPG[: len(JPG) // 2]),
    "a docx cut off": ("a.docx", DOCX[:-30]),
    "a docx with macros": ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
    "an xlsx with macros": ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
    "macros in capitals": ("a.docx", office("word/document.xml", "word/VBAPROJECT.BIN")),
    "an archive that unpacks to 201 MB": (
        "a.docx", office("word/document.xml", large=201 * 1024 * 1024),
    ),
    "an archive of 2,001 entries": (
        "a.docx", office("word/document.xml", *(f"word/{n}" for n in range(1_998))),
    ),
    "a picture of 64 million points": ("a.png", huge_picture(8_000)),
    "a picture of 100 million points": ("a.png", huge_picture(10_000)),
    "a picture of 400 million points": ("a.png", huge_picture(20_000)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content"), _WRONG.values(), ids=_WRONG.keys())
def test_content_of_another_kind_is_refused(tmp_path, name, content):
    with pytest.raises(BadFile) as refused:
        store(content, name, tmp_path)

    extension = name.rpartition(".")[2]
    assert str(refused.value) == WRONG_CONTENT.format(name=name, extension=extension)
    assert list(tmp_path.iterdir()) == []


def test_file_over_25_megabytes_is_refused(tmp_path):
    with pytest.raises(BadFile) as refused:
        store(PDF.ljust(files.MAX_BYTES + 1), "a.pdf", tmp_path)

    assert str(refused.value) == "Tệp “a.pdf” lớn quá 25 MB."
    assert list(tmp_path.iterdir()) == []


def test_upload_is_read_no_further_than_it_may_be_large(tmp_path):
    endless = io.BytesIO(bytes(files.MAX_BYTES + 1_000))
    with pytest.raises(BadFile):
        files.store(endless, "a.pdf", tmp_path)

    assert endless.tell() == files.MAX_BYTES + 1


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=300),
    head=st.sampled_from(
        [b"", b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]
    ),
    extension=st.sampled_from(["pdf", "docx", "xlsx", "jpg", "png"]),
)
def test_random_content_is_refused_and_nothing_worse(
    tmp_path_factory, content, head, extension
):
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.raises(BadFile):
        store(head + content, f"a.{extension}", folder)

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("token", ["../secret", "a/b", "/etc/passwd", "..", "", "."])
def test_token_never_leaves_the_folder(tmp_path, token):
    with pytest.raises(ValueError, match="not a token"):
        files.path_of(token, tmp_path / "uploads")


def test_discard_takes_the_bytes_back(tmp_path):
    kept = store(PDF, "a.pdf", tmp_path)

    files.discard(kept, tmp_path)
    files.discard(kept, tmp_path)

    assert list(tmp_path.iterdir()) == []


# previews


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.size


def attachment(kept: files.StoredFile) -> Attachment:
    return Attachment(
        token=kept.token, media_type=kept.media_type, scan_state=ScanState.CLEAN
    )


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("a.pdf", pdf(210, 297), (480, 679)),
        ("a.png", picture("PNG", 960, 480), (480, 240)),
        ("a.jpg", picture("JPEG", 100, 50), (100, 50)),
        ("a.jpg", picture("JPEG", 960, 480, "CMYK"), (480, 240)),
        ("a.png", picture("PNG", 960, 480, "LA"), (480, 240)),
    ],
    ids=["pdf", "png", "small jpg", "cmyk jpg", "png with alpha"],
)
def test_preview_is_a_small_png(tmp_path, name, content, size):
    shown = files.preview(attachment(store(content, name, tmp_path)), tmp_path)

    assert size_of(shown or b"") == pytest.approx(size, abs=1)


def test_preview_of_a_very_long_page_stays_small(tmp_path):
    shown = files.preview(attachment(store(pdf(240, 4_800), "a.pdf", tmp_path)), tmp_path)

    assert max(size_of(shown or b"")) <= max(files.PREVIEW_SIZE)


@pytest.mark.parametrize(("name", "content"), [("a.docx", DOCX), ("a.xlsx", XLSX)])
def test_office_files_have_no_preview(tmp_path, name, content):
    row = attachment(store(content, name, tmp_path))

    assert files.preview(row, tmp_path) is None
    assert not row.has_preview


# the dossier


def test_attach_puts_the_file_into_the_dossier_and_the_history(world):
    nomination, kept = world.nominate(), stored("Sáng kiến.pdf")
    row = files.attach(
        world.session,
        nomination,
        kept,
        item_code="sang_kien",
        actor=world.actor("unit_officer:SO-TP"),
        now=world.now,
    )

    assert files.of(world.session, nomination.id)[-1] is row
    assert files.find(world.session, kept.token) is row
    last = history.of(world.session, nomination.instance_id)[-1]
    assert last.kind == EventKind.FILE_ATTACHED
    assert history.details(last) == {
        "attachment": row.id,
        "item": "sang_kien",
        "sha256": kept.sha256,
        "scan": "clean",
    }


def test_the_same_file_is_attached_once_for_a_paper(world):
    nomination, kept = world.nominate(), stored()
    attach = partial(
        files.attach,
        world.session,
        nomination,
        kept,
        actor=world.actor("unit_officer:SO-TP"),
        now=world.now,
    )

    assert attach(item_code="sang_kien") is attach(item_code="sang_kien")
    assert len(files.of(world.session, nomination.id)) == 4


def test_dossier_holds_a_hundred_megabytes_and_no_more(world):
    nomination = world.nominate()
    fill = partial(
        files.attach,
        world.session,
        nomination,
        item_code="sang_kien",
        actor=world.actor("unit_officer:SO-TP"),
        now=world.now,
    )
    there = sum(row.size for row in files.of(world.session, nomination.id))
    rest = replace(stored("a.pdf"), size=files.MAX_TOGETHER - there, sha256="a" * 64)
    fill(rest)
    with pytest.raises(DossierTooLarge):
        fill(replace(stored("b.pdf"), size=1, sha256="b" * 64))

    assert files.of(world.session, nomination.id)[-1].sha256 == "a" * 64


def test_remove_takes_it_out_once_and_keeps_the_row(world):
    nomination = world.nominate()
    first = files.of(world.session, nomination.id)[0]
    officer = world.actor("unit_officer:SO-TP")
    for _ in range(2):
        files.remove(world.session, nomination, first, actor=officer, now=world.now)

    removals = select(HistoryEvent).where(HistoryEvent.kind == EventKind.FILE_REMOVED)
    assert first not in files.of(world.session, nomination.id)
    assert files.find(world.session, first.token) is first
    assert first.removed_at == world.now
    assert len(world.session.scalars(removals).all()) == 1
    assert history.verify(world.session, nomination.instance) is None


def test_missing_items_are_the_required_ones_without_a_file(world):
    nomination = world.nominate()
    assert files.missing_items(world.session, nomination) == []

    first = files.of(world.session, nomination.id)[0]
    officer = world.actor("unit_officer:SO-TP")
    files.remove(world.session, nomination, first, actor=officer, now=world.now)

    missing = files.missing_items(world.session, nomination)
    assert [item.code for item in missing] == ["to_trinh"]


def test_manifest_names_every_paper_with_its_hash(world):
    nomination = world.nominate()

    assert files.manifest(world.session, nomination.id) == [
        {"item": item, "name": "Tờ trình.pdf", "sha256": "0" * 64}
        for item in ("to_trinh", "bao_cao", "bien_ban")
    ]


def test_unknown_token_finds_nothing(world):
    assert files.find(world.session, "0" * 32) is None
