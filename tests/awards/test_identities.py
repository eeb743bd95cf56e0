"""Identity numbers: which are ones, what is shown of them, and namesakes in a list."""

import pytest

from awards import identities


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("001099087651", True),
        ("CB-2019/114", True),
        ("114203", True),  # a cadre code of digits alone
        ("00109908765", False),  # eleven digits: one was lost
        ("0010990876511", False),
        ("AB", False),
        ("Nguyễn", False),
    ],
)
def test_identity_number_is_twelve_digits_or_a_cadre_code(written, is_one):
    assert identities.is_one(identities.tidy(written)) is is_one


def test_identity_number_is_kept_tidy_and_shown_masked():
    assert identities.tidy(" 001 099 087 651 ") == "001099087651"
    assert identities.tidy("cb-12") == "CB-12"
    assert identities.masked("001099087651") == "•••••••••651"
    assert identities.masked("") == ""
