"""What measures of criteria are worded like, as people write them into movements."""

import re

_NUMBER = re.compile(r"[0-9%]|\b(số|tỷ lệ|tỉ lệ|điểm|chỉ số|mức)\b", re.IGNORECASE)


def names_a_number(measure: str) -> bool:
    """Whether a measure speaks of a count, a share, points or an index, and so can be reckoned."""
    return _NUMBER.search(measure) is not None
