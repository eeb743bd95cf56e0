"""The child: makes one paper by somebody else's template, within a budget. See `trying`."""

from awards.templates import child

if __name__ == "__main__":
    child.answer()
