"""App of apps on Pulumi: one parent composes many child apps from a catalog."""
