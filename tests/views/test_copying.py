"""A new nomination from an old one: words as a draft, papers as copies, nothing sent."""

import pytest
from sqlalchemy import select

from awards import nominations
from models.awards import Nomination
from models.history import EventKind
from models.papers import Attachment
from models.session import reading, transaction
from models.tasks import Draft, Submission
from tests.client import form, parse, text
from views.web import db
from workflows import history

OFFICER, OTHER = "lan.tuphap", "hoa.yte"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def old(cases):
    """An awarded nomination of the officer's unit."""
    return cases["awarded"]["own"].code


def begin(client, code, **changes):
    page = client.get(f"/nominations/new?source={code}")
    return form(page, "/nominations/new").send(client, **changes)


def newest(engine):
    with reading(engine) as session:
        return session.scalars(select(Nomination).order_by(Nomination.id.desc())).first()


def of(engine, code):
    """What the unit entered last, and its papers."""
    with reading(engine) as session:
        found = nominations.find(session, code)
        entry = session.scalars(
            select(Submission)
            .where(Submission.instance_id == found.instance_id)
            .where(Submission.form_key == "prepare_nomination")
            .order_by(Submission.id.desc())
        ).first()
        rows = session.scalars(
            select(Attachment).where(Attachment.nomination_id == found.id)
        ).all()
        return found, entry and entry.content, [row for row in rows if not row.removed_at]


def test_old_nomination_becomes_a_draft_that_nobody_has_sent(app, browse, engine, old):
    client = browse(OFFICER)
    assert f"source={old}" in client.get(f"/nominations/{old}").text
    source, said, papers = of(engine, old)

    answer = begin(client, old)

    page = client.get(answer.location)
    shown = form(page)
    assert shown.fields["achievements"] == source.achievements
    assert shown.fields["nominee_name"] == source.nominee.name
    evidence = {k: v for k, v in said.items() if k.startswith("evidence__") and v}
    assert evidence
    assert {k: shown.fields[k] for k in evidence} == evidence
    assert {v for k, v in shown.fields.items() if k.startswith("score__")} == {""}
    made, entry, copied = of(engine, newest(engine).code)
    assert entry is None
    assert made.nominee.birth_date == source.nominee.birth_date
    assert [row.sha256 for row in copied] == [row.sha256 for row in papers]
    assert [row.copied_from_id for row in copied] == [row.id for row in papers]
    assert not {row.token for row in copied} & {row.token for row in papers}
    for row in copied:
        assert (app.config["UPLOADS"] / row.token).is_file()
    assert f"chép từ hồ sơ {old}" in text(page)
    with reading(engine) as session:
        instance = session.get_one(Nomination, made.id).instance
        told = history.of(session, instance.id)
        assert EventKind.DOSSIER_COPIED in {event.kind for event in told}
        assert EventKind.TASK_COMPLETED not in {event.kind for event in told}
        assert history.verify(session, instance) is None


def test_what_was_said_before_is_told_with_its_code(browse, engine, old):
    client = browse(OFFICER)
    page = client.get(begin(client, old).location)

    notes = parse(page).xpath("//div[@id='reused']//li")

    assert notes
    assert all(f"đã dùng ở hồ sơ {old}" in note.text_content() for note in notes)
    shown = form(page)
    shown.action += "/draft"
    changed = {k: "" for k in shown.fields if k.startswith("evidence__")}
    fresh = client.get(
        shown.send(
            client, achievements="Sáng kiến hoàn toàn mới của năm nay.", **changed
        ).location
    )
    assert not parse(fresh).xpath("//div[@id='reused']")


def test_sent_twice_begins_one(app, browse, engine, old):
    client = browse(OFFICER)
    page = client.get(f"/nominations/new?source={old}")
    signed = form(page, "/nominations/new")

    first = signed.send(client)
    files = sorted(app.config["UPLOADS"].iterdir())
    again = signed.send(client)

    assert first.location == again.location
    assert sorted(app.config["UPLOADS"].iterdir()) == files
    with reading(engine) as session:
        assert len(session.scalars(select(Draft)).all()) == 1


@pytest.mark.parametrize("place", ["appraise", "near", "nothing"])
def test_what_runs_or_is_anothers_is_not_copied(browse, cases, engine, place):
    code = {
        "appraise": cases["appraise"]["own"].code,
        "near": cases["awarded"]["near"].code,
        "nothing": "HS-1999-000001",
    }[place]
    client, before = browse(OFFICER), newest(engine).id

    shown = client.get(f"/nominations/new?source={code}")
    answer = form(shown, "/nominations/new").send(client, nominee_name="Ai đó")

    assert answer.status_code == 422
    assert "Không có hồ sơ nào của đơn vị đã kết thúc" in text(answer)
    assert newest(engine).id == before
    if place == "appraise":
        assert "source=" not in client.get(f"/nominations/{code}").text


def test_copied_paper_that_was_changed_on_disk_stays_behind(app, browse, engine, old):
    _source, _said, papers = of(engine, old)
    victim = app.config["UPLOADS"] / papers[0].token
    content = victim.read_bytes()
    victim.unlink()  # it is a link to the file of all tests
    victim.write_bytes(content + b"x")

    begin(browse(OFFICER), old)

    _made, _entry, copied = of(engine, newest(engine).code)
    assert [row.copied_from_id for row in copied] == [row.id for row in papers[1:]]


def test_origin_changed_in_the_row_is_found(browse, engine, old):
    begin(browse(OFFICER), old)
    made = newest(engine)
    with transaction(engine) as session:
        rows = session.scalars(
            select(Attachment).where(Attachment.nomination_id == made.id)
        ).all()
        rows[0].copied_from_id = None
    with reading(engine) as session:
        found = history.verify(session, session.get_one(Nomination, made.id).instance)
    assert found is not None
    assert "Nguồn" in found.message


def test_another_unit_is_offered_nothing(browse, old):
    assert browse(OTHER).get(f"/nominations/{old}").status_code == 404
