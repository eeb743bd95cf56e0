"""Papers to take away, as PDF or as Word: minutes, appraisal sheets, notices of results."""

from collections.abc import Callable, Sequence

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from awards import (
    access,
    amendments,
    appraisals,
    decision_kinds,
    register,
    result_notices,
)
from awards import nominations as cases
from awards.proposals import listing, meetings, minutes, rights
from awards.proposals import papers as proposal_papers
from awards.templates import making
from awards.templates.making import Made
from forms import papers as forms
from forms.papers import MeetingForm
from languages import gettext as _
from models.awards import Movement, Nomination
from models.organisation import Unit
from models.papers import Decision, DecisionKind
from models.proposals import Proposal
from models.reads import ReadKind
from models.templates import TemplateFormat
from views import paper_links, reads
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.parsing import asked
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar
from workflows.errors import WorkflowError

papers = Blueprint("papers", __name__)


@papers.get("/proposals/<int:proposal_id>/paper.docx")
@allow(rights.works_with_proposals)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """A tờ trình in Word, as it was signed or as it would be now."""
    found = _proposal(proposal_id)
    reads.record(ReadKind.FILE_DOWNLOADED, proposal=proposal_id)
    return _sent(
        lambda: proposal_papers.in_word(
            reader(), found, actor=actor(), day=calendar.today(now())
        ),
        f"To trinh {found.symbol or 'du thao'}",
        url_for("proposals.show", proposal_id=proposal_id),
    )


@papers.get("/proposals/<int:proposal_id>/minutes")
@allow(rights.works_with_proposals)
def block_minutes(proposal_id: int) -> ResponseReturnValue:
    """The minutes of the Khối's meeting about its proposal."""
    found = _met(proposal_id)
    reads.record(ReadKind.FILE_DOWNLOADED, proposal=proposal_id)
    words = minutes.words(reader(), found)
    meeting_ = meetings.of(reader(), found)
    day = meeting_.held_on if meeting_ else calendar.today(now())
    return _sent(
        lambda: making.make(reader(), minutes.MINUTES, words, day=day, format_=_format()),
        f"Bien ban hop {found.symbol}",
        url_for("proposals.show", proposal_id=proposal_id),
    )


@papers.get("/proposals/<int:proposal_id>/meeting")
@allow(rights.works_with_proposals)
def meeting(proposal_id: int) -> ResponseReturnValue:
    """What the minutes say of the meeting, to be filled in."""
    found = _recorded(proposal_id)
    members = meetings.members(reader(), found)
    known = meetings.of(reader(), found)
    data = {f"present__{id_}": name for id_, name in known.present.items()} if known else {}
    form = forms.meeting(members, formdata=None, obj=known, data=data)
    return _meeting_page(found, form)


@papers.post("/proposals/<int:proposal_id>/meeting")
@allow(rights.works_with_proposals)
def record_meeting(proposal_id: int) -> ResponseReturnValue:
    """Write the meeting down."""
    found = _recorded(proposal_id)
    members = meetings.members(reader(), found)
    form = forms.meeting(members)
    if not form.validate():
        return _meeting_page(found, form), 422
    facts = form.facts(members)
    with transaction() as session:
        meetings.record(session, proposal_id, facts, actor=actor(), now=now())
    flash(_("Đã ghi cuộc họp; biên bản in theo đó."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)


@papers.get("/nominations/<code>/appraisal")
@allow(access.sees_everything)
def appraisal(code: str) -> ResponseReturnValue:
    """The appraisal sheet of a nomination, for the province's offices."""
    found: Nomination | None = cases.find(reader(), code)
    if found is None:
        abort(404)
    declared_first(found)
    reads.record(ReadKind.DOSSIER_OPENED, found)
    words = appraisals.words(reader(), found)
    day = calendar.today(now())
    return _sent(
        lambda: making.make(
            reader(), appraisals.APPRAISAL, words, day=day, format_=_format()
        ),
        f"Phieu tham dinh {code}",
        url_for("nominations.show", code=code),
    )


@papers.get("/decisions/<int:decision_id>.docx")
@allow(register.sees_register)
def decision(decision_id: int) -> ResponseReturnValue:
    """A decision in Word: the same words as on its paper."""
    found = _decision(decision_id)
    reads.record(ReadKind.DECISION_OPENED, decision=decision_id)
    return _sent(
        lambda: making.make(
            reader(),
            decision_kinds.KINDS[found.kind],
            amendments.words(found),
            day=found.issued_on,
            format_=TemplateFormat.DOCX,
        ),
        f"Quyet dinh {found.number:02}-{found.year}",
        url_for("decisions.show", decision_id=decision_id),
    )


@papers.get("/decisions/<int:decision_id>/notice")
@allow(access.follows_nominations)
def decision_notice(decision_id: int) -> ResponseReturnValue:
    """What one unit is told of a decision."""
    found = _decision(decision_id)
    unit = _told(result_notices.units_of(reader(), found))
    if found.kind != DecisionKind.AWARD:
        abort(404)
    words = result_notices.of_decision(reader(), found, unit, calendar.today(now()))
    return _notice(words, f"{found.number:02}-{found.year} {unit.code}")


@papers.get("/results/<movement_code>")
@allow(register.sees_register)
def results(movement_code: str) -> ResponseReturnValue:
    """For every unit with an outcome in a season, what it is told."""
    movement = _movement(movement_code)
    return render_template(
        "papers/results.html",
        movement={"code": movement.code, "name": movement.name},
        notices=paper_links.of_season(
            movement.code,
            [
                (unit.code, unit.name)
                for unit in result_notices.units_in(reader(), movement)
            ],
        ),
    )


@papers.get("/results/<movement_code>/notice")
@allow(access.follows_nominations)
def season_notice(movement_code: str) -> ResponseReturnValue:
    """What one unit is told of a whole season."""
    movement = _movement(movement_code)
    unit = _told(result_notices.units_in(reader(), movement))
    words = result_notices.of_season(reader(), movement, unit, calendar.today(now()))
    return _notice(words, f"{movement.code} {unit.code}")


def _notice(words: dict[str, object], name: str) -> ResponseReturnValue:
    day = calendar.today(now())
    return _sent(
        lambda: making.make(
            reader(), result_notices.RESULTS, words, day=day, format_=_format()
        ),
        f"Thong bao ket qua {name}",
        url_for("nominations.index"),
    )


def _format() -> TemplateFormat:
    return TemplateFormat.DOCX if request.args.get("as") == "docx" else TemplateFormat.TYPST


def _sent(make: Callable[[], Made], name: str, back: str) -> ResponseReturnValue:
    """The paper as a file; what keeps it from being made is said where the person came from."""
    try:
        made = make()
    except WorkflowError as error:
        flash(sentence(error), "error")
        return redirect(back, 303)
    response = Response(made.content, mimetype=made.media_type)
    file_name = f"{name.strip().replace('/', '-')}.{made.extension}"
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return inert(response)


def _proposal(proposal_id: int) -> Proposal:
    found = listing.whole(reader(), proposal_id)
    if found is None or not rights.may_see(actor(), found):
        abort(404)
    return found


def _met(proposal_id: int) -> Proposal:
    found = _proposal(proposal_id)
    if not meetings.has_meeting(found):
        abort(404)
    return found


def _recorded(proposal_id: int) -> Proposal:
    found = _met(proposal_id)
    if not meetings.records(actor(), found):
        abort(404)
    return found


def _decision(decision_id: int) -> Decision:
    found = register.find(reader(), decision_id)
    if found is None:
        abort(404)
    return found


def _movement(code: str) -> Movement:
    found = (
        reader()
        .scalars(select(Movement).where(Movement.code == code.replace("\0", "")))
        .first()
    )
    if found is None:
        abort(404)
    return found


def _told(units: Sequence[Unit]) -> Unit:
    """The unit asked for, else the first one, among those that are told and the person reads."""
    code = asked("unit").get("unit", "")
    mine = [unit for unit in units if result_notices.may_read(actor(), unit)]
    found = next((unit for unit in mine if code in {"", unit.code}), None)
    if found is None:
        abort(404)
    return found


def _meeting_page(proposal_: Proposal, form: MeetingForm) -> str:
    members = meetings.members(reader(), proposal_)
    return render_template(
        "papers/meeting.html",
        proposal={"id": proposal_.id, "symbol": proposal_.symbol},
        office=proposal_papers.issuer(proposal_).name,
        form=form,
        present=[form[f"present__{unit.id}"] for unit in members],
    )
