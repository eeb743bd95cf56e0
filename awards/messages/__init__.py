"""Telling people what has happened: in the application, by e-mail, once a day all together.

No act pays for it: what happened is read from the history afterwards, and nothing here changes a
nomination.
"""
