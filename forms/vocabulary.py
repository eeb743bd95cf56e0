"""What a diagram may name, gathered from those who understand it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from awards.issuing import DECISION
from forms.base import STEP_FORMS
from forms.generated import DrawnForm
from models.awards import Outcome, Result
from models.organisation import Role
from models.proposals import ProposalKind
from workflows import deployments
from workflows.handlers import HANDLERS
from workflows.linter import Known, Outline

_KEPT = {  # names in submissions and process variables that mean something already
    "award",
    "block",
    "context",
    "csrf_token",
    "decision",
    "form_key",
    "items",
    "nominee_kind",
    "outcome",
    "papers",
    "proposal",
    "reason",
    "signer",
    "signer_post",
    "supplement_by",
    "unit",
}


def known(session: Session) -> Known:
    """All names as they stand now, with the processes that may be called."""
    return words(deployments.outlines(session, Known()))


def words(processes: Mapping[str, Outline]) -> Known:
    """The names that need no database, with these processes to call."""
    return Known(
        forms=frozenset(STEP_FORMS),
        roles=frozenset(role.value for role in Role),
        topics=frozenset(HANDLERS),
        outcomes=frozenset(outcome.value for outcome in Outcome),
        papers=frozenset({DECISION, *(kind.value for kind in ProposalKind)}),
        results=frozenset(result.value for result in Result),
        grants=frozenset({Result.AWARDED.value}),
        reserved=frozenset(_KEPT | set(dir(DrawnForm))),
        processes=processes,
    )
