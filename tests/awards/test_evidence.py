"""Raw SQL on what the history speaks of is found, even where the history itself was left alone."""

import io
from pathlib import Path

import pytest
from sqlalchemy import text

from awards import comments, files
from awards.demo import catalogue
from tests import factories
from tests.conftest import NOW
from workflows import deployments, history, instances

REMARK = "nomination_id, author_id, acting_as, text, salt, digest, created_at"
FILE = (
    "nomination_id, item_code, file_name, media_type, size, sha256, attached_by, attached_at, "
    "scan_state, scan_finding, has_location, has_author"
)
PAPER = (Path(__file__).parents[1] / "data" / "danh-sach-de-nghi.xlsx").read_bytes()


@pytest.fixture
def nomination(db, tmp_path):
    """A nomination with a remark, a file that is there and one that was taken out."""
    begun = factories.begin(db)
    officer = factories.actor(db, "unit_officer")
    comments.add(db, begun, text="Xem lại.", actor=officer, command_key="r", now=NOW)
    for name in ("kept.xlsx", "removed.xlsx"):
        stored = files.store(io.BytesIO(PAPER), name, tmp_path)
        attachment = files.attach(db, begun, stored, item_code=name, actor=officer, now=NOW)
    files.remove(db, begun, attachment, actor=officer, now=NOW)
    db.flush()
    return begun


def fault(db, nomination):
    db.expire_all()
    found = history.verify(db, nomination.instance)
    return found and found.message


def test_what_nobody_touched_is_sound(db, nomination):
    assert fault(db, nomination) is None


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE comment SET text = 'Tốt.'", "Ý kiến trao đổi này đã bị sửa hoặc bị xóa."),
        ("DELETE FROM comment", "Ý kiến trao đổi này đã bị sửa hoặc bị xóa."),
        (
            f"INSERT INTO comment ({REMARK}) SELECT {REMARK} FROM comment",  # noqa: S608 - an attack
            "Có ý kiến trao đổi không được ghi vào lịch sử.",
        ),
        (
            "UPDATE attachment SET sha256 = 'x' WHERE file_name = 'kept.xlsx'",
            "Giấy tờ này đã bị sửa hoặc bị xóa.",
        ),
        (
            "DELETE FROM attachment WHERE file_name = 'removed.xlsx'",
            "Giấy tờ này đã bị sửa hoặc bị xóa.",
        ),
        (
            "UPDATE attachment SET removed_at = NULL",
            "Giấy tờ này bị gỡ hoặc khôi phục ngoài hệ thống.",
        ),
        (
            "UPDATE attachment SET removed_at = attached_at WHERE file_name = 'kept.xlsx'",
            "Giấy tờ này bị gỡ hoặc khôi phục ngoài hệ thống.",
        ),
        (
            f"INSERT INTO attachment (token, {FILE}) SELECT 'x', {FILE} FROM attachment LIMIT 1",  # noqa: S608 - an attack
            "Có giấy tờ không được ghi vào lịch sử.",
        ),
        (
            "UPDATE attachment SET scan_state = 'pending' WHERE file_name = 'kept.xlsx'",
            "Kết quả quét vi-rút của giấy tờ này đã bị sửa.",
        ),
        (
            "UPDATE nomination SET code = 'HS-2026-09999'",
            "Hồ sơ không còn gắn với lịch sử của chính nó.",
        ),
    ],
)
def test_tampering_beside_the_history_is_found(db, nomination, statement, message):
    db.execute(text(statement))

    assert fault(db, nomination) == message


def test_history_without_a_nomination_is_found(db, nomination):
    row = deployments.latest(db, catalogue.PROCESS)
    officer = factories.actor(db, "unit_officer")
    started = instances.start(
        db,
        row,
        business_key="HS-2026-09999",
        variables=nomination.instance.variables,
        actor=officer,
        post=officer.posts[0],
        now=NOW,
    )
    db.execute(text("UPDATE nomination SET instance_id = :id"), {"id": started.id})

    found = [fault for _instance, fault in history.verify_all(db)]
    assert [fault.business_key for fault in found] == [nomination.code, "HS-2026-09999"]
