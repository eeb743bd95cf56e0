"""Opening an uploaded .xlsx that may be anything at all.

calamine trusts what it reads: a workbook of 5 KB with one value in A1 and another in
XFD1048576 makes it ask for 500 GB, which ends the process, and it unpacks more than a zip
declares. So the parts are unpacked here, under limits, and measured, and only this measured
copy is handed on.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from awards.lists import unreadable
from awards.lists.meter import measure

Cell: TypeAlias = bool | int | float | str | date | datetime | time | timedelta

MAX_FILE_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
MAX_PARTS = 2_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_READABLE = (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # a part with a password
    ValueError,
)


@dataclass(frozen=True)
class Sheet:
    """A worksheet from A1 on: `rows[0][0]` is A1, a blank cell or an error value is ""."""

    name: str
    rows: list[list[Cell]]


def sheets(content: bytes) -> Iterator[Sheet]:
    """The visible worksheets of an .xlsx in their order, each read only when asked for.

    Raises `UnreadableList` for any other file, for a damaged or protected one, and for one
    that is larger, packed, unpacked or in memory, than the limits here and in
    `awards.lists.meter`.
    """
    _refuse_other_files(content)
    yield from _read(_measured_copy(content))


def _refuse_other_files(content: bytes) -> None:
    if not content:
        raise unreadable.empty_file()
    if len(content) > MAX_FILE_BYTES:
        raise unreadable.file_too_large(MAX_FILE_BYTES // 1_000_000)
    if content.startswith(_OLE):
        raise (
            unreadable.protected()
            if _PROTECTED in content
            else unreadable.old_office_file()
        )
    if not content.startswith(_ZIP):
        raise unreadable.not_xlsx()


def _measured_copy(content: bytes) -> io.BytesIO:
    parts = _unpack(content)
    measure(parts)
    return _pack(parts)


def _unpack(content: bytes) -> dict[str, bytes]:
    """The XML parts by their lower-case names, no longer than the zip declares them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive.infolist(), len(content))
            names = {_plain_name(entry): entry for entry in archive.infolist()}
            parts = {
                name: archive.read(entry)
                for name, entry in names.items()
                if _is_needed(name) and entry.compress_type in _METHODS
            }
    except _BROKEN_ZIP as error:
        raise unreadable.damaged() from error
    if "xl/workbook.xml" not in parts:
        raise unreadable.not_xlsx()
    return parts


def _refuse_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or unpacked > min(MAX_UNPACKED_BYTES, packed * MAX_RATIO):
        raise unreadable.too_large_inside()


def _plain_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").lower()


def _is_needed(name: str) -> bool:
    return name.startswith(("[content_types]", "_rels/", "xl/")) and name.endswith(
        (".xml", ".rels")
    )


def _pack(parts: Mapping[str, bytes]) -> io.BytesIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    copy.seek(0)
    return copy


def _read(copy: io.BytesIO) -> Iterator[Sheet]:
    with _telling_damage():
        book = CalamineWorkbook.from_filelike(copy)
    for about in book.sheets_metadata:
        if (about.typ, about.visible) == _READABLE:
            with _telling_damage():
                rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            yield Sheet(about.name, rows)


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside calamine is not an Exception
        raise unreadable.damaged() from error
