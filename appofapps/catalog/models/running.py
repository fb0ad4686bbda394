"""Children that run code of ours: a size in each tier and place, and environment variables."""

from collections.abc import Callable, Mapping
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, Field

from appofapps.catalog.models.base import EnvironmentVariable, Model, Selector, Tier
from appofapps.catalog.models.child import ChildFile, Profile
from appofapps.catalog.models.pod import PodSpec, Resources


class RunningSpec(Model):
    """What runs outside of pods."""

    environment: dict[EnvironmentVariable, str] = {}


M = TypeVar("M", bound=BaseModel)
P_co = TypeVar("P_co", bound=Profile, covariant=True)


class Override(Model, Generic[P_co]):
    """What differs in some places of a child: a part of a profile, over that of the tier."""

    clusters: Annotated[Selector, Field(min_length=1)]
    """Matched against a cluster's labels, its `name` and its `region`; for a function, against its `region`."""
    profile: P_co
    """Only what is written here counts; mappings merge key by key. Later overrides go over earlier ones."""


def overlaid(model: M, over: BaseModel) -> M:
    """Return a model with the fields that were written in another over it; neither is changed.

    Over models, not documents: what was written is told from a default, and mappings in profiles are flat.
    """
    changed = {name: _merged(getattr(model, name), getattr(over, name)) for name in over.model_fields_set}
    return model.model_copy(update=changed)


def _merged(old: object, new: object) -> object:
    if isinstance(old, BaseModel) and isinstance(new, BaseModel):
        return overlaid(old, new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**old, **new}
    return new


class RunningChild(ChildFile):
    """A child with a profile for each tier it is deployed in."""

    profiles: Mapping[Tier, Profile]
    overrides: tuple[Override[Profile], ...] = ()
    """Kinds name their own profile here, as in `profiles`."""
    spec: RunningSpec | PodSpec

    @property
    def override_places(self) -> tuple[Selector, ...]:
        """The places its overrides are for."""
        return tuple(override.clusters for override in self.overrides)

    def overridden(self, tier: Tier, applies: Callable[[Selector], bool]) -> Self:
        """Return the child with those overrides in the profile of a tier."""
        profile = self.profiles.get(tier)
        if profile is None:
            return self
        for override in self.overrides:
            if applies(override.clusters):
                profile = overlaid(profile, override.profile)
        return self.model_copy(update={"profiles": {**self.profiles, tier: profile}})

    def with_variables(self, tier: Tier, variables: Mapping[str, str]) -> Self:
        """Return the child with these in the profile of a tier."""
        profile = self.profiles.get(tier)
        if profile is None or not variables:
            return self
        told = profile.model_copy(update={"environment": {**profile.environment, **variables}})
        return self.model_copy(update={"profiles": {**self.profiles, tier: told}})

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

    @property
    def most_replicas(self) -> int:
        """The most pods this profile asks for at once, at rest."""
        return 1


class PodChild(RunningChild):
    """A child that runs pods."""

    profiles: Mapping[Tier, PodProfile]
    overrides: tuple[Override[PodProfile], ...] = ()
    spec: PodSpec

    @property
    def keeps_data(self) -> bool:
        """Volumes of its pods' own."""
        return bool(self.spec.storage)

    @property
    def labels_pods(self) -> bool:
        """We write them."""
        return True

    @property
    def may_have_volumes(self) -> bool:
        """Volumes of its pods' own."""
        return bool(self.spec.storage)

    @property
    def credentials(self) -> tuple[str, ...]:
        """Secrets that its pods mount, too."""
        mounted = (f"volume {volume.name}" for volume in self.spec.volumes if volume.secret)
        return (*super().credentials, *mounted)

    @property
    def singular(self) -> tuple[str, ...]:
        """Ports of its nodes."""
        return tuple(f"port {port} of its nodes" for port in self.spec.host_ports)

    @property
    def pods(self) -> PodSpec:
        """What they run."""
        return self.spec

    def pod_size(self, tier: Tier) -> Resources:
        """Return what the main container requests."""
        return self.profiles[tier].resources
