"""Build `static/vendor/`: of the front-end packages, only the files our pages ask for.

`tools/setup.sh` calls this after `npm ci`. Nothing is bundled or compiled: files are copied,
two font families are put into the shape the browser and Typst want, and each package's
licence goes along. The result is not in git; `.stamp` says which inputs it was built from.
"""

import hashlib
import logging
import re
import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

PACKAGES = Path("node_modules")
VENDOR = Path("static/vendor")
STAMP = VENDOR / ".stamp"
INPUTS = (Path("package-lock.json"), Path("tools/build_assets.py"))

# Folder below static/vendor/: the files to copy into it.
FILES = {
    "bootstrap": (
        "bootstrap/dist/css/bootstrap.min.css",
        "bootstrap/LICENSE",
    ),
    "bootstrap-icons": (
        "bootstrap-icons/font/bootstrap-icons.min.css",
        "bootstrap-icons/LICENSE",
    ),
    "bootstrap-icons/fonts": ("bootstrap-icons/font/fonts/bootstrap-icons.woff2",),
    "htmx": ("htmx.org/dist/htmx.min.js", "htmx.org/LICENSE"),
    "bpmn-js": (
        "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
        "bpmn-js/dist/assets/diagram-js.css",
        "bpmn-js/dist/assets/bpmn-js.css",
        "bpmn-js/LICENSE",
    ),
    "bpmn-js/bpmn-font/css": ("bpmn-js/dist/assets/bpmn-font/css/bpmn.css",),
    "bpmn-js/bpmn-font/font": ("bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2",),
    "chart.js": ("chart.js/dist/chart.umd.min.js", "chart.js/LICENSE.md"),
    "be-vietnam-pro": ("@fontsource/be-vietnam-pro/LICENSE",),
    "tinos": ("@fontsource/tinos/LICENSE",),
}
SUBSETS = ("latin", "latin-ext", "vietnamese")
SCREEN_WEIGHTS = (400, 600)
PAPER_STYLES = {
    "400-normal": "Regular",
    "400-italic": "Italic",
    "700-normal": "Bold",
    "700-italic": "BoldItalic",
}
# Hinting, kerning and layout tables differ from subset to subset and cannot be merged;
# printed Vietnamese needs none of them.
UNMERGEABLE = ("GDEF", "GPOS", "GSUB", "kern", "hdmx", "VDMX", "LTSH", "DSIG", "gasp")

FONT_DATE = 3_850_070_400  # 1 January 2026, in seconds since 1904


def main() -> None:
    """Build the folder unless it was already built from these very inputs."""
    if is_current():
        return
    if not PACKAGES.is_dir():
        sys.exit(
            "node_modules/ is missing: tools/setup.sh fetches it and calls this script"
        )
    shutil.rmtree(VENDOR, ignore_errors=True)
    copy_files()
    build_screen_font()
    build_paper_font()
    STAMP.write_text(fingerprint(), encoding="utf-8")


def is_current() -> bool:
    """Whether the last build finished and had the inputs of today."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == fingerprint()


def fingerprint() -> str:
    """The inputs' SHA-256 in the format of `sha256sum`, which setup.sh checks it with."""
    return "".join(f"{_sha256(path)}  {path.as_posix()}\n" for path in INPUTS)


def copy_files() -> None:
    """Copy what the pages link to."""
    for folder, sources in FILES.items():
        for source in sources:
            _copy(PACKAGES / source, VENDOR / folder)


def build_screen_font() -> None:
    """Be Vietnam Pro for the screen: one stylesheet over the woff2 files it names."""
    package, folder = PACKAGES / "@fontsource/be-vietnam-pro", VENDOR / "be-vietnam-pro"
    rules = []
    for weight in SCREEN_WEIGHTS:
        css = (package / f"{weight}.css").read_text(encoding="utf-8")
        rules.append(_without_old_formats(css))
        for subset in SUBSETS:
            file = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            _copy(package / "files" / file, folder / "files")
    (folder / "be-vietnam-pro.css").write_text("\n".join(rules), encoding="utf-8")


def build_paper_font() -> None:
    """Tinos for the printed papers, which has the widths of Times New Roman.

    The package splits every style into woff2 subsets for browsers; Typst wants one TTF per
    style. The date in the files is fixed, so that every build has the same bytes.
    """
    folder = VENDOR / "tinos"
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    for style, name in PAPER_STYLES.items():
        _merge_subsets(style, folder / f"Tinos-{name}.ttf")


def _merge_subsets(style: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        parts = [_unpacked(subset, style, Path(scratch)) for subset in SUBSETS]
        font = Merger().merge(parts)
        font.recalcTimestamp = False
        font["head"].created = font["head"].modified = FONT_DATE
        font.save(target)


def _unpacked(subset: str, style: str, folder: Path) -> str:
    font = TTFont(PACKAGES / f"@fontsource/tinos/files/tinos-{subset}-{style}.woff2")
    font.flavor = None
    for table in UNMERGEABLE:
        if table in font:
            del font[table]
    path = folder / f"{subset}.ttf"
    font.save(path)
    return str(path)


def _without_old_formats(css: str) -> str:
    return re.sub(r", url\([^)]*\.woff\) format\('woff'\)", "", css)


def _copy(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / source.name)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
