"""Children that run code of ours: a size in each tier, and environment variables."""

from collections.abc import Mapping

from appofapps.catalog.models.base import EnvironmentVariable, Model, Tier
from appofapps.catalog.models.child import ChildFile, Profile
from appofapps.catalog.models.pod import PodSpec, Resources


class RunningSpec(Model):
    """What runs outside of pods."""

    environment: dict[EnvironmentVariable, str] = {}


class RunningChild(ChildFile):
    """A child with a profile for each tier it is deployed in."""

    profiles: Mapping[Tier, Profile]
    spec: RunningSpec | PodSpec

    def has_profile(self, tier: Tier) -> bool:
        """Tell whether there is one for a tier."""
        return tier in self.profiles

    def variables(self, tier: Tier) -> dict[str, str]:
        """Return those of the spec, and over them those of the tier."""
        profile = self.profiles.get(tier)
        return {**self.spec.environment, **(profile.environment if profile else {})}


class PodProfile(Profile):
    """The size of a pod in one tier."""

    resources: Resources = Resources()
    """Of the main container."""


class PodChild(RunningChild):
    """A child that runs pods."""

    profiles: Mapping[Tier, PodProfile]
    spec: PodSpec

    @property
    def pods(self) -> PodSpec:
        """What they run."""
        return self.spec

    def pod_size(self, tier: Tier) -> Resources:
        """Return what the main container requests."""
        return self.profiles[tier].resources
