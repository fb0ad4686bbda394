"""`aoa`: flags in, one call, print, exit code; one file a verb, no logic."""
