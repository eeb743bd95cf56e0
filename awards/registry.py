"""Importing this fills the registries: listeners of steps, handlers, queues, evidence."""

from awards import decisions, evidence, notices, separation, steps

__all__ = ["decisions", "evidence", "notices", "separation", "steps"]
