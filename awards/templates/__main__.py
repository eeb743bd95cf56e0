"""The child: makes one paper by somebody else's template, within a budget. See `trying`."""

from awards.templates import trying

if __name__ == "__main__":
    trying.answer()
