"""The program that the engine runs: configuration, catalog, plan, resources, outputs."""

import os
from pathlib import Path

import pulumi

from appofapps.catalog.load import load
from appofapps.catalog.problems import CatalogError
from appofapps.plan.resolve import resolve
from components.deletions import guard
from components.failures import outlast_failures
from components.parent import ParentApp
from components.target import stack_target

config = pulumi.Config()
try:
    catalog = load(Path(os.environ.get("AOA_CATALOG") or Path(__file__).parent / "catalog"))
    plan = resolve(catalog, stack_target(config))
except CatalogError as error:
    raise pulumi.RunError(str(error)) from None
guard(plan, config)
outlast_failures()
for name, value in ParentApp(plan).outputs.items():
    pulumi.export(name, value)
