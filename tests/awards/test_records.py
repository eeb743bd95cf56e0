"""Records: who may keep them, what a correction leaves behind, what cannot be."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from awards.errors import BadChange
from awards.records import keeping, reading, rights
from awards.records.facts import (
    CommunicationFacts,
    EvaluationFacts,
    Finding,
    InspectionFacts,
    OwnAwardFacts,
    RegistrationFacts,
    Target,
)
from awards.records.reading import Wanted
from models.awards import NomineeKind
from models.records import Channel, OwnAwardForm, RecordAct, RecordKind
from tests.conftest import NOW
from workflows.errors import NotAllowed, TaskChanged

TODAY = NOW.date()
KEYS = count()
OFFICER, HEAD = "unit_officer:SO-TP", "unit_head:SO-TP"
SPECIALIST = "department_specialist"
FACTS = {
    RecordKind.EVALUATION: EvaluationFacts(2026, 85, "Tốt", "Đạt", "Còn chậm", "Giao chỉ tiêu"),
    RecordKind.REGISTRATION: RegistrationFacts(
        1, 2026, "Giao chỉ tiêu từng phòng", {0: Target("Hồ sơ đúng hạn", 99, "%", None)}
    ),
    RecordKind.INSPECTION: InspectionFacts(
        1, TODAY, "QĐ 12", "Đoàn số 1", "Còn thiếu sót",
        {0: Finding("Chưa có bảng tên", TODAY + timedelta(days=20)),
         2: Finding("Chưa có hòm thư", TODAY + timedelta(days=30))},
    ),
    RecordKind.OWN_AWARD: OwnAwardFacts(
        1, "15/QĐ-STP", TODAY, OwnAwardForm.CERTIFICATE, NomineeKind.INDIVIDUAL,
        "Trần Thị Đào", "Chuyên viên", True, False, "Giải quyết đúng hạn",  # noqa: FBT003
    ),
    RecordKind.COMMUNICATION: CommunicationFacts(
        None, TODAY, Channel.MEETING, "Quán triệt quy chế", 40, ""
    ),
}  # fmt: skip


def keeper(kind):
    return SPECIALIST if kind == RecordKind.INSPECTION else OFFICER


def keep(world, kind, *, by="", facts=None, unit="SO-TP", key=""):
    return keeping.record(
        world.session,
        kind,
        world.unit(unit),
        facts or FACTS[kind],
        actor=world.actor(by or keeper(kind)),
        command_key=key or f"record-{next(KEYS)}",
        now=NOW,
    )


def correct(world, row, kind, facts, *, by="", revision=None):
    return keeping.correct(
        world.session,
        kind,
        row.id,
        facts,
        reason="Ghi nhầm.",
        revision=revision or row.revision,
        actor=world.actor(by or keeper(kind)),
        now=NOW,
    )


def versions(world, row, kind):
    return [
        (one.version, one.act, one.content)
        for one in reading.versions(world.session, kind, row.id)
    ]


@pytest.mark.parametrize("kind", RecordKind)
def test_records_are_kept_by_those_who_may(world, kind):
    row = keep(world, kind)

    assert (row.unit.code, row.revision, row.voided_at) == ("SO-TP", 1, None)
    assert [one[:2] for one in versions(world, row, kind)] == [(1, RecordAct.RECORDED)]
    others = {OFFICER, HEAD, SPECIALIST, "unit_officer:SO-YT", "block_lead:K01", "auditor"}
    for queue in others - {keeper(kind)}:
        with pytest.raises(NotAllowed):
            keep(world, kind, by=queue)


@pytest.mark.parametrize("kind", RecordKind)
def test_records_are_read_by_their_unit_its_khoi_and_the_offices(world, kind):
    row = keep(world, kind)

    def readers(*queues):
        return {
            queue
            for queue in queues
            if reading.find(world.session, world.actor(queue), kind, row.id, TODAY)
        }

    mine = {OFFICER, HEAD, "block_lead:K01", SPECIALIST, "council_member", "auditor"}
    assert readers(*mine, "unit_officer:SO-YT", "block_lead:K02", "system_admin") == mine
    assert not rights.reads_quality(world.actor(OFFICER))


def test_correction_keeps_what_was_said_before(world):
    kind = RecordKind.COMMUNICATION
    row = keep(world, kind)

    correct(
        world, row, kind, CommunicationFacts(None, TODAY, Channel.PRESS, "Bài báo", 5, "")
    )

    assert [
        (number, act, content["title"], content["channel"])
        for number, act, content in versions(world, row, kind)
    ] == [
        (2, RecordAct.CORRECTED, "Bài báo", "press"),
        (1, RecordAct.RECORDED, "Quán triệt quy chế", "meeting"),
    ]


@pytest.mark.parametrize(
    "change", ["UPDATE record_version SET reason = 'x'", "DELETE FROM record_version"]
)
def test_database_refuses_to_change_a_version(world, change):
    keep(world, RecordKind.OWN_AWARD)

    with pytest.raises(DatabaseError, match="written once"), world.session.begin_nested():
        world.session.execute(text(change))


def test_who_read_an_older_state_changes_nothing(world):
    kind = RecordKind.OWN_AWARD
    row = keep(world, kind)
    correct(world, row, kind, FACTS[kind])

    with pytest.raises(TaskChanged):
        correct(world, row, kind, FACTS[kind], revision=1)
    assert row.revision == 2


def test_same_key_records_once(world):
    first = keep(world, RecordKind.OWN_AWARD, key="once")

    assert keep(world, RecordKind.OWN_AWARD, key="once").id == first.id


def test_evaluation_is_signed_by_its_head_and_anew_after_a_correction(world):
    kind = RecordKind.EVALUATION
    row = keep(world, kind)
    with pytest.raises(NotAllowed):
        keeping.sign(world.session, row.id, revision=1, actor=world.actor(OFFICER), now=NOW)

    head = world.actor(HEAD)
    signed = keeping.sign(world.session, row.id, revision=1, actor=head, now=NOW)
    assert (signed.signed_by, signed.signed_at) == (head.id, NOW)
    correct(world, row, kind, FACTS[kind])

    assert row.signed_at is None
    assert [act for _n, act, _content in versions(world, row, kind)] == [
        RecordAct.CORRECTED,
        RecordAct.SIGNED,
        RecordAct.RECORDED,
    ]
    with pytest.raises(TaskChanged):
        keeping.sign(world.session, row.id, revision=1, actor=head, now=NOW)


def test_findings_keep_their_place_and_are_closed_once(world):
    kind = RecordKind.INSPECTION
    row = keep(world, kind)
    how = {
        "remedy": "Đã lắp",
        "closed_on": TODAY,
        "actor": world.actor(SPECIALIST),
        "now": NOW,
    }

    keeping.close_finding(world.session, row.findings[1].id, **how)
    with pytest.raises(TaskChanged):
        keeping.close_finding(world.session, row.findings[1].id, **how)
    facts = FACTS[kind]
    without_first = InspectionFacts(
        facts.movement_id, TODAY, facts.basis, facts.team, facts.conclusion,
        {2: facts.findings[2]},
    )  # fmt: skip
    correct(world, row, kind, without_first)

    assert [(one.position, one.closed_on, one.remedy) for one in row.findings] == [
        (2, TODAY, "Đã lắp")
    ]


@pytest.mark.parametrize("kind", [RecordKind.EVALUATION, RecordKind.REGISTRATION])
def test_there_is_one_a_year(world, kind):
    row = keep(world, kind)

    with pytest.raises(BadChange):
        keep(world, kind)
    keeping.void(
        world.session, kind, row.id, reason="Trùng", revision=1,
        actor=world.actor(OFFICER), now=NOW,
    )  # fmt: skip
    assert keep(world, kind).id != row.id


def test_what_has_not_happened_is_not_recorded(world):
    facts = CommunicationFacts(
        None, TODAY + timedelta(days=1), Channel.PRESS, "Bài báo", None, ""
    )

    with pytest.raises(BadChange):
        keep(world, RecordKind.COMMUNICATION, facts=facts)


def test_list_is_narrowed_by_year_unit_movement_and_state(world):
    kind = RecordKind.INSPECTION
    row = keep(world, kind)
    keep(
        world,
        kind,
        unit="SO-YT",
        facts=InspectionFacts(None, date(2025, 3, 1), "", "Đoàn", "Tốt", {}),
    )

    def codes(**wanted):
        rows, total = reading.page(
            world.session, world.actor("auditor"), Wanted(kind, **wanted), TODAY, 1
        )
        assert total == len(rows)
        return [one.unit.code for one in rows]

    assert codes() == ["SO-TP", "SO-YT"]
    assert codes(year="2025") == ["SO-YT"]
    assert codes(unit="SO-TP") == ["SO-TP"]
    assert codes(movement=row.movement.code) == ["SO-TP"]
    assert codes(state="open") == ["SO-TP"]
    assert codes(state="late") == codes(state="void") == []
