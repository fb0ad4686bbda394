"""The sides of the benchmark: each module deploys the same documents its own way, and measures its steps."""
