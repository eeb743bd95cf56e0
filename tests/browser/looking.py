"""What is wrong with a page for those who see badly, or see it on a phone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.windows import PHONE, WIDE

ZOOMED = {"width": 640, "height": 450}  # what 200 % leaves of 1280
_EVERY_RULE = "{resultTypes: ['violations'], preload: false}"
# Colours are the same at every width, and to find those behind each word takes most of the time.
_BUT_COLOURS = _EVERY_RULE[:-1] + ", rules: {'color-contrast': {enabled: false}}}"
_SCREENS = ((WIDE, _EVERY_RULE), (ZOOMED, None), (PHONE, _BUT_COLOURS))
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE = Axe().axe_script
_RUN = "axe.run(%s).then((found) => found.violations)"


def problems(page: Page) -> list[str]:
    """What axe-core finds at 1280 and 390 pixels; what scrolls sideways, at 640 too."""
    found = []
    page.evaluate(_AXE)
    for screen, rules in _SCREENS:
        page.set_viewport_size(screen)  # type: ignore[arg-type] # a dict is a size
        at = f"{page.url} at {screen['width']}"
        if (excess := page.evaluate(_SIDEWAYS)) > 0:
            found.append(f"{at}: scrolls sideways by {excess} px")
        if rules:
            faults = [
                fault for rule in page.evaluate(_RUN % rules) for fault in _told(rule)
            ]
            found += [f"{at}: {fault}" for fault in faults]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type] # as above
    return found


def _told(rule: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for node in rule["nodes"]
    ]
