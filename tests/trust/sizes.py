"""On which databases a control runs: it breaks our code, which is the same on both."""

import pytest

on_sqlite_at_least = pytest.mark.parametrize(
    "databases",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)],
    indirect=True,
)
