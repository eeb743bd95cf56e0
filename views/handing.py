"""Handing out what was made for a request: a paper to look at, a spreadsheet to keep."""

from flask import Response

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def document(content: bytes, name: str, media_type: str) -> Response:
    """The bytes under this ASCII name; what a browser can show it shows."""
    response = Response(content, mimetype=media_type)
    way = "inline" if media_type == "application/pdf" else "attachment"
    response.headers.set("Content-Disposition", way, filename=name)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
