"""Files that come with a step: checked and stored before the transaction, attached inside it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from awards import files, scanning
from awards.clamd import Verdict
from awards.errors import BadFile, FilesWithheld
from awards.files import StoredFile
from forms.base import StepForm
from models.awards import Nomination, Outcome
from models.papers import Attachment
from models.tasks import OPEN, UserTask
from views.dossier import Dossier
from views.web import actor, now, scanner, transaction, uploads
from views.wording import sentence

Stored = list[tuple[str, StoredFile, Verdict | None]]


@contextmanager
def accepting(form: StepForm, dossier: Dossier, task_id: int) -> Iterator[Session]:
    """The request's transaction, with the files that were sent attached while the task is open.

    When it fails, the stored bytes are taken back as well. One bad file keeps none.
    """
    stored: Stored = []
    try:
        _store(form, dossier, stored)
        with transaction() as session:
            if session.get_one(UserTask, task_id).state in OPEN:
                _attach(session, dossier, stored)
            yield session
    except BaseException:
        for _item_code, kept, _verdict in stored:
            files.discard(kept, uploads())
        raise


def _attach(session: Session, dossier: Dossier, stored: Stored) -> None:
    for item_code, kept, verdict in stored:
        attached = files.attach(
            session,
            dossier.nomination,
            kept,
            item_code=item_code,
            actor=actor(),
            now=now(),
            is_to_be_scanned=scanner() is not None,
        )
        if verdict is not None:
            scanning.settle(session, attached, verdict, now=now())
        if attached.token != kept.token:  # the very same file was there
            files.discard(kept, uploads())


def _store(form: StepForm, dossier: Dossier, stored: Stored) -> None:
    """Keep every file that was sent, by the paper it is for."""
    for item in dossier.context.items:
        name = f"file__{item.code}"
        for sent in form[name].data or [] if name in form else []:
            if sent and sent.filename:
                kept = _checked(form[name], sent)
                stored.append((item.code, kept, None))
    _scan(stored)


def _scan(stored: Stored) -> None:
    """Ask the scanner at once, so that whoever waits knows; once it is away, not again."""
    asked, until = scanner(), time.monotonic() + scanning.SECONDS_AT_ONCE
    for n, (item_code, kept, _verdict) in enumerate(stored):
        left = until - time.monotonic()
        if asked is None or left <= 0:
            return
        verdict = scanning.ask(asked, kept.token, uploads(), seconds=left)
        if verdict is None:
            return
        stored[n] = (item_code, kept, verdict)


def _checked(field: Any, sent: FileStorage) -> StoredFile:
    try:
        return files.store(cast("BinaryIO", sent.stream), sent.filename or "", uploads())
    except BadFile as error:
        field.errors = [sentence(error)]
        raise


def held_back(
    session: Session, form_key: str, form: StepForm, nomination: Nomination
) -> FilesWithheld | None:
    """What keeps a dossier with its new files where it is: the scanner has not let one pass.

    Such a step is kept as a draft, files and all, so that nobody has to send them again.
    """
    is_sent_on = form_key == "prepare_nomination" and form.outcome.data == Outcome.APPROVE
    withheld = files.withheld(session, nomination) if is_sent_on else []
    if not withheld:
        return None
    return FilesWithheld(names="; ".join(file.file_name for file in withheld))


def remove(session: Session, form: StepForm, dossier: Dossier, asked: str) -> None:
    """Take the file with this id out of the dossier, where the step is the one to do so."""
    for attachment in dossier.attachments:
        if str(attachment.id) == asked and f"file__{attachment.item_code}" in form:
            files.remove(
                session,
                dossier.nomination,
                session.get_one(Attachment, attachment.id),
                actor=actor(),
                now=now(),
            )


def papers(session: Session, form_key: str, nomination: Nomination) -> dict[str, object]:
    """The dossier's papers as this version has them, for the step that states the case."""
    if form_key != "prepare_nomination":
        return {}
    return {"papers": files.manifest(session, nomination.id)}
