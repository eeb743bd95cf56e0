"""Under which address people reach this installation; papers carry it for those who check them."""

_ADDRESS = [""]


def configure(address: str) -> None:
    """Say it once, at the start: https://khenthuong.example, without a slash at the end."""
    _ADDRESS[0] = address.rstrip("/")


def address() -> str:
    """The address, "" where there is none yet, as in commands before the first start."""
    return _ADDRESS[0]
