"""Read-only clients of the world: clusters and AWS. They return frozen facts and change nothing.

Imports the plan room and the client libraries.
"""
