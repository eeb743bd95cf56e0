"""What every answer of ours carries."""

from werkzeug.test import TestResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
INERT = {"sandbox": "", "default-src": "'none'", "frame-ancestors": "'none'"}
PAPER = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TELLING = ("Server", "X-Powered-By", "X-Debug", "Via", "Access-Control-Allow-Origin")
HSTS = "max-age=31536000; includeSubDomains"


def lacking(response: TestResponse, *, over_https: bool = False) -> list[str]:
    """The headers that are missing or wrong, and what cookies lack."""
    headers = response.headers
    said = headers.get("Content-Security-Policy", "")
    parts = [part.strip().partition(" ") for part in said.split(";")]
    policy = {name: value for name, _blank, value in parts}
    wrong = [] if policy in (POLICY, INERT, PAPER) else ["Content-Security-Policy"]
    wrong += [name for name, value in FIXED.items() if headers.get(name) != value]
    wrong += [name for name in TELLING if name in headers]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if headers.get("Strict-Transport-Security") != (HSTS if over_https else None):
        wrong.append("Strict-Transport-Security")
    for cookie in headers.getlist("Set-Cookie"):
        wrong += bare(cookie, over_https=over_https)
    return wrong


def bare(cookie: str, *, over_https: bool) -> list[str]:
    """What a cookie lacks, or has too much (S6)."""
    given = {part.strip() for part in cookie.split(";")[1:]}
    names = {part.partition("=")[0] for part in given}
    wanted = {"HttpOnly", "SameSite=Lax", "Path=/"} | ({"Secure"} if over_https else set())
    wrong = sorted(wanted - given)
    if over_https and not cookie.startswith("__Host-"):
        wrong.append("__Host-")
    return wrong + (["Domain"] if "Domain" in names else [])
