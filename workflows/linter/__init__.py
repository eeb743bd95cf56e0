"""What keeps a BPMN file from being deployed: every finding, with the element and what to do.

`lint` looks at the XML alone and never raises. `check` does so in a process of its own with limits
on time and memory, and lets the engine's parser read what the rules have let through.
"""

from workflows.budgets import Budget
from workflows.linter.child import check
from workflows.linter.findings import Finding, Known, Outline
from workflows.linter.rules import called, lint, outlines

__all__ = ["Budget", "Finding", "Known", "Outline", "called", "check", "lint", "outlines"]
