"""Every cell of docs/permissions.md, asked of the running application."""

import re
from pathlib import Path

import pytest

from awards.demo.catalogue import MOVEMENT
from tests.stages import PEOPLE, STEPS
from tests.views.conftest import nothing_written
from views.guards import GUARDS

PAGE = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text()
STRANGER = "stranger"
RELATIONS = {"unit": {"own"}, "Khối": {"own", "near"}, "all": {"own", "near", "far"}}
PLACEHOLDERS = {  # the words of the page, and what Flask calls them
    "CODE": "<code>",
    "ATTACHMENT": "<int:attachment_id>",
    "DECISION": "<int:decision_id>",
    "NOTICE": "<int:notice_id>",
    "LIST": "<int:list_id>",
    "DEFINITION": "<int:definition_id>",
    "BATCH": "<int:batch_id>",
    "TASK": "<int:task_id>",
    "LINK": "<token>",
    "SESSION": "<int:session_id>",
    "PERSON": "<int:person_id>",
    "HELD": "<int:post_id>",
    "UNIT": "<unit_code>",
    "BLOCK": "<block_code>",
    "MOVEMENT": "<int:movement_id>",
    "AWARD": "<int:award_id>",
    "BASIS": "<int:basis_id>",
    "DELEGATION": "<int:delegation_id>",
    "PROPOSAL": "<int:proposal_id>",
    "TEMPLATE": "<int:template_id>",
    "SEASON": "<movement_code>",
    "KIND": "<kind>",
}
ANSWERS = {  # what those who may get, where it is not simply the page
    "GET /": 302,
    "POST /login": 422,  # nothing was entered
    "POST /logout": 303,
    "GET /password/LINK": 410,  # nobody was given this one
    "POST /password/LINK": 410,
    "POST /account/password": 422,
    "POST /account/sessions/SESSION/end": 303,
    "POST /account/sessions/end": 303,
    "POST /people": 422,
    "POST /people/PERSON/close": 303,
    "POST /people/PERSON/reopen": 303,
    "POST /people/PERSON/posts": 422,
    "POST /units/new": 422,
    "POST /units/changes/new": 422,
    "POST /units/UNIT/block": 422,
    "POST /blocks": 422,
    "POST /blocks/BLOCK/handover": 422,
    "POST /blocks/years/new": 422,
    "POST /people/PERSON/posts/HELD/end": 303,
    "POST /delegations/posts/HELD": 422,
    "POST /delegations/DELEGATION/end": 303,
    "GET /interests": 303,  # to the inbox: everything is declared
    "POST /interests": 303,
    "GET /second-factor": 302,  # home: nobody is half signed in
    "POST /second-factor": 303,
    "POST /people/PERSON/second-factor/forget": 303,
    "POST /movements/new": 422,
    "POST /movements/MOVEMENT": 422,
    "POST /awards/new": 422,
    "POST /awards/AWARD": 422,
    "POST /rosters/new": 422,
    "POST /calendar": 422,
    "POST /calendar/forget": 303,  # no day was given, and the page says so
    "POST /legal-bases": 422,
    "POST /paper-templates/KIND": 422,
    "POST /legal-bases/BASIS/end": 303,
    "POST /language": 303,
    "POST /nominations/new": 422,
    "POST /nominations/CODE/comments": 422,
    "POST /nominations/CODE/withdraw": 422,
    "POST /nominations/CODE/operations/new": 422,
    "POST /operations/retry": 303,  # nothing was chosen, and the page says so
    "POST /operations/confirm": 303,
    "POST /operations/decline": 303,
    "POST /operations/migration": 422,
    "POST /nominations/CODE/extension": 422,
    "POST /notices/NOTICE/read": 303,
    "POST /imports": 422,
    "POST /imports/LIST/confirm": 409,  # this one was not read yet
    "POST /processes": 422,
    "POST /processes/DEFINITION/confirm": 303,  # it is confirmed already
    "POST /batches": 303,  # back to the inbox: nothing was chosen
    "POST /batches/BATCH": 422,
    "POST /tasks/TASK": 422,
    "POST /tasks/TASK/claim": 303,
    "POST /tasks/TASK/unclaim": 303,  # it lies in the queue already
    "POST /tasks/TASK/draft": 303,
}
WRITING = {address for address, code in ANSWERS.items() if code == 303}
WRITING |= {"POST /people/PERSON/link"}


def tables():
    """The page's tables as lists of rows, each row a list of cells."""
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = [line.strip().strip("|").split("|") for line in block.splitlines()]
        rows = [[cell.strip() for cell in line] for line in lines]
        yield [rows[0], *rows[2:]]


STEP_TABLE, PAIRS, TABLE = tables()
ROLES = TABLE[0][1:]
CELLS = {
    (row[0], role): cell
    for row in TABLE[1:]
    for role, cell in zip(ROLES, row[1:], strict=True)
}
STEP_OF = {role: step for step, role in STEP_TABLE[1:]}


def targets(found, address, role):
    """Every address to ask for, and whether this cell of the table lets the person in."""
    cell = CELLS[address, role]
    numbered = re.sub(
        "DEFINITION|LINK|SESSION|PERSON|HELD|DELEGATION|MOVEMENT|AWARD|BASIS|PROPOSAL|TEMPLATE",
        "1",
        address,
    )
    numbered = numbered.replace("/KIND", "/decision").replace("/SEASON", f"/{MOVEMENT}")
    numbered = numbered.replace("/UNIT", "/SO-TP").replace("/BLOCK", "/K01")
    if numbered != address:
        yield numbered, cell == "yes"
        return
    for word, whose, numbers in (
        ("LIST", "unit_officer", (found.own_list, found.other_list)),
        ("BATCH", "unit_head", (found.own_batch, found.other_batch)),
    ):
        if word in address:
            own, other = (address.replace(word, str(number)) for number in numbers)
            yield own, cell in ("sent", "begun") and role == whose
            yield other, False
            return
    wanted = [word for word in PLACEHOLDERS if word in address]
    if not wanted:
        yield address, cell == "yes"
        return
    scope = cell.removeprefix("step, ")
    for place, relation, case in _cases(found, wanted[0]):
        at_step = not cell.startswith("step") or place == STEP_OF.get(role)
        value = {
            "CODE": case.code,
            "ATTACHMENT": case.attachment,
            "DECISION": case.decision,
            "NOTICE": case.notice,
            "TASK": case.task,
        }[wanted[0]]
        is_open = at_step and relation in RELATIONS.get(scope, ())
        yield address.replace(wanted[0], str(value)), is_open


def _cases(found, word):
    places = {
        "CODE": ["appraise"],
        "ATTACHMENT": ["prepare_nomination", "appraise"],
        "DECISION": ["awarded"],
        "NOTICE": ["refused"],
        "TASK": list(STEPS),
    }[word]
    for place in places:
        for relation, case in found.cases[place].items():
            yield place, relation, case


def ask(client, address):
    method, path = address.split(" ")
    return client.open(path, method=method)


@pytest.mark.parametrize("address", [row[0] for row in TABLE[1:]])
@pytest.mark.parametrize("role", ROLES)
def test_permission_is_as_the_page_says(request, open_house, found, role, address):
    cell = CELLS[address, role]
    login = "" if role == STRANGER else PEOPLE[role]
    refused = 303 if cell == "sign in" else 404
    asked = dict(targets(found, address, role))
    client = open_house(login)
    if address in WRITING and any(asked.values()):
        client = request.getfixturevalue("browse")(login)
    if address == "POST /login":  # a sign-in that fails signs nobody out
        client = open_house.app.test_client()
    allowed = 302 if address == "GET /login" and login else ANSWERS.get(address, 200)

    with nothing_written(open_house.app):
        answers = {path: ask(client, path).status_code for path in asked}

    assert answers == {
        path: allowed if is_open else refused for path, is_open in asked.items()
    }


def test_permissions_page_knows_every_role_and_step(found):
    assert [STRANGER, *PEOPLE] == ROLES
    assert [step for step, _role in STEP_TABLE[1:]] == list(STEPS)
    assert set(STEP_OF) <= set(PEOPLE)


def test_permissions_page_knows_every_address(app):
    def address(rule, method):
        path = rule.rule
        for word, flask_word in PLACEHOLDERS.items():
            path = path.replace(flask_word, word)
        return f"{method} {path}"

    served = {
        address(rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert {row[0] for row in TABLE[1:]} == served


def test_every_endpoint_has_one_guard(app):
    bare = {name for name, view in app.view_functions.items() if view not in GUARDS}
    assert bare == {"static"}


def test_unsafe_addresses_are_not_reached_by_get(open_house, found):
    reached = {}
    for address in (row[0] for row in TABLE[1:]):
        if not address.startswith("POST ") or f"GET {address[5:]}" in dict(
            CELLS_BY_ADDRESS
        ):
            continue
        with nothing_written(open_house.app):
            for path, _is_open in targets(found, address, "unit_officer"):
                reached[path] = open_house("lan.tuphap").get(path[5:]).status_code
    assert set(reached.values()) == {404}


CELLS_BY_ADDRESS = {address: cell for (address, _role), cell in CELLS.items()}

FOREIGN = [  # who sees only a part, a foreign thing's address, that of a missing one
    ("lan.tuphap", "GET /nominations/{far.code}", "GET /nominations/HS-2026-09999"),
    ("lan.tuphap", "GET /nominations/{near.code}", "GET /nominations/HS-2026-09999"),
    ("khoitruong.k01", "GET /nominations/{far.code}", "GET /nominations/HS-2026-09999"),
    (
        "lan.tuphap",
        "GET /nominations/{far.code}/diagram.bpmn",
        "GET /nominations/X/diagram.bpmn",
    ),
    ("lan.tuphap", "GET /nominations/{near.code}/history", "GET /nominations/X/history"),
    (
        "quang.tuphap",
        "GET /nominations/{near.code}/withdraw",
        "GET /nominations/X/withdraw",
    ),
    (
        "quang.tuphap",
        "POST /nominations/{near.code}/withdraw",
        "POST /nominations/X/withdraw",
    ),
    (
        "lan.tuphap",
        "POST /nominations/{near.code}/comments",
        "POST /nominations/X/comments",
    ),
    ("lan.tuphap", "GET /attachments/{near.attachment}", "GET /attachments/99999"),
    (
        "lan.tuphap",
        "GET /attachments/{far.attachment}/preview.png",
        "GET /attachments/9/preview.pn",
    ),
    ("lan.tuphap", "GET /tasks/{near.task}", "GET /tasks/99999"),
    ("nga.noivu", "GET /tasks/{own.task}", "GET /tasks/99999"),
    ("lan.tuphap", "POST /tasks/{near.task}", "POST /tasks/99999"),
    ("lan.tuphap", "POST /tasks/{near.task}/claim", "POST /tasks/99999/claim"),
    ("lan.tuphap", "POST /tasks/{near.task}/unclaim", "POST /tasks/99999/unclaim"),
    ("lan.tuphap", "POST /tasks/{near.task}/draft", "POST /tasks/99999/draft"),
]


@pytest.mark.parametrize(("login", "foreign", "missing"), FOREIGN)
def test_foreign_and_missing_look_the_same(open_house, found, login, foreign, missing):
    def answer(address):
        response = ask(open_house(login), address)
        page = response.get_data(as_text=True).replace(address.split(" ")[1], "PATH")
        page = re.sub(r'"[\w.-]{40,}"', "TOKEN", page)
        headers = {
            k: v for k, v in response.headers if k not in ("Content-Length", "Set-Cookie")
        }
        return response.status_code, page, headers

    where = found.cases["prepare_nomination"]
    assert answer(foreign.format(**where)) == answer(missing)


def test_foreign_decision_list_and_notice_look_as_missing_ones(open_house, found):
    def bodies(*addresses):
        for address in addresses:
            response = ask(open_house("lan.tuphap"), address)
            page = response.get_data(as_text=True).replace(address.split(" ")[1], "PATH")
            yield response.status_code, re.sub(r'"[\w.-]{40,}"', "TOKEN", page)

    far = found.cases["awarded"]["far"].decision
    refused = found.cases["refused"]["near"].notice
    pairs = [
        (f"GET /decisions/{far}.pdf", "GET /decisions/99999.pdf"),
        (f"GET /imports/{found.other_list}", "GET /imports/99999"),
        (f"GET /imports/{found.other_list}/progress", "GET /imports/99999/progress"),
        (f"POST /imports/{found.other_list}/confirm", "POST /imports/99999/confirm"),
        (f"POST /notices/{refused}/read", "POST /notices/99999/read"),
        (f"GET /batches/{found.other_batch}", "GET /batches/99999"),
        (f"POST /batches/{found.other_batch}", "POST /batches/99999"),
        (f"GET /batches/{found.other_batch}/progress", "GET /batches/99999/progress"),
    ]
    for foreign, missing in pairs:
        first, second = bodies(foreign, missing)
        assert first == second
        assert first[0] == 404
