"""The search over everything that one may see, in groups. To look for something is to read."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access, entered, register, searching, snippets
from awards.filters import ALL
from awards.listings import PAGE
from awards.searching import Found, Passage, Question
from models.awards import Nomination
from models.organisation import Unit
from models.papers import Decision
from views import choices, reads
from views.guards import allow
from views.parsing import Pages, asked, page_number
from views.register_pages import subject
from views.web import actor, reader
from workflows import deployments

search = Blueprint("search", __name__)


@search.get("/search")
@allow(access.follows_nominations)
def show() -> ResponseReturnValue:
    """What was found, group by group; the very code or number of one thing leads to it at once."""
    typed = asked("q").get("q", "")
    question = Question.of(typed)
    if not question.plain:
        return render_template("search/index.html", q=typed, groups=None)
    if "entered" in request.args:
        return _texts(question)
    nominations = searching.nominations(reader(), actor(), question)
    decisions = searching.decisions(reader(), actor(), question)
    texts = searching.texts(reader(), actor(), question)
    _record(nominations.total + texts.total, [*nominations.rows, *_of(texts)], typed)
    if there := _there(typed, decisions):
        return redirect(there, 303)
    return render_template(
        "search/index.html",
        q=typed,
        groups=SimpleNamespace(
            nominations=_group(nominations, _nomination, url=_list(typed)),
            units=_group(searching.units(reader(), actor(), question), _unit),
            decisions=_group(decisions, _decision),
            awards=_group(searching.awards(reader(), question), _award),
            texts=_group(
                texts, _passage(question), url=url_for("search.show", q=typed, entered=1)
            ),
        ),
    )


def _texts(question: Question) -> ResponseReturnValue:
    """All that was entered with these words, page by page."""
    number = min(page_number(), searching.MOST // PAGE)
    found = searching.texts(
        reader(), actor(), question, skip=(number - 1) * PAGE, limit=PAGE
    )
    _record(found.total, _of(found), question.typed)
    return render_template(
        "search/texts.html",
        q=question.typed,
        group=_group(found, _passage(question)),
        page=Pages(number, found.total),
    )


def _record(total: int, shown: list[Nomination], typed: str) -> None:
    codes = dict.fromkeys(nomination.code for nomination in shown)
    reads.searched("search", typed, list(codes), total)


def _of(found: Found[Passage]) -> list[Nomination]:
    return [passage.nomination for passage in found.rows]


def _there(typed: str, decisions: Found[Decision]) -> str:
    """Where the one thing is that was named by its whole code or number."""
    if nomination := searching.named(reader(), actor(), typed):
        return url_for("nominations.show", code=nomination.code)
    meant = [row for row in decisions.rows if row.symbol.casefold() == typed.casefold()]
    if len(meant) == 1 and register.sees_register(actor()):
        return url_for("decisions.show", decision_id=meant[0].id)
    return ""


def _list(typed: str) -> str:
    endpoint = "nominations.index" if access.keeps_nominations(actor()) else "board.show"
    return url_for(endpoint, q=typed, movement=ALL)


def _group(found: Found[Any], row: Any, url: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        rows=[row(one) for one in found.rows],
        total=found.total,
        is_more=found.is_more,
        url=url if found.total > len(found.rows) else "",
    )


def _nomination(nomination: Nomination) -> dict[str, object]:
    return {
        "url": url_for("nominations.show", code=nomination.code),
        "name": nomination.nominee.name,
        "code": nomination.code,
        "about": (nomination.award.name, nomination.unit.name, nomination.movement.name),
    }


def _unit(unit: Unit) -> dict[str, object]:
    return {
        "url": url_for("board.show", unit=unit.code, movement=ALL),
        "name": unit.name,
        "code": unit.code,
        "now": unit.keeper.name if unit.keeper else "",
        "ended": unit.valid_to,
    }


def _decision(decision: Decision) -> dict[str, object]:
    sees = register.sees_register(actor())
    endpoint = "decisions.show" if sees else "decisions.paper"
    return {
        "url": url_for(endpoint, decision_id=decision.id),
        "symbol": decision.symbol,
        "issued_on": decision.issued_on,
        "subject": subject(decision),
        "is_cancelled": decision.cancelled_at is not None,
    }


def _award(award: Any) -> dict[str, object]:
    return {"url": _list(award.name), "name": award.name}


def _passage(question: Question) -> Any:
    def row(passage: Passage) -> dict[str, object]:
        nomination, entry = passage.nomination, passage.entry
        definition = deployments.definition_of(reader(), nomination.instance)
        return {
            "url": url_for("nominations.show", code=nomination.code),
            "name": nomination.nominee.name,
            "code": nomination.code,
            "step": choices.step(definition, entry.element_id),
            "at": entry.submitted_at,
            "parts": snippets.of(list(entered.texts(entry.content)), question),
        }

    return row
