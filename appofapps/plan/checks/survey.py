"""What the checks look at: a catalog, and where its children are in each environment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.overrides import as_placed
from appofapps.plan.place import Placed, declared_places, is_targeted, place_all


@dataclass(frozen=True)
class Survey:
    """A catalog with every child placed in every environment, once for all checks."""

    catalog: Catalog

    @cached_property
    def children(self) -> tuple[Child, ...]:
        """The children, by name, so that of two in conflict always the same one is told."""
        return tuple(self.catalog.children[name] for name in sorted(self.catalog.children))

    @cached_property
    def placed(self) -> Mapping[str, Placed]:
        """The places of each child in each environment, by name of the environment."""
        return {name: place_all(self.catalog, each) for name, each in sorted(self.catalog.environments.items())}

    @cached_property
    def declared(self) -> Mapping[str, Placed]:
        """The places as the selectors have them, before failovers and lost clusters."""
        return {name: declared_places(self.catalog, each) for name, each in sorted(self.catalog.environments.items())}

    def environments(self, child: Child) -> tuple[EnvironmentFile, ...]:
        """Return the environments a child belongs to, by name."""
        everywhere = self.catalog.environments
        return tuple(everywhere[name] for name in self.placed if is_targeted(child, name))

    def sizes(self, child: Child, environment: EnvironmentFile) -> tuple[Child, ...]:
        """Return a child as it is in each place of an environment, with its overrides; once where it has none."""
        if not child.override_places:
            return (child,)
        places = self.placed[environment.name][child.name]
        return tuple(as_placed(child, environment.tier, place) for place in places)

    def broken(self, folder: str) -> frozenset[str]:
        """Return the names in a folder whose files did not load."""
        return self.catalog.broken.get(folder, frozenset())

    def problem(self, child: Child, path: tuple[Step, ...], message: str, hint: str = "") -> Problem:
        """Return a problem in the file of a child."""
        file = self.catalog.files.get(child.name) or self.catalog.root / "apps" / f"{child.name}.yaml"
        return Problem(file, path, message, hint)


Check = Callable[[Survey], Iterator[Problem]]
