"""The tables. Nothing here imports anything of ours."""
