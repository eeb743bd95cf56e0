"""Words come in the reader's language, as they are read, and the values in them are escaped."""

import pytest
from flask import Flask, render_template_string, request, session

import languages
from languages import gettext, lazy_gettext


@pytest.fixture
def client():
    """Of an application of one page, which tells the language and keeps a sentence."""
    made = Flask("made")
    made.secret_key = "for-tests-alone"  # noqa: S105
    languages.init_app(made)

    @made.get("/")
    def tell():
        if "language" in request.args:
            session["language"] = request.args["language"]
        session["said"] = lazy_gettext("Hồ sơ")
        return render_template_string(
            "{{ _('Hồ sơ') }} {{ _('%(name)s <b>100%%</b>', name='<i>') }}"
        )

    return made.test_client()


def test_sentences_are_in_the_language_of_the_moment():
    label = lazy_gettext("Hồ sơ")

    with languages.speaking("en"):
        spoken = [gettext("Hồ sơ"), str(label), f"{label}"]

    assert spoken == ["Nominations"] * 3
    assert (gettext("Hồ sơ"), str(label)) == ("Hồ sơ", "Hồ sơ")


def test_values_are_put_in_after_translation():
    with languages.speaking("en"):
        said = gettext("còn %(days)s ngày làm việc", days=3)

    assert said == "working days left: 3"


def test_templates_escape_values_and_not_their_own_words(client):
    assert client.get("/").text == "Hồ sơ &lt;i&gt; <b>100%</b>"


def test_one_reader_does_not_leave_a_language_to_the_next(client):
    client.get("/?language=en")
    chosen = client.get("/").text.split()[0]
    unknown = client.get("/?language=xx") and client.get("/").text
    stranger = client.application.test_client().get("/").text

    assert chosen == "Nominations"
    assert unknown.startswith("Hồ sơ")
    assert stranger.startswith("Hồ sơ")
    assert languages.current() == "vi"


def test_sentences_are_kept_in_sessions_as_text(client):
    client.get("/")

    with client.session_transaction() as kept:
        assert kept["said"] == "Hồ sơ"
