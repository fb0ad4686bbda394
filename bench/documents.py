"""The documents that the other sides deploy: those our components make of the same catalog."""
