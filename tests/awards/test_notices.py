"""Notices: the unit is told, with the reason, when its nominee is not awarded."""

from datetime import timedelta

import pytest

from awards import notices
from models.papers import Notice, NoticeKind
from workflows.errors import NotAllowed

OFFICER, HEAD, OTHER = "unit_officer:SO-TP", "unit_head:SO-TP", "unit_officer:SO-YT"


def refused(world, passed=7, reason="Trùng thành tích."):
    nomination = world.walk(*["approve"] * passed)
    world.answer(nomination, "refuse", reason=reason)
    return nomination


def unread(world, queue):
    return list(notices.unread(world.session, world.actor(queue)))


@pytest.mark.parametrize("passed", [5, 7], ids=["by the department", "by the chairman"])
def test_refusal_is_told_to_the_unit_with_its_reason(world, passed):
    nomination = refused(world, passed)

    (notice,) = unread(world, OFFICER)

    assert (notice.kind, notice.unit_code) == (NoticeKind.REFUSED, "SO-TP")
    assert notice.nomination is nomination
    assert notice.reason == "Trùng thành tích."
    assert notice.created_at == world.now
    assert nomination.instance.variables["notice"] == notice.id
    assert nomination.instance.result == "refused"


def test_reason_told_is_the_last_not_the_specialists(world):
    nomination = world.walk(*["approve"] * 4)
    world.answer(nomination, "refuse", reason="Đề xuất của chuyên viên.")
    world.answer(nomination, "refuse", reason="Kết luận của lãnh đạo Sở.")

    assert [n.reason for n in unread(world, OFFICER)] == ["Kết luận của lãnh đạo Sở."]


def test_proposal_to_refuse_tells_nobody(world):
    world.walk(*["approve"] * 4, "refuse")

    assert unread(world, OFFICER) == []


def test_unread_are_the_units_own_newest_first(world):
    first, second = refused(world), refused(world)

    assert [n.nomination for n in unread(world, HEAD)] == [second, first]
    assert unread(world, OTHER) == []
    assert unread(world, "department_clerk") == []
    assert unread(world, "block_lead:K01") == []


def test_read_once_it_is_put_away_for_the_whole_unit(world):
    refused(world)
    (notice,) = unread(world, OFFICER)

    notices.mark_read(world.session, notice.id, actor=world.actor(HEAD), now=world.now)

    assert unread(world, OFFICER) == []
    assert notice.read_at == world.now


def test_read_twice_keeps_the_first_time(world):
    refused(world)
    (notice,) = unread(world, OFFICER)
    for hours in (1, 2):
        moment = world.now + timedelta(hours=hours)
        notices.mark_read(world.session, notice.id, actor=world.actor(OFFICER), now=moment)

    assert notice.read_at == world.now + timedelta(hours=1)


def test_others_may_not_put_it_away(world):
    refused(world)
    (notice,) = unread(world, OFFICER)

    for queue in (OTHER, "department_head", "auditor", "block_lead:K01"):
        with pytest.raises(NotAllowed):
            notices.mark_read(
                world.session, notice.id, actor=world.actor(queue), now=world.now
            )
    assert world.session.get_one(Notice, notice.id).read_at is None


def test_refusal_without_a_reason_is_still_told(world):
    refused(world, reason="")

    assert [n.reason for n in unread(world, OFFICER)] == [""]
