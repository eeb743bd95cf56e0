"""What pages are made of is kept by browsers, and asked for anew when it has changed."""

from tests.client import parse

YEAR, DAY = 31_536_000, 86_400


def kept(response):
    cache = response.cache_control
    return cache.public, cache.max_age, bool(cache.immutable), bool(cache.no_cache)


def addresses(client):
    page = parse(client.get("/login"))
    found = [*page.xpath("//link/@href"), *page.xpath("//script/@src")]
    return [address for address in found if address.startswith("/static/")]


def test_everything_a_page_names_is_kept_for_a_year(app):
    client = app.test_client()
    named = addresses(client)

    assert len(named) >= 7
    for address in named:
        response = client.get(address)
        assert response.status_code == 200
        assert kept(response) == (True, YEAR, True, False), address
        assert "Vary" not in response.headers, address  # they are the same for everybody


def test_a_changed_file_has_a_new_address(app, tmp_path):
    app_css = tmp_path / "app.css"
    app_css.write_text("a {}")
    static, app.static_folder = app.static_folder, str(tmp_path)
    try:
        client = app.test_client()
        (before,) = (a for a in addresses(client) if "app.css" in a)
        app_css.write_text("b { }")
        (after,) = (a for a in addresses(client) if "app.css" in a)

        assert before != after
        assert kept(client.get(after)) == (True, YEAR, True, False)
        assert kept(client.get(before)) == (
            True,
            DAY,
            False,
            False,
        )  # an old page, new words
    finally:
        app.static_folder = static


def test_what_has_no_version_is_kept_for_a_day(app):
    response = app.test_client().get("/static/app.css")

    assert kept(response) == (True, DAY, False, False)


def test_a_missing_file_is_not_kept(app):
    response = app.test_client().get("/static/missing.css?v=1")

    assert response.status_code == 404
    assert "max-age" not in response.headers.get("Cache-Control", "")


def test_pages_themselves_are_never_kept(app):
    assert app.test_client().get("/login").headers["Cache-Control"] == "no-store"
