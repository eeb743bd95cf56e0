"""Importing this fills the registries: listeners, handlers, queues, evidence, kinds of papers."""

from awards import (
    appraisals,
    decision_kinds,
    decisions,
    evidence,
    fixed_rows,
    notices,
    reads,
    result_notices,
    separation,
    steps,
)
from awards.proposals import kinds, minutes

__all__ = [
    "appraisals",
    "decision_kinds",
    "decisions",
    "evidence",
    "fixed_rows",
    "kinds",
    "minutes",
    "notices",
    "reads",
    "result_notices",
    "separation",
    "steps",
]
