"""Importing this fills the registries: listeners, handlers, queues, evidence, kinds of papers."""

from awards import (
    appraisals,
    decision_kinds,
    decisions,
    evidence,
    fixed_rows,
    holds,
    notices,
    reads,
    result_notices,
    separation,
    steps,
)
from awards.bonuses import printing as bonus_lists
from awards.certificates import printing as certificates
from awards.proposals import kinds, minutes

__all__ = [
    "appraisals",
    "bonus_lists",
    "certificates",
    "decision_kinds",
    "decisions",
    "evidence",
    "fixed_rows",
    "holds",
    "kinds",
    "minutes",
    "notices",
    "reads",
    "result_notices",
    "separation",
    "steps",
]
