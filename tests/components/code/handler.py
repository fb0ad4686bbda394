"""The code of a function that only tests deploy."""


def handle(event: object, context: object) -> None:
    """Do nothing."""
