"""Word and Excel files, judged from the directory of their archive, without unpacking them.

Only the list of content types is read, which says what the file is, and no more than is due.
"""

import io
import re
import struct
import zipfile
import zlib

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 100  # what text of offices is never packed by; a bomb is by a thousand
_MAX_DIRECTORY = MAX_ENTRIES * 256
_SMALL = 1024 * 1024  # a part that unpacks to less is no bomb, however well it is packed
_MAX_TYPES = 1024 * 1024
_MAIN_PARTS = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_TYPES = "[Content_Types].xml"
_END = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = 30
_ENCRYPTED = 1
_BAD_PATH = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[a-z]:|\0", re.IGNORECASE)
_ACTIVE = re.compile(
    r"vbaproject|(^|/)(activex|macrosheets)/"
    r"|\.(zip|rar|7z|gz|bz2|xz|tar|cab|iso|jar|exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|hta|lnk|sh"
    r"|html?|xhtml|docm|xlsm|dotm|xltm|xlam)$",
    re.IGNORECASE,
)


def is_sound(content: bytes, extension: str) -> bool:
    """Whether it is a docx or xlsx that a dossier may hold: whole, without macros, no bomb."""
    if not _has_small_directory(content):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _is_tame(archive.infolist()) and _is_what_it_says(archive, extension)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        return False  # RuntimeError: an unknown way of packing, or a password


def _has_small_directory(content: bytes) -> bool:
    """Asked before the directory is read: a hundred thousand entries take a second to list."""
    at = content.rfind(b"PK\x05\x06", -(_END.size + 0xFFFF))
    if at < 0 or len(content) - at < _END.size:
        return False
    count, size, _offset, comment = _END.unpack_from(content, at)[4:]
    is_whole = at + _END.size + comment == len(content)
    return bool(is_whole and 0 < count <= MAX_ENTRIES and size <= _MAX_DIRECTORY)


def _is_tame(entries: list[zipfile.ZipInfo]) -> bool:
    return (
        len(entries) <= MAX_ENTRIES
        and sum(entry.file_size for entry in entries) <= MAX_UNPACKED
        and not any(_is_dangerous(entry) for entry in entries)
        and _lie_side_by_side(entries)
    )


def _is_dangerous(entry: zipfile.ZipInfo) -> bool:
    is_bomb = entry.file_size > _SMALL and entry.file_size > MAX_RATIO * entry.compress_size
    return bool(
        is_bomb
        or entry.flag_bits & _ENCRYPTED
        or _BAD_PATH.search(entry.orig_filename)
        or _ACTIVE.search(entry.filename)
    )


def _lie_side_by_side(entries: list[zipfile.ZipInfo]) -> bool:
    """From the first byte on, and none shares bytes with another, as in bombs that overlap."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset > 0):
            return False
        name = len(entry.orig_filename.encode())
        end = entry.header_offset + _LOCAL_HEADER + name + entry.compress_size
    return True


def _is_what_it_says(archive: zipfile.ZipFile, extension: str) -> bool:
    main_part, main_type = _MAIN_PARTS[extension]
    names = set(archive.namelist())
    if main_part not in names or _TYPES not in names or len(names) < len(archive.filelist):
        return False
    types = read_part(archive, _TYPES, _MAX_TYPES)
    return main_type in types and b"macroEnabled" not in types and b"<!DOCTYPE" not in types


def read_part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part of the file, or its beginning where it is longer than `most` bytes."""
    with archive.open(name) as part:
        return part.read(most)
