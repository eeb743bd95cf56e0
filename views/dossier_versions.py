"""The versions of a dossier: what the unit has sent each time, and what differs between two."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from awards.listings import PREPARING
from awards.proposals import listing
from forms import rows
from forms.answers import changes
from languages import gettext as _
from models.organisation import Person
from models.tasks import Submission
from views.dossier import Dossier, head
from views.parsing import row_number
from views.web import reader

Change = dict[str, object]


def of(dossier: Dossier) -> list[Submission]:
    """Every version that the unit has sent, the first one first."""
    return [entry for entry in dossier.entries if entry.form_key == PREPARING]


def changes_since(dossier: Dossier, element_id: str) -> list[Change]:
    """What the unit changed since this step last saw the dossier, or since its version before."""
    versions = of(dossier)
    seen = [e for e in dossier.entries if e.element_id == element_id]
    if len(versions) < 2 or element_id == PREPARING:  # noqa: PLR2004 - two to compare
        return []
    known = [e for e in versions if not seen or e.id < seen[-1].id]
    before = known[-1] if seen and known else versions[-2]
    return between(dossier, before, versions[-1]) if before.id != versions[-1].id else []


def between(dossier: Dossier, before: Submission, after: Submission) -> list[Change]:
    """Every field and paper that differs: what it is, the old text, the new one."""
    found = changes(PREPARING, dossier.context, before.content, after.content)
    old, new = _papers(before.content), _papers(after.content)
    if old != new:
        found.append((_("Giấy tờ"), _names(old - new), _names(new - old)))
    return [{"what": what, "before": was, "after": now} for what, was, now in found]


def answered(dossier: Dossier, element_id: str) -> list[tuple[str, str]]:
    """What the last return asked the unit for, and its answers; nothing for the unit itself."""
    versions = of(dossier)
    return (
        rows.answered(versions[-1].content) if versions and element_id != PREPARING else []
    )


def page(dossier: Dossier, wanted: Mapping[str, str]) -> str:
    """All versions in a list, and the two that are compared: by default the last two."""
    versions = of(dossier)
    numbers = range(1, len(versions) + 1)
    after = _number(wanted.get("after"), numbers) or len(versions)
    before = _number(wanted.get("before"), numbers) or max(1, after - 1)
    found = between(dossier, versions[before - 1], versions[after - 1]) if versions else []
    signed: dict[int | None, list[str]] = {}
    for entry in listing.of_nomination(reader(), dossier.nomination.id):
        signed.setdefault(entry.dossier, []).append(entry.proposal.symbol)
    return render_template(
        "nominations/versions.html",
        nomination=head(dossier.nomination),
        versions=[
            {
                "number": number,
                "at": version.submitted_at,
                "who": _name(version.submitted_by),
                "proposals": signed.get(version.id, []),
                "answered": rows.answered(version.content),
            }
            for number, version in zip(numbers, versions, strict=True)
        ],
        before=before,
        after=after,
        changes=found,
    )


def _number(text: str | None, numbers: range) -> int:
    number = row_number(text or "")
    return number if number in numbers else 0


def _name(person_id: int) -> str:
    return reader().get_one(Person, person_id).name


def _papers(content: Mapping[str, Any]) -> set[tuple[str, str]]:
    papers = content.get("papers", [])
    return {(str(one["name"]), str(one["sha256"])) for one in papers}


def _names(papers: set[tuple[str, str]]) -> str:
    return "\n".join(sorted(name for name, _sha256 in papers))
