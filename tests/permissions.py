"""What docs/permissions.md says, cell by cell, as requests to ask of the running application."""

import re
from pathlib import Path

from awards.demo.catalogue import MOVEMENT
from tests.stages import PEOPLE, STEPS

PAGE = (Path(__file__).parents[1] / "docs" / "permissions.md").read_text()
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
    "EXPORT": "<int:export_id>",
    "PROPOSAL": "<int:proposal_id>",
    "GROUP": "<key>",
    "DRAFT": "<int:draft_id>",
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
    "RULE": "<int:rule_id>",
    "TEMPLATE": "<int:template_id>",
    "SEASON": "<movement_code>",
    "KIND": "<kind>",
    "MESSAGE": "<int:message_id>",
    "MAIL": "<int:mail_id>",
    "SIGNED": "<int:signed_paper_id>",
    "DELEGATION": "<int:delegation_id>",
    "STORY": "<int:story_id>",
    "DISCOVERY": "<int:discovery_id>",
    "RECORD": "<int:record_id>",
    "FINDING": "<int:finding_id>",
    "QUESTION": "<question_key>",
    "SAMPLE": "<int:sample_id>",
    "PLACE": "<int:place>",
    "SIZE": "<int:size>",
    "EVENT": "<int:sequence>",
    "VIEW": "<int:view_id>",
}
ANSWERS = {  # what those who may get, where it is not simply the page
    "GET /": 302,
    "POST /login": 422,  # nothing was entered
    "POST /logout": 303,
    "POST /login/provider": 404,  # none is set; tests/trust/test_provider.py has one
    "GET /login/provider": 404,
    "POST /account/provider": 404,
    "POST /account/provider/forget": 303,
    "POST /people/PERSON/provider": 404,
    "POST /people/PERSON/provider/forget": 303,
    "GET /history/checkpoints/SIZE.txt": 303,  # nothing is signed yet, and the page says so
    "GET /history/consistency.json": 303,
    "GET /nominations/CODE/history/EVENT/proof.json": 303,  # to its page, which says so
    "GET /password/LINK": 410,  # nobody was given this one
    "POST /password/LINK": 410,
    "POST /account/password": 422,
    "POST /account/sessions/SESSION/end": 303,
    "POST /account/sessions/end": 303,
    "POST /people": 422,
    "POST /people/links": 303,  # nobody was ticked, and the page says so
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
    "POST /legal-bases/BASIS/end": 303,
    "POST /paper-templates/KIND": 422,
    "POST /account/email": 422,
    "POST /account/messages": 422,
    "POST /messages/MESSAGE/read": 303,
    "POST /messages/read": 303,
    "POST /people/PERSON/email": 303,
    "POST /operations/mails/MAIL/retry": 303,  # there is none, and the page says so
    "POST /exports/decisions/DECISION": 303,
    "GET /exports/EXPORT.zip": 303,  # to its page: this one is a spreadsheet
    "POST /signed-papers/decisions/DECISION": 422,
    "POST /awards/AWARD/certificate": 422,
    "POST /bonus-rules/salaries": 422,
    "POST /bonus-rules/salaries/RULE/end": 303,
    "POST /bonus-rules/multiples": 422,
    "POST /bonus-rules/multiples/RULE/end": 303,
    "POST /bonus-rules/policies": 422,
    "POST /bonus-rules/policies/RULE/end": 303,
    "POST /decisions/DECISION/certificates": 303,
    "GET /decisions/DECISION/certificates.pdf": 303,  # nobody is in the book yet
    "POST /personal-data/copy": 422,
    "POST /personal-data/erasure": 422,
    "POST /examples/STORY/publish": 303,  # it is published already
    "POST /examples/STORY/return": 422,
    "POST /nominations/CODE/story": 422,
    "POST /discoveries": 422,
    "POST /discoveries/DISCOVERY/decline": 303,  # no answer was given, and the page says so
    "POST /purposes/SEASON/acknowledge": 303,
    "POST /retention/holds": 422,
    "POST /retention/holds/lift": 422,
    "POST /language": 303,
    "POST /nominations/new": 422,
    "POST /nominations/CODE/comments": 422,
    "POST /nominations/CODE/withdraw": 422,
    "POST /nominations/CODE/identity/correction": 422,
    "POST /nominations/CODE/operations/new": 422,
    "POST /operations/retry": 303,  # nothing was chosen, and the page says so
    "POST /operations/confirm": 303,
    "POST /operations/decline": 303,
    "POST /operations/migration": 422,
    "POST /nominations/CODE/extension": 422,
    "POST /notices/NOTICE/read": 303,
    "POST /imports": 422,
    "POST /imports/LIST/confirm": 409,  # this one was not read yet
    "POST /exports/nominations": 303,  # back to the list: the form had no key
    "POST /exports/board": 303,
    "POST /exports/outcomes": 303,
    "POST /exports/overview": 303,
    "POST /board/views": 422,
    "POST /exports/organisation": 303,
    "POST /exports/accounts": 303,
    "POST /exports/history/CODE": 303,
    "POST /exports/records": 303,
    "POST /exports/quality": 303,
    "POST /records/evaluations/new": 422,
    "POST /records/evaluations/RECORD/edit": 422,
    "POST /records/evaluations/RECORD/sign": 303,
    "POST /records/registrations/new": 422,
    "POST /records/registrations/RECORD/edit": 422,
    "POST /records/inspections/new": 422,
    "POST /records/inspections/RECORD/edit": 422,
    "POST /records/inspections/findings/FINDING/close": 422,
    "POST /records/own-awards/new": 422,
    "POST /records/own-awards/RECORD/edit": 422,
    "POST /records/communications/new": 422,
    "POST /records/communications/RECORD/edit": 422,
    "POST /exports/events": 303,
    "POST /exports/evidence/nominations/CODE": 303,
    "POST /exports/evidence/decisions/DECISION": 303,
    "POST /history/samples": 422,
    "POST /history/samples/SAMPLE/items/PLACE": 303,
    "POST /proposals": 303,  # nothing was chosen, and the page of drafts is shown
    "POST /proposals/PROPOSAL": 303,  # nothing was changed, and that is kept
    "POST /proposals/PROPOSAL/add": 303,
    "POST /proposals/PROPOSAL/take-back": 303,
    "POST /proposals/PROPOSAL/discard": 303,
    "POST /proposals/PROPOSAL/tasks": 303,
    "POST /proposals/PROPOSAL/sign": 422,
    "POST /decisions/new/GROUP": 409,  # its page has shown nobody
    "POST /decisions/DECISION/correct": 422,
    "POST /decisions/DECISION/revoke": 422,
    "POST /decisions/DECISION/cancel": 422,
    "POST /decisions/drafts/DRAFT/sign": 303,
    "POST /decisions/drafts/DRAFT/decline": 303,
    "POST /decisions/drafts/DRAFT/issue": 303,  # it is not signed, and the page says so
    "GET /check/LINK": 404,  # no paper carries this code
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


STEP_TABLE, PAIRS, EXPORTS, TABLE, FIELDS = tables()
ROLES = TABLE[0][1:]
CELLS = {
    (row[0], role): cell
    for row in TABLE[1:]
    for role, cell in zip(ROLES, row[1:], strict=True)
}
STEP_OF = {role: step for step, role in STEP_TABLE[1:]}
STATES = (
    *STEPS,
    "awarded",
    "refused",
    "not_selected",
    "withdrawn",
    "returned",
    "answered",
    "itemised",
)
_WAITS_AT = {  # where nominations wait that have been returned, some of them answered since
    "returned": "prepare_nomination",
    "answered": "review_by_block",
    "itemised": "prepare_nomination",
}


def targets(found, address, role, states=None):
    """Every address to ask for, and whether this cell of the table lets the person in.

    `states` are the places where the nominations stand that are asked about; one unless given.
    """
    cell = CELLS[address, role]
    address = address.replace("EVENT", "1")
    if "MESSAGE" in address:
        for login, number in found.messages.items():
            is_own = cell == "own" and PEOPLE.get(role) == login
            yield address.replace("MESSAGE", str(number)), is_own
        return
    if "RECORD" in address or "FINDING" in address:
        for number, relation in enumerate(("own", "near", "far"), start=1):
            path = re.sub("RECORD|FINDING", str(number), address)
            yield path, relation in RELATIONS.get(cell, ())
        return
    numbered = re.sub(
        "DEFINITION|LINK|SESSION|PERSON|HELD|DELEGATION|MOVEMENT|AWARD|BASIS|RULE|DRAFT|MAIL|TEMPLATE"
        "|STORY|DISCOVERY|SIZE|VIEW|SAMPLE|PLACE",
        "1",
        address,
    )
    numbered = numbered.replace("/UNIT", "/SO-TP").replace("/BLOCK", "/K01")
    numbered = numbered.replace("GROUP", found.group).replace("QUESTION", "activity")
    numbered = numbered.replace("/KIND", "/decision").replace("/SEASON", f"/{MOVEMENT}")
    if numbered != address:
        yield numbered, cell == "yes"
        return
    for word, whose, numbers in (
        ("LIST", "unit_officer", (found.own_list, found.other_list)),
        ("BATCH", "unit_head", (found.own_batch, found.other_batch)),
        ("EXPORT", "unit_officer", (found.own_export, found.other_export)),
        ("PROPOSAL", role, (found.own_proposal, found.other_proposal)),
    ):
        if word in address:
            own, other = (address.replace(word, str(number)) for number in numbers)
            yield own, cell in ("sent", "begun", "made", "prepared") and role == whose
            yield other, False
            return
    wanted = [word for word in PLACEHOLDERS if word in address]
    if not wanted:
        yield address, cell == "yes"
        return
    when, scope = cell.rpartition(", ")[::2]
    for place, relation, case in _cases(found, wanted[0], states):
        at_step = _is_time(when, place, role)
        value = {
            "CODE": case.code,
            "ATTACHMENT": case.attachment,
            "DECISION": case.decision,
            "SIGNED": case.signed,
            "NOTICE": case.notice,
            "TASK": case.task,
        }[wanted[0]]
        is_open = at_step and relation in RELATIONS.get(scope, ())
        yield address.replace(wanted[0], str(value)), is_open


def _is_time(when, place, role):
    """Whether a nomination of this place is where the first word of the cell wants it."""
    waits_at = _WAITS_AT.get(place, place)
    if when == "step":
        return waits_at == STEP_OF.get(role)
    is_stopped = place == "itemised"  # it was cancelled, tests/staging.py
    if when == "preparing":
        return waits_at == "prepare_nomination" and not is_stopped
    if when == "sent on":
        return is_stopped or waits_at not in ("prepare_nomination", "approve_by_unit")
    return True


def _cases(found, word, states):
    places = {
        "CODE": states or ["appraise"],
        "ATTACHMENT": states or ["prepare_nomination", "appraise"],
        "DECISION": ["awarded"],
        "SIGNED": ["awarded"],
        "NOTICE": ["refused"],
        "TASK": states or list(STEPS),
    }[word]
    for place in places:
        for relation, case in found.cases[place].items():
            if word != "TASK" or case.task:
                yield place, relation, case


def ask(client, address):
    method, path = address.split(" ")
    return client.open(path, method=method, buffered=True)
