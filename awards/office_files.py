"""Whether a file that claims to be of Word or Excel may be opened at all."""

import io
import zipfile

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 2_000


def is_sound(content: bytes, main_part: str) -> bool:
    """Whether it is a packed Office file with this part, without macros, and no bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return (
        main_part in names
        and not has_macros
        and len(entries) <= MAX_ENTRIES
        and unpacked <= MAX_UNPACKED
    )
