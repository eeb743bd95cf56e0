"""Every endpoint: one guard, a tidy address, and no GET that writes."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session
from werkzeug.routing import PathConverter, UnicodeConverter

from app import RowNumber
from awards import accounts, issuing
from awards.demo import driving, people
from awards.demo.stories import JOURNEYS
from models.awards import Movement, Nomination, NomineeList, NomineeListState
from models.batches import Batch, BatchState
from models.exports import Export, ExportKind, ExportState
from models.papers import Decision
from models.proposals import Proposal
from models.session import transaction
from models.signed_papers import SignedPaper
from models.tasks import OPEN, UserTask
from models.templates import PaperTemplate, TemplateFormat
from tests import factories, stages
from tests.conftest import NOW
from views import web
from views.guards import GUARDS

ROOT = Path(__file__).parents[2]
AWARDED = next(journey for journey in JOURNEYS if len(journey.answers) == 9)
TO_NUMBER = next(j for j in JOURNEYS if len(j.answers) == 8 and j.answers[-1] == "approve")
AT_BLOCK = next(
    j for j in JOURNEYS if j.unit == AWARDED.unit and j.answers == ("approve", "approve")
)
READERS = {  # a login for the roles that together may open every page
    account.role: account.login
    for account in people.everybody()
    if account.scope in {AWARDED.unit, "K02", ""}
    and account.role
    in {
        "unit_officer",
        "unit_head",
        "block_lead",
        "department_head",
        "records_clerk",
        "auditor",
        "process_admin",
        "system_admin",
    }
}


READING = {  # readers sign in, and what they read is told in chains of its own
    "browser_session",
    "read_chain",
    "read_event",
}


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.fixture
def busy(app, tmp_path):
    """The application with an awarded nomination, some that wait, a list, an export and a batch."""
    with app.app_context():
        engine = web.db.engine
        with transaction(engine) as session:
            staff = people.by_queue(session, NOW.date())
            waiting = next(
                j for j in JOURNEYS if j.unit == AWARDED.unit and not j.answers[1:]
            )
            for journey in (AWARDED, waiting, AT_BLOCK, TO_NUMBER):
                for act in driving._acts(journey, staff, app.config["UPLOADS"], NOW):
                    act.carry_out(session, act.moment)
            factories.keep_records(session, (AWARDED.unit,))
            factories.begin(session, unit=AWARDED.unit, has_papers=False)
            for queue in (f"unit_officer:{AWARDED.unit}", "block_lead:K02"):
                stages.propose(session, staff[queue][0], NOW)
            stages.spread(session, staff, AWARDED.unit, NOW)
            stages.draw(session, staff["auditor"][0], NOW)
            somebody = staff[f"unit_officer:{AWARDED.unit}"][0].id
            app.config["LINKS"] = [
                accounts.hand_out_link(
                    session, somebody, made_by=None, now=datetime.now(UTC)
                )
            ]
            session.add(
                NomineeList(
                    movement=session.scalars(select(Movement)).one(),
                    file_name="danh-sach.xlsx",
                    content=b"",
                    state=NomineeListState.READ,
                    uploaded_by=staff[f"unit_officer:{AWARDED.unit}"][0].id,
                    uploaded_at=NOW,
                )
            )
            session.add(
                Export(
                    kind=ExportKind.NOMINATIONS,
                    person_id=staff[f"unit_officer:{AWARDED.unit}"][0].id,
                    asked_at=NOW,
                    filters={},
                    queues=[],
                    file_name="danh-sach.xlsx",
                    state=ExportState.READY,
                    total=0,
                    done=0,
                    content=b"x",
                    size=1,
                    sha256="0" * 64,
                    token="packed.zip",  # noqa: S106 - a file
                    expires_at=NOW.replace(year=NOW.year + 9),
                )
            )
            archives = app.config["UPLOADS"].parent / "archives"
            archives.mkdir(exist_ok=True)
            (archives / "packed.zip").write_bytes(b"x")
            (app.config["UPLOADS"] / "signed").write_bytes(b"x")
            decision = session.scalars(select(Decision)).first()
            session.add(
                SignedPaper(
                    decision_id=decision.id,
                    version=1,
                    token="signed",  # noqa: S106 - a file
                    file_name="ban-ky.pdf",
                    size=1,
                    sha256="0" * 64,
                    report={"signatures": [], "is_compared": True},
                    salt=b"",
                    digest="",
                    added_by=somebody,
                    added_at=NOW,
                    scan_state="clean",
                    scan_finding="",
                )
            )
            session.add(
                PaperTemplate(
                    kind="decision",
                    format=TemplateFormat.TYPST,
                    version=1,
                    valid_from=NOW.date(),
                    note="",
                    uploaded_by=somebody,
                    uploaded_at=NOW,
                )
            )
            session.add(
                Batch(
                    kind="complete",
                    actor_id=staff[f"unit_officer:{AWARDED.unit}"][0].id,
                    created_at=NOW,
                    step="",
                    form_key="",
                    state=BatchState.FROZEN,
                    total=0,
                    done=0,
                    content={},
                    variables={},
                )
            )
    return app


def addresses(app):
    """Every GET address, with arguments that are there and arguments that are not."""
    with app.app_context(), Session(web.db.engine) as session:
        clerk = people.by_queue(session, NOW.date())["records_clerk"][0]
        known = {
            "code": [*session.scalars(select(Nomination.code)), "HS-1999-00001"],
            "task_id": [
                *session.scalars(select(UserTask.id).where(UserTask.state.in_(OPEN))),
                1,
            ],
            "token": [*app.config["LINKS"], *session.scalars(select(Decision.token))],
            "key": [issuing.groups(session, clerk)[0].key],
            "proposal_id": [*session.scalars(select(Proposal.id)), 9_999],
            "unit_code": ["SO-TP", "NO-SUCH"],
            "block_code": ["K01", "NO-SUCH"],
            "movement_code": [*session.scalars(select(Movement.code)), "NO-SUCH"],
            "kind": ["decision", "no-such"],
            "question_key": ["activity", "no-such"],
        }
    with app.test_request_context():
        return [
            app.url_for(
                rule.endpoint,
                **{n: value if n == name or not name else 1 for n in rule.arguments},
            )
            for rule in rules(app)
            if "GET" in rule.methods
            for name in [next((n for n in rule.arguments if n in known), "")]
            for value in known.get(name, [1, 9_999])
        ]


def contents(app):
    """All rows of all tables."""
    with app.app_context(), web.db.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        return {
            name: [tuple(row) for row in connection.execute(table.select())]
            for name, table in metadata.tables.items()
            if name not in READING
        }


def test_every_endpoint_carries_exactly_one_guard(app):
    bare = {name for name, view in app.view_functions.items() if view not in GUARDS}
    doubled = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "__wrapped__", None) in GUARDS
    }

    assert bare == {"static"}
    assert doubled == set()


def test_only_these_endpoints_are_public(app):
    public = {
        name for name, view in app.view_functions.items() if GUARDS.get(view) == "public"
    }

    assert public == {
        "auth.home",
        "auth.sign_in",
        "auth.check_sign_in",
        "auth.sign_out",
        "auth.choose_language",
        "auth.choose_password",
        "auth.keep_password",
        "decisions.check",  # number, date, hash and validity of a paper, and nothing else
        "health.check",
        "provider.begin",
        "provider.come_back",
        "second_factor.ask",  # for whoever has proved half of who he is
        "second_factor.check",
    }


def test_addresses_are_kebab_case(app):
    word = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|\.[a-z]+")
    odd = {
        rule.rule
        for rule in rules(app)
        for part in re.sub(r"<[^>]+>", "", rule.rule).split("/")
        if part and not word.fullmatch(part)
    }

    assert odd == set()


def test_parameters_are_typed(app):
    texts = (
        "code",
        "token",
        "unit_code",
        "block_code",
        "movement_code",
        "key",
        "kind",
        "question_key",
    )
    kinds = dict.fromkeys(texts, UnicodeConverter) | {"filename": PathConverter}
    odd = {
        rule.rule
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter) is not kinds.get(name, RowNumber)
    }

    assert odd == set()


def test_addresses_have_no_slash_at_the_end(app):
    assert [rule.rule for rule in rules(app) if rule.rule.endswith("/")] == ["/"]


def test_methods_are_get_or_post(app):
    methods = {frozenset(rule.methods) for rule in app.url_map.iter_rules()}

    assert methods == {
        frozenset({"GET", "HEAD", "OPTIONS"}),
        frozenset({"POST", "OPTIONS"}),
    }


def test_facts_that_others_rely_on(app):
    known = {rule.rule for rule in rules(app)}

    assert known >= {
        "/login",
        "/inbox",
        "/tasks/<int:task_id>",
        "/nominations/<code>",
        "/nominations/<code>/history",
        "/board",
        "/healthz",
    }


def test_no_get_changes_the_database(busy, browse):
    before = contents(busy)
    seen = set()
    for login in READERS.values():
        reader = browse(login)
        for address in set(addresses(busy)):
            with reader.get(address) as answer:
                assert answer.status_code in {200, 302, 303, 404, 410}  # 303: declare first
                if answer.status_code == 200:
                    seen.add(busy.url_map.bind("").match(address)[0])

    gets = {rule.endpoint for rule in rules(busy) if "GET" in rule.methods}
    assert gets - seen == {
        "auth.home",  # these lead on
        "auth.sign_in",
        "signed_papers.of_proposal",  # none is signed; tests/views/test_signed_papers.py
        "provider.come_back",  # writes when a provider is set: it begins a session
        "second_factor.ask",
        "certificates.paper",  # nobody is in the book yet
        "proofs.consistency_file",  # nothing is signed; tests/views/test_proofs.py for these
        "proofs.download",
        "proofs.show_file",
    }
    assert contents(busy) == before


def test_a_stranger_is_sent_to_sign_in(busy, browse):
    stranger = browse()
    open_to_all = {
        address
        for address in addresses(busy)
        if not stranger.get(address).headers.get("Location", "").startswith("/login")
    }

    links = {
        address for address in addresses(busy) if re.match("/(password|check)/", address)
    }
    provider = "/login/provider"  # 404: none is set
    assert open_to_all == {"/login", "/healthz", provider, *links}
