"""Files for uploads: good ones as offices make them, and bad ones that try to look like them."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import docx
import pypdfium2
import typst
import xlsxwriter
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from tests.clamd import EICAR

Corpus = dict[str, bytes]  # by file name
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04" + bytes(600)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{part}" ContentType="{type}"/></Types>'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def picture(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (64, 48), **more: Any
) -> bytes:
    content = io.BytesIO()
    shades = Image.linear_gradient("L").resize(size)
    shades.convert(mode).save(content, kind, **more)
    return content.getvalue()


@cache
def pdf(words: str = "Tờ trình", pages: int = 1, standard: str = "") -> bytes:
    text = "\n#pagebreak()\n".join(f"= {words} {n}" for n in range(pages))
    made = typst.compile(text.encode(), format="pdf", pdf_standards=standard or "1.7")  # type: ignore[call-overload] # a str of its list
    assert isinstance(made, bytes)
    return made


@cache
def document(
    words: str = "Báo cáo thành tích", image: bytes = b"", author: str = ""
) -> bytes:
    made, content = docx.Document(), io.BytesIO()
    made.core_properties.author = author
    made.core_properties.last_modified_by = ""
    made.add_heading(words)
    made.add_table(2, 3)
    if image:
        made.add_picture(io.BytesIO(image))
    made.save(content)
    return content.getvalue()


@cache
def sheet(rows: int = 20, chart: bool = False, **about: str) -> bytes:  # noqa: FBT001, FBT002 - a kind of sheet
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        book.set_properties(about)
        for row in range(rows):
            page.write_row(row, 0, [row, "Nguyễn Thị Lan", row * 1.5])
        if chart:
            drawn = book.add_chart({"type": "column"})
            drawn.add_series({"values": f"='Danh sách'!$C$1:$C${rows}"})
            page.insert_chart("E2", drawn)
    return content.getvalue()


def archive(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return content.getvalue()


def office(more: dict[str, bytes], kind: str = WORD) -> bytes:
    """A Word file with more in it."""
    types = TYPES.format(part="word/document.xml", type=kind).encode()
    base = {"[Content_Types].xml": types, "word/document.xml": b"<w:document/>"}
    return archive(base | more)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has nothing of it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def good() -> Corpus:
    """Fifty files that offices send."""
    found: Corpus = {}
    for mode in ("RGB", "L", "CMYK"):
        found[f"Ảnh {mode}.jpg"] = picture("JPEG", mode)
    for mode in ("RGB", "L", "LA", "RGBA", "P", "1", "I;16"):
        found[f"Bản chụp {mode}.png"] = picture("PNG", mode)
    ways: tuple[dict[str, Any], ...] = (
        {"progressive": True}, {"quality": 5}, {"optimize": True}, {"dpi": (600, 600)},
        {"subsampling": 0}, {"comment": b"Quet boi may Canon"}, {"restart_marker_rows": 1},
    )  # fmt: skip
    for n, options in enumerate(ways):
        found[f"Ảnh quét {n}.JPEG"] = picture("JPEG", **options)
    found["Ảnh từ điện thoại.jpg"] = photo()
    found["Ảnh có đuôi của máy.jpg"] = picture("JPEG") + b"SEFH" + bytes(200)
    found["hai ảnh trong một tệp.jpg"] = picture("JPEG") + picture("JPEG", size=(16, 16))
    found["động.png"] = picture(
        "PNG", save_all=True, append_images=[Image.new("RGB", (64, 48))]
    )
    found["lớn.png"] = picture("PNG", size=(4_000, 3_000))
    for pages in (1, 2, 15):
        found[f"Tờ trình {pages} trang.pdf"] = pdf(pages=pages)
    for standard in ("1.7", "a-2b", "a-3b"):
        found[f"Lưu trữ {standard}.PDF"] = pdf("Quyết định", standard=standard)
    found["từ pdfium.pdf"] = pdfium()
    found["quét nhiều trang.pdf"] = picture(
        "PDF", save_all=True, append_images=[Image.new("RGB", (9, 9))]
    )
    found["cũ.pdf"] = old_pdf()
    found["Báo cáo.docx"] = document()
    found["Báo cáo có ảnh.docx"] = document(image=picture("PNG"))
    found["Báo cáo có ảnh chụp.docx"] = document(image=photo())
    found["Dài.docx"] = document("Thành tích " * 5_000)
    found["lặp lại.docx"] = document("a" * 900_000)
    found["nhúng bảng.docx"] = office({"word/embeddings/Bang.xlsx": sheet()})
    found["in ấn.docx"] = office({"word/printerSettings/printerSettings1.bin": bytes(300)})
    for rows in (0, 1, 5_000):
        found[f"Danh sách {rows}.xlsx"] = sheet(rows)
    found["Biểu đồ.xlsx"] = sheet(chart=True)
    found["Danh sách.XLSX"] = sheet(author="Lan")
    for name in NAMES:
        found[name] = pdf()
    return found


NAMES = (
    "ệ" * 81 + "12345678.pdf",  # 255 bytes, as much as file systems take
    "a" * 251 + ".pdf",
    "Đề nghị tặng thưởng Bằng khen – Nguyễn Thị Ánh Tuyết (lần 2).pdf",
    "Số 15/TTr-STP ngày 20-11-2026.pdf",
    "bản.chụp.có.nhiều.chấm.pdf",
    "  khoảng trắng  .pdf ",
    "ho so 50%.pdf",
    "a'b\"c;d.pdf",
    "đuôi ẩn\u200b.pdf",
)


def pdfium() -> bytes:
    content = io.BytesIO()
    with pypdfium2.PdfDocument.new() as made:
        made.new_page(210, 297).close()
        made.save(content)
    return content.getvalue()


def photo(*, place: bool = True, who: str = "") -> bytes:
    """A photo as a telephone takes it."""
    return picture("JPEG", exif=exif(place=place, who=who))


def exif(*, place: bool, who: str = "") -> Image.Exif:
    """What a telephone writes about a photo."""
    made = Image.Exif()
    made[0x010F] = "Samsung"
    if who:
        made[0x013B] = who
    if place:
        north, east = (tuple(map(IFDRational, at)) for at in ((21, 1, 42), (105, 51, 12)))
        made.get_ifd(0x8825).update({1: "N", 2: north, 3: "E", 4: east})
    return made


def written_pdf(author: str) -> bytes:
    """A PDF whose document says who wrote it."""
    made = typst.compile(f'#set document(author: "{author}")\n= A'.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def old_pdf(about: bytes = b"") -> bytes:
    """A PDF as old programs write it, by hand."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\n"
        b"4 0 obj<<" + about + b">>endobj\ntrailer<</Root 1 0 R/Info 4 0 R>>\n"
    )


def named_png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    return picture("PNG", pnginfo=info)


def packet(inside: str) -> bytes:
    """XMP, as cameras and editors write it."""
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{inside}</x:xmpmeta>'.encode()


def bad() -> Corpus:
    """Files that try to look like them."""
    return dict(
        entry
        for part in (_renamed, _two_things, _names, _locked, _office, _damaged)
        for entry in part()
    )


def _renamed() -> Iterator[tuple[str, bytes]]:
    """Something else under a wanted extension."""
    others = {
        "exe": EXE, "elf": b"\x7fELF\x02\x01\x01" + bytes(600), "html": HTML, "svg": SVG,
        "svgz": gzip.compress(SVG), "xhtml": b'<?xml version="1.0"?>' + HTML,
        "zip": archive({"a.txt": b"a"}), "jar": archive({"META-INF/MANIFEST.MF": b"Main-Class: A"}),
        "ole": OLE,
        "text": b"To trinh",
        "eicar": EICAR, "php": b"<?php system($_GET[0]); ?>", "sh": b"#!/bin/sh\nrm -rf /\n",
        "gif": picture("GIF", "L"), "webp": picture("WEBP"), "tiff": picture("TIFF"),
        "bmp": picture("BMP"), "rar": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "gzip": gzip.compress(bytes(99)),
    }  # fmt: skip
    for kind, content in others.items():
        for extension in ("pdf", "docx", "xlsx", "jpg", "png"):
            yield f"{kind} là {extension}.{extension}", content
    wanted = {
        "pdf": pdf(),
        "docx": document(),
        "xlsx": sheet(),
        "jpg": photo(),
        "png": picture("PNG"),
    }
    for kind, content in wanted.items():
        for extension in wanted:
            if extension != kind:
                yield f"{kind} thành {extension}.{extension}", content


def _two_things() -> Iterator[tuple[str, bytes]]:
    """One file that two readers read as two things."""
    hidden = archive({"A.class": b"\xca\xfe\xba\xbe"})
    yield from {
        "gifar.jpg": picture("GIF", "L") + hidden,
        "jar sau ảnh.jpg": picture("JPEG") + hidden,
        "jar sau ảnh.png": picture("PNG") + hidden,
        "zip sau pdf.pdf": pdf() + hidden,
        "zip có chú thích sau pdf.pdf": pdf()
        + hidden[:-2]
        + struct.pack("<H", 5)
        + b"xxxxx",
        "rar sau ảnh.jpg": picture("JPEG") + b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "7z sau pdf.pdf": pdf() + b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "pdf sau docx.docx": document() + pdf(),
        "docx sau pdf.docx": pdf() + document(),
        "docx sau docx.docx": document("Một") + document("Hai"),
        "exe trước docx.docx": EXE + document(),
        "exe trước pdf.pdf": EXE + pdf(),
        "html trước pdf.pdf": HTML + pdf(),
        "trang trong ảnh.jpg": picture("JPEG", comment=HTML),
        "trang sau ảnh.png": picture("PNG") + HTML,
        "php trong ảnh.jpg": picture("JPEG", comment=b"<?php system($_GET[0]); ?>"),
        "svg trong ảnh.png": named_png(Comment=SVG.decode()),
        "pdf trong ảnh.jpg": picture("JPEG", comment=b"%PDF-1.4\n1 0 obj"),
        "đầu ảnh, thân trang.jpg": b"\xff\xd8\xff\xe0" + HTML,
        "đầu png, thân trang.png": b"\x89PNG\r\n\x1a\n" + HTML,
        "đầu pdf, thân trang.pdf": b"%PDF-1.7\n" + HTML,
    }.items()


def _names() -> Iterator[tuple[str, bytes]]:
    """Names that end otherwise than they look."""
    for name in (
        "tờ trình.pdf.exe", "tờ trình.pdf.html", "ảnh.jpg.svg", "ảnh.png.svgz", "tờ trình.pdf.",
        "tờ trình.pdf..", "tờ trình.pdf. ", "tờ trình.pdf::$DATA", "tờ trình.pdf\x00.exe",
        "tờ trình.exe%00", "tờ trình.pdf%00.html", "tờ trình\u202efdp.exe",
        "tờ trình\u202exslx.scr",
        "mẫu.docm", "bảng.xlsm", "mẫu.dotx", "bảng.xlsb", "cũ.doc", "cũ.xls", "trang.xhtml",
        "trang.mht",
        "trang.htm", "ảnh.svg", "ảnh.svgz", "kịch bản.js", "phím tắt.lnk", "nén.zip", "a.pdf;.php",
        "a.pdf/", "pdf", "", "...", "a.ｐｄｆ", "a.pdf\u0301", "a.p\u0434f",
    ):  # fmt: skip
        yield name, pdf()
    for name in ("a.exe%00.pdf", "a.html\x00.pdf", "b\u202eexe.pdf", "ệ" * 81 + "x.pdf"):
        yield name, HTML


def _locked() -> Iterator[tuple[str, bytes]]:
    yield "mật khẩu.pdf", locked_pdf()
    package = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    yield "mật khẩu.docx", package
    yield "mật khẩu.xlsx", package
    locked = bytearray(document())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = -1
        while (start := locked.find(mark, start + 1)) >= 0:
            locked[start + at] |= 1
    yield "mục có mật khẩu.docx", bytes(locked)


def _office() -> Iterator[tuple[str, bytes]]:
    """Archives that call themselves Word or Excel."""
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    template = WORD.replace("document.main", "template.main")
    yield "docm đổi tên.docx", office({"word/vbaProject.bin": OLE}, macro)
    yield "docm không có mã.docx", office({}, macro)
    yield "mẫu đổi tên.docx", office({}, template)
    yield "mã trong docx.docx", office({"word/vbaProject.bin": OLE})
    yield "MÃ HOA.docx", office({"word/VBAPROJECT.BIN": OLE})
    yield "không có danh mục.docx", archive({"word/document.xml": b"<a/>"})
    types = TYPES.format(part="word/document.xml", type=WORD).encode()
    yield "DOCTYPE.docx", office({"[Content_Types].xml": b"<!DOCTYPE a>" + types})
    for part in (
        "../../etc/passwd", "/etc/passwd", "C:/a.xml", "word\\..\\a.xml", "word/a.exe", "word/a.js",
        "word/a.zip", "word/a.html", "word/activeX/activeX1.bin", "xl/macrosheets/sheet1.xml",
        "word/embeddings/a.docm",
    ):  # fmt: skip
        yield f"phần {len(part)} {part[-6:].replace('/', '_')}.docx", office({part: b"x"})
    yield "hai mục cùng tên.docx", twice()


def _damaged() -> Iterator[tuple[str, bytes]]:
    yield "cắt.pdf", pdf()[:200]
    yield "cắt.docx", document()[:-30]
    yield "cắt.xlsx", sheet()[40:]
    yield "cắt.png", picture("PNG")[:120]
    yield "cắt.jpg", photo()[:300]
    yield "chỉ có đầu.pdf", b"%PDF-1.7\n%%EOF"
    for extension in ("pdf", "docx", "xlsx", "jpg", "png"):
        yield f"rỗng.{extension}", b""


def twice() -> bytes:
    """Two parts of one name: one program reads the first, another the last."""
    raw = office({"word/documenx.xml": b"<a/>"})
    return raw.replace(b"word/documenx.xml", b"word/document.xml")


def locked_pdf() -> bytes:
    """A PDF that asks for a password, by the standard handler of 40 bits."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\n"
        b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"ab" * 32
        + b">/U<"
        + b"cd" * 32
        + b">>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<"
        + b"00" * 16
        + b"><"
        + b"00" * 16
        + b">]>>\n"
    )


def bombs(entries: int) -> Corpus:
    """Small files that would be large, or many; one of them has so many entries."""
    packed = office({"word/media/a.xml": bytes(60 * 1024 * 1024)})
    return {
        "phần 60 MB.docx": packed,
        "phần 5 MB.docx": office({"word/media/a.xml": bytes(5 * 1024 * 1024)}),
        "nhiều phần.docx": many_parts(),
        "lồng nhau.docx": office({"word/media/a.zip": archive({"b.zip": packed})}),
        "nhiều mục.docx": office({f"word/{n}.xml": b"" for n in range(entries)}),
        "hai nghìn mục.docx": office({f"word/{n}.xml": b"" for n in range(2_001)}),
        "bốn GB.docx": four_gigabytes(),
        "chồng lên nhau.docx": overlapping(),
        "đếm sai.docx": miscounted(),
        "ảnh 50.000.png": png_of(50_000, 50_000),
        "ảnh rất dài.png": png_of(2**31 - 1, 1),
        "ảnh 8.000.png": png_of(8_000, 8_000),
    }


def many_parts() -> bytes:
    """Fourteen parts of 15 MB by the directory, none of them packed by more than a hundred."""
    data = random.Random(1).randbytes(200_000)
    made = bytearray(office({f"word/media/{n}.xml": data for n in range(14)}))
    start = -1
    while (start := made.find(b"PK\x01\x02", start + 1)) >= 0:
        if made[start + 46 :].startswith(b"word/media/"):
            made[start + 24 : start + 28] = struct.pack("<I", 15 * 1024 * 1024)
    return bytes(made)


def four_gigabytes() -> bytes:
    """42 kB that say they unpack to 4 GB less one byte."""
    made = bytearray(office({"word/media/a.xml": bytes(40 * 1024 * 1024)}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = made.rfind(mark)
        made[start + at : start + at + 4] = struct.pack("<I", 2**32 - 2)
    return bytes(made)


def overlapping() -> bytes:
    """A thousand entries of the directory that all point at one part."""
    base = office({"word/media/a.xml": bytes(100_000)})
    end = base.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<LL", base[end + 12 : end + 20])
    directory = base[offset : offset + size]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"media/a.xml", b"m%010d" % n) for n in range(1_000))
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 1_003, 1_003, size + len(more), offset, 0
    )
    return base[: offset + size] + more + tail


def miscounted() -> bytes:
    """A directory of thousands that says it has three entries."""
    made = bytearray(office({f"word/{n}.xml": b"" for n in range(90_000)}))
    end = made.rfind(b"PK\x05\x06")
    made[end + 8 : end + 12] = struct.pack("<HH", 3, 3)
    return bytes(made)
