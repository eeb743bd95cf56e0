"""A small and true OpenID provider on a free loopback port: discovery, keys, consent, tokens.

It follows OpenID Connect Core 1.0 and RFC 7636: a code is good once, for one client, one address
and one verifier. What it says of people can be bent by tests, who play a provider gone bad.
"""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

from settings import ProviderSettings

CLIENT, CLIENT_SECRET = "vinh-danh", "the secret of vinh-danh at the provider"
_CREDENTIALS = {"username": CLIENT, "password": CLIENT_SECRET}
PAGE = """<!doctype html><html lang="vi"><title>Provider</title><h1>Cổng đăng nhập tỉnh</h1>
<form method="post"><label>Tài khoản <input name="user"></label><button>Đồng ý</button></form>"""


class Provider:
    """What it knows, and how its tokens are bent: `bend` changes claims, `sign` signs them."""

    def __init__(self) -> None:
        self.issuer = ""
        self.people: dict[str, dict[str, Any]] = {}
        self.key = new_key("first")
        self.reset()

    def reset(self) -> None:
        """As it was at first: honest, and with nobody in it."""
        self.people.clear()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.is_sloppy = False  # then a code is good for ever
        self.bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.answer: dict[str, Any] = {}

    def signed(self, claims: dict[str, Any]) -> str:
        """As every token should be."""
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, claims, self.key)

    def settings(self, **changes: str) -> ProviderSettings:
        """What a site that is registered here is set to."""
        made = {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
            "name": "Cổng đăng nhập tỉnh",
            "claim": "email",
        }
        return ProviderSettings(**made | changes)

    def add(self, user: str, **claims: Any) -> None:
        """Give somebody an account, of which the e-mail address is proved."""
        self.people[user] = {
            "sub": f"subject-of-{user}",
            "email": f"{user}@tinh.example.vn",
            "email_verified": True,
            "preferred_username": user,
        } | claims

    def token(self, kept: dict[str, str]) -> str:
        """What is said of whoever has agreed."""
        moment = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": kept["nonce"],
        }
        return self.sign(self.bend(claims | self.people[kept["user"]]))


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def served() -> Iterator[Provider]:
    """A provider that answers while the block runs."""
    provider = Provider()
    server = make_server(
        "127.0.0.1", 0, _pages(provider), threaded=True, request_handler=_Quiet
    )
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def _pages(provider: Provider) -> Flask:
    app = Flask("provider")
    _add_facts(app, provider)
    _add_consent(app, provider)
    _add_tokens(app, provider)
    return app


def _add_facts(app: Flask, provider: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        provider.asked.append("discovery")
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        } | provider.answer

    @app.get("/keys")
    def keys() -> Any:
        provider.asked.append("keys")
        return KeySet([provider.key]).as_dict(private=False)


def _add_consent(app: Flask, provider: Provider) -> None:
    @app.get("/authorize")
    def ask() -> Any:
        asked = request.args
        if asked["client_id"] != CLIENT or asked["response_type"] != "code":
            abort(400)
        if asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"]:
            abort(400)
        return PAGE

    @app.post("/authorize")
    def agree() -> Any:
        asked, user = request.args, request.form["user"]
        answer = {"state": asked["state"], "iss": provider.issuer}
        if user not in provider.people:
            answer |= {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(16)
            provider.codes[code] = asked.to_dict() | {"user": user}
            answer |= {"code": code}
        return redirect(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)


def _add_tokens(app: Flask, provider: Provider) -> None:
    @app.post("/token")
    def token() -> Any:
        provider.asked.append("token")
        sent, client = request.form, request.authorization
        find = provider.codes.get if provider.is_sloppy else provider.codes.pop
        kept = find(sent["code"], None)
        if client is None or client.type != "basic" or client.parameters != _CREDENTIALS:
            return {"error": "invalid_client"}, 401
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if kept is None or kept["redirect_uri"] != sent["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        if kept["code_challenge"] != challenge:
            return {"error": "invalid_grant"}, 400
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "id_token": provider.token(kept),
        }
