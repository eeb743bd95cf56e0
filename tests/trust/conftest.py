"""What trust tests share."""

from collections.abc import Callable

import pytest

from tests.views.conftest import found, open_app, staged  # noqa: F401 - a province with everything
from workflows import barriers, history


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> Callable[[int], int]:
    """`size(1_000)` is a tenth of it, and all of it with `--full`."""
    part = 1 if pytestconfig.getoption("full") else 10
    return lambda full: max(1, full // part)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long and is proved elsewhere in small waits for `--full`."""
    if not config.getoption("full"):
        late = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if not item.get_closest_marker("full")]


@pytest.fixture
def chains_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases of drawn processes have no nomination, and one person who does every step of them."""
    monkeypatch.setattr(history, "_EVIDENCE", [])
    monkeypatch.setattr(barriers, "_BARRIERS", [])
