"""Papers that were signed elsewhere: their signatures read, their number compared, the file kept.

A file is kept only if it is whole since it was signed and is the paper it is said to be. Whether
its signers are trusted is told, not judged: which certificates count is for the province to say.
"""
