"""What a person who knows the work writes into each step's form."""

from tests.client import form
from tests.stages import STEPS

GOOD = {
    "prepare_nomination": {
        "outcome": "approve",
        "achievements": "Giải quyết đúng hạn mọi hồ sơ.",
    },
    "approve_by_unit": {"outcome": "approve"},
    "review_by_block": {
        "outcome": "approve",
        "score": "91",
        "votes_for": "5",
        "votes_total": "5",
    },
    "receive_by_department": {
        "outcome": "approve",
        "item__to_trinh": "present",
        "item__bao_cao": "present",
        "item__bien_ban": "present",
    },
    "appraise": {
        "outcome": "approve",
        **{
            f"verdict__{code}": "met"
            for code in (
                "on_time",
                "complaints",
                "citizens",
                "discipline",
                "initiative",
                "workplace",
            )
        },
    },
    "approve_by_department": {"outcome": "approve"},
    "check_by_office": {"outcome": "approve", "is_form_right": "y", "is_law_right": "y"},
    "decide_by_chairman": {"outcome": "approve"},
    "issue_decision": {"outcome": "approve"},
}
TEXTS = {  # fields of free text, with the most characters they take
    "prepare_nomination": {
        "honorific": 32,
        "nominee_name": 200,
        "position": 200,
        "achievements": 20_000,
        "evidence__on_time": 4_000,
        "reason": 4_000,
    },
    "approve_by_unit": {"opinion": 4_000, "reason": 4_000},
    "review_by_block": {"opinion": 4_000, "reason": 4_000},
    "receive_by_department": {"note__to_trinh": 200, "reason": 4_000},
    "appraise": {
        "opinion": 4_000,
        "note__on_time": 1_000,
        "return_items": 4_000,
        "reason": 4_000,
    },
    "approve_by_department": {"opinion": 4_000, "reason": 4_000},
    "check_by_office": {"opinion": 4_000, "reason": 4_000},
    "decide_by_chairman": {"opinion": 4_000, "reason": 4_000},
    "issue_decision": {"reason": 4_000},
}
DATES = {
    "prepare_nomination": ["birth_date"],
    "receive_by_department": ["received_on", "supplement_by"],
    "appraise": ["supplement_by"],
}
NUMBERS = {
    "prepare_nomination": {"score__on_time": 30, "score__workplace": 5},
    "review_by_block": {"score": 100, "votes_for": 200, "votes_total": 200},
    "appraise": {"points__on_time": 30, "points__workplace": 5},
}
CHOICES = {
    "receive_by_department": ["item__sang_kien"],
    "appraise": ["verdict__on_time"],
}
STEP_NUMBERS = [(step, name) for step, names in NUMBERS.items() for name in names]


def open_step(browse, cases, step, unit="own"):
    """Sign in whoever serves the step; gives the client and the step's form."""
    client = browse(STEPS[step])
    return client, form(client.get(f"/tasks/{cases[step][unit].task}"))


def look_at_step(open_house, cases, step):
    """As `open_step`, in the house that is only looked at: what is right would be stale."""
    pages = open_house.steps
    if step not in pages:
        pages[step] = open_step(open_house, cases, step)
        pages[step][1].fields["revision"] = "0"
    return pages[step]
