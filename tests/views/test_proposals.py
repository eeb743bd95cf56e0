"""Proposals on the pages: gathered, signed, sent, received; exceptions ticked, the rest done."""

import io

import pypdfium2
import pytest
from sqlalchemy import select

from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.session import reading
from models.tasks import Submission, TaskState, UserTask
from tests.client import declare, form, heading, parse, text
from views.web import db
from workflows import history

OFFICER, HEAD, LEAD = "lan.tuphap", "quang.tuphap", "khoitruong.k01"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def opened(client):
    """A draft with all that waits; the client is on its page."""
    drafts = client.get("/proposals?tab=drafts")
    answer = form(drafts, "/proposals").send(client)
    assert answer.status_code == 303
    return client.get(answer.location)


def rows(page):
    return form(page, page.request.path + "?page=1")


def signed(client, page):
    """From the draft's page to the signed proposal's."""
    answer = rows(page).send(client, sign="1")
    check = client.get(answer.location)
    answer = form(check, check.request.path).send(client)
    assert answer.status_code == 303, text(answer)
    return client.get(answer.location)


def waiting(engine, case):
    with reading(engine) as session:
        query = select(UserTask.element_id).join(
            Nomination, Nomination.instance_id == UserTask.instance_id
        )
        query = query.where(Nomination.code == case.code, UserTask.closed_at.is_(None))
        return session.scalars(query).all()


def test_unit_gathers_hands_in_and_its_head_signs(browse, engine, cases):
    officer, head = browse(OFFICER), browse(HEAD)
    mine = cases["approve_by_unit"]["own"]
    page = opened(officer)
    assert mine.code in text(page)
    answer = rows(page).send(officer, hand_in="1")
    assert "Đã trình ký" in text(officer.get(answer.location))
    assert "Tiếp tục đến ký" not in text(officer.get(answer.location))

    assert "Chờ tôi ký" in text(head.get("/proposals"))
    done = signed(head, head.get(page.request.path))

    assert heading(done).startswith("Tờ trình số 01/TTr-STP")
    assert waiting(engine, mine) == ["review_by_block"]
    assert "01/TTr-STP" in text(head.get(f"/nominations/{mine.code}"))
    with reading(engine) as session:
        proposal = session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.business_key == mine.code)
        ).one()
        entry = session.scalars(
            select(Submission)
            .where(Submission.instance_id == instance.id)
            .order_by(Submission.id.desc())
        ).first()
        dossier = session.scalars(select(ProposalEntry.dossier)).first()
        assert entry.content["paper"] == {
            "proposal": proposal.id,
            "symbol": "01/TTr-STP",
            "sha256": proposal.paper_sha256,
            "dossier": dossier,
        }
        assert session.get_one(Submission, dossier).form_key == "prepare_nomination"
        assert history.verify(session, instance) is None
        assert proposal.paper_sha256 is not None
    pdf = pypdfium2.PdfDocument(
        io.BytesIO(head.get(page.request.path + "/paper.pdf").get_data())
    )
    words = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert "TỜ TRÌNH" in words
    assert "Số: 01/TTr-STP" in words
    assert "GIÁM ĐỐC" in words


def test_dropped_nominee_needs_a_reason_and_gets_it(browse, engine, cases):
    head, case = browse(HEAD), cases["approve_by_unit"]["own"]
    page = opened(head)
    with reading(engine) as session:
        nomination = session.scalars(
            select(Nomination.id).where(Nomination.code == case.code)
        ).one()
    answer = rows(page).send(head, sign="1", **{f"outcome__{nomination}": "return"})
    check = head.get(answer.location)
    assert "Ghi rõ lý do." in text(check)
    assert not parse(check).xpath(f"//form[@action='{check.request.path}']")

    again = head.get(page.request.path)
    fields = {
        f"outcome__{nomination}": "return",
        f"reason__{nomination}": "Thiếu minh chứng.",
    }
    answer = rows(again).send(head, sign="1", **fields)
    check = head.get(answer.location)
    assert "Thiếu minh chứng." in text(check)
    form(check, check.request.path).send(head)

    assert waiting(engine, case) == ["prepare_nomination"]
    officer = browse(OFFICER).get(f"/nominations/{case.code}")
    assert "Thiếu minh chứng." in text(officer)


def test_block_scores_everyone_in_one_list(browse, engine, cases):
    lead = browse(LEAD)
    declare(lead)
    page = opened(lead)
    fields = rows(page).fields
    numbers = {
        name: {"score": "88", "votes_for": "5", "votes_total": "6"}[name.split("__")[0]]
        for name in fields
        if name.split("__")[0] in ("score", "votes_for", "votes_total")
    }
    assert numbers
    answer = rows(page).send(lead, sign="1")
    assert "Ghi kết quả bình xét của Khối." in text(lead.get(answer.location))

    answer = rows(page).send(lead, sign="1", **numbers)
    check = lead.get(answer.location)
    answer = form(check, check.request.path).send(lead)

    assert heading(lead.get(answer.location)).startswith("Tờ trình số 01/TTr-K01")
    for unit in ("own", "near"):
        assert waiting(engine, cases["review_by_block"][unit]) == ["receive_by_department"]


def test_signature_sent_twice_signs_once(browse, engine):
    head = browse(HEAD)
    page = opened(head)
    answer = rows(page).send(head, sign="1")
    check = head.get(answer.location)
    signature = form(check, check.request.path)

    places = {signature.send(head).location for _ in range(3)}

    assert places == {page.request.path}
    with reading(engine) as session:
        assert len(session.scalars(select(Proposal).where(Proposal.number == 1)).all()) == 1
        kinds = session.scalars(
            select(HistoryEvent).where(HistoryEvent.kind == EventKind.TASK_COMPLETED)
        )
        batches = [history.details(e).get("batch") for e in kinds]
        assert len([b for b in batches if b]) == 1


def test_what_a_proposal_brought_is_done_but_for_the_exceptions(browse, engine, cases):
    specialist, head, office = (
        browse("tuan.noivu"),
        browse("ha.noivu"),
        browse("vinh.vanphong"),
    )
    for client in (specialist, head, office):
        declare(client)
    page = opened(specialist)
    rows(page).send(specialist, hand_in="1")
    signed(head, head.get(page.request.path))
    declare(office)
    listed = office.get("/proposals")
    where = parse(listed).xpath("string(//a[@class='row-link']/@href)")
    work = office.get(where)
    sent = [cases["approve_by_department"][unit] for unit in ("own", "near", "far")]
    assert all(case.code in text(work) for case in sent)
    ticks = parse(work).xpath("//input[@name='except']/@value")

    answer = form(work, where).send(office, **{"except": ticks[:1]})
    batch = office.get(answer.location)

    assert heading(batch) == "Xử lý 2 việc cùng lúc"
    asked = form(batch).send(office, outcome="approve", is_form_right="y", is_law_right="y")
    form(asked, batch.request.path).send(office, confirmed="1")
    steps = sorted(waiting(engine, case)[0] for case in sent)
    assert steps == ["check_by_office", "decide_by_chairman", "decide_by_chairman"]


def test_draft_is_its_offices_alone(browse, engine):
    page = opened(browse(OFFICER))
    assert browse("hoa.yte").get(page.request.path).status_code == 404
    assert browse(LEAD).get(page.request.path).status_code == 404
    assert browse("chutich.ubnd").get(page.request.path).status_code == 404
    signed(browse(HEAD), browse(HEAD).get(page.request.path))
    assert browse("hoa.yte").get(page.request.path).status_code == 404
    assert browse(LEAD).get(page.request.path).status_code == 200
    assert browse("chutich.ubnd").get(page.request.path).status_code == 200


def test_left_out_and_discarded_nominations_go_on_waiting(browse, engine, cases):
    officer, case = browse(OFFICER), cases["approve_by_unit"]["own"]
    page = opened(officer)
    number = next(n.split("__")[1] for n in rows(page).fields if n.startswith("outcome__"))
    answer = rows(page).send(officer, leave_out=number)
    assert case.code not in text(officer.get(answer.location)).split("Từng hồ sơ")[0]
    form(officer.get(page.request.path), page.request.path + "/add").send(officer)
    assert case.code in text(officer.get(page.request.path))

    form(officer.get(page.request.path), page.request.path + "/discard").send(officer)

    assert officer.get(page.request.path).status_code == 404
    assert waiting(engine, case) == ["approve_by_unit"]
    assert case.code in text(opened(officer))


def test_nomination_that_moved_on_meanwhile_keeps_the_signature_back(browse, engine, cases):
    officer, head, case = browse(OFFICER), browse(HEAD), cases["approve_by_unit"]["own"]
    page = opened(officer)
    step = head.get(f"/tasks/{case.task}")
    form(step).send(head, outcome="approve")

    check = head.get(page.request.path + "/sign")
    answer = form(check, check.request.path).send(head)

    assert answer.status_code == 409
    assert "không còn chờ ở bước này" in text(answer)
    with reading(engine) as session:
        assert set(session.scalars(select(Proposal.signed_at))) == {None}
        assert session.get_one(UserTask, case.task).state == TaskState.COMPLETED
