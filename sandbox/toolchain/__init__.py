"""The engine, its providers and the servers: built once a user from pinned Go modules, or taken from PATH.

Each folder here is a Go module whose `go.sum` pins every source; checksum verification stays on. Finished tools are
kept in the user's cache, keyed by what they are built from; `tools.py` lists them, `build.py` builds them,
`system.py` looks for a `pulumi` that is already there.
"""
