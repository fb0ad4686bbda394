"""One pure function for each Kubernetes document: a planned child in, a plain dict in camelCase out, no Pulumi."""
