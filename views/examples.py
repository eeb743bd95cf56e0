"""Stories of the awarded: read by everybody, written by their unit, published by the department."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards.errors import NotToBeTold
from awards.examples import rights, stories
from forms.examples import RemarkForm, StoryForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Nomination
from models.examples import Story, StoryState
from models.reads import ReadKind
from views import reads
from views.guards import allow
from views.parsing import asked
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows.errors import NotAllowed, WorkflowError

examples = Blueprint("examples", __name__)


@examples.get("/examples")
@allow(access.signed_in)
def index() -> ResponseReturnValue:
    """The published ones, and what waits for the reader."""
    words = asked("q").get("q", "")
    return render_template(
        "examples/index.html",
        stories=stories.published(reader(), words=words),
        unfinished=stories.unfinished(reader(), actor()),
        reach=stories.reach(reader()) if access.sees_everything(actor()) else None,
        words=words,
        StoryState=StoryState,
    )


@examples.get("/examples/<int:story_id>")
@allow(access.signed_in)
def show(story_id: int) -> ResponseReturnValue:
    """One story."""
    return _page(_read(story_id), RemarkForm(formdata=None))


@examples.post("/examples/<int:story_id>/publish")
@allow(rights.publishes)
def publish(story_id: int) -> ResponseReturnValue:
    """Let everybody read it."""
    try:
        with transaction() as session:
            stories.publish(session, story_id, actor=actor(), now=now())
    except WorkflowError as error:
        flash(sentence(error), "error")
    else:
        flash(_("Đã đăng. Mọi người trong tỉnh đọc được bài này."), "success")
    return redirect(url_for("examples.show", story_id=story_id), 303)


@examples.post("/examples/<int:story_id>/return")
@allow(rights.publishes)
def send_back(story_id: int) -> ResponseReturnValue:
    """Ask for better, or take away what is published."""
    form = RemarkForm()
    if not form.validate():
        return _page(_read(story_id), form), 422
    with transaction() as session:
        stories.send_back(session, story_id, form.remark.data, actor=actor(), now=now())
    flash(_("Đã trả bài cho đơn vị, kèm lý do."), "success")
    return redirect(url_for("examples.index"), 303)


@examples.get("/nominations/<code>/story")
@allow(access.nominates)
def write(code: str) -> ResponseReturnValue:
    """The form for the story of an awarded nomination."""
    nomination, story = _found(code)
    form = StoryForm(formdata=None)
    if story is not None:
        form.show(story)
    else:
        form.title.data, form.text.data = nomination.nominee.name, nomination.achievements
    return _form_page(form, nomination, story)


@examples.post("/nominations/<code>/story")
@allow(access.nominates)
def keep(code: str) -> ResponseReturnValue:
    """Keep it, and hand it in when it is ready."""
    nomination, story = _found(code)
    form = StoryForm()
    if not form.validate():
        return _form_page(form, nomination, story), 422
    is_ready = "ready" in request.form
    try:
        with transaction() as session:
            story = stories.write(
                session, code, form.words(), is_ready=is_ready, actor=actor(), now=now()
            )
            story_id = story.id
    except NotToBeTold as error:
        form.form_errors.append(sentence(error))
        return _form_page(form, *_found(code)), 409
    told = _("Đã gửi Sở Nội vụ duyệt.") if is_ready else _("Đã lưu bài.")
    flash(told, "success")
    return redirect(url_for("examples.show", story_id=story_id), 303)


def _read(story_id: int) -> Story:
    story = reader().get(Story, story_id)
    if story is None or not rights.may_read(actor(), story):
        abort(404)
    return story


def _found(code: str) -> tuple[Nomination, Story | None]:
    try:
        return stories.find(reader(), code, actor=actor())
    except NotAllowed:
        abort(404)


def _page(story: Story, form: RemarkForm) -> str:
    reads.record(ReadKind.STORY_OPENED, story.nomination, story=story.id)
    return render_template(
        "examples/show.html",
        story=story,
        form=form,
        button=ConfirmForm(formdata=None),
        may_publish=rights.may_publish(actor(), story),
        may_write=rights.may_tell(actor(), story.nomination),
        may_open=access.may_see(actor(), story.nomination),
        StoryState=StoryState,
    )


def _form_page(form: StoryForm, nomination: Nomination, story: Story | None) -> str:
    return render_template(
        "examples/write.html",
        form=form,
        nomination=nomination,
        story=story,
        is_awarded=rights.may_tell(actor(), nomination),
    )
