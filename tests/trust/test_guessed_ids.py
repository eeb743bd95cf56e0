"""A3 of trust.md: another unit's numbers reach nothing, and look as numbers that nobody has."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import access
from awards.proposals import rights
from models.awards import Nomination, NomineeList
from models.batches import Batch
from models.examples import Discovery, Story, StoryState
from models.exports import Export
from models.messages import Message
from models.organisation import Delegation, Person, Post, Unit
from models.papers import Attachment, DecisionEntry, Notice
from models.proposals import Proposal
from models.records import OwnAward
from models.saved_views import SavedView
from models.session import reading
from models.signed_papers import SignedPaper
from models.tasks import UserTask
from tests import factories
from tests.permissions import CELLS, TABLE
from tests.staging import House, nothing_written

pytestmark = pytest.mark.trust
ATTACKERS = {"unit_officer": "lan.tuphap", "unit_head": "quang.tuphap"}
MISSING = "8888888"
NEAR = "SO-YT"
OUR_SIGNATURE = f"unit_head:{factories.UNIT}"
LATER = "?q=x&page=2&all=1&next=//evil.example&unit=SO-TP&stage=appraise&sort=-holder"
Ids = dict[str, list[str]]


def foreign_ids(session: Session) -> Ids:
    """Every number of another unit's, by the word that stands for it in docs/permissions.md."""
    ours = select(Nomination.id).join(Nomination.unit).where(_is_ours())
    theirs = Nomination.id.not_in(ours)
    instances = select(Nomination.instance_id).where(theirs)
    numbers = select(Nomination.id).where(theirs)
    me = select(Person.id).where(Person.login.in_(ATTACKERS.values()))
    queries: dict[str, Any] = {
        "CODE": select(Nomination.code).where(theirs),
        "TASK": select(UserTask.id).where(UserTask.instance_id.in_(instances)),
        "ATTACHMENT": select(Attachment.id).where(Attachment.nomination_id.in_(numbers)),
        "DECISION": select(DecisionEntry.decision_id).where(
            DecisionEntry.nomination_id.in_(numbers)
        ),
        "NOTICE": select(Notice.id).where(Notice.nomination_id.in_(numbers)),
        "SIGNED": select(SignedPaper.id)
        .join(DecisionEntry, DecisionEntry.decision_id == SignedPaper.decision_id)
        .where(DecisionEntry.nomination_id.in_(numbers)),
        "MESSAGE": select(Message.id).where(Message.person_id.not_in(me)),
        "LIST": select(NomineeList.id).where(NomineeList.uploaded_by.not_in(me)),
        "BATCH": select(Batch.id).where(Batch.actor_id.not_in(me)),
        "EXPORT": select(Export.id).where(Export.person_id.not_in(me)),
        "PROPOSAL": select(Proposal.id).where(Proposal.queue != OUR_SIGNATURE),
        "VIEW": select(SavedView.id).where(SavedView.person_id.not_in(me)),
        "HELD": select(Post.id).where(Post.person_id.not_in(me)),
        "RECORD": select(OwnAward.id)
        .join(OwnAward.unit)
        .where(Unit.code != factories.UNIT),
        "STORY": select(Story.id).where(Story.state != StoryState.PUBLISHED),
        "DISCOVERY": select(Discovery.id)
        .join(Discovery.unit)
        .where(Unit.code != factories.UNIT),
        "DELEGATION": select(Delegation.id).join(Post).where(Post.person_id.not_in(me)),
    }
    return {word: [str(one) for one in session.scalars(q)] for word, q in queries.items()}


def _is_ours() -> Any:
    return Nomination.unit.property.mapper.class_.code == factories.UNIT


def swaps(ids: Ids, role: str) -> Iterator[tuple[str, str]]:
    """Addresses that serve the attacker's own numbers: with another's, and with a missing one."""
    for (row, asked_by), cell in CELLS.items():
        word = next((one for one in ids if re.search(rf"\b{one}\b", row)), "")
        if asked_by != role or not word or cell == "–":
            continue
        nothing = "HS-1999-09999" if word == "CODE" else MISSING
        for number in ids[word]:
            yield row.replace(word, number), row.replace(word, nothing)


def answer(house: House, login: str, path: str, **headers: str) -> tuple[object, ...]:
    """The whole answer without its own address, the tokens of forms and the cookie."""
    method, address = path.split(" ")
    response = house.browser(login).open(
        address, method=method, headers=headers, buffered=True
    )
    page = response.data.decode(errors="replace").replace(address.partition("?")[0], "PATH")
    kept = {k: v for k, v in response.headers if k not in ("Content-Length", "Set-Cookie")}
    return response.status_code, re.sub(r'"[\w.-]{40,}"', "TOKEN", page), kept


def told_apart(house: House, login: str, pairs: list[tuple[str, str]]) -> list[str]:
    """The foreign addresses that answer otherwise than missing ones, in any manner of asking."""
    found = []
    for foreign, missing in pairs:
        for headers, more in (({}, ""), ({"HX-Request": "true"}, LATER)):
            got = answer(house, login, foreign + more, **headers)
            if got != answer(house, login, missing + more, **headers) or got[0] != 404:
                found.append(f"{foreign}{more}: {got[0]}")
        if foreign.startswith("GET"):
            head = house.browser(login).head(foreign[4:])
            found += [f"HEAD {foreign}"] * (head.status_code != 404)
    return found


@pytest.fixture
def ids(house: House) -> Ids:
    with reading(house.engine) as session:
        return foreign_ids(session)


@pytest.mark.parametrize("role", ATTACKERS)
def test_foreign_is_answered_as_missing(
    house: House, ids: Ids, size: Callable[[int], int], role: str
) -> None:
    pairs = list(swaps(ids, role))
    step = 10 // size(10)
    chosen = pairs[:: step if step == 1 else step * 2]  # a twentieth: each asks five times

    with nothing_written(house.app):
        assert told_apart(house, ATTACKERS[role], chosen) == []
    assert len(pairs) >= 200
    assert len({one.split("/")[1] for one, _other in chosen}) >= 3


@pytest.mark.parametrize(
    ("rules", "rule", "start"),
    [
        (access, "may_see_list", "GET /imports/"),
        (access, "owns_export", "GET /exports/"),
        (rights, "may_see", "GET /proposals/"),
    ],
    ids=["list", "export", "proposal"],
)
def test_what_is_found_by_its_number_is_caught(house, ids, monkeypatch, rules, rule, start):
    pairs = [p for p in swaps(ids, "unit_officer") if p[0].startswith(start)]
    assert told_apart(house, "lan.tuphap", pairs) == []

    monkeypatch.setattr(rules, rule, lambda *_: True)

    found = {
        said.partition("?")[0].partition(": ")[0]
        for said in told_apart(house, "lan.tuphap", pairs)
    }
    assert {pair[0] for pair in pairs} <= found


def searches(case: Any) -> list[tuple[str, str]]:
    """Questions about a foreign nomination, and the same about one that nobody has."""
    return [
        (path.format(case.code), path.format("HS-1999-09999"))
        for path in (
            "/nominations?movement=all&q={}",
            "/nominations?movement=all&status=overdue&q={}&sort=-holder",
            "/board?movement=all&q={}",
            "/board?movement=all&q={}&page=2",
            "/board?movement=all&stage=appraise&q={}",
            "/inbox?tab=groups&q={}",
            "/inbox?tab=done&q={}",
            "/batches?q={}",
            "/search?q={}",
            "/search?q={}&entered=1",
        )
    ]


@pytest.mark.parametrize("role", ATTACKERS)
def test_search_neither_finds_nor_counts_what_is_anothers(house, found, role):
    client, wrong = house.browser(ATTACKERS[role]), []
    for relation in ("near", "far"):
        case = found.cases["appraise"][relation]
        for foreign, missing in searches(case):
            pages = [client.get(foreign), client.get(missing)]
            told = [
                re.sub(r'"[\w.-]{40,}"', "TOKEN", page.text)
                .replace(case.code, "CODE")
                .replace("HS-1999-09999", "CODE")
                for page in pages
            ]
            wrong += [foreign] if told[0] != told[1] or pages[0].status_code != 200 else []

    assert wrong == []


@pytest.mark.parametrize("role", ATTACKERS)
def test_lists_hold_no_foreign_number_whatever_is_asked_for(house, ids, role):
    client = house.browser(ATTACKERS[role])
    asked = [
        "",
        f"unit={NEAR}",
        "unit=XA-VG",
        "block=K02",
        "status=awarded",
        "page=0",
        "page=2",
    ]
    asked += ["sort=-unit", "stage=appraise", "status=waiting", "tab=done", "all=1"]
    leaked = [
        (path, more)
        for path in (
            "/nominations",
            "/board",
            "/inbox",
            "/batches",
            "/imports",
            "/delegations",
        )
        for more in asked
        for page in [client.get(f"{path}?movement=all&{more}").text]
        if any(code in page for code in ids["CODE"])
    ]

    assert leaked == []
    assert client.get("/board?movement=all").text.count("HS-2026-") > 5


def test_numbers_in_fields_reach_nothing_of_anothers(house, found, ids):
    """Ids that forms hand back: tasks of a batch, a paper to remove, a unit, a delegate."""
    officer, head = house.browser("lan.tuphap"), house.browser("quang.tuphap")
    own, near = (found.cases["prepare_nomination"][one] for one in ("own", "near"))
    with reading(house.engine) as session:
        officer_id, head_id = (factories.actor(session, f"{r}:SO-TP") for r in ATTACKERS)
        held = officer_id.posts[0].id
        strangers = session.scalars(select(Person.id).where(Person.id > head_id.id)).all()
        papers = len(session.scalars(select(Attachment.id)).all())
    tasks = [f"{task}.{revision}" for task in ids["TASK"] for revision in (1, 2)]
    unit = {"movement": "VHCS-2025", "award": "BKT", "unit": NEAR, "command_key": "k1"}
    unit |= {"nominee_kind": "individual", "nominee_name": "Kẻ Lạ"}
    days = {"valid_from": "2030-01-01", "valid_to": "2030-01-02", "legal_basis": "x"}

    with nothing_written(house.app):
        for client in (officer, head):
            client.post("/batches", data={"task": tasks, "command_key": "k2"})
            declared = {f"relation-{n}": "relative" for n in range(1, 60)}
            client.post("/interests", data={"task": near.task} | declared)
        assert officer.post("/nominations/new", data=unit).status_code == 422
        for person in strangers:
            sent = days | {"delegate": person, "command_key": f"d{person}"}
            code = officer.post(f"/delegations/posts/{held}", data=sent).status_code
            assert code == 422
    for paper in ids["ATTACHMENT"]:
        officer.post(f"/tasks/{own.task}/draft", data={"remove": paper})
    with reading(house.engine) as session:
        assert len(session.scalars(select(Attachment.id)).all()) == papers


def test_page_asks_of_every_number_that_an_address_holds(ids):
    """Words of the table that stand for numbers: all are swapped, but those of no unit."""
    words = {w for row in TABLE[1:] for w in numbers_in(row[0])}
    kept = {"PERSON", "UNIT", "BLOCK", "MOVEMENT", "AWARD", "BASIS", "DEFINITION"}
    kept |= {"GROUP", "DRAFT", "RULE", "MAIL", "KIND", "TEMPLATE", "FINDING", "QUESTION"}
    kept |= {"SIZE", "EVENT", "SAMPLE", "PLACE"}
    nobodys = {
        "LINK",
        "SESSION",
        "SEASON",
    }  # secrets, one's own whatever is asked, everybody's
    assert words - kept == set(ids) | nobodys

    assert [word for word in ids if not ids[word]] == []
    opened = {
        row for (row, role), cell in CELLS.items() if role in ATTACKERS and cell != "–"
    }
    assert {word for row in opened for word in numbers_in(row)} & kept == set()


def numbers_in(row: str) -> list[str]:
    return re.findall(r"\b[A-Z]{4,}\b", row[5:])
