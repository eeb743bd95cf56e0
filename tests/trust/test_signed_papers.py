"""F8 of trust.md: a signed file is kept only whole, and is watched in every history it concerns."""

import io
import random
import re
import time

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from awards import evidence, files
from awards.errors import BadSignedPaper
from awards.papers import compile_paper
from awards.signed import keeping, reading
from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.organisation import Role
from models.papers import Decision, DecisionEntry
from models.process import ProcessInstance
from tests import factories, signing
from tests.conftest import NOW
from workflows import history

pytestmark = pytest.mark.trust
REPORT = {"signatures": [], "is_compared": True}


@pytest.fixture(scope="module")
def signed():
    words = {"title": "Báo cáo", "unit": "Sở Tư pháp", "nominee": "Nguyễn Thị An"}
    return signing.sign(compile_paper("sample.typ", words))


def accepted(content, count):
    """How many copies are taken that each have one signed byte changed. Always the same ones."""
    chance = random.Random(8)
    gap = re.search(rb"<[0-9A-Fa-f]{1000,}>", content)
    assert gap is not None
    places = [*range(gap.start()), *range(gap.end(), len(content))]
    found = []
    for place in chance.choices(places, k=count):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            reading.read(bytes(changed), "ban-ky.pdf", roots=None, now=NOW)
        except BadSignedPaper:
            continue
        found.append(place)
    return found


def test_no_changed_byte_is_taken(signed, size):
    assert reading.read(signed, "ban-ky.pdf", roots=None, now=NOW)
    assert accepted(signed, size(500)) == []


def test_control_no_question_about_changes_is_caught(signed, size, monkeypatch):
    monkeypatch.setattr(reading, "_demand_whole", lambda *_args, **_named: None)

    assert accepted(signed, size(500)) != []


@pytest.fixture
def folder(province, tmp_path):
    files.belong_to(province, tmp_path)
    return tmp_path


def concerned(session, count):
    """A decision that awards as many nominations as that."""
    first = factories.begin(session)
    decision = session.get_one(Decision, factories.decide(session, [first.code]))
    rows = []
    for number in range(1, count):
        instance = ProcessInstance(
            definition_id=first.instance.definition_id,
            business_key=f"HS-1999-{number:05}",
            series="",
            state_hash=first.instance.state_hash,
            variables={},
            status=first.instance.status,
            history_length=0,
            history_head=history.GENESIS,
            started_at=NOW,
        )
        one = Nomination(
            code=instance.business_key,
            instance=instance,
            movement=first.movement,
            award=first.award,
            unit=first.unit,
            nominee=first.nominee,
            search_text="",
            created_at=NOW,
        )
        rows.append(one)
    session.add_all(rows)
    session.flush()
    entries = [{"decision_id": decision.id, "nomination_id": one.id} for one in rows]
    if entries:
        session.execute(insert(DecisionEntry), entries)
    session.expire_all()
    return decision


def bring(session, decision, content, folder):
    stored = files.store(io.BytesIO(content), "ban-ky.pdf", folder)
    clerk = factories.actor(session, Role.RECORDS_CLERK.value)
    return keeping.add(session, decision, stored, REPORT, actor=clerk, now=NOW)


def test_many_histories_tell_it_in_one_quick_act(province, folder, signed, size):
    with Session(province, expire_on_commit=False) as session:
        decision = concerned(session, size(500))
        statements = []

        def count(*rest):
            statements.append(rest[2])

        event.listen(province, "before_cursor_execute", count)
        began = time.perf_counter()
        row = bring(session, decision, signed, folder)
        took = time.perf_counter() - began
        event.remove(province, "before_cursor_execute", count)

        told = session.scalars(
            select(HistoryEvent).where(HistoryEvent.kind == EventKind.PAPER_SIGNED)
        ).all()
        assert len({one.instance_id for one in told}) == size(500)
        assert {history.details(one)["digest"] for one in told} == {row.digest}
        assert [s for s in statements if s.startswith("INSERT INTO history")][1:] == []
        assert took < 5


def unseen(province, folder, signed):
    """Whether a change of the file on the disk goes unnoticed."""
    with Session(province, expire_on_commit=False) as session:
        decision = concerned(session, 1)
        row = bring(session, decision, signed, folder)
        instance = session.scalars(select(ProcessInstance)).one()
        assert history.verify(session, instance) is None
        session.info.clear()  # as another command would begin
        (folder / row.token).write_bytes(signed + b"\n")
        return history.verify(session, instance) is None


def test_file_changed_on_the_disk_is_noticed(province, folder, signed):
    assert not unseen(province, folder, signed)


def test_control_nobody_who_reads_the_file_again_is_caught(
    province, folder, signed, monkeypatch
):
    monkeypatch.setattr(evidence, "_on_disk", lambda _session, row: row.sha256)

    assert unseen(province, folder, signed)
