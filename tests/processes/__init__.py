"""The engine against a token game of its own, on random processes and on ours."""
