"""Templates of papers: chosen by date, brought by one and approved by another, attacks refused."""

import io
import zipfile
from datetime import timedelta

import docx
import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import awards.registry  # noqa: F401 - registers the kinds of papers
from awards import people
from awards.templates import choosing, filling, inspecting, keeping, making, trying
from awards.templates.keeping import Tried
from awards.templates.registry import KINDS
from awards.templates.trying import TemplateFailed
from awards.templates.typesetting import UnprintableText
from models.organisation import Person
from models.templates import TemplateFormat
from tests.conftest import NOW
from workflows import calendar
from workflows.budgets import Budget
from workflows.errors import NotAllowed, SamePerson, TaskChanged

TODAY = calendar.today(NOW)
DAY = timedelta(days=1)
KIND = KINDS["result_notice"]
TYPST, DOCX = TemplateFormat.TYPST, TemplateFormat.DOCX
OURS = KIND.built_in(TYPST).read_bytes()
CHANGED = OURS.replace(b'"TH\xc3\x94NG B\xc3\x81O"', '"THÔNG BÁO MỚI"'.encode())
ADMIN, SECOND = "quantri.hethong", "quantri.quytrinh"


def actor(db, login):
    person = db.scalars(select(Person).where(Person.login == login)).one()
    return people.actor_of(people.find(db, person.id), TODAY)


def upload(db, *, since=TODAY, until=None, content=CHANGED, login=ADMIN, key=""):
    return keeping.upload(
        db,
        Tried(KIND, TYPST, content),
        valid_from=since,
        valid_to=until,
        note="Đổi tên văn bản.",
        actor=actor(db, login),
        command_key=key or f"{since}{until}{content is None}",
        now=NOW,
    )


def approved(db, **what):
    row = upload(db, **what)
    return keeping.approve(db, row.id, actor=actor(db, SECOND), now=NOW)


def version_on(db, day):
    return choosing.chosen(db, KIND, TYPST, day).version


def word_with(text):
    document = docx.Document()
    document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_the_papers_date_chooses_its_template(db):
    approved(db, since=TODAY)
    approved(db, since=TODAY + 9 * DAY)
    approved(db, since=TODAY + 20 * DAY, until=TODAY + 22 * DAY, content=None)

    days = [-1, 0, 8, 9, 19, 20, 22, 23]
    assert [version_on(db, TODAY + n * DAY) for n in days] == [0, 1, 1, 2, 2, 3, 3, 2]
    back = choosing.chosen(db, KIND, TYPST, TODAY + 21 * DAY)
    assert (back.content, back.sha256) == (None, choosing.built_in(KIND, TYPST).sha256)
    assert choosing.chosen(db, KIND, DOCX, TODAY).version == 0


def test_nothing_is_used_before_a_second_person_approves(db):
    row = upload(db)
    assert version_on(db, TODAY) == 0

    with pytest.raises(SamePerson):
        keeping.approve(db, row.id, actor=actor(db, ADMIN), now=NOW)
    with pytest.raises(NotAllowed):
        keeping.approve(db, row.id, actor=actor(db, "tuan.noivu"), now=NOW)
    assert version_on(db, TODAY) == 0

    keeping.approve(db, row.id, actor=actor(db, SECOND), now=NOW)
    assert version_on(db, TODAY) == 1


def test_the_database_refuses_one_person_in_both_places(db):
    row = upload(db)
    row.approved_by, row.approved_at = row.uploaded_by, NOW

    with pytest.raises(IntegrityError), db.begin_nested():
        db.flush()


def test_only_administrators_of_the_system_bring_templates_and_once(db):
    with pytest.raises(NotAllowed):
        upload(db, login=SECOND)

    first = upload(db, key="sent twice")
    assert upload(db, key="sent twice").id == first.id
    assert [row.version for row in keeping.of(db, KIND, TYPST)] == [1]


def test_what_was_declined_is_not_approved_and_what_is_used_not_declined(db):
    gone, kept = upload(db), approved(db, since=TODAY + DAY)
    keeping.decline(db, gone.id, actor=actor(db, ADMIN), now=NOW)

    with pytest.raises(TaskChanged):
        keeping.approve(db, gone.id, actor=actor(db, SECOND), now=NOW)
    with pytest.raises(TaskChanged):
        keeping.decline(db, kept.id, actor=actor(db, ADMIN), now=NOW)


def test_an_approved_template_makes_the_paper_and_is_named_in_it(db):
    row = approved(db)

    made = making.make(db, KIND, KIND.sample(), day=TODAY, standard="a-2b")

    with pypdfium2.PdfDocument(made.content) as pdf:
        assert "THÔNG BÁO MỚI" in pdf[0].get_textpage().get_text_range()
        assert pdf.get_metadata_value("Keywords") == f"result_notice typst 1 {row.sha256}"
    assert (made.template.version, made.template.sha256) == (1, row.sha256)
    assert made.media_type == "application/pdf"


def test_a_word_template_is_filled_in_the_child_as_well():
    word = trying.run(DOCX, word_with("Gửi {{ to }}: {{ subject|upper }}"), KIND.sample())

    said = [p.text for p in docx.Document(io.BytesIO(word)).paragraphs]
    assert said == ["Gửi Sở Tư pháp: KẾT QUẢ XÉT KHEN THƯỞNG"]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ subject.__init__.__globals__ }}",
        "{{ groups.__class__.__base__ }}",
        "{{ subject|attr('__class__') }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(subject) }}",
        "{{ subject|safe }}",
        "{% autoescape false %}{{ subject }}{% endautoescape %}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{{ lipsum.__globals__ }}",
        "{% for n in range(9) %}x{% endfor %}",
        "{{ recipients.append('x') }}",
        "{{ no_such_word }}",
    ],
)
def test_jinja_reaches_nothing_but_the_words(attack):
    with pytest.raises(filling.REFUSALS):
        filling.fill(word_with(attack), KIND.sample())


@pytest.mark.parametrize(
    "attack",
    ["{{ code.tpl.save('/tmp/x') }}", "{{ code._document }}", "{{ code.__html__() }}"],
)
def test_the_code_is_a_picture_and_no_way_out(attack):
    words = KINDS["decision"].sample()
    filling.fill(word_with("{{ code }}"), words)  # what it is for

    with pytest.raises(filling.REFUSALS):
        filling.fill(word_with(attack), words)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../../../../../../etc/passwd")', "escape"),
        ('#import "@preview/cetz:0.2.2": *', "@preview"),
        ('#import ("@pre" + "view/cetz:0.2.2"): *', "package"),
    ],
)
def test_typst_reads_its_folder_and_nothing_else(source, why):
    with pytest.raises(TemplateFailed) as caught:
        trying.run(TYPST, source.encode(), KIND.sample())

    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        (TYPST, b"#for i in range(100000) { for j in range(i, i + 100000) { [] } }"),
        (DOCX, word_with("{{ 'a' * 10000000000 }}")),
    ],
)
def test_a_template_that_takes_too_much_is_ended(format_, content):
    budget = Budget(seconds=2, memory=trying.BUDGET.memory)

    with pytest.raises(TemplateFailed):
        trying.run(format_, content, KIND.sample(), budget=budget)


def test_what_the_font_lacks_is_named_for_uploaded_templates_too():
    with pytest.raises(UnprintableText) as caught:
        trying.run(TYPST, OURS, KIND.sample() | {"subject": "😀"}, standard="a-2b")

    assert caught.value.values == {"character": "😀"}


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/embeddings/oleObject1.bin", b"x"),
        (
            "word/_rels/settings.xml.rels",
            b'<R><Relationship Target="http://x/t.dotm" TargetMode="External"/></R>',
        ),
        ("word/footer9.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "/etc/passwd">]><x>&e;</x>'),
        (
            "word/header9.xml",
            b"<p><instrText>INCLUDE</instrText><instrText>TEXT x</instrText></p>",
        ),
    ],
)
def test_word_files_that_embed_fetch_or_declare_are_refused(part, content):

    packed = io.BytesIO(word_with("Gửi {{ to }}"))
    inspecting.look_through(packed.getvalue())  # what is sound passes
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(part, content)

    with pytest.raises(inspecting.Unfit):
        inspecting.look_through(packed.getvalue())


def test_what_is_no_word_file_is_refused():
    with pytest.raises(TemplateFailed):
        trying.run(DOCX, b"no zip", KIND.sample())
