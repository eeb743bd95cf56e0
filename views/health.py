"""For whoever watches the service: it is up, and it reaches its database."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from views.guards import public
from views.web import reader

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def check() -> ResponseReturnValue:
    """Answer once the database has."""
    reader().execute(text("SELECT 1"))
    return jsonify(status="ok")
