"""What people read leaves an event, or is not shown to them: the one thing that a GET may write."""

from sqlalchemy.exc import SQLAlchemyError

from awards import reads
from models import session as sessions
from models.awards import Nomination
from models.reads import ReadKind
from views.web import actor, db, now, reader
from workflows.errors import WorkflowError
from workflows.words import N_


class ReadNotRecorded(WorkflowError):
    message = N_(
        "Việc xem dữ liệu cá nhân phải được ghi lại, mà lúc này chưa ghi được, "
        "nên nội dung chưa được hiện."
    )


def record(kind: ReadKind, nomination: Nomination | None = None, **details: object) -> None:
    """Call it before something personal is answered: a dossier, a file, a search, an export.

    `details` are ids and counts, never words. The same person reading the same again within a
    quarter of an hour writes nothing. Raises ReadNotRecorded, and then nothing is shown.
    """
    by, at = actor(), now()
    try:
        if reads.is_known(reader(), kind, nomination, actor=by, now=at, **details):
            return
        with sessions.transaction(db.engine) as session:
            reads.record(session, kind, nomination, actor=by, now=at, **details)
    except SQLAlchemyError as error:
        raise ReadNotRecorded from error


def searched(place: str, words: str, shown: list[str], total: int) -> None:
    """Somebody has looked for a name or a code: where, how many there were, which were shown.

    Not the words: what was found says as much, and no name stays in what cannot be erased.
    """
    if words.strip():
        record(ReadKind.NAMES_SEARCHED, place=place, total=total, shown=shown)
