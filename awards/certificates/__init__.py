"""Certificates (bằng khen): where words stand on the blank, the book of numbers, the print."""
