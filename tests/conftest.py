"""What all tests share."""

from hypothesis import settings

# Examples are the same in every run, and a busy machine fails none of them by being slow.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
