"""Vietnamese number words, for amounts on papers: mốt, tư, lăm and linh where they belong."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_GROUPS = ("triệu", "nghìn", "")
_BILLION = 1_000_000_000
_HUNDRED, _TEN = 100, 10


def words(number: int) -> str:
    """A whole number from zero on, in small letters: 21 is hai mươi mốt, 105 một trăm linh năm."""
    if number < 0:
        message = f"no words for {number}"
        raise ValueError(message)
    return " ".join(_parts(number, is_inside=False)) or _DIGITS[0]


def dong(amount: int) -> str:
    """An amount as it closes a list of payments: Ba triệu tám trăm nghìn đồng."""
    text = words(amount)
    return f"{text[0].upper()}{text[1:]} đồng"


def figures(number: int) -> str:
    """A whole number as Vietnamese papers write it: 3.800.000."""
    return f"{number:,}".replace(",", ".")


def multiple(hundredths: int) -> str:
    """A multiple kept in hundredths: 150 is 1,5; 100 is 1,0; 15 is 0,15."""
    text = f"{hundredths // _HUNDRED},{hundredths % _HUNDRED:02}"
    return text.removesuffix("0")


def _parts(number: int, *, is_inside: bool) -> list[str]:
    """`is_inside`: something stands before it, so that empty hundreds are said."""
    billions, rest = divmod(number, _BILLION)
    found = [*_parts(billions, is_inside=is_inside), "tỷ"] if billions else []
    for power, name in zip((2, 1, 0), _GROUPS, strict=True):
        group = rest // 1_000**power % 1_000
        if group:
            found += _group(group, is_whole=is_inside or bool(found))
            found += [name] if name else []
    return found


def _group(group: int, *, is_whole: bool) -> list[str]:
    hundreds, below = divmod(group, _HUNDRED)
    tens, units = divmod(below, _TEN)
    found = [_DIGITS[hundreds], "trăm"] if hundreds or is_whole else []
    if tens > 1:
        found += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        found += ["mười"]
    elif units and found:
        found += ["linh"]
    return found + ([_unit(tens, units)] if units else [])


def _unit(tens: int, units: int) -> str:
    if tens > 1:
        return _AFTER_TENS.get(units, _DIGITS[units])
    return "lăm" if (tens, units) == (1, 5) else _DIGITS[units]
