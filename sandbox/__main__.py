"""Run `python -m sandbox`."""

import sys

from sandbox.commands import main

sys.exit(main())
