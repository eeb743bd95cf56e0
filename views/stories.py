"""A nomination's story to take away."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from awards import access, nominations, story_papers
from awards.papers import UnprintableText
from models.reads import ReadKind
from views import reads
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.web import actor, now, reader
from views.wording import sentence

stories = Blueprint("stories", __name__)


@stories.get("/nominations/<code>/story.pdf")
@allow(access.follows_nominations)
def paper(code: str) -> ResponseReturnValue:
    """What happened and why it is where it is, as PDF, as far as the reader may know it."""
    nomination = nominations.find(reader(), code)
    if nomination is None or not access.may_see(actor(), nomination):
        abort(404)
    declared_first(nomination)
    reads.record(ReadKind.DOSSIER_OPENED, nomination)
    try:
        content = story_papers.pdf(reader(), nomination, actor=actor(), now=now())
    except UnprintableText as error:
        flash(sentence(error), "error")
        return redirect(url_for("nominations.show", code=code), 303)
    response = Response(content, mimetype="application/pdf")
    name = f"dien-bien-{code}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return inert(response)
