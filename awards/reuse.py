"""What a dossier says that another of the same nominee has said before: told, never forbidden.

One achievement is not commended twice in the same way (Luật Thi đua, khen thưởng Điều 5); whether
it is the same is for people to judge, so they are shown where it stood.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from awards import access, copying, text
from awards.listings import PREPARING
from models.awards import Nomination, Nominee
from models.tasks import Submission

MIN_LENGTH = 25  # shorter ones are words that everybody writes
_SENTENCES = re.compile(r"[.;\n]+")


@dataclass(frozen=True, slots=True)
class Reuse:
    """A sentence, and the earlier nomination where it stood."""

    sentence: str
    nomination: Nomination


def found(session: Session, nomination: Nomination, texts: Sequence[str]) -> list[Reuse]:
    """The sentences of these texts that an earlier dossier has, with the latest that has each.

    Earlier dossiers are those of the same name and kind in the unit, or in one that it took over,
    and the one that this was copied from.
    """
    earlier = _earlier(session, nomination)
    used: dict[str, Nomination] = {}
    for one, content in earlier:
        used |= {key: one for _said, key in _sentences(_texts(content))}
    seen = {key: said for said, key in _sentences(texts) if key in used}
    return [Reuse(said, used[key]) for key, said in seen.items()]


def _earlier(
    session: Session, nomination: Nomination
) -> list[tuple[Nomination, Mapping[str, object]]]:
    nominee, unit = nomination.nominee, nomination.unit.kept_by.code
    same = (
        (Nominee.sort_key == nominee.sort_key)
        & (Nominee.kind == nominee.kind)
        & Nomination.unit_id.in_(access.kept_by([unit]))
    )
    source = Nomination.code == copying.source_of(session, nomination)
    query = (
        select(Nomination, Submission.content)
        .join(Nomination.nominee)
        .join(Submission, Submission.instance_id == Nomination.instance_id)
        .where(Submission.form_key == PREPARING, Nomination.id < nomination.id)
        .where(or_(same, source))
        .options(joinedload(Nomination.instance))
        .order_by(Submission.id)
    )
    return [(one, content) for one, content in session.execute(query)]


def _texts(content: Mapping[str, object]) -> list[str]:
    return [
        str(value)
        for name, value in content.items()
        if name == "achievements" or name.startswith("evidence__")
    ]


def _sentences(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each sentence as it stands, and so that blanks, marks and capitals make no difference."""
    for one in texts:
        for said in _SENTENCES.split(one):
            key = text.fold(said).strip()
            if len(key) >= MIN_LENGTH:
                yield said.strip(), key
