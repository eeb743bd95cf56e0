"""Setting up a nomination, and keeping its facts as its unit states them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from awards import blocks, comments, files, nominations
from awards.errors import DossierIncomplete, NoBlock, OutsidePeriod
from awards.nominations import Facts
from models.awards import Award, Movement, Nomination, NomineeKind
from models.papers import Comment
from workflows.errors import NotAllowed

OFFICER = "unit_officer:SO-TP"
PERSON = Facts(
    NomineeKind.INDIVIDUAL, "Trần Thị Lan", "Bà", date(1980, 3, 15), "Chuyên viên"
)


def create(world, queue=OFFICER, unit="SO-TP", facts=PERSON):
    return nominations.create(
        world.session,
        movement=world.session.scalars(select(Movement)).one(),
        award=world.session.scalars(select(Award)).one(),
        unit=world.unit(unit),
        facts=facts,
        actor=world.actor(queue),
        now=world.now,
    )


def test_create_starts_the_process_under_the_nominations_code(world):
    nomination = create(world)

    assert nomination.code == nomination.instance.business_key == "HS-2026-00001"
    assert world.task(nomination).element_id == "prepare_nomination"
    assert nomination.instance.variables == {
        "unit": "SO-TP",
        "block": "K01",
        "award": "BKT",
    }
    assert nomination.created_at == world.now


def test_others_may_not_nominate_for_the_unit(world):
    for queue in ("unit_officer:SO-YT", "unit_head:SO-TP", "block_lead:K01", "chairman"):
        with pytest.raises(NotAllowed):
            create(world, queue)
    assert world.session.scalar(select(func.count(Nomination.id))) == 0


@pytest.mark.parametrize(
    ("days", "is_open"), [(-301, False), (-300, True), (365, True), (366, False)]
)
def test_movement_takes_nominations_within_its_dates(world, days, is_open):
    world.now += timedelta(days=days)
    if is_open:
        assert create(world).code.startswith("HS-")
    else:
        with pytest.raises(OutsidePeriod):
            create(world)


def test_unit_without_a_block_nominates_nobody(world):
    """Nobody would ever have the Khối's step in the inbox."""
    day = world.now.date()
    blocks.join(world.session, None, world.unit("SO-TP"), since=day, decision_number="8/QĐ")

    with pytest.raises(NoBlock, match="Khối"):
        create(world)
    assert world.session.scalar(select(func.count(Nomination.id))) == 0


def test_only_individuals_have_a_date_of_birth(world):
    collective = Facts(
        NomineeKind.COLLECTIVE, "Bộ phận Một cửa", birth_date=date(1980, 3, 15)
    )

    assert create(world).nominee.birth_date == date(1980, 3, 15)
    assert create(world, facts=collective).nominee.birth_date is None


def test_find_gives_the_nomination_or_none(world):
    nomination = create(world)

    assert nominations.find(world.session, nomination.code) is nomination
    assert nominations.find(world.session, "HS-1999-00001") is None
    assert nominations.find(world.session, f"{nomination.code}\0") is None
    assert nominations.of_instance(world.session, nomination.instance_id) is nomination


def test_made_once_with_one_key(world):
    nomination = create(world)
    one, two = (
        nominations.create_once(
            world.session,
            command_key="one key",
            movement=nomination.movement,
            award=nomination.award,
            unit=nomination.unit,
            facts=PERSON,
            actor=world.actor(OFFICER),
            now=world.now,
        )
        for _ in range(2)
    )

    assert one is two
    assert world.session.scalar(select(func.count(Nomination.id))) == 2


def test_facts_submitted_last_are_the_facts(world):
    nomination = world.walk("approve", "return")
    world.answer(
        nomination,
        "approve",
        achievements="Đúng hạn 100%.",
        birth_date="1985-06-01",
        is_leader=True,
    )

    assert nomination.achievements == "Đúng hạn 100%."
    assert nomination.nominee.birth_date == date(1985, 6, 1)
    assert nomination.nominee.is_leader is True


def test_incomplete_dossier_is_not_submitted_and_says_what_is_missing(world):
    nomination = create(world)

    with pytest.raises(DossierIncomplete) as refused:
        world.answer(nomination, "approve")

    assert str(refused.value) == (
        "Hồ sơ còn thiếu giấy tờ bắt buộc: Tờ trình của đơn vị; Báo cáo thành tích; "
        "Biên bản họp xét khen thưởng."
    )
    assert len(files.missing_items(world.session, nomination)) == 3


def test_incomplete_dossier_may_be_withdrawn(world):
    nomination = create(world)
    world.answer(nomination, "withdraw")

    assert nomination.instance.result == "withdrawn"


def test_date_of_receipt_is_stamped_once(world):
    nomination = world.walk("approve", "approve", "approve")
    world.answer(nomination, "approve", received_on="2026-11-20")
    for outcome in ("return", "approve", "approve", "approve"):
        world.answer(nomination, outcome)
    world.answer(nomination, "approve", received_on="2026-11-23")

    assert nomination.received_on == date(2026, 11, 20)


def test_receipt_without_a_date_is_today(world):
    assert world.walk(*["approve"] * 4).received_on == date(2026, 11, 23)


def test_proposal_travels_on_as_a_variable(world):
    nomination = world.walk(*["approve"] * 4, "refuse", "return")
    assert nomination.instance.variables["proposal"] == "refuse"

    world.answer(nomination, "approve")
    assert nomination.instance.variables["proposal"] == "approve"


# remarks


def remark(world, nomination, queue, key="key"):
    comments.add(
        world.session,
        nomination,
        text="Xem lại minh chứng.",
        actor=world.actor(queue),
        command_key=key,
        now=world.now,
    )


def test_remark_is_kept_with_who_made_it_as_what(world):
    nomination = world.nominate()
    remark(world, nomination, "department_head")

    (kept,) = comments.of(world.session, nomination.id)
    assert (kept.author.name, kept.acting_as) == ("Trần Thu Hà", "Phó Giám đốc Sở Nội vụ")
    assert (kept.text, kept.created_at) == ("Xem lại minh chứng.", world.now)


def test_remark_sent_twice_is_kept_once(world):
    nomination = world.nominate()
    for _ in range(2):
        remark(world, nomination, OFFICER)

    assert len(comments.of(world.session, nomination.id)) == 1


def test_watchers_and_strangers_do_not_remark(world):
    nomination = world.nominate()
    for queue in ("auditor", "council_member", "unit_officer:SO-YT", "block_lead:K02"):
        with pytest.raises(NotAllowed):
            remark(world, nomination, queue)
    assert world.session.scalar(select(func.count(Comment.id))) == 0
