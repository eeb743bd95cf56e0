"""Signatures in PDFs, made by people of an authority of our own; number and date compared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from awards.errors import BadSignedPaper
from awards.papers import compile_paper
from awards.signed import comparing, reading
from awards.signed.reading import Doubt, Trust
from tests import signing

NOW = datetime.now(UTC)
DAY = date(2026, 2, 5)
HEAD = "ỦY BAN NHÂN DÂN CỘNG HÒA\nSố: 07/QĐ-CTUBND Hưng Yên, ngày 05 tháng 02 năm 2026\n"


@pytest.fixture(scope="module")
def plain():
    return compile_paper("sample.typ", {"title": "A", "unit": "B", "nominee": "C"})


@pytest.fixture(scope="module")
def signed(plain):
    return signing.sign(plain)


def read(content, roots=None, now=NOW):
    return reading.read(content, "van-ban.pdf", roots=roots, now=now)


def test_signer_and_time_are_told_and_trust_is_not_checked_without_roots(signed):
    (found,) = read(signed)

    assert (found.signer, found.issuer) == ("Nguyễn Văn Ký", "CA Thử nghiệm")
    assert abs(datetime.fromisoformat(found.signed_at) - datetime.now(UTC)) < timedelta(
        minutes=5
    )
    assert (found.is_stamped, found.trust, found.doubt) == (False, Trust.UNCHECKED, "")


@pytest.mark.parametrize(
    ("who", "trusts", "trust", "doubt"),
    [
        ({}, "CA Thử nghiệm", Trust.TRUSTED, Doubt.NONE),
        ({}, "CA khác", Trust.UNTRUSTED, Doubt.UNKNOWN_ISSUER),
        ({"by": "CA khác"}, "CA Thử nghiệm", Trust.UNTRUSTED, Doubt.UNKNOWN_ISSUER),
        ({"is_expired": True}, "CA Thử nghiệm", Trust.UNTRUSTED, Doubt.OUT_OF_TIME),
    ],
)
def test_trust_is_that_of_the_folder(plain, tmp_path, who, trusts, trust, doubt):
    content = signing.sign(plain, signing.person(**who))

    (found,) = read(content, signing.roots(tmp_path / "roots", trusts))

    assert (found.trust, found.doubt) == (trust, doubt)


def test_every_signature_is_told(plain, tmp_path):
    clerk = signing.person("UBND tỉnh Hưng Yên")
    content = signing.sign(plain, signing.person(), clerk)

    found = read(content, signing.roots(tmp_path / "roots"))

    assert [one.signer for one in found] == ["Nguyễn Văn Ký", "UBND tỉnh Hưng Yên"]
    assert {one.trust for one in found} == {Trust.TRUSTED}


def test_unsigned_is_refused(plain):
    with pytest.raises(BadSignedPaper, match="chưa có chữ ký số"):
        read(plain)


def test_a_changed_byte_is_refused(signed):
    with pytest.raises(BadSignedPaper, match="đã bị sửa sau khi"):
        read(signing.tampered(signed))


def test_what_was_added_after_signing_is_refused(signed):
    with pytest.raises(BadSignedPaper, match="thêm vào sau khi"):
        read(signing.added_to(signed))


def test_what_was_added_between_two_signatures_is_refused(signed):
    content = signing.sign(signing.added_to(signed), signing.person("Văn thư"))
    with pytest.raises(BadSignedPaper, match="thêm vào sau khi"):
        read(content)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"x" * 99])
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(BadSignedPaper, match="Không đọc được"):
        read(content)


@pytest.mark.parametrize("length", range(500, 20_000, 1_500))
def test_a_torn_file_is_refused(signed, length):
    with pytest.raises(BadSignedPaper):
        read(signed[:length])


def match(words, number=7, suffix="QĐ-CTUBND", day=DAY):
    return comparing.matches(words, number=number, suffix=suffix, day=day)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (HEAD, True),
        (f"{HEAD}Căn cứ Nghị định số: 30/2020/NĐ-CP ngày 5 tháng 3 năm 2020", True),
        (HEAD.replace("-", "\u2010").replace("Số:", "Số :"), True),
        (HEAD.replace("05 tháng 02", "5 tháng 2").replace("07/", "7/"), True),
        ("", False),
        ("Ký bởi: Nguyễn Văn Ký", False),
        ("Căn cứ Luật ngày 15 tháng 6 năm 2022", False),
        (HEAD.partition("Hưng")[0], False),
    ],
)
def test_head_is_compared_where_there_is_one(words, found):
    assert match(words) is found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"number": 8}, "không phải số 08/QĐ-CTUBND"),
        ({"suffix": "TTr-SNV"}, "văn bản số 07/QĐ-CTUBND"),
        ({"day": date(2026, 2, 6)}, "ngày 06/02/2026"),
    ],
)
def test_another_paper_is_refused(wanted, said):
    with pytest.raises(BadSignedPaper, match=said):
        match(HEAD, **wanted)
