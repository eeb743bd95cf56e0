"""What the unit is about to say again: sentences that an earlier dossier has, with its code."""

from sqlalchemy.orm import Session

from awards import listings, reuse
from awards.names import STATUSES
from forms.base import StepForm
from models.awards import Nomination
from views.web import now
from views.wording import told

MOST = 20


def of(session: Session, nomination: Nomination, form: StepForm) -> list[dict[str, str]]:
    """Of what stands in the form now, whether it was sent or not."""
    texts = [
        str(field.data or "")
        for field in form
        if field.name == "achievements" or field.name.startswith("evidence__")
    ]
    return [
        {
            "sentence": one.sentence,
            "code": one.nomination.code,
            "result": told(STATUSES[_status(session, one.nomination)]),
        }
        for one in reuse.found(session, nomination, texts)[:MOST]
    ]


def _status(session: Session, nomination: Nomination) -> listings.Status:
    task, _holder = listings.open_task(session, nomination)
    return listings.status_of(nomination, task, now())
