"""Who may call a view. Every endpoint carries exactly one guard; a test checks it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, redirect, request, url_for

from workflows.actors import Actor

View = Callable[..., Any]
GUARDS: dict[View, str] = {}


def public(view: View) -> View:
    """Anyone, signed in or not."""
    GUARDS[view] = "public"
    return view


def allow(policy: Callable[[Actor], bool]) -> Callable[[View], View]:
    """Answer 404 unless the policy holds for the person; ask strangers to sign in first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if g.actor is None:
                return _sign_in_first()
            if not policy(g.actor):
                abort(404)
            return view(**arguments)

        GUARDS[guarded] = policy.__name__
        return guarded

    return decorate


def _sign_in_first() -> Any:
    if request.headers.get("HX-Request"):
        abort(401)
    target = request.full_path if request.method == "GET" else None
    page = "second_factor.ask" if g.half_signed_in else "auth.sign_in"
    return redirect(url_for(page, next=target), 303)
