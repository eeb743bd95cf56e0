"""Nominee lists: uploaded, read, confirmed, and imported some rows at a time."""

import io
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import xlsxwriter
from sqlalchemy import func, select

from awards import blocks, imports, units
from awards.lists import UnreadableList
from awards.units import Change
from models.awards import Movement, Nomination, NomineeList, NomineeListState
from models.organisation import Person, Role, UnitEventKind
from models.session import transaction
from tests import factories
from tests.awards.conftest import World
from tests.conftest import NOW
from workflows import history
from workflows.errors import NotAllowed, TaskChanged

DATA = Path(__file__).parents[1] / "data"
CLERK, OFFICER = "department_clerk", "unit_officer:SO-TP"
HEADER = (
    "STT",
    "Tên gọi",
    "Tên tập thể/cá nhân/hộ gia đình",
    "Ngày sinh",
    "Chức vụ",
    "Đơn vị công tác",
    "Phân loại khen thưởng",
    "Danh hiệu thi đua/Hình thức khen thưởng",
    "Phân loại đối tượng",
    "Trực tiếp giải quyết công việc với tổ chức, công dân",
    "Tóm tắt thành tích",
)
STATES = NomineeListState


def sheet(*units: str) -> bytes:
    """A spreadsheet with one person for each unit named."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        for n, unit in enumerate(units, 1):
            name, born = f"Nguyễn Văn Số {n:02}", "15/03/1980"
            award = "Bằng khen của Chủ tịch UBND tỉnh"
            cells = (
                n,
                "Ông",
                name,
                born,
                "Chuyên viên",
                unit,
                "Cá nhân",
                award,
                "",
                "x",
                "Tốt.",
            )
            page.write_row(n, 0, cells)
    return content.getvalue()


def upload(world, content, queue=CLERK, key=""):
    return imports.upload(
        world.session,
        movement=world.session.scalars(select(Movement)).one(),
        file_name="danh-sach.xlsx",
        content=content,
        actor=world.actor(queue),
        command_key=key or uuid4().hex,
        now=world.now,
    )


def read(world, nominee_list):
    found = imports.read(world.session, nominee_list, today=world.now.date())
    imports.keep(nominee_list, found)
    world.session.flush()
    return found


def ready(world, content, queue=CLERK):
    """A list read and confirmed by its sender."""
    nominee_list = upload(world, content, queue)
    read(world, nominee_list)
    return imports.confirm(
        world.session, nominee_list.id, actor=world.actor(queue), now=world.now
    )


def names(world):
    query = select(Nomination).order_by(Nomination.id)
    return [nomination.nominee.name for nomination in world.session.scalars(query)]


# upload and read


def test_upload_keeps_the_file_and_imports_nothing(world):
    kept = upload(world, b"whatever")

    assert (kept.state, kept.content, kept.total) == (STATES.UPLOADED, b"whatever", 0)
    assert kept.uploaded_by == world.actor(CLERK).id
    assert names(world) == []


def test_uploaded_twice_with_one_key_it_is_kept_once(world):
    first, second = (upload(world, b"whatever", key="one key") for _ in range(2))

    assert second is first
    assert world.session.scalar(select(func.count(NomineeList.id))) == 1


def test_others_may_not_upload(world):
    for queue in ("unit_head:SO-TP", "block_lead:K01", "department_head", "auditor"):
        with pytest.raises(NotAllowed):
            upload(world, b"whatever", queue)
    assert world.session.scalar(select(func.count(NomineeList.id))) == 0


def test_rows_of_a_unit_without_a_block_are_told(world):
    day, unit = world.now.date(), world.unit("SO-TP")
    content = (DATA / "danh-sach-de-nghi.xlsx").read_bytes()
    whole = read(world, upload(world, content))
    blocks.join(world.session, None, unit, since=day, decision_number="8/QĐ")

    found = read(world, upload(world, content))

    told = {error.message for error in found.errors} - {e.message for e in whole.errors}
    assert told == {
        "Đơn vị “%(value)s” chưa thuộc Khối thi đua nào. Nhờ quản trị xếp Khối."
    }
    assert "SO-TP" in {row.unit_code for row in whole.rows}
    assert "SO-TP" not in {row.unit_code for row in found.rows}


def test_read_finds_the_rows_of_the_provinces_form(world):
    nominee_list = upload(world, (DATA / "danh-sach-de-nghi.xlsx").read_bytes())
    progress = []
    found = imports.read(
        world.session,
        nominee_list,
        today=world.now.date(),
        progress=lambda done, total: progress.append((done, total)),
    )
    imports.keep(nominee_list, found)

    assert nominee_list.state == STATES.READ
    assert nominee_list.errors == []
    assert nominee_list.total == nominee_list.done == len(nominee_list.rows) == found.total
    assert progress[-1] == (found.total, found.total)
    assert nominee_list.rows[4] | {"achievements": ""} == {
        "row": 11,
        "honorific": "Bà",
        "name": "Đặng Ngọc Dũng",
        "kind": "individual",
        "birth_date": "1975-09-25",
        "position": "Công chức Tư pháp - Hộ tịch",
        "unit_code": "SO-TP",
        "award_code": "BKT",
        "category": "Người trực tiếp công tác, lao động",
        "is_serving_public": False,
        "achievements": "",
        "identity_number": "",
    }


def test_file_of_no_use_is_kept_with_its_sentence(world):
    nominee_list = upload(world, b"no spreadsheet")
    with pytest.raises(UnreadableList) as refused:
        imports.read(world.session, nominee_list, today=world.now.date())
    imports.keep(nominee_list, refused.value)
    world.session.flush()
    world.session.refresh(nominee_list)

    assert nominee_list.state == STATES.UNREADABLE
    assert [error["message"] for error in nominee_list.errors] == [refused.value.message]
    with pytest.raises(TaskChanged):
        imports.confirm(
            world.session, nominee_list.id, actor=world.actor(CLERK), now=world.now
        )


def test_rows_of_other_units_are_errors_for_a_units_officer(world):
    content = sheet("Sở Tư pháp", "Sở Y tế", "Sở Tư pháp", "UBND xã Văn Giang")
    own, any_unit = upload(world, content, OFFICER), upload(world, content, CLERK)
    read(world, own)
    read(world, any_unit)

    assert [row["row"] for row in own.rows] == [2, 4]
    assert [(e["row"], e["column_letter"]) for e in own.errors] == [(3, "F"), (5, "F")]
    assert [row["unit_code"] for row in any_unit.rows] == [
        "SO-TP",
        "SO-YT",
        "SO-TP",
        "XA-VG",
    ]
    assert any_unit.errors == []


def test_unit_that_has_ended_is_not_known(world):
    world.unit("SO-YT").valid_to = date(2026, 11, 22)
    nominee_list = upload(world, sheet("Sở Y tế"))
    read(world, nominee_list)

    assert nominee_list.rows == []
    assert [(e["row"], e["column_letter"]) for e in nominee_list.errors] == [(2, "F")]


def test_faults_survive_the_database(world):
    nominee_list = upload(world, (DATA / "danh-sach-co-loi.xlsx").read_bytes())
    read(world, nominee_list)
    before = list(nominee_list.errors)
    world.session.expire_all()

    assert nominee_list.errors == before
    assert len(before) == 7
    assert {"row", "column_letter", "column", "message", "values"} == before[0].keys()


# confirm


def test_only_the_sender_confirms(world):
    nominee_list = upload(world, sheet("Sở Tư pháp"), OFFICER)
    read(world, nominee_list)

    for queue in (CLERK, "unit_officer:SO-YT", "unit_head:SO-TP", "auditor"):
        with pytest.raises(NotAllowed):
            imports.confirm(
                world.session, nominee_list.id, actor=world.actor(queue), now=world.now
            )
    assert nominee_list.state == STATES.READ


def test_what_is_not_read_yet_cannot_be_confirmed(world):
    nominee_list = upload(world, sheet("Sở Tư pháp"))

    with pytest.raises(TaskChanged):
        imports.confirm(
            world.session, nominee_list.id, actor=world.actor(CLERK), now=world.now
        )


def test_confirming_starts_the_count_again_and_only_once(world):
    nominee_list = ready(world, sheet("Sở Tư pháp", "Sở không có", "Sở Y tế"))
    assert (nominee_list.state, nominee_list.done, nominee_list.total) == (
        STATES.CONFIRMED,
        0,
        2,
    )

    imports.import_some(world.session, nominee_list.id, now=world.now)
    again = imports.confirm(
        world.session, nominee_list.id, actor=world.actor(CLERK), now=world.now
    )

    assert (again.state, again.done) == (STATES.IMPORTED, 2)


# import


def test_nothing_is_imported_before_it_is_confirmed(world):
    nominee_list = upload(world, sheet("Sở Tư pháp"))
    read(world, nominee_list)

    assert imports.import_some(world.session, nominee_list.id, now=world.now) is False
    assert names(world) == []


def test_imported_rows_are_nominations_at_their_first_step(world):
    nominee_list = ready(world, sheet("Sở Y tế"), CLERK)

    assert imports.import_some(world.session, nominee_list.id, now=world.now) is False

    (nomination,) = world.session.scalars(select(Nomination))
    nominee = nomination.nominee
    assert (nominee.honorific, nominee.name) == ("Ông", "Nguyễn Văn Số 01")
    assert (nominee.birth_date, nominee.position) == (date(1980, 3, 15), "Chuyên viên")
    assert nominee.is_serving_public is True
    assert nomination.achievements == "Tốt."
    assert (nomination.code, nomination.unit.code) == ("HS-2026-00001", "SO-YT")
    assert world.task(nomination).queue == "unit_officer:SO-YT"
    assert history.verify(world.session, nomination.instance) is None
    assert nominee_list.state == STATES.IMPORTED


def test_rows_are_imported_some_at_a_time_in_their_order(world):
    nominee_list = ready(world, sheet(*["Sở Tư pháp"] * 30))

    steps = [
        imports.import_some(world.session, nominee_list.id, now=world.now) for _ in range(3)
    ]

    assert steps == [True, False, False]
    assert (nominee_list.done, nominee_list.total) == (30, 30)
    assert names(world) == [f"Nguyễn Văn Số {n:02}" for n in range(1, 31)]


def test_list_without_a_faultless_row_is_imported_at_once(world):
    nominee_list = ready(world, sheet("Sở không có"))

    assert imports.import_some(world.session, nominee_list.id, now=world.now) is False
    assert nominee_list.state == STATES.IMPORTED
    assert names(world) == []


def test_unfinished_are_those_to_be_read_or_imported(world):
    waiting = upload(world, sheet("Sở Tư pháp"))
    confirmed = ready(world, sheet("Sở Tư pháp"))
    done = ready(world, sheet("Sở Tư pháp"))
    imports.import_some(world.session, done.id, now=world.now)
    read(world, upload(world, sheet("Sở Tư pháp")))

    assert {n.id for n in imports.unfinished(world.session)} == {waiting.id, confirmed.id}


@pytest.mark.parametrize("change", ["inactive", "no post any more"])
def test_sender_who_may_no_longer_act_imports_nothing(world, change):
    nominee_list = ready(world, sheet("Sở Tư pháp"), OFFICER)
    sender = world.session.get_one(Person, nominee_list.uploaded_by)
    if change == "inactive":
        sender.is_active = False
    else:
        sender.posts[0].valid_to = world.now.date() - timedelta(days=1)
    world.session.flush()

    with pytest.raises(NotAllowed):
        imports.import_some(world.session, nominee_list.id, now=world.now)


class Crash(Exception):
    """The power goes off."""


def import_and_crash(engine, list_id):
    with transaction(engine) as session:
        imports.import_some(session, list_id, now=NOW)
        raise Crash


def test_crash_between_steps_repeats_nothing_and_leaves_nothing_out(province):
    with transaction(province) as session:
        list_id = ready(World(session), sheet(*["Sở Tư pháp"] * 30)).id
    with transaction(province) as session:
        assert imports.import_some(session, list_id, now=NOW) is True
    with pytest.raises(Crash):
        import_and_crash(province, list_id)

    with transaction(province) as session:
        kept = session.get_one(NomineeList, list_id)
        assert (kept.state, kept.done) == (STATES.CONFIRMED, 25)
        assert imports.import_some(session, list_id, now=NOW) is False

    with transaction(province) as session:
        world = World(session)
        assert names(world) == [f"Nguyễn Văn Số {n:02}" for n in range(1, 31)]
        codes = session.scalars(select(Nomination.code).order_by(Nomination.id)).all()
        assert codes == [f"HS-2026-{n:05}" for n in range(1, 31)]


def test_row_of_a_unit_that_has_ended_meanwhile_goes_to_who_took_over(world):
    nominee_list = ready(world, sheet("Sở Tư pháp"))
    merger = Change(
        UnitEventKind.MERGE, world.now.date(), "12/QĐ", ending=("SO-TP",), heir="SO-YT"
    )
    admin = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
    units.record(world.session, merger, by=admin, now=world.now)

    imports.import_some(world.session, nominee_list.id, now=world.now)

    (nomination,) = world.session.scalars(select(Nomination))
    assert nomination.unit.code == "SO-YT"
    assert factories.open_task(world.session, nomination).queue == "unit_officer:SO-YT"
