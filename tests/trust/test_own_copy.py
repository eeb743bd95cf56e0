"""P4 of trust.md: a person's own copy holds all that docs/data-map.md calls personal."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from awards import own_copies
from models.awards import Nomination, NomineeList, Outcome
from models.base import Base
from models.batches import BatchItem, ItemState
from models.messages import Mail, Message, MessageKind
from models.papers import Decision, DecisionKind
from models.proposals import Proposal, ProposalEntry
from models.reads import ReadEvent, ReadKind
from models.session import reading, transaction
from models.tasks import Draft, UserTask
from tests import factories
from tests.architecture.test_data_map import listed
from tests.trust.test_reads import app  # noqa: F401 - the province with everything in it
from views import web

pytestmark = pytest.mark.trust
OTHERS = {  # personal, and not of the nominee
    "erasure.reason",  # names nobody, says the page that asks for it
    "nominee_list.content",  # the whole unit's; gone once it is read
    "nominee_list.errors",
    "entered_text.search_text",  # words of submissions, which the copy tells
    "export.filters",  # what its maker looked for
    "export.content",  # a list of many, of what the copy tells of one; gone after a day
    "own_award.name",  # whom a unit commended by itself, nominee or not; its signed decision
    "own_award.position",
    "own_award.merit",
    "record_version.content",  # the same, as it stood
    "proposal.paper",  # a paper about many; proposal_entry tells what it says of one
}
FILLED = {  # tables whose columns are missing only when there is a row to look at
    "batch", "batch_item", "decision", "decision_change", "decision_draft", "mail", "message",
    "nominee_list", "proposal", "proposal_entry", "signed_paper",
}  # fmt: skip
OTHER = "Người khác"
ITEM = {"position": 9, "revision": 1, "state": ItemState.DONE, "message": "", "values": {}}


@pytest.fixture
def copied(app, browse, found):  # noqa: F811 - the fixture above
    """`copied(login)` is what the person of an awarded nomination is given, and the answer."""
    code = found.cases["awarded"]["own"].code
    with app.app_context(), transaction(web.db.engine) as session:
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == code)
        ).one()
        task = session.scalars(
            select(UserTask.id).where(UserTask.instance_id == nomination.instance_id)
        ).first()
        nomination.nominee.identity_number = "001099087651"
        session.add(Draft(task_id=task, person_id=1, fields=[], saved_at=web.now()))
        name = nomination.nominee.name
        session.get_one(NomineeList, 1).rows = [{"name": name}, {"name": OTHER}]
        session.add(BatchItem(batch_id=1, task_id=task, **ITEM))
        propose(session, nomination)
        correct(session, nomination)
        tell(session, nomination)

    def ask(login):
        asked = {"code": code, "reason": "Theo đơn ngày 05/11/2026"}
        return browse(login).post("/personal-data/copy", data=asked)

    ask.code = code
    return ask


def propose(session, nomination):
    """A signed proposal of this nomination and of somebody who is not proposed."""
    proposal = session.get_one(Proposal, 1)
    proposal.content = {
        "subject": "Đề nghị",
        "groups": [{"rows": [[1, OTHER]]}],
        "left_out": [["1", OTHER]],
    }
    entry = ProposalEntry(
        nomination=nomination, position=1, outcome=Outcome.APPROVE, reason="Đủ", values={}
    )
    proposal.entries.append(entry)


def correct(session, nomination):
    """The award corrected, by a decision that corrects somebody else's as well."""
    draft = factories.amend(session, nomination, DecisionKind.CORRECTION, now=web.now())
    draft.rows = draft.rows | {"999": {"name": OTHER}}
    decision = session.get_one(Decision, draft.decision_id)
    decision.content = decision.content | {"rows": [[OTHER]]}


def tell(session, nomination):
    """Somebody is told of the nomination, by a letter that has not left yet."""
    message = Message(person_id=1, kind=MessageKind.TASK, nomination=nomination)
    message.created_at = web.now()
    session.add(message)
    session.flush()
    letter = {
        "subject": nomination.nominee.name,
        "text": "Việc mới",
        "message_id": "1@here",
    }
    now = {"made_at": web.now(), "next_try_at": web.now()}
    session.add(Mail(person_id=1, about_id=message.id, address="a@b.vn", **letter, **now))


def given(answer):
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return archive, json.loads(archive.read("du-lieu.json"))


def missing(told):
    """The personal columns of the data map that the copy does not have."""
    held = {table for table in told if told[table]}
    names = {f"{table}.{name}" for table in held for name in told[table][0]}
    empty = {table.__tablename__ for table in own_copies.TITLES} - held
    return sorted(
        column
        for column, (kind, *_rest) in listed()
        if kind == "personal"
        and column not in names | OTHERS
        and column.partition(".")[0] not in empty
    )


def test_copy_holds_every_personal_column_and_no_secret(copied, app):  # noqa: F811
    archive, told = given(copied("lan.tuphap"))

    assert missing(told) == []
    assert [table for table in FILLED if not told[table]] == []
    assert told.keys() <= Base.metadata.tables.keys()
    secret = {column for column, (kind, *_rest) in listed() if kind == "secret"}
    names = {
        f"{table}.{name}" for table, rows in told.items() for row in rows for name in row
    }
    assert names & secret == set()
    papers = [name for name in archive.namelist() if name.startswith("giay-to/")]
    assert len(papers) == len(told["attachment"]) + 2 + len(told["signed_paper"])
    assert OTHER not in json.dumps(told, ensure_ascii=False)
    assert "001099087651" in archive.read("du-lieu.html").decode()
    with app.app_context(), reading(web.db.engine) as session:
        kinds = session.scalars(
            select(ReadEvent.kind).where(ReadEvent.chain == copied.code)
        )
        assert kinds.all() == [ReadKind.COPY_MADE]


def test_a_copy_without_a_table_is_found(copied, monkeypatch):
    monkeypatch.setattr(own_copies, "WITHHELD", own_copies.WITHHELD | {"achievements"})

    _archive, told = given(copied("lan.tuphap"))

    assert missing(told) == ["nomination.achievements"]


def test_copies_are_for_the_units_officer_and_the_administrator(copied):
    codes = {
        login: copied(login).status_code
        for login in ("lan.tuphap", "quantri.hethong", "hoa.yte", "tuan.noivu", "thanhtra")
    }

    assert codes == {
        "lan.tuphap": 200,
        "quantri.hethong": 200,
        "hoa.yte": 422,  # as for a code that is none
        "tuan.noivu": 404,
        "thanhtra": 404,
    }
