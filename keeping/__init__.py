"""Keeping what the province has entered: backups, restoring one, and the drill that proves both."""
