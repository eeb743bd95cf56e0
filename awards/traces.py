"""What a file tells beside its content: where a picture was taken, who wrote or took it.

People who attach it are told. The file itself is kept as it came: it is evidence, and its hash is
in the history.
"""

import io
import re
import zipfile
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from awards.contents import MEDIA_TYPES
from awards.office_files import read_part
from awards.pdf_files import PDFIUM

_MOST = 256 * 1024  # of a part; what an office writes about itself is a kilobyte
_MOST_PICTURES = 50  # of a document
_POSITION = re.compile(rb"GPS(?:Latitude|Longitude)\b", re.IGNORECASE)  # in XMP
_AUTHOR = re.compile(
    rb"<(?:\w+:)?(?:creator|lastModifiedBy|Manager)(?:\s[^>]*)?(?<!/)>"
    rb"\s*(?:<[^/>][^>]*>\s*)*[^<\s]"
)
_GPS, _WHERE = 0x8825, (2, 4)  # the directory of EXIF, its latitude and longitude
_WHO = (0x013B, 0x9C9D, 0xA430)  # artist, author, owner of the camera
_EXIF = 0x8769
_NAMED = ("Author", "Artist", "Creator")  # texts of a PNG


@dataclass(frozen=True, slots=True)
class Traces:
    """What else is told by a file that was proved."""

    has_location: bool = False
    has_author: bool = False

    def __or__(self, other: "Traces") -> "Traces":
        return Traces(
            self.has_location or other.has_location, self.has_author or other.has_author
        )


def of(content: bytes, media_type: str) -> Traces:
    """Look for them. What cannot be read tells nothing: the file was proved before."""
    try:
        if media_type == MEDIA_TYPES["pdf"]:
            return _of_pdf(content)
        if media_type.startswith("image/"):
            return _of_picture(content)
        return _of_office(content)
    except (OSError, ValueError, SyntaxError, KeyError, RuntimeError, zipfile.BadZipFile):
        return Traces()


def _of_picture(content: bytes) -> Traces:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        exif = image.getexif()
        inner, position = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
        texts = [image.info.get(name) for name in _NAMED]
    is_named = any(exif.get(tag) or inner.get(tag) for tag in _WHO) or any(texts)
    is_placed = any(tag in position for tag in _WHERE)
    return Traces(is_placed, is_named) | _of_packet(content)


def _of_packet(content: bytes) -> Traces:
    """What XMP says, which stands readable in a file, whatever the kind."""
    begin, end = content.find(b"<x:xmpmeta"), content.rfind(b"</x:xmpmeta>")
    packet = content[begin : min(end, begin + _MOST)] if 0 <= begin < end else b""
    return Traces(bool(_POSITION.search(packet)), bool(_AUTHOR.search(packet)))


def _of_pdf(content: bytes) -> Traces:
    with PDFIUM, pypdfium2.PdfDocument(content) as document:
        author = document.get_metadata_value("Author")
    return Traces(has_author=bool(author.strip())) | _of_packet(content)


def _of_office(content: bytes) -> Traces:
    found = Traces()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in ("docProps/core.xml", "docProps/app.xml"):
            if name in names:
                about = read_part(archive, name, _MOST)
                found |= Traces(has_author=bool(_AUTHOR.search(about)))
        pictures = [n for n in names if n.lower().endswith((".jpg", ".jpeg", ".png"))]
        for name in pictures[:_MOST_PICTURES]:
            try:
                found |= _of_picture(read_part(archive, name, _MOST))
            except (OSError, ValueError, SyntaxError):
                continue
    return found
