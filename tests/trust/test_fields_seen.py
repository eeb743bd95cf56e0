"""P3 of trust.md: who reads which field, against the table written by hand in docs/permissions.md.

Each field of three nominations (the own unit's, one of the same Khối, one of another) holds a word
of its own; everybody then opens every page and file that might show it.
"""

from collections import defaultdict
from datetime import date

import pytest
from sqlalchemy import select

from awards import access, files, identities, reads
from models.awards import Nomination, NomineeList
from models.history import HistoryEvent
from models.organisation import Person
from models.papers import Attachment, Comment, Decision, Notice
from models.reads import ReadEvent, ReadKind
from models.session import transaction
from models.sign_ins import BrowserSession
from models.tasks import Draft, Submission, UserTask
from tests.permissions import FIELDS, RELATIONS
from tests.stages import PEOPLE, STEPS
from tests.trust.test_reads import app  # noqa: F401 - the province with everything in it
from views import web
from workflows.actors import Actor

pytestmark = pytest.mark.trust
ROLES = FIELDS[0][1:]
TABLE = {row[0]: dict(zip(ROLES, row[1:], strict=True)) for row in FIELDS[1:]}
PLACES = ("own", "near", "far")
OFFICER_OF = {"own": "lan.tuphap", "near": "hoa.yte"}


def word(field, place):
    """What this field of this nomination says, and nothing else does."""
    number = list(TABLE).index(field) * 3 + PLACES.index(place)
    return f"mốc{number:03}từ"


def fill(session, found, uploads):
    """Put the words in; gives for each field and place the word that shows it."""
    words = {(field, place): word(field, place) for field in TABLE for place in PLACES}
    for place in PLACES:
        case = found.cases["awarded"][place]
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == case.code)
        ).one()
        _state(session, nomination, case, place, words)
        _write(session, nomination, case, place, uploads)
        _other(session, found, place)
        events = select(HistoryEvent.hash).where(
            HistoryEvent.instance_id == nomination.instance_id
        )
        words["hash of an event", place] = session.scalars(events).first()
        words["who has looked", place] = looked(session, nomination)
    for field, place in words:
        if field == "another person's login":
            words[field, place] = "hoa.yte"
    session.flush()
    return words


def _state(session, nomination, case, place, words):
    nominee = nomination.nominee
    nominee.name, nominee.position = word("nominee's name", place), word("position", place)
    nominee.birth_date = date(1951 + PLACES.index(place), 1, 31)
    words["date of birth", place] = nominee.birth_date.strftime("%d/%m/%Y")
    number = f"0010990876{PLACES.index(place) + 51}"
    nominee.identity_number = number
    words["identity number, in full", place] = number
    words["identity number, last three characters", place] = "•" * 9 + number[-3:]
    nomination.achievements = word("achievements", place)
    for entry in session.scalars(
        select(Submission).where(Submission.instance_id == nomination.instance_id)
    ):
        said = {
            "evidence__on_time": word("evidence for a criterion", place),
            "note__on_time": word("note on a criterion", place),
            "opinion": word("opinion of a step", place),
        }
        content = {k: said.get(k, v) for k, v in entry.content.items()}
        if entry.element_id == "review_by_block":
            content["opinion"] = word("reason of a step", place)
        if entry.element_id == "decide_by_chairman":
            content["opinion"] = word("what the offices say to each other", place)
        entry.content = content


def _write(session, nomination, case, place, uploads):
    lan = session.scalars(select(Person).where(Person.login == "lan.tuphap")).one()
    session.add(
        Comment(
            nomination_id=nomination.id,
            author_id=lan.id,
            acting_as="x",
            salt=b"",
            digest="",
            text=word("remark", place),
            created_at=nomination.created_at,
        )
    )
    paper = session.get_one(Attachment, case.attachment)
    paper.file_name = word("name of a paper", place) + ".pdf"
    path = files.path_of(paper.token, uploads)
    path.unlink()  # it is a link to everybody's
    path.write_text(word("paper", place))
    decision = session.get_one(Decision, case.decision)
    decision.paper = word("decision", place).encode()


def _other(session, found, place):
    refused = found.cases["refused"][place]
    session.get_one(Notice, refused.notice).reason = word("notice of a refusal", place)
    if place in OFFICER_OF:
        writer = session.scalars(
            select(Person).where(Person.login == OFFICER_OF[place])
        ).one()
        task = found.cases["prepare_nomination"][place].task
        typed = [["achievements", word("what is typed and not sent", place)]]
        session.add(
            Draft(
                task_id=task,
                person_id=writer.id,
                fields=typed,
                saved_at=session.get_one(UserTask, task).opened_at,
            )
        )
        number = found.own_list if place == "own" else found.other_list
        session.get_one(NomineeList, number).file_name = word("uploaded list", place)
        session.add(
            BrowserSession(
                person_id=writer.id,
                token_hash=place,
                started_at=web.now(),
                device=word("device of a session", place),
            )
        )


def looked(session, nomination):
    """Somebody has read it; the hash of that event stands beside the name."""
    actor = Actor(session.scalars(select(Person.id)).first(), "", ())
    reads.record(session, ReadKind.DOSSIER_OPENED, nomination, actor=actor, now=web.now())
    event = select(ReadEvent.hash).where(ReadEvent.chain == nomination.code)
    return session.scalars(event).one()


def pages(session, found):
    """Every address that might show something."""
    yield from (
        "/nominations", "/board", "/inbox", "/inbox?tab=groups", "/inbox?tab=done", "/history",
        "/imports", "/people", "/people/1", "/people/2", "/account", "/batches", "/operations",
        f"/imports/{found.own_list}", f"/imports/{found.other_list}",
    )  # fmt: skip
    for place in PLACES:
        awarded = found.cases["awarded"][place]
        yield f"/nominations/{awarded.code}?all=1"
        yield f"/nominations/{awarded.code}/history"
        yield f"/attachments/{awarded.attachment}"
        yield f"/decisions/{awarded.decision}.pdf"
        yield f"/tasks/{found.cases['prepare_nomination'][place].task}"
    own = select(Nomination.instance_id).where(
        Nomination.code == found.cases["awarded"]["own"].code
    )
    for task in session.scalars(select(UserTask.id).where(UserTask.instance_id.in_(own))):
        yield f"/tasks/{task}"


@pytest.fixture
def differences(app, browse, found):  # noqa: F811 - the fixture above
    """`differences()` are the cells of the table that are not as the pages are."""

    def compare(roles=tuple(PEOPLE)):
        with app.test_request_context(), transaction(web.db.engine) as session:
            words = fill(session, found, app.config["UPLOADS"])
            addresses = list(pages(session, found))
        wrong = []
        for role in roles:
            client = browse(PEOPLE[role])
            seen = "\n".join(client.get(path).text for path in addresses)
            for place in PLACES:
                code = found.cases["awarded"][place].code
                seen += client.post(f"/nominations/{code}/identity").text
            shown = defaultdict(set)
            for (field, place), said in words.items():
                if said in seen:
                    shown[field].add(place)
            wrong += [
                (field, role, sorted(shown[field]))
                for field, cells in TABLE.items()
                if shown[field] != allowed(cells[role])
            ]
        return wrong

    return compare


def allowed(cell):
    """The nominations of which a cell lets a field be read."""
    if cell in RELATIONS:
        return RELATIONS[cell]
    return {"own": {"own"}, "yes": set(PLACES), "–": set()}[cell]


def test_everybody_reads_what_the_table_says(differences, size):
    """All roles at full size, every third of them otherwise."""
    assert set(ROLES) == set(PEOPLE)
    assert len(TABLE) >= 20
    assert len(STEPS) == 9
    assert differences(list(PEOPLE)[:: 1 if size(10) == 10 else 3]) == []


def test_a_field_shown_to_more_people_is_found(differences, monkeypatch):
    monkeypatch.setattr(identities, "masked", str)
    monkeypatch.setattr(access, "may_see_list", lambda *_: True)

    found = {field for field, _role, _places in differences(["department_clerk"])}

    assert found == {
        "identity number, in full",
        "identity number, last three characters",
        "uploaded list",
    }
