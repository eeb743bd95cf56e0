"""The demo province: fictional people, real operations, the same every time.

`load` fills an empty database by doing what people would do, at the times they would have done it;
nothing is inserted that an operation could have written.
"""

from awards.demo.driving import load
from awards.demo.people import accounts
from awards.demo.stories import JOURNEYS

__all__ = ["JOURNEYS", "accounts", "load"]
