"""The only user of pulumi.automation: runs `__main__.py` as a local program and says what happened.

Hands out its own frozen result types (`results`); no type of Pulumi leaves this room. Imports the plan room.
"""
