"""One blueprint per module: a view parses, calls one operation, answers."""
