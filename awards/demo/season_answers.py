"""What the people of the season enter for each nominee, and the papers they attach."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from awards import files, papers
from awards.demo import answers
from awards.demo.stories import Journey
from awards.pdf_files import judge_own
from models.awards import Nomination, NomineeKind, Outcome
from workflows import calendar
from workflows.actors import Actor
from workflows.bulk import Answer
from workflows.submissions import Entry

_SIFTED = {  # one in so many, and what becomes of it
    "review_by_block": (17, 5, Outcome.NOT_SELECTED),
    "appraise": (29, 7, Outcome.REFUSE),
    "decide_by_chairman": (97, 11, Outcome.REFUSE),
}


def answer_of(
    element_id: str, nomination: Nomination, attached: Mapping[int, object], now: datetime
) -> Answer:
    """What is entered at a step for a nomination; `attached` tells its papers, by nomination."""
    outcome = outcome_of(nomination, element_id).value
    content = answers.content(
        _journey(nomination), element_id, outcome, turn=1, day=calendar.today(now)
    )
    if nomination.id in attached:
        content |= {
            "papers": attached[nomination.id],
            "achievements": nomination.achievements,
            "birth_date": nomination.nominee.birth_date
            and nomination.nominee.birth_date.isoformat(),
            "is_serving_public": nomination.nominee.is_serving_public,
        }
    return Answer(Entry(element_id, content=content), {"outcome": outcome})


def outcome_of(nomination: Nomination, element_id: str) -> Outcome:
    """What a step says of a nomination: most go on, some of each Khối and office do not."""
    share, which, otherwise = _SIFTED.get(element_id, (1, 1, Outcome.APPROVE))
    return otherwise if nomination.id % share == which else Outcome.APPROVE


def attach(
    session: Session,
    uploads: Path,
    nominations: Sequence[Nomination],
    officer: Actor,
    now: datetime,
) -> dict[int, object]:
    """Every required paper of every dossier, the same for all of a unit; what was attached."""
    made: dict[tuple[str, str], bytes] = {}
    for nomination in nominations:
        for item in nomination.award.dossier_items:
            if not item.is_required:
                continue
            unit = nomination.unit.name
            if (unit, item.code) not in made:
                words = {"title": item.name, "unit": unit, "nominee": unit}
                made[unit, item.code] = papers.compile_paper("sample.typ", words)
            paper = io.BytesIO(made[unit, item.code])
            stored = files.store(paper, f"{item.name}.pdf", uploads, judge_own)
            files.attach(
                session, nomination, stored, item_code=item.code, actor=officer, now=now
            )
    return {one.id: files.manifest(session, one.id) for one in nominations}


def _journey(nomination: Nomination) -> Journey:
    nominee = nomination.nominee
    return Journey(
        number=nomination.id,
        unit=nomination.unit.code,
        kind=NomineeKind(nominee.kind),
        honorific=nominee.honorific,
        name=nominee.name,
        position=nominee.position,
        answers=(),
        days=0,
        is_claimed=False,
    )
