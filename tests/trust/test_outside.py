"""A8 of trust.md: a unit reads how its nomination stands, nothing of the offices' own."""

import re

import pypdfium2
import pytest

import rounds
from awards import access, interventions, timeline
from models.awards import Outcome
from models.session import transaction
from models.tasks import TaskState
from tests import factories
from tests.client import text
from tests.conftest import NOW
from workflows import tasks

pytestmark = pytest.mark.trust
UNIT, LEAD = ("lan.tuphap", "quang.tuphap"), "khoitruong.k01"
ADVICE, DOUBT, OBJECTION = "Lời bàn riêng của Sở", "Ý riêng của lãnh đạo", "Ý của Văn phòng"
SENTENCES = (  # what the offices say to one another, as pages say it to them
    timeline._ACTS["appraise", Outcome.REFUSE],
    timeline._ACTS["appraise", Outcome.APPROVE],
    timeline._ACTS["approve_by_department", Outcome.RETURN],
    timeline._ACTS["check_by_office", Outcome.RETURN],
    timeline._ACTS["decide_by_chairman", Outcome.RETURN],
    timeline._ACTS["issue_decision", Outcome.RETURN],
    "Bước sau trả lại để xem xét lại",
    "Chuyên viên thẩm định đề nghị không khen",
    "Việc trở về nhóm",
    "Việc quá hạn được báo lên cấp trên",
    interventions.TO_QUEUE.partition(",")[0],
)
CODED = (*TaskState, *access.PROVINCE, "review_by_block", "suspended", "movement_award")


@pytest.fixture
def talked_about(house):
    """A nomination of the unit that the offices have sent to and fro, and that a specialist has."""
    with transaction(house.engine) as session:
        nomination = factories.begin_at(session, "appraise")
        for step, outcome, words in (
            ("appraise", "refuse", ADVICE),
            ("approve_by_department", "return", DOUBT),
            ("appraise", "approve", ADVICE),
            ("approve_by_department", "approve", DOUBT),
            ("check_by_office", "return", OBJECTION),
        ):
            assert factories.open_task(session, nomination).element_id == step
            factories.answer(session, nomination, outcome, reason=words, opinion=words)
        task = factories.open_task(session, nomination)
        holder = factories.actor(session, task.queue)
        tasks.claim(session, task.id, actor=holder, now=NOW)
        code = nomination.code
    rounds.gather_texts(house.engine)
    return code, holder.name


def said(house, login: str, code: str) -> str:
    """All that one person reads of a nomination: page, lists, the step if there is one."""
    client = house.browser(login)
    task = client.get(f"/nominations/{code}").text.partition('href="/tasks/')[2]
    addresses = [
        f"/nominations/{code}",
        f"/nominations/{code}?all=1",
        f"/nominations?q={code}",
        f"/board?q={code}",
        "/search?q=rieng",
        "/search?q=van+phong&entered=1",
        "/inbox?tab=groups",
        "/inbox?tab=done",
        "/nominations",
    ]
    addresses += ["/tasks/" + task.partition('"')[0]] if task else []
    pages = [client.get(address) for address in addresses]
    assert {page.status_code for page in pages} == {200}
    paper = pypdfium2.PdfDocument(client.get(f"/nominations/{code}/story.pdf").data)
    printed = [page.get_textpage().get_text_range() for page in paper]
    return " ".join([*(text(page) for page in pages), *" ".join(printed).split()])


def leaks(house, login: str, code: str, holder: str) -> list[str]:
    """Words of the offices' own that this person reads."""
    words = said(house, login, code)
    secret = (*SENTENCES, ADVICE, DOUBT, OBJECTION, holder)
    found = [one for one in secret if one in words]
    return found + [one for one in CODED if re.search(rf"\b{one}\b", words)]


@pytest.mark.parametrize("login", [*UNIT, LEAD])
def test_nothing_of_the_offices_own_is_read_outside(house, talked_about, login):
    assert leaks(house, login, *talked_about) == []
    assert len(SENTENCES) + len(CODED) + 4 >= 25


def test_offices_read_their_own(house, talked_about):
    """The control: every word searched for that a page could hold is on those of the offices."""
    code, holder = talked_about
    words = said(house, "vinh.vanphong", code)
    told = (ADVICE, DOUBT, OBJECTION, holder, *SENTENCES[:4])

    assert [one for one in told if one not in words] == []


def test_door_between_the_offices_and_the_unit_left_open_is_caught(
    house, talked_about, monkeypatch
):
    monkeypatch.setattr(access, "sees_inside", lambda _actor: True)
    assert {ADVICE, talked_about[1]} <= set(leaks(house, UNIT[0], *talked_about))


def test_what_comes_back_to_the_unit_is_told_in_full(house):
    with transaction(house.engine) as session:
        nomination = factories.begin_at(session, "appraise")
        factories.answer(session, nomination, "return", reason=OBJECTION, opinion="")
        code = nomination.code
    page = text(house.browser(UNIT[0]).get(f"/nominations/{code}"))

    assert page.count(OBJECTION) == 2  # what is asked for, and what happened
    assert "Hồ sơ được trả lại để bổ sung" in page


def test_unit_reads_why_its_nominee_is_refused(house):
    with transaction(house.engine) as session:
        nomination = factories.begin_at(session, "appraise")
        factories.answer(session, nomination, "refuse", reason=ADVICE, opinion=ADVICE)
        factories.answer(session, nomination, "refuse", reason=OBJECTION, opinion="")
        code = nomination.code
    words = said(house, UNIT[0], code)

    assert OBJECTION in words
    assert ADVICE not in words
