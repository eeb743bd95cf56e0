"""Marks sentences for translation where nothing of the web may be imported."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Give the sentence back as it is; the extractor finds it here, a page translates it."""
    return message
