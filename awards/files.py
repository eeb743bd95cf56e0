"""Attached files: proved by content, kept under random names, handed out only as downloads.

This module alone touches the upload folder. A file is stored before the transaction that attaches
it; what no row names any more is never served.
"""

import hashlib
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import filetype
import pypdfium2
from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import office_files, text
from awards.errors import BadFile
from models.awards import DossierItem, Nomination
from models.history import EventKind
from models.papers import Attachment
from workflows import history, instances
from workflows.actors import Actor
from workflows.words import N_

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = None  # the limit above is asked before a picture is unpacked
MAX_NAME = 200
PREVIEW_SIZE = (480, 960)
_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_PDFIUM = Lock()  # PDFium serves one thread at a time
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the folder and is what it claims to be."""

    token: str
    file_name: str
    media_type: str
    size: int
    sha256: str


def store(stream: BinaryIO, file_name: str, folder: Path) -> StoredFile:
    """Check an upload and keep its bytes. Raises BadFile with the reason, and keeps nothing."""
    name = _clean_name(file_name)
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadFile(N_("Tệp “%(name)s” lớn quá 25 MB."), name=name)
    media_type = _proven_type(content, name)
    token = secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    path_of(token, folder).write_bytes(content)
    return StoredFile(
        token, name, media_type, len(content), hashlib.sha256(content).hexdigest()
    )


def discard(stored: StoredFile, folder: Path) -> None:
    """Take back a file whose transaction failed."""
    path_of(stored.token, folder).unlink(missing_ok=True)


def path_of(token: str, folder: Path) -> Path:
    """Where a file lies. Tokens are ours, and still proved to stay inside the folder."""
    path = (folder / token).resolve()
    if path.parent != folder.resolve():
        message = f"not a token: {token!r}"
        raise ValueError(message)
    return path


def attach(
    session: Session,
    nomination: Nomination,
    stored: StoredFile,
    *,
    item_code: str,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Put a stored file into the dossier, unless the very same lies there for this paper."""
    instance = instances.lock(session, nomination.instance_id)
    for present in of(session, nomination.id):
        if (present.item_code, present.sha256) == (item_code, stored.sha256):
            return present
    attachment = Attachment(
        token=stored.token,
        nomination_id=nomination.id,
        item_code=item_code,
        file_name=stored.file_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        attached_by=actor.id,
        attached_at=now,
    )
    session.add(attachment)
    session.flush()
    history.append(
        session,
        instance,
        EventKind.FILE_ATTACHED,
        actor=actor,
        post=actor.posts[0],
        now=now,
        attachment=attachment.id,
        item=item_code,
        sha256=stored.sha256,
    )
    session.flush()
    return attachment


def remove(
    session: Session,
    nomination: Nomination,
    attachment: Attachment,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a file out of the dossier. Its bytes stay: an earlier version may cite them."""
    instance = instances.lock(session, nomination.instance_id)
    session.refresh(attachment)
    if attachment.removed_at is not None:
        return
    attachment.removed_at = now
    history.append(
        session,
        instance,
        EventKind.FILE_REMOVED,
        actor=actor,
        post=actor.posts[0],
        now=now,
        attachment=attachment.id,
        sha256=attachment.sha256,
    )
    session.flush()


def of(session: Session, nomination_id: int) -> Sequence[Attachment]:
    """The files in the dossier now, in the order they came."""
    query = select(Attachment).where(
        Attachment.nomination_id == nomination_id, Attachment.removed_at.is_(None)
    )
    return session.scalars(query.order_by(Attachment.id)).all()


def find(session: Session, token: str) -> Attachment | None:
    """A file by its token, removed or not."""
    return session.scalars(select(Attachment).where(Attachment.token == token)).first()


def missing_items(session: Session, nomination: Nomination) -> list[DossierItem]:
    """The required papers for which no file is there."""
    present = {attachment.item_code for attachment in of(session, nomination.id)}
    items = nomination.award.dossier_items
    return [item for item in items if item.is_required and item.code not in present]


def manifest(session: Session, nomination_id: int) -> list[dict[str, object]]:
    """The dossier's papers as a submission keeps them: item, name and SHA-256 hex."""
    return [
        {"item": row.item_code, "name": row.file_name, "sha256": row.sha256}
        for row in of(session, nomination_id)
    ]


def preview(attachment: Attachment, folder: Path) -> bytes | None:
    """A PNG of the first page or of the picture, or None for kinds without one."""
    path = path_of(attachment.token, folder)
    if attachment.media_type == MEDIA_TYPES["pdf"]:
        return page_picture(path, 0, PREVIEW_SIZE)
    if not attachment.media_type.startswith("image/"):
        return None
    with Image.open(path) as picture:
        image = picture.convert("RGB")
    image.thumbnail(PREVIEW_SIZE)
    return _png(image)


def page_picture(pdf: Path | bytes, page: int, size: tuple[int, int]) -> bytes:
    """A page of a PDF, counted from zero, as a PNG no larger than that."""
    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        found = document[page]
        scale = min(size[0] / found.get_width(), size[1] / found.get_height())
        image = found.render(scale=scale).to_pil()
    return _png(image)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _png(image: Image.Image) -> bytes:
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _clean_name(file_name: str) -> str:
    name = text.one_line(file_name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if c.isprintable())
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: MAX_NAME - len(extension) - 1]}{dot}{extension}"
    return name or "tep"


def _proven_type(content: bytes, name: str) -> str:
    """The media type on which the extension, the signature and a reader agree."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    expected = MEDIA_TYPES.get(extension)
    if expected is None:
        raise BadFile(
            N_("Tệp “%(name)s” không thuộc loại được nhận (pdf, docx, xlsx, jpg, png)."),
            name=name,
        )
    guess = filetype.guess(content)
    if guess is None or guess.mime != expected or not _opens(content, extension):
        raise BadFile(
            N_("Nội dung tệp “%(name)s” không đúng với phần mở rộng .%(extension)s."),
            name=name,
            extension=extension,
        )
    return expected


def _opens(content: bytes, extension: str) -> bool:
    if extension in _MAIN_PARTS:
        return office_files.is_sound(content, _MAIN_PARTS[extension])
    return _is_pdf(content) if extension == "pdf" else _is_picture(content)


def _is_pdf(content: bytes) -> bool:
    try:
        with _PDFIUM, pypdfium2.PdfDocument(content) as document:
            return len(document) > 0
    except pypdfium2.PdfiumError:
        return False


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            image.load()  # to the last line: what was cut off is refused
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False
    return True
