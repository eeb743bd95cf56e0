"""Signing in at an OpenID provider: nobody gets in by an answer that was not meant for him.

A real provider answers on a free port of this machine; it plays one gone bad where a test bends
what it says. The browser is Flask's client here, and Chromium in tests/browser/test_provider.py.
"""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select, update

from awards import id_tokens, provider_accounts, providers
from models.organisation import Person
from models.session import reading, transaction
from tests import provider as local
from tests.client import form, heading, text
from views import provider as pages
from views.web import db

pytestmark = pytest.mark.trust
LAN, QUANG, ADMIN = "lan.tuphap", "quang.tuphap", "quantri.hethong"
AGAIN = "Lượt đăng nhập này không còn hiệu lực."
WRONG = "Nơi đăng nhập chung trả lời không đúng"
NOBODY = "Tài khoản này chưa được gắn với ai ở đây."


@pytest.fixture(scope="module")
def served():
    with local.served() as provider:
        yield provider


@pytest.fixture
def provider(served):
    served.reset()
    served.add("lan")
    served.add("quang")
    return served


@pytest.fixture
def site(app, provider):
    """The application, registered at the provider; Lan's account there is linked."""
    app.config["WTF_CSRF_ENABLED"] = False
    first = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(first, provider=provider.settings())
    pages.init_app(app)
    with app.app_context(), transaction(db.engine) as session:
        named = providers.Identity(provider.issuer, "subject-of-lan", "")
        provider_accounts.link(session, id_of(session, LAN), named, datetime.now(UTC))
    yield app
    app.config["SETTINGS"] = first
    pages.init_app(app)


def id_of(session, login):
    return session.scalars(select(Person.id).where(Person.login == login)).one()


def set_out(client, path="/login/provider", **fields):
    """Press the button; gives where it leads."""
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, text(answer)
    return answer.headers["Location"]


def agree(address, user):
    """Sign in at the provider; gives the way back."""
    answer = requests.post(address, data={"user": user}, allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    return answer.headers["Location"].removeprefix("http://localhost")


def go_there(client, user="lan", path="/login/provider", **fields):
    """All of it; gives the last answer."""
    return client.get(agree(set_out(client, path, **fields), user))


def sign_in(site, login):
    client = site.test_client()
    fields = {"login": login, "password": f"vinh-danh-{login}"}
    assert client.post("/login", data=fields).status_code == 303
    return client


def is_in(client):
    return client.get("/inbox").status_code == 200


def said(answer, sentence):
    return answer.status_code == 422 and sentence in text(answer)


def test_whoever_is_linked_gets_in_and_where_he_wanted_to_go(site):
    client = site.test_client()

    answer = go_there(client, next="/board?q=lan")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/board?q=lan")
    assert is_in(client)
    assert "Trần Thị Lan" in text(client.get("/inbox"))
    assert client.post("/logout").status_code == 303
    assert not is_in(client)


def test_session_is_new_and_holds_nothing_planted(site):
    client = site.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
    go_there(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert pages._FLOW not in session


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "\t//evil"]
)
def test_way_back_never_leads_elsewhere(site, target):
    answer = go_there(site.test_client(), next=target)

    assert answer.headers["Location"] == "/inbox"


def test_provider_sees_nothing_that_signs_in(site):
    """What goes through the address bar and the provider's log: no secret of ours, no verifier."""
    client = site.test_client()
    asked = dict(parse_qsl(urlsplit(set_out(client)).query))
    with client.session_transaction() as session:
        kept = session[pages._FLOW]

    assert asked["state"] == kept["state"]
    assert asked["nonce"] == kept["nonce"]
    assert asked["code_challenge_method"] == "S256"
    assert kept["verifier"] not in asked.values()
    assert local.CLIENT_SECRET not in asked.values()
    assert min(len(kept[name]) for name in ("state", "nonce", "verifier")) >= 43  # 256 bits


def other(provider):
    """Signs with a key that the provider does not have, under the name of one it has."""
    key = local.new_key(provider.key.kid)
    return lambda claims: jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def coded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(claims, secret=b""):
    """A token that no library would make: without a signature, or with one by a known secret."""
    header = {"alg": "HS256" if secret else "none"}
    text_ = ".".join(coded(json.dumps(part).encode()) for part in (header, claims))
    return (
        f"{text_}.{coded(hmac.digest(secret, text_.encode(), 'sha256') if secret else b'')}"
    )


def shared(secret):
    """Signs with what is no secret of the provider alone."""
    return lambda claims: by_hand(claims, secret)


def without(name):
    return lambda claims: {k: v for k, v in claims.items() if k != name}


def shifted(**seconds):
    """Moments moved away from where they are."""
    return lambda claims: (
        claims
        | {
            name: claims["iat"] + by if name != "exp" else claims["iat"] + 300 + by
            for name, by in seconds.items()
        }
    )


BENT = {
    "another audience": lambda c: c | {"aud": "another-site"},
    "audiences of which we are not": lambda c: c | {"aud": ["a", "b"]},
    "several audiences and no party": lambda c: c | {"aud": [local.CLIENT, "another-site"]},
    "another party": lambda c: c | {"azp": "another-site"},
    "no audience": without("aud"),
    "another issuer": lambda c: c | {"iss": "https://evil.example"},
    "issuer with a slash": lambda c: c | {"iss": c["iss"] + "/"},
    "no issuer": without("iss"),
    "another nonce": lambda c: c | {"nonce": "x" * 43},
    "no nonce": without("nonce"),
    "nonce null": lambda c: c | {"nonce": None},
    "expired": shifted(iat=-700, exp=-1000),
    "expired by two minutes": shifted(exp=-420),
    "no expiry": without("exp"),
    "expiry is a word": lambda c: c | {"exp": "tomorrow"},
    "expiry is true": lambda c: c | {"exp": True},
    "not yet valid": shifted(nbf=120),
    "made in the future": shifted(iat=120, exp=420),
    "made an hour ago": shifted(iat=-3600),
    "no moment": without("iat"),
    "no subject": without("sub"),
    "subject empty": lambda c: c | {"sub": ""},
    "subject is a number": lambda c: c | {"sub": 1},
    "subject is endless": lambda c: c | {"sub": "x" * 256},
}


def let_in(site, provider):
    """Which bent tokens opened the account, or were refused with other words."""
    found = []
    for name, bend in BENT.items():
        provider.bend = bend
        client = site.test_client()
        if not said(go_there(client), WRONG) or is_in(client):
            found.append(name)
    return found


def test_token_that_was_bent_lets_nobody_in(site, provider):
    assert let_in(site, provider) == []


def test_token_that_the_provider_did_not_sign_lets_nobody_in(site, provider):
    public = provider.key.as_pem(private=False)
    forgers = [
        by_hand,
        other(provider),
        shared(local.CLIENT.encode()),
        shared(local.CLIENT_SECRET.encode()),
        shared(public),
        lambda claims: provider.signed(claims)[:-8] + "AAAAAAAA",
        lambda claims: provider.signed(claims).rsplit(".", 1)[0] + ".",
        lambda _claims: "",
        lambda _claims: "a.b.c",
        lambda _claims: "x" * 100_000,
    ]
    for forge in forgers:
        provider.sign = forge
        client = site.test_client()
        assert said(go_there(client), WRONG)
        assert not is_in(client)


def test_token_of_another_flow_of_the_same_person_is_refused(site, provider):
    """The attacker's provider session is real, the token is of another browser."""
    kept = []
    provider.sign = lambda claims: kept.append(provider.signed(claims)) or kept[-1]
    go_there(site.test_client())
    provider.sign = lambda _claims: kept[0]

    assert said(go_there(site.test_client()), WRONG)


CHECKS = {
    "_answers": {"another nonce", "no nonce", "nonce null"},
    "_is_from": {"another issuer", "issuer with a slash", "no issuer"},
    "_is_for": {name for name in BENT if "audience" in name or "party" in name},
}


@pytest.mark.parametrize("check", CHECKS)
def test_check_that_is_switched_off_is_caught(site, provider, monkeypatch, check):
    monkeypatch.setattr(id_tokens, check, lambda *_: True)

    assert set(let_in(site, provider)) == CHECKS[check]


def test_signature_by_any_algorithm_is_caught(site, provider, monkeypatch):
    """With shared secrets let in among keys and algorithms, knowing ours would be enough."""
    secret = OctKey.import_key(local.CLIENT_SECRET)
    monkeypatch.setattr(id_tokens, "ALGORITHMS", ["HS256"])
    monkeypatch.setattr(id_tokens, "keys", lambda _: secret)
    monkeypatch.setattr(id_tokens, "is_known", lambda *_: False)
    provider.sign = shared(local.CLIENT_SECRET.encode())
    client = site.test_client()
    go_there(client)

    assert is_in(client)


def test_answer_that_this_browser_did_not_ask_for_is_refused(site):
    """Login CSRF: a victim is sent the attacker's way back."""
    attacker, victim = site.test_client(), site.test_client()
    back = agree(set_out(attacker), "lan")

    assert said(victim.get(back), AGAIN)
    assert not is_in(victim)
    set_out(victim)
    assert said(victim.get(back), AGAIN)
    assert not is_in(victim)


@pytest.mark.parametrize("state", ["", "x", "ư", "a" * 5_000])
def test_other_state_is_refused_and_ends_the_flow(site, state):
    client = site.test_client()
    back = agree(set_out(client), "lan")
    asked = dict(parse_qsl(urlsplit(back).query)) | {"state": state}

    assert said(client.get(f"/login/provider?{urlencode(asked)}"), AGAIN)
    assert said(client.get(back), AGAIN)
    assert not is_in(client)


def test_answer_comes_back_once_even_from_a_careless_provider(site, provider):
    provider.is_sloppy = True
    client, thief = site.test_client(), site.test_client()
    back = agree(set_out(client), "lan")
    before = client.get_cookie("session").value
    assert client.get(back).status_code == 303
    assert said(client.get(back), AGAIN)

    thief.set_cookie("session", before)  # state, nonce and verifier, as they were

    assert said(thief.get(back), AGAIN)
    assert not is_in(thief)


def test_code_is_worth_nothing_without_the_verifier(site):
    """Who has seen the way back, and puts it in place of his own."""
    victim, thief = site.test_client(), site.test_client()
    stolen = dict(parse_qsl(urlsplit(agree(set_out(victim), "lan")).query))
    own = dict(parse_qsl(urlsplit(agree(set_out(thief), "quang")).query))

    answer = thief.get(f"/login/provider?{urlencode(own | {'code': stolen['code']})}")

    assert said(answer, WRONG)
    assert not is_in(thief)


def test_late_answer_and_one_of_another_issuer_are_refused(site):
    client = site.test_client()
    back = agree(set_out(client), "lan")
    with client.session_transaction() as session:
        flow = dict(session[pages._FLOW])
        session[pages._FLOW] = flow | {"begun_at": flow["begun_at"] - 601}
    assert said(client.get(back), AGAIN)

    asked = dict(parse_qsl(urlsplit(agree(set_out(client), "lan")).query))
    mixed = urlencode(asked | {"iss": "https://evil.example"})
    assert said(client.get(f"/login/provider?{mixed}"), WRONG)
    assert not is_in(client)


def test_who_does_not_agree_is_told_so(site):
    assert said(go_there(site.test_client(), "nobody"), "Bạn chưa đăng nhập ở nơi")
    assert said(site.test_client().get("/login/provider"), AGAIN)


def test_no_account_is_made_and_no_name_opens_one(site, provider):
    """Another subject with Lan's address and names, proved and all."""
    provider.add("twin", sub="another", email="lan@tinh.example.vn", name="Trần Thị Lan")
    provider.add("admin", preferred_username=ADMIN, email=ADMIN)
    with site.app_context(), reading(db.engine) as session:
        before = len(session.scalars(select(Person.id)).all())

    for user in ("twin", "admin", "quang"):
        client = site.test_client()
        assert said(go_there(client, user), NOBODY)
        assert not is_in(client)
    with site.app_context(), reading(db.engine) as session:
        assert len(session.scalars(select(Person.id)).all()) == before


def test_closed_account_is_closed_at_the_provider_too(site):
    client = site.test_client()
    go_there(client)
    with site.app_context(), transaction(db.engine) as session:
        session.execute(update(Person).where(Person.login == LAN).values(is_active=False))

    assert not is_in(client)
    assert said(go_there(site.test_client()), NOBODY)


def test_second_factor_is_asked_for_whatever_the_provider_says(site, provider):
    provider.bend = lambda c: c | {"acr": "high", "amr": ["otp", "mfa", "hwk"]}
    site.config["SETTINGS"] = replace(site.config["SETTINGS"], asks_twice=True)
    with site.app_context(), transaction(db.engine) as session:
        named = providers.Identity(provider.issuer, "subject-of-admin", "")
        provider_accounts.link(session, id_of(session, ADMIN), named, datetime.now(UTC))
    provider.add("admin")
    client = site.test_client()
    go_there(client, "admin")

    assert client.get("/people").headers["Location"].startswith("/second-factor")


def test_person_links_the_own_account_and_parts_from_it(site):
    client = sign_in(site, QUANG)
    answer = go_there(client, "quang", "/account/provider")
    assert answer.headers["Location"] == "/account"
    assert "Đã gắn với quang@tinh.example.vn" in text(client.get("/account"))
    other_browser = site.test_client()
    assert go_there(other_browser, "quang").status_code == 303
    assert is_in(other_browser)

    assert client.post("/account/provider/forget").status_code == 303

    assert not is_in(other_browser)
    assert is_in(client)
    assert said(go_there(site.test_client(), "quang"), NOBODY)


def test_nobody_links_what_is_linked_to_another(site):
    client = sign_in(site, QUANG)
    go_there(client, "lan", "/account/provider")

    assert "đã gắn với người khác" in text(client.get("/account"))
    lan = site.test_client()
    go_there(lan)
    assert "Trần Thị Lan" in text(lan.get("/inbox"))


def test_answer_for_one_person_links_nothing_to_the_next(site):
    """Somebody sets out to link, another signs in on the same browser before the answer comes."""
    client = sign_in(site, QUANG)
    back = agree(set_out(client, "/account/provider"), "quang")
    kept = client.get_cookie("session").value
    client.post("/logout")
    assert client.get(back).status_code == 422
    client.set_cookie("session", kept)  # of a session that is over

    assert said(client.get(back), AGAIN)
    assert said(go_there(site.test_client(), "quang"), NOBODY)


def test_linking_asks_for_the_password(site):
    client = sign_in(site, QUANG)
    site.config["SETTINGS"] = replace(site.config["SETTINGS"], asks_twice=True)

    asked = client.post("/account/provider")

    assert heading(asked) == "Xác nhận là bạn"
    origin = site.config["SETTINGS"].provider.origin
    assert f"form-action 'self' {origin};" in asked.headers["Content-Security-Policy"]
    sent = form(asked, "/account/provider").send(client, own_password=f"vinh-danh-{QUANG}")
    assert sent.headers["Location"].startswith(f"{origin}/authorize?")


def test_administrator_expects_somebody_by_name(site, provider):
    admin = sign_in(site, ADMIN)
    with site.app_context(), reading(db.engine) as session:
        person = f"/people/{id_of(session, QUANG)}"
        own = f"/people/{id_of(session, ADMIN)}"
    page = form(admin.get(person), f"{person}/provider")
    assert page.send(admin, name="").status_code == 422
    assert page.send(admin, name=" Quang@TINH.example.vn ").status_code == 303
    assert "Chờ quang@tinh.example.vn đăng nhập lần đầu" in text(admin.get(person))
    assert admin.post(f"{own}/provider", data={"name": "x"}).status_code == 404
    assert (
        sign_in(site, LAN).post(f"{person}/provider", data={"name": "x"}).status_code == 404
    )
    provider.add("fake", email="quang@tinh.example.vn", email_verified=False)

    assert said(go_there(site.test_client(), "fake"), NOBODY)
    client = site.test_client()
    go_there(client, "quang")
    assert is_in(client)
    assert "Đã gắn với quang@tinh.example.vn" in text(admin.get(person))

    assert admin.post(f"{person}/provider/forget").status_code == 303
    assert not is_in(client)
    assert said(go_there(site.test_client(), "quang"), NOBODY)


def test_provider_that_is_silent_or_talks_nonsense_is_told(site, provider):
    site.extensions["provider"]._read_at = None
    for answer, sentence in (
        ({"issuer": "https://evil.example"}, WRONG),
        ({"authorization_endpoint": "https://evil.example/authorize"}, WRONG),
        ({"token_endpoint": "http://evil.example/token"}, WRONG),
        ({"jwks_uri": "file:///etc/passwd"}, WRONG),
    ):
        provider.answer = answer
        assert said(site.test_client().post("/login/provider"), sentence)
    site.extensions["provider"].issuer = "http://127.0.0.1:9"
    told = site.test_client().post("/login/provider")
    assert said(told, "Không liên hệ được nơi đăng nhập chung.")


def test_new_key_of_the_provider_is_fetched_once(site, provider):
    assert go_there(site.test_client()).status_code == 303
    provider.key = local.new_key("second")
    provider.asked.clear()

    assert go_there(site.test_client()).status_code == 303
    assert go_there(site.test_client()).status_code == 303
    assert provider.asked == ["token", "keys", "token"]


def test_button_is_there_with_a_provider_alone(site, browse):
    client = site.test_client()
    answer = client.get("/login?next=/board")
    assert form(answer, "/login/provider").fields["next"] == "/board"
    origin = site.config["SETTINGS"].provider.origin
    assert f"form-action 'self' {origin};" in answer.headers["Content-Security-Policy"]
    other_page = sign_in(site, LAN).get("/inbox")
    assert "form-action 'self';" in other_page.headers["Content-Security-Policy"]

    site.config["SETTINGS"] = replace(site.config["SETTINGS"], provider=None)
    pages.init_app(site)
    assert "/login/provider" not in client.get("/login").text
    assert client.post("/login/provider").status_code == 404
    assert client.get("/login/provider").status_code == 404
