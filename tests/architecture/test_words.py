"""Nothing that people read is left out of the translation, and no template speaks past it."""

import ast
import io
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages import pofile
from babel.messages.extract import extract
from jinja2 import nodes
from lxml import etree

from workflows import namespaces

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PACKAGES = ("views", "forms", "workflows", "awards")
KEYWORDS = dict.fromkeys(("_", "_l", "N_", "gettext", "lazy_gettext"))
READ_ALOUD = {"aria-label", "title", "placeholder", "alt"}
VIETNAMESE = re.compile("[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
END_OF_ID = re.compile(r"\s*(-[a-z]+\s*)+")  # a macro that makes an id for an attribute
PRINTED = {  # papers and letters are Vietnamese whoever asks for them, and so are spreadsheets
    ROOT / "awards" / "appraisals.py",
    ROOT / "awards" / "archives.py",
    ROOT / "awards" / "decision_kinds.py",
    ROOT / "awards" / "exports.py",
    ROOT / "awards" / "signed" / "comparing.py",  # looks for words on papers
    ROOT / "awards" / "sheets.py",
    *(ROOT / "awards" / "tables").glob("*.py"),
    ROOT / "awards" / "bonuses" / "papers.py",
    ROOT / "awards" / "bonuses" / "printing.py",
    ROOT / "awards" / "bonuses" / "reckoning.py",
    ROOT / "awards" / "bonuses" / "sheets.py",
    ROOT / "awards" / "certificates" / "papers.py",
    ROOT / "awards" / "certificates" / "printing.py",
    ROOT / "awards" / "decisions.py",
    ROOT / "awards" / "messages" / "checkpoint_letters.py",
    ROOT / "awards" / "messages" / "digests.py",
    ROOT / "awards" / "messages" / "mails.py",
    ROOT / "awards" / "number_words.py",
    ROOT / "awards" / "packs.py",
    ROOT / "awards" / "papers.py",
    ROOT / "awards" / "proposals" / "kinds.py",
    ROOT / "awards" / "proposals" / "minutes.py",
    ROOT / "awards" / "proposals" / "papers.py",
    ROOT / "awards" / "province.py",
    ROOT / "awards" / "quality" / "measures.py",  # looks for words in measures
    ROOT / "awards" / "survey_papers.py",
    ROOT / "awards" / "result_notices.py",
    ROOT / "awards" / "result_sample.py",
    ROOT / "awards" / "signatures.py",
    ROOT / "awards" / "story_papers.py",
    ROOT / "awards" / "templates" / "common.py",
}
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def name(path):
    return str(path.relative_to(ROOT))


def python():
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    demo = ROOT / "awards" / "demo"
    return sorted(path for path in [*found, *ROOT.glob("*.py")] if demo not in path.parents)


# what is to be translated


def extracted(path, method):
    found = extract(method, io.BytesIO(path.read_bytes()), keywords=KEYWORDS, options={})
    for _line, message, _comments, _context in found:
        yield from message if isinstance(message, tuple) else (message,)


def drawn(path):
    """The words of a diagram: names, lanes, short names, public statuses, fields and choices."""
    tree = etree.parse(path)
    for value in tree.xpath(
        "//b:*[not(self::b:message)]/@name"
        " | //c:property[@name='stage' or @name='public_status']/@value"
        " | //c:formField/@label | //c:formField/c:value/@name",
        namespaces=namespaces.NS,
    ):
        yield " ".join(str(value).split())


@cache
def messages():
    """Every message that people read, with a place where it stands."""
    found = {}
    for path in TEMPLATES:
        found |= dict.fromkeys(extracted(path, "jinja2"), name(path))
    for path in python():
        found |= dict.fromkeys(extracted(path, "python"), name(path))
    for path in (ROOT / "bpmn").rglob("*.bpmn"):
        found |= dict.fromkeys(drawn(path), name(path))
    return {message: place for message, place in found.items() if message}


@cache
def english():
    with CATALOGUE.open("rb") as file:
        catalogue = pofile.read_po(file, locale="en")
    return {m.id: m.string for m in catalogue if m.id and not m.fuzzy}


def test_messages_are_found_in_templates_python_and_diagrams():
    places = {Path(place).suffix for place in messages().values()}

    assert places == {".html", ".py", ".bpmn"}
    assert {"Đăng xuất", "Bạn không có quyền làm việc này.", "Thủ trưởng đơn vị"} <= set(
        messages()
    )


def test_every_message_has_an_english_text():
    missing = {
        message: place
        for message, place in messages().items()
        if not english().get(message)
    }

    assert missing == {}


def test_english_texts_keep_the_places_for_values():
    differing = {
        message
        for message, text in english().items()
        if isinstance(message, str)
        and sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(text))
    }

    assert differing == set()


def test_no_english_text_is_kept_for_a_message_that_is_gone():
    assert set(english()) - set(messages()) == set()


def test_english_texts_are_no_longer_vietnamese():
    kept = {text for text in english().values() if VIETNAMESE.search(str(text))}

    assert kept == {text for text in kept if is_name(text)}


def is_name(text):
    """Names stay as they are: of the product, and of bodies of the field."""
    return bool(re.search(r"Khối|Việt Nam|Tết|Tiếng Việt", str(text)))


# what speaks past the translation


class Page(HTMLParser):
    """Collects what a reader sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.said = []
        self.is_key = False

    def handle_starttag(self, tag, attrs):
        self.is_key = tag == "kbd"  # keys are called what is printed on them
        self.said += [value for key, value in attrs if key in READ_ALOUD and value]

    def handle_endtag(self, tag):
        self.is_key = self.is_key and tag != "kbd"

    def handle_data(self, data):
        if not self.is_key and not END_OF_ID.fullmatch(data):
            self.said.append(data)


def bare_texts(source):
    """Letters in a template that no `_()` and no `{% trans %}` goes round."""
    page, in_translation, kept = Page(), False, []
    tokens = list(ENVIRONMENT.lex(source))
    for place, (_line, kind, value) in enumerate(tokens):
        if kind == "block_begin":
            word = next(v for _l, k, v in tokens[place:] if k == "name")
            in_translation = word == "trans" or (in_translation and word != "endtrans")
        elif kind == "data" and not in_translation:
            kept.append(value)
        elif kind == "variable_begin":
            kept.append(" ")
    page.feed("".join(kept))
    page.close()
    return [said.strip() for said in page.said if any(c.isalpha() for c in said)]


def untranslated_strings(source):
    """Vietnamese strings inside Jinja's braces that no `_()` goes round."""
    tree = ENVIRONMENT.parse(source)
    translated = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if getattr(call.node, "name", "") in {"_", "gettext", "ngettext"}
        for argument in call.args
    }
    return [
        constant.value
        for constant in tree.find_all(nodes.Const)
        if isinstance(constant.value, str)
        and VIETNAMESE.search(constant.value)
        and id(constant) not in translated
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_says_nothing_untranslated(path):
    source = path.read_text()

    assert bare_texts(source) == []
    assert untranslated_strings(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hồ sơ</p>", ["Hồ sơ"]),
        ("<p>{{ x }} and <b>more</b></p>", ["and", "more"]),
        ('<a title="Mở"></a>', ["Mở"]),
        ('<input placeholder="dd/mm">', ["dd/mm"]),
        ('<img alt="logo" src="x.png">', ["logo"]),
        ("{% if x %}yes{% endif %}", ["yes"]),
        ("<p>{{ _('Hồ sơ') }}: 12 · –</p>", []),
        ("<p>{% trans n=1 %}Còn {{ n }} ngày{% endtrans %}</p>", []),
        ("<p>{% trans %}Một{% endtrans %} hai</p>", ["hai"]),
        ('<a title="{{ _("Mở") }}" class="button"></a>', []),
        ("{# a remark #}<!-- another -->", []),
        ("<kbd>Enter</kbd> opens", ["opens"]),
    ],
)
def test_bare_texts_are_found(source, found):
    assert bare_texts(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{{ link('Hồ sơ') }}", ["Hồ sơ"]),
        ("{{ link(_('Hồ sơ')) }}", []),
        ("{{ x or 'Chưa có' }}", ["Chưa có"]),
        ("{% set a = {'b': 'Mở'} %}", ["Mở"]),
        ("{% trans %}Mở{% endtrans %}", []),
    ],
)
def test_untranslated_strings_are_found(source, found):
    assert untranslated_strings(source) == found


def texts(tree):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) > 1
        and VIETNAMESE.search(node.value)
    ]


def bare_strings(source, *, reads_sheets=False):
    """Vietnamese strings in Python that are neither translated nor docstrings.

    Values that a table keeps may be the keys of their own translations. What a module looks for
    in people's spreadsheets stands in its constants and keys.
    """
    tree = ast.parse(source)
    fine = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[text, *_]) if called in KEYWORDS:
                fine.add(id(text))
            case ast.Expr(value=ast.Constant() as text):  # a docstring, of a constant too
                fine.add(id(text))
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                fine |= {
                    id(k)
                    for k, v in pairs
                    if k and (reads_sheets or ast.unparse(k) in ast.unparse(v))
                }
            case ast.Assign() | ast.AnnAssign() if reads_sheets and node.value:
                fine |= {id(text) for text in texts(node.value)}
    return [(node.lineno, node.value) for node in texts(tree) if id(node) not in fine]


@pytest.mark.parametrize("path", sorted({*python()} - PRINTED), ids=name)
def test_module_says_nothing_untranslated(path):
    in_lists = path.parent == ROOT / "awards" / "lists"

    assert bare_strings(path.read_bytes(), reads_sheets=in_lists) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""Hồ sơ."""', []),
        ('x = _("Hồ sơ")', []),
        ('x = _("Hồ " "sơ")', []),
        ('x = "Hồ sơ"', [(1, "Hồ sơ")]),
        ('x = f"Hồ sơ {y}"', [(1, "Hồ sơ ")]),
        ('x = told("Hồ sơ")', [(1, "Hồ sơ")]),
        ('x = _("Mở" if y else "Đóng")', [(1, "Mở"), (1, "Đóng")]),
        ('x = _("%(a)s", a="Mở")', [(1, "Mở")]),
        ('x = {"Mở": _l("Mở")}', []),
        ('x = {"Mở": 1}', [(1, "Mở")]),
        ('x.replace("đ", "d")', []),
    ],
)
def test_bare_strings_are_found(source, found):
    assert bare_strings(source) == found


def test_messages_are_format_strings_that_fill_in():
    odd = {
        message
        for message in messages()
        if re.search(r"%(?!\(\w+\)[sd])", message.replace("%%", ""))
        and PLACEHOLDER.search(message)
    }

    assert odd == set()
