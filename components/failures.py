"""One failed resource must not end the program: the unrelated are registered first, then the program fails.

The engine goes on past failures (PULUMI_CONTINUE_ON_ERROR), the Python SDK does not: the registration of a resource
that waits for a failed one raises, and `pulumi.runtime.stack.wait_for_rpcs` (3.259.0) hands on the first such error
while everything that waits for something still healthy is not registered yet. Passing over it for good would be worse:
a program that ends well tells the engine that everything it did not register is to be deleted.
"""

import asyncio
from typing import Any

import pulumi
from pulumi.runtime.rpc_manager import RPCManager
from pulumi.runtime.settings import _get_rpc_manager
from pulumi.runtime.stack import ResourceRegistrationFailed

from appofapps.plan.conventions import FAILED_CHILDREN


class _Patient(RPCManager):
    """Remembers failed registrations, and raises when nothing is under way any more."""

    failed = False
    unexpected: Exception | None = None

    def do_rpc(self, name, rpc_function):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as in the SDK
        async def patient(*args: object, **kwargs: object) -> object:
            try:
                return await rpc_function(*args, **kwargs)
            except ResourceRegistrationFailed:
                self.failed = True
                return None

        return super().do_rpc(name, patient)

    @property
    def unhandled_exception(self) -> Exception | None:
        if self.unexpected is None and self.failed and not self.rpcs:
            return pulumi.RunError(FAILED_CHILDREN)
        return self.unexpected

    @unhandled_exception.setter
    def unhandled_exception(self, error: Exception | None) -> None:
        self.unexpected = error


def outlast_failures() -> None:
    """Let the program register everything that it can. Call it before the first resource."""
    # The manager is in use already, by the stack's own registration: it is taught, not replaced.
    _get_rpc_manager().__class__ = _Patient


def failed(component: pulumi.Resource, why: str) -> pulumi.Output[Any]:
    """Report that a child failed before anything of it was made; return an output that fails as its resources would.

    Exported, it lets the program fail in the end, and the stack keep the outputs of its last run.
    """
    pulumi.log.error(why, component)
    future = asyncio.get_running_loop().create_future()
    future.set_exception(ResourceRegistrationFailed(why))
    return pulumi.Output.from_input(future)
