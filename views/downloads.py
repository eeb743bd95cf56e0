"""What is handed out as a file, so that no browser takes it for a page of ours."""

from flask import Response

_INERT = "sandbox; default-src 'none'; frame-ancestors 'none'"


def inert(response: Response) -> Response:
    """Nothing in it runs, no other site embeds it, and no browser guesses what else it may be."""
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
