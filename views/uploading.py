"""Files that come with a step: checked and stored before the transaction, attached inside it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from awards import files
from awards.errors import BadFile
from awards.files import StoredFile
from forms.base import StepForm
from models.awards import DossierItem, Nomination
from views.web import actor, now, uploads

Stored = list[tuple[str, StoredFile]]


def store(form: StepForm, items: Sequence[DossierItem]) -> Stored:
    """Keep every file that was sent, by the paper it is for. One bad file keeps none."""
    stored: Stored = []
    try:
        for item in items:
            name = f"file__{item.code}"
            for sent in form[name].data or [] if name in form else []:
                if sent and sent.filename:
                    kept = files.store(sent.stream, sent.filename, uploads())
                    stored.append((item.code, kept))
    except BadFile:
        discard(stored)
        raise
    return stored


def discard(stored: Stored) -> None:
    """Take back what was stored for an act that failed."""
    for _item, kept in stored:
        files.discard(kept, uploads())


def attach(session: Session, nomination: Nomination, stored: Stored) -> None:
    """Put the stored files into the dossier."""
    moment: datetime = now()
    for item_code, kept in stored:
        files.attach(
            session, nomination, kept, item_code=item_code, actor=actor(), now=moment
        )


def papers(session: Session, form_key: str, nomination: Nomination) -> dict[str, object]:
    """The dossier's papers as this version has them, for the step that states the case."""
    if form_key != "prepare_nomination":
        return {}
    return {"papers": files.manifest(session, nomination.id)}
