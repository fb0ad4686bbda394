"""The benchmark: the product beside plain Pulumi, kubectl and helm, on a cluster of its own.

What lives here: a generated catalog, one module a side (`ours`, `plain`, `kubectl`, `helm`, and `gameday` for tenants),
the clock, the report. Sides that are compared deploy the same documents, each into namespaces of its own. It may import
everything of ours; nothing imports it.
"""
