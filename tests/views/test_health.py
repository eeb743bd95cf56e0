"""For whoever watches the service."""

from tests.conftest import make_app


def test_health_is_told_to_strangers(app):
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_health_without_a_database_is_an_error(tmp_path):
    app = make_app("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path)

    assert app.test_client().get("/healthz").status_code == 500
