"""`python -m sandbox.aws ENGINE`: what the executable `pulumi-resource-aws` runs."""

from __future__ import annotations

import sys

from sandbox.aws.server import serve

if __name__ == "__main__":
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    serve(addresses[0] if addresses else None)
