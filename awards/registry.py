"""Importing this fills the registries: listeners of steps, handlers of service tasks, queues."""

from awards import decisions, notices, steps

__all__ = ["decisions", "notices", "steps"]
