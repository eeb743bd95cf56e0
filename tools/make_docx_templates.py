"""Make our own DOCX templates: the same papers as the Typst ones, for offices that edit them first.

    python -m tools.make_docx_templates

The files in templates/documents are kept with the code, so that no installation needs this script
and an administrator can download one, change it in Word and upload it. Run it after a change here;
a test proves that the files are what it makes. Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

from docx.document import Document

from tools.docx_bonus_list import bonus_list
from tools.docx_page import EPOCH, blank, body, each, line, part, tag
from tools.docx_parts import (
    annex,
    heading,
    list_title,
    recipients,
    signature,
    signers,
    titled,
)
from tools.docx_tables import bare_table, one_table, row, table, tables

FOLDER = Path(__file__).parents[1] / "templates/documents"


def proposal() -> Document:
    """A tờ trình."""
    document = blank()
    heading(document)
    titled(document, "TỜ TRÌNH")
    line(document, "Kính gửi: {{ to }}", after=10)
    each(document, "ground in grounds", "{{ ground }};", italic=True)
    each(document, "paragraph in paragraphs", "{{ paragraph }}")
    body(document, "{{ issuer }} kính trình {{ to }} xem xét, quyết định./.")
    signature(document)
    asked = "{{ subject|replace('Về việc đề nghị', 'được đề nghị')|upper }}"
    annex(document, asked, inset=20)
    tables(document)
    tag(document, "{%p if left_out %}")
    list_title(document, "KHÔNG ĐỀ NGHỊ, KÈM LÝ DO", is_new_page=True)
    columns = ("STT", "Tên, đơn vị", "Kết quả", "Lý do")
    table(document, [f"{name}" for name in columns], "left_out")
    tag(document, "{%p endif %}")
    return document


def decision() -> Document:
    """A decision with its annex."""
    document = blank()
    heading(document)
    titled(document, "QUYẾT ĐỊNH")
    line(document, "{{ authority|upper }}", bold=True, after=8)
    each(document, "ground in grounds", "{{ ground }}", italic=True)
    line(document, "QUYẾT ĐỊNH:", bold=True, before=10, after=8)
    tag(document, "{%p for article in articles %}")
    paragraph = body(document, "")
    paragraph.add_run("Điều {{ loop.index }}. ").bold = True
    paragraph.add_run("{{ article }}")
    tag(document, "{%p endfor %}")
    signature(document, has_code=True)
    annex(document, "{{ annex.title|join('\\n')|upper }}", "annex.reference")
    tables(document, "annex.groups")
    return document


def minutes() -> Document:
    """The minutes of the Khối's meeting."""
    document = blank()
    heading(document)
    titled(document, "BIÊN BẢN")
    each(document, "line in held", "{{ line }}")
    each(document, "line in people", "{{ line }}")
    one_table(document, "members")
    each(document, "paragraph in content", "{{ paragraph }}")
    tables(document)
    tag(document, "{%p if left_out %}")
    body(document, "Các trường hợp không được chọn và lý do:")
    one_table(document, "left_out")
    tag(document, "{%p endif %}")
    body(document, "{{ conclusion }}")
    body(
        document,
        "{{ ended }} Biên bản đã được đọc lại cho các thành viên cùng nghe và thông qua./.",
    )
    signers(document)
    recipients(document)
    return document


def appraisal() -> Document:
    """An appraisal sheet."""
    document = blank()
    heading(document)
    titled(document, "PHIẾU THẨM ĐỊNH")
    part(document, "1. Thông tin hồ sơ")
    table = bare_table(document, (60, 100))
    row(table, "{%tr for fact in facts %}", "")
    row(table, "{{ fact[0] }}:", "{{ fact[1] }}")
    row(table, "{%tr endfor %}", "")
    part(document, "2. Kết quả thẩm định theo tiêu chí")
    one_table(document, "findings")
    tag(document, "{%p if opinion %}")
    part(document, "3. Nhận xét")
    body(document, "{{ opinion }}")
    tag(document, "{%p endif %}")
    part(document, "{% if opinion %}4{% else %}3{% endif %}. Đề xuất")
    body(document, "{{ proposal }}")
    signers(document)
    return document


def notice() -> Document:
    """A notice of results."""
    document = blank()
    heading(document)
    titled(document, "THÔNG BÁO")
    line(document, "Kính gửi: {{ to }}", after=10)
    each(document, "paragraph in paragraphs", "{{ paragraph }}")
    tables(document)
    each(
        document,
        "paragraph in closing",
        "{{ paragraph }}{% if loop.last %}/.{% endif %}",
    )
    signature(document)
    return document


MAKERS = {
    maker.__name__: maker
    for maker in (proposal, decision, minutes, appraisal, notice, bonus_list)
}


def content(name: str) -> bytes:
    """A template's bytes, the same whenever it is made."""
    document = MAKERS[name]()
    made = BytesIO()
    document.save(made)
    return _timeless(made)


def _timeless(made: BytesIO) -> bytes:
    lasting = BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(lasting, "w") as copy:
        for part in parts.infolist():
            if part.filename != "docProps/thumbnail.jpeg":
                about = zipfile.ZipInfo(part.filename, EPOCH)
                about.compress_type = zipfile.ZIP_DEFLATED
                copy.writestr(about, parts.read(part))
    return lasting.getvalue()


if __name__ == "__main__":
    for name in sys.argv[1:] or MAKERS:
        (FOLDER / f"{name}.docx").write_bytes(content(name))
        print(FOLDER / f"{name}.docx")
