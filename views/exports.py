"""Lists as spreadsheets: short ones at once, long ones on a page that tells how far they are."""

import io
from datetime import date
from types import SimpleNamespace

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from awards import access, archives, packs, register, sheets
from awards import exports as operations
from awards import nominations as cases
from awards.errors import ArchiveTooLarge, TooManyRows
from awards.listings import PAGE
from awards.records import rights
from awards.records.kinds import BY_PATH
from forms.organisation import DayForm
from forms.simple import ExportForm
from models.exports import Export, ExportKind, ExportState
from views import auditing, choices, narrowing
from views.confirming import confirmed, was_asked
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.parsing import Pages, asked, page_number
from views.web import actor, now, reader, start_job, transaction
from views.wording import date_, number, size, told
from workflows.errors import NotAllowed
from workflows.words import N_

exports = Blueprint("exports", __name__, url_prefix="/exports")
TITLES = {
    ExportKind.NOMINATIONS: N_("Danh sách hồ sơ"),
    ExportKind.BOARD: N_("Bảng theo dõi"),
    ExportKind.OUTCOMES: N_("Kết quả xét khen thưởng"),
    ExportKind.ORGANISATION: N_("Đơn vị và chức vụ"),
    ExportKind.HISTORY: N_("Lịch sử hồ sơ"),
    ExportKind.ACCOUNTS: N_("Người dùng"),
    ExportKind.DECISION: N_("Toàn bộ quyết định"),
    ExportKind.RECORDS: N_("Sổ theo dõi phong trào"),
    ExportKind.QUALITY: N_("Chất lượng phong trào"),
    ExportKind.OVERVIEW: N_("Toàn cảnh"),
    ExportKind.EVENTS: N_("Sự kiện theo bộ lọc kiểm tra"),
    ExportKind.NOMINATION_EVIDENCE: N_("Gói chứng cứ của hồ sơ"),
    ExportKind.DECISION_EVIDENCE: N_("Gói chứng cứ của quyết định"),
}
_LISTS = {
    ExportKind.NOMINATIONS: "nominations.index",
    ExportKind.BOARD: "board.show",
    ExportKind.OUTCOMES: "board.show",
    ExportKind.ORGANISATION: "units.index",
    ExportKind.HISTORY: "history.show",
    ExportKind.ACCOUNTS: "accounts.index",
    ExportKind.DECISION: "decisions.show",
    ExportKind.QUALITY: "quality.index",
    ExportKind.OVERVIEW: "overview.show",
    ExportKind.EVENTS: "auditing.events",
    ExportKind.NOMINATION_EVIDENCE: "nominations.show",
    ExportKind.DECISION_EVIDENCE: "decisions.show",
}


@exports.get("")
@allow(access.signed_in)
def index() -> ResponseReturnValue:
    """What one has taken out so far."""
    page = page_number()
    found, total = operations.of(reader(), actor(), page=page, size=PAGE)
    return render_template(
        "exports/index.html",
        exports=[_shown(export) for export in found],
        page=Pages(page, total),
    )


@exports.post("/nominations")
@allow(access.follows_nominations)
@confirmed
def nominations() -> ResponseReturnValue:
    """The list of nominations as it is narrowed now."""
    wanted = asked("stage", "movement", "status", "q", "sort")
    return _begin(ExportKind.NOMINATIONS, wanted | {"movement": choices.movement(wanted)})


@exports.post("/board")
@allow(access.follows_nominations)
@confirmed
def board() -> ResponseReturnValue:
    """The board as it is narrowed now."""
    return _begin(ExportKind.BOARD, narrowing.board())


@exports.post("/overview")
@allow(access.follows_nominations)
@confirmed
def overview() -> ResponseReturnValue:
    """The tables of the overview as it is narrowed now."""
    return _begin(ExportKind.OVERVIEW, narrowing.overview())


@exports.post("/outcomes")
@allow(access.follows_nominations)
@confirmed
def outcomes() -> ResponseReturnValue:
    """How the nominations of a movement ended, and what came of each."""
    wanted = asked("movement", "block", "unit", "q")
    return _begin(ExportKind.OUTCOMES, wanted | {"movement": choices.movement(wanted)})


@exports.post("/organisation")
@allow(access.keeps_organisation)
@confirmed
def organisation() -> ResponseReturnValue:
    """The units and posts as of a day."""
    form = DayForm(formdata=request.args, meta={"csrf": False})
    day = form.on.data if form.validate() else None
    return _begin(ExportKind.ORGANISATION, {"on": day.isoformat()} if day else {})


@exports.post("/history/<code>")
@allow(access.audits)
@confirmed
def history(code: str) -> ResponseReturnValue:
    """The events of one nomination."""
    return _begin(ExportKind.HISTORY, {"code": code})


@exports.post("/events")
@allow(access.audits)
@confirmed
def events() -> ResponseReturnValue:
    """The events of all nominations, narrowed as on the auditor's page."""
    return _begin(ExportKind.EVENTS, auditing.asked_for())


@exports.post("/accounts")
@allow(access.keeps_accounts)
@confirmed
def accounts() -> ResponseReturnValue:
    """Everybody with an account, or those searched for."""
    return _begin(ExportKind.ACCOUNTS, asked("q"))


@exports.post("/decisions/<int:decision_id>")
@allow(register.sees_register)
@confirmed
def decision(decision_id: int) -> ResponseReturnValue:
    """A decision whole: its papers, its list, the papers of every dossier."""
    return _begin(ExportKind.DECISION, {"decision": str(decision_id)})


@exports.post("/records")
@allow(rights.reads_records)
@confirmed
def records() -> ResponseReturnValue:
    """The records of a kind as they are narrowed now; of registrations, if none is named."""
    wanted = asked("path", "year", "unit", "movement", "state")
    if wanted.setdefault("path", "registrations") not in BY_PATH:
        abort(404)
    return _begin(ExportKind.RECORDS, wanted)


@exports.post("/quality")
@allow(rights.reads_quality)
@confirmed
def quality() -> ResponseReturnValue:
    """What the letter asks, answered for a year, a movement, as of a day."""
    form = DayForm(formdata=request.args, meta={"csrf": False})
    day = form.on.data if form.validate() else None
    on: dict[str, str] = {"on": day.isoformat()} if day else {}
    return _begin(ExportKind.QUALITY, asked("year", "movement") | on)


@exports.post("/evidence/nominations/<code>")
@allow(packs.takes_evidence)
@confirmed
def nomination_evidence(code: str) -> ResponseReturnValue:
    """All that proves one nomination, to be checked without this server."""
    nomination = cases.find(reader(), code)
    if nomination is None or not packs.may_take(actor(), nomination):
        abort(404)
    declared_first(nomination)
    return _begin(ExportKind.NOMINATION_EVIDENCE, {"code": code})


@exports.post("/evidence/decisions/<int:decision_id>")
@allow(packs.takes_evidence)
@confirmed
def decision_evidence(decision_id: int) -> ResponseReturnValue:
    """All that proves a decision and every nomination in it."""
    return _begin(ExportKind.DECISION_EVIDENCE, {"decision": str(decision_id)})


@exports.get("/<int:export_id>")
@allow(access.signed_in)
def show(export_id: int) -> ResponseReturnValue:
    """How far it is, the file while it lasts, or why there is none."""
    export = _own(export_id)
    return render_template(
        "exports/show.html",
        export=_shown(export),
        back=_address(export.kind, export.filters),
    )


@exports.get("/<int:export_id>/progress")
@allow(access.signed_in)
def progress(export_id: int) -> ResponseReturnValue:
    """The part of the page that is asked for again and again while work goes on."""
    export = _own(export_id)
    response = Response(render_template("exports/_progress.html", export=_shown(export)))
    if export.state != ExportState.WAITING:
        response.headers["HX-Refresh"] = "true"
    return response


@exports.get("/<int:export_id>.xlsx")
@allow(access.signed_in)
def file(export_id: int) -> ResponseReturnValue:
    """The file, for its maker and while the rights are still there; else the page says why not."""
    export = _own(export_id)
    if _state(export) != "ready" or export.content is None:
        return redirect(url_for("exports.show", export_id=export.id), 303)
    response = send_file(
        io.BytesIO(export.content),
        mimetype=sheets.MEDIA_TYPE,
        as_attachment=True,
        download_name=export.file_name,
    )
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


@exports.get("/<int:export_id>.zip")
@allow(access.signed_in)
def archive(export_id: int) -> ResponseReturnValue:
    """As `file`, of what was packed."""
    export = _own(export_id)
    path = operations.path_of(reader(), export) if _state(export) == "ready" else None
    if path is None:
        return redirect(url_for("exports.show", export_id=export.id), 303)
    response = send_file(
        path,
        mimetype=archives.MEDIA_TYPE,
        as_attachment=True,
        download_name=export.file_name,
    )
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


def _begin(kind: ExportKind, filters: dict[str, str]) -> ResponseReturnValue:
    """Make a short one here and now, and have a long one made; where neither can be, say why."""
    form, back = ExportForm(), _address(kind, filters)
    try:
        rows = operations.count(reader(), kind, filters, actor=actor(), now=now())
    except NotAllowed:
        abort(404)
    except TooManyRows as error:
        counts = {name: number(value) for name, value in error.values.items()}
        flash(told(error.message, **counts), "error")
        return redirect(back, 303)
    except ArchiveTooLarge as error:
        sizes = {name: size(value) for name, value in error.values.items()}  # type: ignore[arg-type] # bytes
        flash(told(error.message, **sizes), "error")
        return redirect(back, 303)
    if not form.validate():
        flash(form.command_key.errors[0], "error")
        return redirect(back, 303)
    export = _ordered(kind, filters, rows, form.command_key.data)
    if export.state == ExportState.WAITING:
        start_job("make_export", export.id)
    is_at_once = export.state == ExportState.READY and not was_asked()
    page = "exports.file" if is_at_once else "exports.show"
    return redirect(url_for(page, export_id=export.id), 303)


def _ordered(
    kind: ExportKind, filters: dict[str, str], rows: int, command_key: str
) -> Export:
    made = (
        operations.make(reader(), kind, filters, actor=actor(), now=now())
        if operations.is_short(kind, rows)
        else None
    )
    with transaction() as session:
        return operations.begin(
            session,
            kind,
            filters,
            rows=rows,
            file=made,
            actor=actor(),
            command_key=command_key,
            now=now(),
        )


def _own(export_id: int) -> Export:
    found = reader().get(Export, export_id)
    if found is None or not access.owns_export(actor(), found):
        abort(404)
    return found


def _shown(export: Export) -> SimpleNamespace:
    is_archive = operations.is_archive(export.kind)
    return SimpleNamespace(
        id=export.id,
        title=told(TITLES[export.kind]),
        file_name=export.file_name,
        asked_at=export.asked_at,
        expires_at=export.expires_at,
        done=export.done,
        total=export.total,
        size=export.size,
        state=_state(export),
        is_archive=is_archive,
        address=url_for(
            "exports.archive" if is_archive else "exports.file", export_id=export.id
        ),
    )


def _state(export: Export) -> str:
    """In a word: waiting, failed, expired, barred (rights were lost since), ready."""
    if export.state != ExportState.READY:
        return export.state.value
    if not operations.is_there(export, now()):
        return "expired"
    return "ready" if operations.may_see(actor(), export) else "barred"


def _address(kind: ExportKind, filters: dict[str, str]) -> str:
    """Where the list is that is taken out."""
    query = dict(filters)
    if "decision" in filters:
        return url_for(_LISTS[kind], decision_id=int(filters["decision"]))
    if kind == ExportKind.RECORDS:
        path = query.pop("path").replace("-", "_")
        return url_for(f"{path}.index", **query)  # type: ignore[arg-type] # texts alone
    if "on" in query:
        query["on"] = date_(date.fromisoformat(query["on"]))
    return url_for(_LISTS[kind], **query)  # type: ignore[arg-type] # texts alone
