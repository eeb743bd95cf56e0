"""The browser's side is tried on the province that pages are tested on."""

from tests.views.conftest import (  # noqa: F401 - fixtures
    app,
    cases,
    open_house,
    unchanged,
)
