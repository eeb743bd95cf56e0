"""Operators' acts: one administrator of the processes asks, another confirms or declines.

Six of them, and never an editor of data: reassign, cancel, place, suspend, resume, migrate.
"""

from workflows.operations import evidence
from workflows.operations.asking import ask, ask_all
from workflows.operations.carrying import CANCELLED, EVENTS, on_cancel
from workflows.operations.deciding import confirm, confirm_all, decline, decline_all
from workflows.operations.lists import count_waiting, decided, on, open_on, waiting
from workflows.operations.moves import Trial, candidates, targets, trials
from workflows.operations.plans import Plan, completed_steps, plan
from workflows.operations.roles import may_operate, post_of
from workflows.operations.wishes import Wish, of

__all__ = [
    "CANCELLED",
    "EVENTS",
    "Plan",
    "Trial",
    "Wish",
    "ask",
    "ask_all",
    "candidates",
    "completed_steps",
    "confirm",
    "confirm_all",
    "count_waiting",
    "decided",
    "decline",
    "decline_all",
    "evidence",
    "may_operate",
    "of",
    "on",
    "on_cancel",
    "open_on",
    "plan",
    "post_of",
    "targets",
    "trials",
    "waiting",
]
