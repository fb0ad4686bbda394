"""What all tests share."""

import os

from hypothesis import settings

from sandbox.environment import search_path
from sandbox.layout import Layout

# Examples are the same in every run, and a busy machine fails none of them by being slow.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# The tools that `make test` has placed, and those of the virtual environment, as in a shell after `make env`.
os.environ["PATH"] = search_path(Layout(), os.environ.get("PATH", os.defpath))
