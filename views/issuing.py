"""What the last step is about to issue, shown before a number is taken."""

from sqlalchemy.orm import Session

from awards import decisions
from awards.province import HUNG_YEN
from models.organisation import Post
from views.dossier import Dossier
from views.web import now
from workflows import calendar


def draft(session: Session, dossier: Dossier) -> dict[str, object]:
    """The decision as it would be issued today."""
    nomination = dossier.nomination
    content = decisions.draft_content(session, [nomination], calendar.today(now()))
    post = session.get(Post, nomination.instance.variables.get("signer_post"))
    awardees: list[dict[str, str]] = list(content["awardees"])  # type: ignore[call-overload] # our own JSON
    return {
        "title": decisions.subject(str(content["award"])),
        "signer": post.person.name if post else "",
        "signer_post": post.title if post else "",
        "suffix": HUNG_YEN.decision_suffix,
        "legal_bases": content["legal_bases"],
        "awardees": [(a["name"], a["position"], a["unit"]) for a in awardees],
        "bonus": decisions.bonus(content),
    }
