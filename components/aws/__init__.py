"""One pure function for each AWS document: a planned child in, a plain dict in camelCase out, no Pulumi."""
