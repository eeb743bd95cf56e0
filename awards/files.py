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
from typing import BinaryIO

import pypdfium2
from PIL import Image
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import contents, pdf_files, text, traces
from awards.contents import MEDIA_TYPES, Judge
from awards.errors import BadFile, DossierTooLarge
from awards.pdf_files import PDFIUM
from models.awards import DossierItem, Nomination
from models.history import EventKind
from models.papers import Attachment, ScanState
from workflows import history, instances
from workflows.actors import Actor
from workflows.words import N_

MAX_BYTES = 25 * 1024 * 1024
MAX_TOGETHER = 100 * 1024 * 1024  # what lies in one dossier
MAX_NAME = 200
PREVIEW_SIZE = (480, 960)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the folder and is what it claims to be."""

    token: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    has_location: bool = False
    has_author: bool = False


def store(
    stream: BinaryIO, file_name: str, folder: Path, judge: Judge = pdf_files.judge
) -> StoredFile:
    """Check an upload and keep its bytes. Raises BadFile with the reason, and keeps nothing."""
    name = _clean_name(file_name)
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadFile(N_("Tệp “%(name)s” lớn quá 25 MB."), name=name)
    media_type = contents.prove(content, name, judge)
    told = traces.of(content, media_type)
    token = secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    path_of(token, folder).write_bytes(content)
    return StoredFile(
        token,
        name,
        media_type,
        len(content),
        hashlib.sha256(content).hexdigest(),
        has_location=told.has_location,
        has_author=told.has_author,
    )


def discard(stored: StoredFile, folder: Path) -> None:
    """Take back a file whose transaction failed."""
    path_of(stored.token, folder).unlink(missing_ok=True)


def erase(tokens: Sequence[str], folder: Path) -> None:
    """Remove files that were erased, once that is committed. Some may be gone already."""
    for token in tokens:
        path_of(token, folder).unlink(missing_ok=True)


def path_of(token: str, folder: Path) -> Path:
    """Where a file lies. Tokens are ours, and still proved to stay inside the folder."""
    path = (folder / token).resolve()
    if path.parent != folder.resolve():
        message = f"not a token: {token!r}"
        raise ValueError(message)
    return path


def belong_to(engine: Engine, folder: Path) -> None:
    """Say once, at the start, in which folder the files lie that this database names."""
    engine.update_execution_options(uploads=folder)


def folder_of(session: Session) -> Path:
    """Where the files lie that the session's database names."""
    folder: Path = session.get_bind().get_execution_options()["uploads"]
    return folder


def read(token: str, folder: Path) -> bytes:
    """The bytes of a stored file."""
    return path_of(token, folder).read_bytes()


def sha256_of(token: str, folder: Path) -> str:
    """What a stored file's bytes hash to now, hex; nothing where it is not there any more."""
    try:
        with path_of(token, folder).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def copy(attachment: Attachment, folder: Path) -> StoredFile | None:
    """A file of its own with the same bytes; None where they are not what was attached."""
    try:
        content = read(attachment.token, folder)
    except OSError:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != attachment.sha256:
        return None
    token = secrets.token_hex(16)
    path_of(token, folder).write_bytes(content)
    return StoredFile(
        token, attachment.file_name, attachment.media_type, len(content), sha256
    )


def attach(
    session: Session,
    nomination: Nomination,
    stored: StoredFile,
    *,
    item_code: str,
    actor: Actor,
    now: datetime,
    is_to_be_scanned: bool = False,
) -> Attachment:
    """Put a stored file into the dossier, unless the very same lies there for this paper.

    Where a scanner is used, nobody opens it before that has answered. Raises DossierTooLarge.
    """
    instance = instances.lock(session, nomination.instance_id)
    here = of(session, nomination.id)
    for present in here:
        if (present.item_code, present.sha256) == (item_code, stored.sha256):
            return present
    if sum(present.size for present in here) + stored.size > MAX_TOGETHER:
        raise DossierTooLarge
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
        scan_state=ScanState.PENDING if is_to_be_scanned else ScanState.CLEAN,
        scan_finding="",
        has_location=stored.has_location,
        has_author=stored.has_author,
    )
    session.add(attachment)
    session.flush()
    history.append(
        session,
        instance,
        EventKind.FILE_ATTACHED,
        actor=actor,
        post=instances.post_of(session, instance.id, actor),
        now=now,
        attachment=attachment.id,
        item=item_code,
        sha256=stored.sha256,
        scan=attachment.scan_state.value,
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
        post=instances.post_of(session, instance.id, actor),
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


def withheld(session: Session, nomination: Nomination) -> list[Attachment]:
    """The files of the dossier that nobody may open: not scanned yet, or not clean."""
    return [row for row in of(session, nomination.id) if row.scan_state != ScanState.CLEAN]


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
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        found = document[page]
        scale = min(size[0] / found.get_width(), size[1] / found.get_height())
        image = found.render(scale=scale).to_pil()
    return _png(image)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
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
