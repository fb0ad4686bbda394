"""The Pulumi side: `ParentApp` and one component a kind. Assigns frozen plan values, decides nothing."""
