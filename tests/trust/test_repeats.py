"""R7 of trust.md: a form sent again has one effect; one that has grown old changes nothing."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import nominations
from awards.demo import driving, people
from models.awards import Nomination
from models.organisation import Person
from models.papers import Attachment, Notice
from models.process import ProcessDefinition, ProcessInstance
from models.proposals import ProposalEntry
from models.session import reading, transaction
from tests import factories, signing
from tests.conftest import NOW, Databases, make_app
from views import web
from workflows import commands, tasks
from workflows.actors import Actor

pytestmark = pytest.mark.trust
LIST = Path(__file__).parents[1] / "data" / "danh-sach-de-nghi.xlsx"
BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"
OFFICER, HEAD = f"unit_officer:{factories.UNIT}", f"unit_head:{factories.UNIT}"
TYPED = "Chữ đã gõ không được mất"
WHERE_TYPED = {  # a field of each step in which people write
    "prepare_nomination": "achievements",
    "receive_by_department": "reason",
    "issue_decision": "reason",
}
Fields = dict[str, Any]
Rows = dict[str, list[tuple[object, ...]]]


class HiddenFields(HTMLParser):
    """The hidden fields of a page's form, which a browser sends along."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, str] | None = None
        self._action = action
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("action") == self._action:
            self._is_inside, self.fields = True, {}
        if tag == "input" and given.get("type") == "hidden" and self._is_inside:
            assert self.fields is not None
            self.fields[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "form"


class Site:
    """The application, and a browser for whoever serves a queue; each signs in once."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, queue: str) -> FlaskClient:
        if queue not in self._browsers:
            with reading(self.engine) as session:
                login = session.get_one(Person, factories.actor(session, queue).id).login
            client = self._browsers[queue] = self.app.test_client()
            fields = {"login": login, "password": f"vinh-danh-{login}"}
            assert client.post("/login", data=fields).status_code == 303
        return self._browsers[queue]


@pytest.fixture(scope="module")
def site(sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests here: each has a nomination of its own, and signing in takes its time."""
    app = make_app(sqlite.copy("province"), tmp_path_factory.mktemp("site"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        engine = web.db.engine
    yield Site(app, engine)
    engine.dispose()


@pytest.fixture
def engine(site: Site) -> Engine:
    return site.engine


@pytest.fixture
def sign_in(site: Site) -> Callable[[str], FlaskClient]:
    return site.browser


def hidden(client: FlaskClient, url: str, action: str = "") -> Fields:
    """What a page hands to whoever fills in the form on it."""
    fields = HiddenFields(client.get(url).text, action or url).fields
    assert fields is not None, f"{url} has no form for {action or url}"
    return dict(fields)


def waiting_at(engine: Engine, step: str) -> tuple[Nomination, str, str]:
    """A nomination at a step, the address of its page, and whose turn it is."""
    with transaction(engine) as session:
        nomination = factories.begin_at(session, step)
        task = factories.open_task(session, nomination)
        driving.declare(session, people.by_queue(session, NOW.date()), NOW)
        return nomination, f"/tasks/{task.id}", task.queue


def filled_in(engine: Engine, code: str, step: str, **more: str) -> Fields:
    """A step's form as the demo's people fill it in, approving."""
    with reading(engine) as session:
        nomination = nominations.find(session, code)
        assert nomination is not None
        said = factories.content(
            session, nomination, step, "approve", now=datetime.now(UTC)
        )
    fields = {
        name: "y" if value is True else str(value) for name, value in said.items() if value
    }
    return fields | {WHERE_TYPED.get(step, "opinion"): TYPED} | more


def rows(engine: Engine) -> Rows:
    """All but what is told of looking at pages."""
    with reading(engine) as session:
        found = factories.everything(session)
    return {name: told for name, told in found.items() if not name.startswith("read_")}


def lengths(engine: Engine) -> int:
    """How many events all histories hold together."""
    with reading(engine) as session:
        return sum(session.scalars(select(ProcessInstance.history_length)))


def anomalies(
    engine: Engine, send: Callable[[], int], grows: int | None = None
) -> list[str]:
    """Send a form three times; what is wrong with what came of it.

    The history grows once, by `grows` events or by any number of them; nothing else changes after
    the first time; each answer is the same redirection.
    """
    before = lengths(engine)
    codes = [send()]
    first, after = lengths(engine) - before, rows(engine)
    codes += [send(), send()]
    found = [] if codes == [303] * 3 else [f"answers {codes}"]
    if first == 0 if grows is None else first != grows:
        found.append(f"{first} events")
    again = rows(engine)
    return found + [f"{name} changed again" for name in again if again[name] != after[name]]


def sender(client: FlaskClient, url: str, fields: Fields) -> Callable[[], int]:
    return lambda: client.post(url, data=fields).status_code


def pdf() -> bytes:
    content = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(content)
    document.close()
    return content.getvalue()


@pytest.mark.parametrize("step", factories.ROUTE)
def test_step_sent_three_times_has_one_effect(engine, sign_in, step):
    nomination, url, queue = waiting_at(engine, step)
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, step)

    assert anomalies(engine, sender(client, url, fields)) == []


def test_step_with_files_sent_three_times_attaches_them_once(engine, sign_in):
    nomination, url, queue = waiting_at(engine, "prepare_nomination")
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, "prepare_nomination")
    content = pdf()

    def send():
        files = {"file__to_trinh": [(io.BytesIO(content), "to-trinh.pdf")]}
        return client.post(url, data=fields | files).status_code

    assert anomalies(engine, send) == []


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("prepare_nomination", "withdraw"),
        ("approve_by_unit", "withdraw"),
        ("review_by_block", "not_selected"),
        ("approve_by_department", "refuse"),
        ("decide_by_chairman", "refuse"),
    ],
)
def test_confirmed_end_sent_three_times_has_one_effect(engine, sign_in, step, outcome):
    nomination, url, queue = waiting_at(engine, step)
    client = sign_in(queue)
    more = {"outcome": outcome, "reason": "Theo ý kiến đã trao đổi."}
    fields = hidden(client, url) | filled_in(engine, nomination.code, step, **more)
    asked = client.post(url, data=fields).text
    confirmed = HiddenFields(asked, url).fields
    assert confirmed is not None

    assert anomalies(engine, sender(client, url, confirmed | {"confirmed": "1"})) == []


def ticked(engine: Engine, client: FlaskClient, step: str) -> Fields:
    """The inbox with two tasks of a step ticked."""
    numbers = [waiting_at(engine, step)[1].rpartition("/")[2] for _ in range(2)]
    fields = hidden(client, "/inbox?tab=groups", "/batches?tab=groups")
    return fields | {"task": [f"{number}.1" for number in numbers]}


def test_choice_of_many_sent_three_times_is_one_batch(engine, sign_in):
    client = sign_in(HEAD)
    fields = ticked(engine, client, "approve_by_unit")

    assert anomalies(engine, sender(client, "/batches", fields), grows=0) == []


def test_confirmed_batch_sent_three_times_has_one_effect(engine, sign_in):
    client = sign_in(HEAD)
    url = client.post("/batches", data=ticked(engine, client, "approve_by_unit")).location
    fields = hidden(client, url) | {"outcome": "approve", "opinion": TYPED}
    confirmed = HiddenFields(client.post(url, data=fields).text, url).fields
    assert confirmed is not None

    sent = sender(client, url, confirmed | {"confirmed": "1"})
    assert anomalies(engine, sent, grows=2 * 3) == []


def test_withdrawal_sent_three_times_has_one_effect(engine, sign_in):
    nomination, _url, _queue = waiting_at(engine, "approve_by_unit")
    client, url = sign_in(HEAD), f"/nominations/{nomination.code}/withdraw"
    fields = hidden(client, url) | {"reason": TYPED}

    assert anomalies(engine, sender(client, url, fields), grows=3) == []


def test_extension_sent_three_times_is_one(engine, sign_in):
    nomination, _url, _queue = waiting_at(engine, "appraise")
    client = sign_in("department_head")
    url = f"/nominations/{nomination.code}/extension"
    fields = hidden(client, url) | {"days": "5", "reason": TYPED}

    assert anomalies(engine, sender(client, url, fields), grows=1) == []


def test_corrected_number_sent_three_times_is_one(engine, sign_in):
    nomination, _url, _queue = waiting_at(engine, "prepare_nomination")
    client = sign_in(OFFICER)
    url = f"/nominations/{nomination.code}/identity/correction"
    fields = hidden(client, url) | {"identity_number": "001099087652", "reason": TYPED}

    assert anomalies(engine, sender(client, url, fields), grows=1) == []


def test_process_sent_and_confirmed_three_times_is_one_version(engine, sign_in):
    client, url = sign_in("process_admin"), "/processes"
    changed = BPMN.read_bytes().replace(b"P10D", b"P11D", 1)

    fields = hidden(client, url)

    def send():
        file = (io.BytesIO(changed), "movement_award.bpmn")
        return client.post(url, data=fields | {"file": file})

    pages = {send().headers["Location"] for _ in range(3)}
    confirming, page = sign_in("system_admin"), pages.pop()
    fields = hidden(confirming, page, f"{page}/confirm")
    codes = [confirming.post(f"{page}/confirm", data=fields).status_code for _ in range(3)]

    with reading(engine) as session:
        query = select(ProcessDefinition).where(ProcessDefinition.xml == changed)
        (version,) = session.scalars(query)
        assert version.confirmed_by not in (None, version.deployed_by)
    assert (pages, codes) == (set(), [303] * 3)


def test_new_nomination_sent_three_times_is_one(engine, sign_in):
    client, url = sign_in(OFFICER), "/nominations/new"
    fields = hidden(client, url) | {
        "movement": "VHCS-2025",
        "award": "BKT",
        "unit": factories.UNIT,
        "nominee_kind": "individual",
        "nominee_name": "Vũ Thị Ỷ",
    }

    assert anomalies(engine, sender(client, url, fields), grows=3) == []


def test_comment_sent_three_times_is_one(engine, sign_in):
    nomination, _url, queue = waiting_at(engine, "appraise")
    client, page = sign_in(queue), f"/nominations/{nomination.code}"
    url = f"{page}/comments"
    fields = hidden(client, page, url) | {"text": TYPED}

    assert anomalies(engine, sender(client, url, fields), grows=1) == []


def test_export_sent_three_times_is_one_file(engine, sign_in):
    waiting_at(engine, "appraise")
    client, url = sign_in("department_clerk"), "/exports/nominations?movement=all"
    page = client.get("/nominations?movement=all").text
    key = re.search(r'name="command_key" value="([0-9a-f]+)"', page)[1]

    assert anomalies(engine, sender(client, url, {"command_key": key}), grows=0) == []


def test_decision_packed_three_times_is_one_archive(engine, sign_in):
    nomination, _url, _queue = waiting_at(engine, "appraise")
    with transaction(engine) as session:
        decision = factories.decide(session, [nomination.code])
    client, page = sign_in("records_clerk"), f"/decisions/{decision}"
    url = f"/exports{page}"
    fields = hidden(client, page, url)

    assert anomalies(engine, sender(client, url, fields), grows=0) == []


def test_sample_drawn_three_times_is_one_draw(engine, sign_in):
    waiting_at(engine, "appraise")
    client, url = sign_in("auditor"), "/history/samples"
    fields = hidden(client, url) | {"purpose": TYPED, "size": "1"}

    assert anomalies(engine, sender(client, url, fields), grows=0) == []


def test_signed_file_sent_three_times_is_one_version(engine, sign_in):
    nomination, _url, _queue = waiting_at(engine, "appraise")
    with transaction(engine) as session:
        decision = factories.decide(session, [nomination.code])
    client, url = sign_in("records_clerk"), f"/signed-papers/decisions/{decision}"
    content = signing.sign(client.get(f"/decisions/{decision}.pdf").data)

    def send():
        file = {"file": (io.BytesIO(content), "ban-ky.pdf")}
        return client.post(url, data=file).status_code

    assert anomalies(engine, send, grows=1) == []


def test_signed_file_of_a_proposal_sent_three_times_is_one_version(engine, sign_in):
    waiting_at(engine, "approve_by_unit")
    head, drafts = sign_in(HEAD), "/proposals?tab=drafts"
    proposal = head.post("/proposals", data=hidden(head, drafts, "/proposals")).location
    sign = f"{proposal}/sign"
    assert head.post(sign, data=hidden(head, sign)).status_code == 303
    content = signing.sign(head.get(f"{proposal}/paper.pdf").data)
    with reading(engine) as session:
        held = ProposalEntry.proposal_id == int(proposal.rsplit("/", 1)[1])
        count = len(session.scalars(select(ProposalEntry.nomination_id).where(held)).all())

    def send():
        file = {"file": (io.BytesIO(content), "ban-ky.pdf")}
        return head.post(f"/signed-papers{proposal}", data=file).status_code

    assert anomalies(engine, send, grows=count) == []


def test_nomination_copied_three_times_is_one(engine, sign_in):
    with transaction(engine) as session:
        old = factories.begin(session)
        factories.withdraw(session, old)
    client, url = sign_in(OFFICER), "/nominations/new"
    fields = hidden(client, f"{url}?source={old.code}", url) | {
        "movement": "VHCS-2025",
        "award": "BKT",
        "unit": factories.UNIT,
        "nominee_kind": "individual",
        "nominee_name": "Vũ Thị Ỷ",
        "source": old.code,
    }

    assert anomalies(engine, sender(client, url, fields)) == []


def test_claim_sent_three_times_has_one_effect(engine, sign_in):
    _nomination, url, queue = waiting_at(engine, "appraise")
    client = sign_in(queue)

    assert anomalies(engine, sender(client, f"{url}/claim", {}), grows=1) == []


def test_unclaim_sent_three_times_has_one_effect(engine, sign_in):
    _nomination, url, queue = waiting_at(engine, "appraise")
    client = sign_in(queue)
    client.post(f"{url}/claim")

    assert anomalies(engine, sender(client, f"{url}/unclaim", {}), grows=1) == []


def test_draft_sent_three_times_is_one(engine, sign_in):
    nomination, url, queue = waiting_at(engine, "appraise")
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, "appraise")
    before = rows_of_drafts(engine)

    found = anomalies(engine, sender(client, f"{url}/draft", fields), grows=0)

    assert found == ["draft changed again"]  # it says when it was saved last
    assert rows_of_drafts(engine) == before + 1


def rows_of_drafts(engine: Engine) -> int:
    return len(rows(engine)["draft"])


def test_removal_of_a_file_sent_three_times_has_one_effect(engine, sign_in):
    nomination, url, queue = waiting_at(engine, "prepare_nomination")
    with reading(engine) as session:
        mine = Attachment.nomination_id == nomination.id
        attachment = session.scalars(select(Attachment.id).where(mine)).first()
    client = sign_in(queue)
    fields = hidden(client, url) | {"remove": attachment}
    draft = rows_of_drafts(engine)

    def send():
        return client.post(f"{url}/draft", data=fields).status_code

    found = anomalies(engine, send, grows=1)

    assert [sentence for sentence in found if sentence != "draft changed again"] == []
    assert rows_of_drafts(engine) == draft + 1


def test_notice_put_away_three_times_has_one_effect(engine, sign_in):
    with transaction(engine) as session:
        refused = factories.begin_at(session, "approve_by_department")
        factories.answer(session, refused, "refuse")
        mine = Notice.nomination_id == refused.id
        notice = session.scalars(select(Notice.id).where(mine)).one()
    client = sign_in(OFFICER)

    assert anomalies(engine, sender(client, f"/notices/{notice}/read", {}), grows=0) == []


def test_list_sent_three_times_is_one(engine, sign_in):
    client, url = sign_in("department_clerk"), "/imports"
    fields = hidden(client, url) | {"movement": "VHCS-2025"}

    def send():
        file = {"file": (io.BytesIO(LIST.read_bytes()), LIST.name)}
        return client.post(url, data=fields | file).status_code

    assert anomalies(engine, send, grows=0) == []


def test_confirmation_of_a_list_sent_three_times_imports_once(engine, sign_in):
    client = sign_in("department_clerk")
    file = (io.BytesIO(LIST.read_bytes()), LIST.name)
    fields = hidden(client, "/imports") | {"movement": "VHCS-2025", "file": file}
    shown = client.post("/imports", data=fields).location

    assert anomalies(engine, sender(client, f"{shown}/confirm", {})) == []


def act_elsewhere(session: Session, nomination: Nomination, person: Actor) -> None:
    """The same person, in another window, has taken the task and given it back."""
    task = factories.open_task(session, nomination)
    tasks.claim(session, task.id, actor=person, now=NOW)
    tasks.unclaim(session, task.id, actor=person, now=NOW)


def send_elsewhere(session: Session, nomination: Nomination, person: Actor) -> None:
    """The same person has sent the step in another window."""
    step = factories.open_task(session, nomination).element_id
    is_first = step == "prepare_nomination"
    factories.answer(session, nomination, "approve" if is_first else "return", by=person)


def take_first(session: Session, nomination: Nomination, person: Actor) -> None:
    """Somebody else of the queue has taken the task."""
    del person
    task = factories.open_task(session, nomination)
    colleague = factories.stand_in(session.query(Person).count(), task.queue)
    tasks.claim(session, task.id, actor=colleague, now=NOW)


@pytest.mark.parametrize("change", [act_elsewhere, send_elsewhere, take_first])
@pytest.mark.parametrize("step", factories.ROUTE)
def test_step_that_has_grown_old_changes_nothing_and_keeps_the_words(
    engine, sign_in, step, change
):
    nomination, url, queue = waiting_at(engine, step)
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, step)
    with transaction(engine) as session:
        found = nominations.find(session, nomination.code)
        assert found is not None
        change(session, found, factories.actor(session, queue))
    before = rows(engine)

    answer = client.post(url, data=fields)

    assert (answer.status_code, TYPED in answer.text) == (409, True)
    assert rows(engine) == before


def test_step_that_has_grown_old_can_be_sent_from_the_answer(engine, sign_in):
    nomination, url, queue = waiting_at(engine, "approve_by_unit")
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, "approve_by_unit")
    with transaction(engine) as session:
        found = session.get_one(Nomination, nomination.id)
        act_elsewhere(session, found, factories.actor(session, queue))
    answer = client.post(url, data=fields)

    shown = HiddenFields(answer.text, url).fields
    assert shown is not None
    assert anomalies(engine, sender(client, url, fields | shown)) == []


def test_withdrawal_that_comes_too_late_changes_nothing_and_keeps_the_words(
    engine, sign_in
):
    nomination, _url, _queue = waiting_at(engine, "decide_by_chairman")
    client, url = sign_in(HEAD), f"/nominations/{nomination.code}/withdraw"
    fields = hidden(client, url) | {"reason": TYPED}
    with transaction(engine) as session:
        factories.answer(session, session.get_one(Nomination, nomination.id))
    before = rows(engine)

    answer = client.post(url, data=fields)

    assert rows(engine) == before
    assert (answer.status_code, TYPED in answer.text) == (409, True)


@pytest.mark.parametrize("step", ["approve_by_unit", "decide_by_chairman"])
def test_forgotten_command_keys_are_caught(engine, sign_in, monkeypatch, step):
    monkeypatch.setattr(commands, "is_done", lambda *_, **__: False)
    nomination, url, queue = waiting_at(engine, step)
    client = sign_in(queue)
    fields = hidden(client, url) | filled_in(engine, nomination.code, step)

    assert anomalies(engine, sender(client, url, fields)) == ["answers [303, 409, 409]"]


def test_no_form_is_left_out(site):
    posted = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }

    session = {"check_sign_in", "sign_out", "choose_language", "keep_password"}
    assert posted - {f"auth.{name}" for name in session} == {
        "account.change_address",  # tests/views/test_messages.py for these
        "account.choose_messages",
        "accounts.change_address",
        "messages.read",
        "messages.read_all",
        "operations.retry_mail",
        "account.change_password",  # tests/views/test_account.py, test_accounts.py for these
        "account.end_others",
        "account.end_session",
        "accounts.appoint",
        "accounts.close",
        "accounts.create",
        "accounts.end_post",
        "accounts.expect_at_provider",  # test_provider.py for these
        "accounts.forget_provider",
        "provider.begin",
        "provider.link",
        "provider.forget",
        "exports.accounts",  # an export asked twice is one job; test_exports.py
        "exports.board",
        "exports.decision",
        "exports.decision_evidence",
        "exports.events",
        "exports.history",
        "exports.nomination_evidence",
        "exports.nominations",
        "exports.organisation",
        "exports.outcomes",
        "evaluations.record",  # tests/awards/test_records.py for these
        "evaluations.correct",
        "registrations.record",
        "registrations.correct",
        "inspections.record",
        "inspections.correct",
        "own_awards.record",
        "own_awards.correct",
        "communications.record",
        "communications.correct",
        "evaluations.sign",
        "inspections.close_finding",
        "exports.quality",
        "exports.records",
        "exports.overview",
        "accounts.forget_second_factor",  # deletes; tests/views/test_second_factor.py
        "accounts.hand_out_link",
        "accounts.reopen",
        "slips.hand_out",  # answers with a page, once; tests/views/test_slips.py
        "batches.complete",
        "blocks.create",  # tests/views/test_units.py for these
        "blocks.hand_over",
        "blocks.open_year",
        "batches.freeze",
        "decisions.cancel",  # tests/views/test_register.py for these
        "decisions.decline",
        "decisions.issue",
        "decisions.issue_draft",
        "decisions.prepare_correction",
        "decisions.prepare_revocation",
        "decisions.sign",
        "delegations.end",  # tests/views/test_delegations.py
        "delegations.grant",
        "discoveries.decline",  # tests/views/test_examples.py for these
        "discoveries.note",
        "examples.keep",
        "examples.publish",
        "examples.send_back",
        "purposes.acknowledge",
        "extending.extend",
        "identity_corrections.correct",
        "imports.confirm",
        "interests.declare",  # tests/views/test_interests.py
        "imports.upload",
        "law.add_basis",  # tests/views/test_law.py
        "law.end_basis",
        "bonuses.add_salary",  # tests/views/test_bonuses.py
        "bonuses.add_multiple",
        "bonuses.add_policy",
        "bonuses.end_salary",
        "bonuses.end_multiple",
        "bonuses.end_policy",
        "certificates.set_places",  # tests/views/test_certificates.py
        "certificates.take_numbers",
        "law.forget_day",
        "saved_views.change",  # tests/views/test_saved_views.py for these
        "saved_views.delete",
        "saved_views.save",
        "law.record_day",
        "migrations.ask",  # tests/workflows/test_operations.py sends these again
        "nominations.comment",
        "nominations.reveal",  # reads; test_reads.py
        "nominations.start",
        "nominations.withdraw_now",
        "notices.read",
        "operations.ask",
        "operations.confirm",
        "operations.decline",
        "operations.retry",
        "personal_data.copy",  # reads; test_own_copy.py
        "personal_data.erase",  # test_erasure.py
        "retention.hold",  # one at a time, by the database; test_retention.py
        "retention.lift",  # test_retention.py
        "paper_templates.approve",  # tests/awards/test_templates.py
        "paper_templates.decline",
        "paper_templates.upload",
        "papers.record_meeting",  # writes the same again; tests/views/test_papers.py
        "processes.confirm",
        "processes.upload",
        "proposals.add",  # tests/views/test_proposals.py for these
        "proposals.choose",
        "proposals.discard",
        "proposals.open_",
        "proposals.save",
        "proposals.sign_now",
        "proposals.take_back",
        "sampling.draw",
        "sampling.tick",  # writes the same again; tests/awards/test_auditing.py
        "rosters.bring_in",  # tests/views/test_rosters.py
        "seasons.revise_award",  # tests/views/test_seasons.py
        "seasons.revise_movement",
        "seasons.set_up_award",
        "seasons.set_up_movement",
        "second_factor.check",
        "signed_papers.add_to_decision",
        "signed_papers.add_to_proposal",
        "tasks.claim",
        "tasks.complete",
        "tasks.save_draft",
        "tasks.unclaim",
        "units.change",
        "units.found",
        "units.join",
    }
