"""What an uploaded file is: its extension, its signature and a reader must agree.

A file that is two things at once (a picture with an archive behind it) is neither of them here.
"""

import io
import zipfile
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

import filetype
from PIL import Image, UnidentifiedImageError

from awards import office_files, pdf_files
from awards.errors import BadFile
from awards.pdf_files import Judged
from workflows.words import N_

Judge: TypeAlias = Callable[[bytes], Judged]

MAX_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = None  # the limit above is asked before a picture is unpacked
_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_PICTURES = Lock()  # one is unpacked at a time: it takes two hundred megabytes at most
_OFFICE_KINDS = ("docx", "xlsx")
_FORMATS = {"jpg": ("JPEG",), "jpeg": ("JPEG",), "png": ("PNG",)}
_MOVING = {"image/apng": "image/png"}  # a PNG that moves is a PNG
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PDF_HEAD = 1024  # how far into a file readers look for the beginning of a PDF
_MARKUP = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<?php", b"<iframe")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")


def prove(content: bytes, name: str, judge: Judge = pdf_files.judge) -> str:
    """The media type of a file that may lie in a dossier. Raises BadFile with the reason.

    `judge` tries a PDF: in a process of its own, unless it is one that we have made.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    expected = MEDIA_TYPES.get(extension)
    if expected is None:
        raise BadFile(
            N_("Tệp “%(name)s” không thuộc loại được nhận (pdf, docx, xlsx, jpg, png)."),
            name=name,
        )
    judged = _judged(content, extension, judge)
    if judged == Judged.LOCKED:
        raise BadFile(
            N_("Tệp “%(name)s” có mật khẩu. Bỏ mật khẩu rồi đính kèm lại."), name=name
        )
    if judged == Judged.TOO_MUCH:
        raise BadFile(
            N_("Tệp “%(name)s” cần quá nhiều bộ nhớ hoặc thời gian để mở nên không nhận."),
            name=name,
        )
    if (
        judged == Judged.BROKEN
        or _signature(content) != expected
        or not _opens(content, extension)
    ):
        raise BadFile(
            N_("Nội dung tệp “%(name)s” không đúng với phần mở rộng .%(extension)s."),
            name=name,
            extension=extension,
        )
    return expected


def _signature(content: bytes) -> str:
    """The media type that the first bytes tell, or nothing."""
    guess = filetype.guess(content)
    return "" if guess is None else _MOVING.get(guess.mime, guess.mime)


def _judged(content: bytes, extension: str, judge: Judge) -> Judged:
    """What a reader of such files makes of it; pictures and archives are read later."""
    if extension in _OFFICE_KINDS:  # what has a password is no archive any more
        is_locked = content.startswith(_OLD_OFFICE) and _LOCKED_PACKAGE in content
        return Judged.LOCKED if is_locked else Judged.SOUND
    if extension != "pdf":
        return Judged.SOUND
    if b"%PDF-" not in content[:_PDF_HEAD]:
        return Judged.BROKEN
    return judge(content)


def _opens(content: bytes, extension: str) -> bool:
    if extension in _OFFICE_KINDS:
        return content.startswith(b"PK\x03\x04") and office_files.is_sound(
            content, extension
        )
    if _is_archive_too(content):
        return False
    if extension == "pdf":
        return True  # it was tried before
    return not _is_page_too(content) and _is_picture(content, extension)


def _is_archive_too(content: bytes) -> bool:
    """Archives are read from their end: one may hide behind any other file."""
    if any(mark in content for mark in _ARCHIVES):
        return True
    return zipfile.is_zipfile(io.BytesIO(content))


def _is_page_too(content: bytes) -> bool:
    """Old readers look for a PDF, or for markup, inside what calls itself a picture."""
    lowered = content.lower()
    return b"%PDF-" in content[:_PDF_HEAD] or any(mark in lowered for mark in _MARKUP)


def _is_picture(content: bytes, extension: str) -> bool:
    try:
        with (
            _PICTURES,
            Image.open(io.BytesIO(content), formats=_FORMATS[extension]) as image,
        ):
            if image.width * image.height > MAX_PIXELS:
                return False
            image.load()  # to the last line: what was cut off is refused
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False
    return True
