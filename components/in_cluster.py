"""What all kinds that run pods have: configuration, secrets, an account, and a role in AWS where they call it."""

from itertools import chain
from typing import TypeVar

from pulumi_aws.iam import Role, RolePolicy

from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.workload import Workload
from appofapps.plan.plan import touches_aws
from components.aws.identity import role, role_policy
from components.child import ChildComponent, Resources
from components.kubernetes.config import config_map, has_account, service_account
from components.kubernetes.secrets import external_secret, stores

P = TypeVar("P", bound=Workload | Job | CronJob)


class PodComponent(ChildComponent[P]):
    """A child that runs pods."""

    def pod_needs(self) -> Resources:
        """Make what the pods need before they start, and return it."""
        made = (self._account(), self._configuration(), self._external_secrets(), self._identity())
        return [*self.scene.before_pods, *chain.from_iterable(made)]

    def _account(self) -> Resources:
        if not has_account(self.planned):
            return []
        return [self.create_object("service-account", service_account(self.planned))]

    def _configuration(self) -> Resources:
        content = self.planned.child.spec.config
        return [self.create_object("config", config_map(self.planned))] if content else []

    def _external_secrets(self) -> Resources:
        return [
            self.create_object(f"secrets-{store}", external_secret(self.planned, store))
            for store in stores(self.planned)
        ]

    def _identity(self) -> Resources:
        if not touches_aws(self.planned):
            return []
        mine = self.create(Role, "role", role(self.planned))
        return [mine, self.create(RolePolicy, "role-policy", role_policy(self.planned), [mine])]
