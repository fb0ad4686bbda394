"""What this room raises."""


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message says why and what to do."""
