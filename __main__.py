"""The program that the engine runs: configuration, catalog, plan, resources, outputs."""

import os
from pathlib import Path

import pulumi

from appofapps.catalog.load import load
from appofapps.catalog.problems import CatalogError
from appofapps.plan.resolve import resolve
from components.parent import ParentApp
from components.program import begin
from components.target import stack_target

config = pulumi.Config()
try:
    catalog = load(Path(os.environ.get("AOA_CATALOG") or Path(__file__).parent / "catalog"))
    plan = resolve(catalog, stack_target(config))
except CatalogError as error:
    raise pulumi.RunError(str(error)) from None
last = begin(plan, config)
for name, value in ParentApp(plan, last).outputs.items():
    pulumi.export(name, value)
