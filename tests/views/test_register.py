"""The register: one number for many, corrections, revocations, cancelled numbers, and checks."""

import re

import pypdfium2
import pytest
from sqlalchemy import select

from models.papers import Decision, Notice, NoticeKind
from models.process import ProcessInstance
from models.session import reading
from tests.client import declare, form, heading, parse, text
from views.web import db
from workflows import history, replay

CLERK, SPECIALIST, CHAIRMAN = "oanh.vanthu", "tuan.noivu", "chutich.ubnd"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def largest(clerk):
    """The address of the largest group that waits: what two people have signed is two groups."""
    openings = parse(clerk.get("/decisions")).xpath("//div[@class='opening'][.//a]")
    counted = {
        o.xpath("string(.//a/@href)"): int(o.xpath("string(.//strong)").split()[0])
        for o in openings
    }
    return max(counted, key=counted.get)


def issued(browse, leave_out=()):
    """One decision for all that waits for a number but these; the page of the decision."""
    clerk = browse(CLERK)
    where = largest(clerk)
    page = clerk.get(where)
    answer = form(page, where).send(
        clerk, **({"except": list(leave_out)} if leave_out else {})
    )
    assert answer.status_code == 303, text(answer)
    return clerk, clerk.get(answer.location)


def number_of(page):
    return int(page.request.path.rsplit("/", 1)[1])


def amended(browse, decision, way, *, pick, **fields):
    """From the department's form over the Chairman's signature to the number."""
    specialist = browse(SPECIALIST)
    page = specialist.get(f"/decisions/{decision}/{way}")
    sent = form(page, f"/decisions/{decision}/{way}").send(
        specialist, reason="Đơn vị báo ghi sai.", **{f"pick__{pick}": "y"}, **fields
    )
    assert sent.status_code == 303, text(sent)
    for login, act in ((CHAIRMAN, "sign"), (CLERK, "issue")):
        client = browse(login)
        listed = client.get("/decisions")
        action = parse(listed).xpath(
            f"string((//form[contains(@action, '/{act}')])[last()]/@action)"
        )
        assert action, text(listed)
        form(listed, action).send(client)
    return browse(CLERK).get("/decisions")


def ids_of(engine, decision):
    with reading(engine) as session:
        found = session.get_one(Decision, decision)
        return [entry.nomination_id for entry in found.entries]


def words(client, decision):
    pdf = pypdfium2.PdfDocument(client.get(f"/decisions/{decision}.pdf").get_data())
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)


def test_one_decision_awards_many_and_all_reach_their_end(browse, engine):
    clerk = browse(CLERK)
    waiting = parse(clerk.get(largest(clerk))).xpath("//span[@class='row-code']/text()")
    clerk, page = issued(browse)

    assert re.match(r"Quyết định số \d\d/QĐ-CTUBND", heading(page))
    assert len(waiting) > 1
    assert all(code in text(page) for code in waiting)
    with reading(engine) as session:
        for code in waiting:
            instance = session.scalars(
                select(ProcessInstance).where(ProcessInstance.business_key == code)
            ).one()
            assert instance.result == "awarded"
            assert instance.variables["decision"] == number_of(page)
            assert history.verify(session, instance) is None
            assert replay.replay(session, instance) is None
    assert f"({len(waiting):02})" in words(clerk, number_of(page))


def test_sent_twice_takes_one_number(browse, engine):
    clerk = browse(CLERK)
    where = largest(clerk)
    signature = form(clerk.get(where), where)
    with reading(engine) as session:
        before = len(session.scalars(select(Decision)).all())

    first = signature.send(clerk).location
    again = signature.send(clerk).location

    assert first == again
    with reading(engine) as session:
        assert len(session.scalars(select(Decision)).all()) == before + 1


def test_left_out_waits_for_the_next_number(browse):
    clerk = browse(CLERK)
    where = largest(clerk)
    left = parse(clerk.get(where)).xpath("//input[@name='except']/@value")[0]
    code = parse(clerk.get(where)).xpath("//span[@class='row-code']/text()")[0]
    _clerk, first = issued(browse, [left])

    answer = form(clerk.get(where), where).send(clerk)
    second = clerk.get(answer.location)

    assert code not in text(first)
    assert code in text(second)
    numbers = [int(re.search(r"số (\d+)/", heading(p))[1]) for p in (first, second)]
    assert numbers[1] == numbers[0] + 1


def test_correction_points_back_and_what_was_printed_stays(browse, engine):
    clerk, page = issued(browse)
    decision, printed = number_of(page), words(clerk, number_of(page))
    pick = ids_of(engine, decision)[0]

    listed = amended(
        browse, decision, "correct", pick=pick, **{f"name__{pick}": "Nguyễn Thị Đúng"}
    )

    assert "Đã đính chính" in text(listed)
    assert "Nguyễn Thị Đúng" in text(clerk.get(f"/decisions/{decision}"))
    assert words(clerk, decision) == printed
    assert "Nguyễn Thị Đúng" in words(clerk, decision + 1)
    with reading(engine) as session:
        notice = session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.CORRECTED)
        ).one()
        assert notice.nomination_id == pick
        instance = notice.nomination.instance
        assert history.verify(session, instance) is None
        assert replay.replay(session, instance) is None


def test_revocation_is_per_awardee_and_then_the_number_may_be_cancelled(browse, engine):
    clerk, page = issued(browse)
    decision = number_of(page)
    for pick in ids_of(engine, decision):
        assert not parse(clerk.get(f"/decisions/{decision}")).xpath(
            "//form[contains(@action, '/cancel')]"
        )
        amended(browse, decision, "revoke", pick=pick)
    page = clerk.get(f"/decisions/{decision}")
    assert "Đã hủy bỏ" in text(page)

    form(page, f"/decisions/{decision}/cancel").send(clerk, reason="Ban hành nhầm.")

    assert "Số đã hủy" in text(clerk.get("/decisions"))
    with reading(engine) as session:
        found = session.get_one(Decision, decision)
        numbers = sorted(session.scalars(select(Decision.number)))
        assert found.cancelled_at is not None
        assert numbers == list(range(1, len(numbers) + 1))


def test_whoever_prepares_does_not_sign(browse, engine, app):
    _clerk, page = issued(browse)
    decision, pick = number_of(page), ids_of(engine, number_of(page))[0]
    specialist = browse(SPECIALIST)
    address = f"/decisions/{decision}/revoke"
    form(specialist.get(address), address).send(
        specialist, reason="Khai man thành tích.", **{f"pick__{pick}": "y"}
    )

    assert specialist.post("/decisions/drafts/2/sign").status_code == 404
    assert browse(CLERK).post("/decisions/drafts/2/issue").status_code == 303
    with reading(engine) as session:
        kinds = set(session.scalars(select(Decision.kind)))
    assert {kind.value for kind in kinds} == {"award"}


def test_public_page_tells_number_date_hash_and_validity_alone(browse, engine):
    _clerk, page = issued(browse)
    with reading(engine) as session:
        decision = session.get_one(Decision, number_of(page))
        names = [entry.nomination.nominee.name for entry in decision.entries]
        token, sha256, symbol = decision.token, decision.paper_sha256, decision.symbol
    stranger = browse()

    seen = stranger.get(f"/check/{token}")

    assert seen.status_code == 200
    assert sha256 in text(seen)
    assert symbol in text(seen)
    assert "Còn hiệu lực" in text(seen)
    assert not [name for name in names if name in text(seen)]
    assert stranger.get("/check/none").status_code == 404
    amended(browse, number_of(page), "revoke", pick=ids_of(engine, number_of(page))[0])
    assert "Hủy bỏ một phần" in text(stranger.get(f"/check/{token}"))


@pytest.fixture(autouse=True)
def declared(browse):
    declare(browse(CHAIRMAN))
