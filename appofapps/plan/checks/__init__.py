"""Checks over a whole catalog, by subject: each a function from a survey to problems, listed in `plan/check.py`.

A check says each thing once, in the file and at the value where it is put right, and says nothing about
files that did not load: their own problems come first.
"""
