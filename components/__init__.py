"""The Pulumi side: `ParentApp` and one component a kind. Assigns frozen plan values, decides nothing.

The documents of resources are plain data in Pulumi's own camelCase, made by small pure functions in `kubernetes` and
`aws`; one place, `child.ChildComponent`, makes resources of them. Imports the plan, catalog types and Pulumi.
"""
