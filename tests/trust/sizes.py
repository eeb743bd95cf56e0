"""On which databases a test runs whose databases differ in nothing that it looks at.

A control breaks our code, which is the same on both; processes drawn at random are walked on both
at full size, and ours always.
"""

import pytest

on_sqlite_at_least = pytest.mark.parametrize(
    "databases",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)],
    indirect=True,
)
