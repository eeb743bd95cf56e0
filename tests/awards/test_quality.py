"""What the letter asks, on a small province reckoned by hand: every figure of every answer."""

from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from awards import reads, units
from awards.examples import discoveries, purposes, stories
from awards.examples.discoveries import Sight
from awards.examples.stories import Words
from awards.quality import QUESTIONS, scope
from awards.quality.asking import Asked, share
from awards.quality.counts import collect
from awards.quality.measures import names_a_number
from awards.records import keeping
from awards.records.facts import (
    CommunicationFacts,
    EvaluationFacts,
    Finding,
    InspectionFacts,
    OwnAwardFacts,
    RegistrationFacts,
    Target,
)
from awards.units import Change, NewUnit
from models.awards import Movement, Nomination, NomineeKind, Result
from models.organisation import UnitEventKind
from models.reads import ReadKind
from models.records import Channel, OwnAwardForm, RecordKind
from tests.conftest import NOW

TODAY = NOW.date()
KEYS = count()
ALL = ("approve",) * 9
EVALUATED = EvaluationFacts(2026, 80, "Tốt", "Đạt", "", "Giao chỉ tiêu")
TARGETS = {0: Target("Đúng hạn", 99, "%", 99), 1: Target("Thái độ tốt", None, "", None)}


def keep(world, kind, unit, facts):
    inspects = kind == RecordKind.INSPECTION
    return keeping.record(
        world.session,
        kind,
        world.unit(unit),
        facts,
        actor=world.actor("department_clerk" if inspects else f"unit_officer:{unit}"),
        command_key=f"quality-{next(KEYS)}",
        now=NOW,
    )


def own_award(day=TODAY, *, serves=False, leads=False, kind=NomineeKind.INDIVIDUAL):
    return OwnAwardFacts(
        None, "1/QĐ", day, OwnAwardForm.CERTIFICATE, kind, "Trần Thị Đào", "", serves, leads, ""
    )  # fmt: skip


@pytest.fixture
def province(world):
    """Five of ten units do something: Justice much, Health a little, three communes and wards."""
    movement = world.session.query(Movement).one().id
    awarded = world.walk(*ALL)
    awarded.nominee.is_serving_public = True
    waiting = world.walk("approve", "approve", name="Lê Văn Nam")
    waiting.nominee.is_leader = waiting.nominee.is_serving_public = True
    world.nominate(unit="XA-VG", name="Phạm Thị Hoa")
    world.nominate(unit="XA-VG", name="Tổ Một cửa", kind=NomineeKind.COLLECTIVE)
    for unit, targets in (("SO-TP", TARGETS), ("SO-YT", {})):
        facts = RegistrationFacts(movement, 2026, "Giải pháp", targets)
        keep(world, RecordKind.REGISTRATION, unit, facts)
    row = keep(world, RecordKind.EVALUATION, "SO-TP", EVALUATED)
    head = world.actor("unit_head:SO-TP")
    keeping.sign(world.session, row.id, revision=1, actor=head, now=NOW)
    keep(world, RecordKind.EVALUATION, "P-PH", EVALUATED)
    keep(world, RecordKind.OWN_AWARD, "SO-TP", own_award(serves=True))
    keep(world, RecordKind.OWN_AWARD, "SO-TP", own_award(leads=True))
    keep(world, RecordKind.OWN_AWARD, "SO-TP", own_award(kind=NomineeKind.COLLECTIVE))
    keep(world, RecordKind.OWN_AWARD, "P-PH", own_award(date(2025, 12, 31)))
    keep(world, RecordKind.OWN_AWARD, "TT-HCC", own_award(date(2026, 1, 1)))
    for unit, channel, people in (
        ("SO-TP", Channel.MEETING, 40),
        ("SO-TP", Channel.PRESS, None),
        ("TT-HCC", Channel.MEETING, 25),
    ):
        facts = CommunicationFacts(movement, TODAY, channel, "Quán triệt", people, "")
        keep(world, RecordKind.COMMUNICATION, unit, facts)
    _inspect(world)
    world.session.flush()
    return world


def _inspect(world):
    late, later = TODAY - timedelta(days=1), TODAY + timedelta(days=9)
    found = {n: Finding("Sửa", day) for n, day in enumerate((late, later, later))}
    facts = InspectionFacts(None, date(2026, 6, 1), "", "Đoàn", "Khá", found)
    row = keep(world, RecordKind.INSPECTION, "XA-VG", facts)
    keeping.close_finding(
        world.session,
        row.findings[2].id,
        remedy="Đã sửa",
        closed_on=TODAY,
        actor=world.actor("department_clerk"),
        now=NOW,
    )
    keep(
        world, RecordKind.INSPECTION, "XA-VG", InspectionFacts(None, TODAY, "", "Đ", "", {})
    )
    old = InspectionFacts(None, date(2025, 5, 5), "", "Đoàn", "", {0: Finding("Sửa", late)})
    keep(world, RecordKind.INSPECTION, "SO-YT", old)


def ask(world, key, *, year=2026, movement="", day=TODAY):
    looked = scope.look(world.session, year=year, movement=movement, day=day)
    counts = collect(world.session, looked)
    answer = QUESTIONS[key].answer(Asked(world.session, looked, counts))
    names = {unit.name: unit.code for unit in looked.units}
    return SimpleNamespace(
        values=answer.values,
        said=answer.sentence % answer.values,
        figures={line.cells[0]: line.cells[1:] for line in answer.figures.lines},
        units={
            names.get(line.cells[0], line.cells[0]): line.cells[1:]
            for line in answer.listing.lines
        },
        answer=answer,
    )


def test_units_without_a_trace(province):
    found = ask(province, "activity")

    # Justice, Health, Van Giang and the one-stop centre; an unsigned evaluation is nothing yet.
    assert found.values == {
        "active": 4, "units": 10, "share": 40, "silent": 6, "unnominated": 8,
        "year": "2026", "before": 10,
    }  # fmt: skip
    assert found.figures == {
        "Sở, ban, ngành": (6, 2, 4, 5),
        "Đơn vị sự nghiệp": (1, 1, 0, 1),
        "Xã": (2, 1, 1, 1),
        "Phường": (1, 0, 1, 1),
    }
    assert found.units["SO-TP"] == ("Có", 1, 2, 3, 2, 0)
    assert found.units["P-PH"] == ("Chưa có gì", 0, 0, 0, 0, 1)
    assert found.units["SO-TC"] == ("Chưa có gì", 0, 0, 0, 0, 3)


def test_units_with_targets_of_their_own(province):
    found = ask(province, "targets")

    assert found.values == {
        "own": 1, "units": 10, "share": 10, "targets": 2, "bare": 1, "none": 8, "year": "2026",
    }  # fmt: skip
    assert found.figures["Sở, ban, ngành"] == (6, 1, 1, 4)
    assert found.units["SO-TP"] == ("Có mục tiêu riêng", 2, 1)
    assert found.units["SO-YT"] == ("Đăng ký suông", 0, 0)


def test_nominations_by_kind_of_unit(province):
    found = ask(province, "spread")

    assert found.values == {
        "offices": 2, "nominations": 4, "share": 50, "unit_share": 60, "awarded": 1,
        "year": "2026",
    }  # fmt: skip
    assert found.figures["Sở, ban, ngành"] == (6, 2, 1)
    assert found.figures["Xã"] == (2, 2, 0)


def test_criteria_with_a_number(province):
    found = ask(province, "criteria")

    assert found.figures == {  # “Đã ban hành, đã kiểm tra” alone says no number
        "Cá nhân": (6, 6, 0),
        "Tập thể": (6, 5, 1),
        "Hộ gia đình": (2, 2, 0),
        "Mục tiêu của đơn vị": (2, 1, 1),
    }
    assert found.values == {
        "measured": 13, "criteria": 14, "share": 93, "numbered": 1, "targets": 2,
        "year": "2026",
    }  # fmt: skip
    assert found.units["Đúng hạn"] == ("Sở Tư pháp", "99 %", "Có")


@pytest.mark.parametrize(
    ("measure", "is_number"),
    [
        ("Tỷ lệ % hồ sơ đúng hạn", True),
        ("Số vụ việc", True),
        ("Điểm kiểm tra 5S", True),
        ("Chỉ số hài lòng", True),
        ("Đã ban hành, đã kiểm tra", False),
        ("Thái độ tốt, hồ sơ gọn", False),
        ("", False),
    ],
)
def test_measure_names_a_number_or_does_not(measure, is_number):
    assert names_a_number(measure) is is_number


def test_inspections_and_open_findings(province):
    found = ask(province, "inspections")

    assert found.values == {
        "inspections": 2, "inspected": 1, "units": 10, "share": 10, "open": 3, "late": 2,
        "year": "2026",
    }  # fmt: skip
    assert found.figures["Xã"] == (2, 1, 1, 2, 2, 1)
    assert found.figures["Sở, ban, ngành"] == (6, 0, 6, 0, 1, 1)
    assert found.units["XA-VG"] == (2, TODAY, 2, 1)
    yesterday = ask(province, "inspections", day=TODAY - timedelta(days=1))
    assert yesterday.units["XA-VG"] == (1, date(2026, 6, 1), 3, 0)


def test_direct_staff_beside_leaders_at_every_stage(province):
    found = ask(province, "people")

    assert found.values == {
        "nominated": 3, "direct_share": 33, "leader_share": 33, "awarded": 1,
        "direct_awarded": 100, "leader_awarded": 0, "year": "2026",
    }  # fmt: skip
    figures = list(found.figures.values())
    assert list(found.figures)[:2] == ["Được đơn vị tự khen", "Được đề nghị"]
    assert figures[0] == (1, 1, 1, 33)  # direct, leader, other, percent
    assert figures[1] == (1, 1, 1, 33)
    assert figures[2:4] == [(1, 1, 0, 50), (1, 1, 0, 50)]  # the unit's head, the Khối
    assert figures[4:] == [(1, 0, 0, 100)] * 7
    assert found.units["SO-TP"] == (1, 1, 1, 0)
    assert found.units["XA-VG"] == (0, 0, 0, 0)


def test_yearly_evaluations(province):
    found = ask(province, "evaluations")

    assert found.values == {
        "signed": 1, "units": 10, "share": 10, "score": 80, "drafted": 1, "none": 8,
        "year": "2026",
    }  # fmt: skip
    assert found.figures == {
        "Khối thi đua các sở, ngành": (6, 1, 0, 5, 80),
        "Khối thi đua xã, phường và đơn vị sự nghiệp": (4, 0, 1, 3, "–"),
    }
    assert found.units["P-PH"][1:] == ("Chờ thủ trưởng ký", None)


def test_communication_by_channel(province):
    found = ask(province, "communication")

    assert found.values == {
        "activities": 3, "told": 2, "units": 10, "share": 20, "channels": 2, "people": 65,
        "year": "2026",
    }  # fmt: skip
    assert found.figures["Hội nghị, sinh hoạt cơ quan"] == (2, 2, 65)
    assert found.figures["Báo, đài"] == (1, 1, 0)
    assert found.units["SO-TP"] == (2, 2, 40)


def test_own_awards_beside_proposals(province):
    found = ask(province, "own-awards")

    assert found.values == {
        "own": 4, "nominations": 4, "awarded": 1, "only": 1, "year": "2026",
    }  # fmt: skip
    assert found.figures["Sở, ban, ngành"] == (6, 3, 2, 1)
    assert found.units["XA-VG"] == (0, 2, 0)


def test_examples_published_read_and_people_noticed(province):
    session = province.session
    officer = province.actor("unit_officer:SO-TP")
    awarded = next(
        n
        for n in session.query(Nomination)
        if n.instance.result == Result.AWARDED and n.unit.code == "SO-TP"
    )
    words = Words("Một cách làm", "Đã làm.", "", TODAY, "Giấy đồng ý")
    story = stories.write(
        session, awarded.code, words, is_ready=True, actor=officer, now=NOW
    )
    assert ask(province, "examples").values["stories"] == 0  # it waits
    stories.publish(session, story.id, actor=province.actor("department_head"), now=NOW)
    for reader in ("unit_officer:SO-YT", "unit_head:SO-YT", "unit_officer:XA-VG"):
        opened = ReadKind.STORY_OPENED
        reads.record(
            session, opened, awarded, actor=province.actor(reader), now=NOW, story=story.id
        )
    for unit in ("XA-VG", "XA-VG", "SO-TP"):
        sight = Sight(
            unit, "Lê Thị Hoa", is_serving_public=True, happened_on=TODAY, text="Giúp."
        )
        row = discoveries.note(session, sight, actor=officer, now=NOW, today=TODAY)
    discoveries.begin(session, row.id, awarded, actor=officer, now=NOW)

    found = ask(province, "examples")

    assert found.values == {
        "stories": 1, "told": 1, "units": 10, "share": 10, "reached": 2, "noticed": 3,
        "begun": 1, "year": "2026",
    }  # fmt: skip
    assert found.figures["Sở, ban, ngành"] == (6, 1, 1, 1)
    assert found.units["XA-VG"] == (0, 2, 0)
    assert ask(province, "examples", year=2025).values["stories"] == 0


def test_units_that_have_read_the_criteria(province):
    movement = province.session.query(Movement).one()
    officer = province.actor("unit_officer:SO-TP")
    purposes.acknowledge(province.session, movement, "SO-TP", actor=officer, now=NOW)

    found = ask(province, "purposes")

    assert found.values == {
        "read": 1, "units": 10, "share": 10, "blind": 1, "year": "2026",
    }  # fmt: skip
    assert found.figures["Xã"] == (2, 0, 2)
    assert found.units["SO-TP"] == (1, 2)
    assert found.units["XA-VG"] == (0, 2)


def test_another_year_has_its_own_figures(province):
    assert ask(province, "own-awards", year=2025).units["P-PH"] == (1, 0, 0)
    assert ask(province, "activity", year=2025).values["active"] == 1
    assert ask(province, "activity", year=2024).values["active"] == 0
    assert ask(province, "inspections", year=2025).values["inspections"] == 1


def test_movement_leaves_out_what_belongs_to_none(province):
    code = province.session.query(Movement).one().code

    assert ask(province, "own-awards", movement=code).values["own"] == 0
    assert ask(province, "communication", movement=code).values["activities"] == 3
    assert ask(province, "evaluations", movement=code).values["signed"] == 1


def test_what_a_unit_did_before_it_ended_counts_for_its_heir(province):
    change = Change(
        UnitEventKind.RENAME,
        TODAY,
        "9/NQ-HĐND",
        ("SO-TP",),
        (NewUnit("SO-TPM", "Sở Tư pháp mới"),),
    )
    admin = province.actor("system_admin")
    units.record(province.session, change, by=admin, now=NOW)

    assert ask(province, "spread").units["SO-TPM"] == (2, 1)
    before = ask(province, "spread", day=TODAY - timedelta(days=1))
    assert "SO-TPM" not in before.units
    assert before.units["SO-TP"] == (0, 0)  # it had not nominated anybody by then


def test_empty_province_is_answered_too(world):
    for key in QUESTIONS:
        found = ask(world, key, year=2019, day=date(2019, 1, 1))
        assert "%(" not in found.said


def test_all_answers_take_a_few_statements(province):
    sent = []
    engine = province.session.get_bind()

    def note(*arguments):
        sent.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    looked = scope.look(province.session, year=2026, movement="", day=TODAY)
    asked = Asked(province.session, looked, collect(province.session, looked))
    for question in QUESTIONS.values():
        question.answer(asked)
    event.remove(engine, "before_cursor_execute", note)

    assert len(sent) <= 21, sent


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 3, 33), (2, 3, 67), (1, 2, 50), (1, 200, 1), (0, 0, 0)],
)
def test_share_is_rounded(part, whole, percent):
    assert share(part, whole) == percent
