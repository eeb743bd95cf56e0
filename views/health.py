"""For whoever watches the service: is it up, and does it reach its database?"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from views.guards import public
from views.web import reader

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def check() -> ResponseReturnValue:
    reader().execute(text("SELECT 1"))
    return jsonify(status="ok")
