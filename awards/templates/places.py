"""Where templates and fonts lie, and what words are. The child imports this: nothing heavy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

Words: TypeAlias = Mapping[str, Any]
"""What a template is given: texts, lists and tables, all of them ready to be set."""

_ROOT = Path(__file__).parents[2]
FOLDER = _ROOT / "templates/documents"
FONTS = _ROOT / "static/vendor/tinos"
