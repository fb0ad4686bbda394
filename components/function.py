"""`Function`: a Lambda function with its role, logs, versions, alias and triggers."""

import os

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_, s3, sqs

from appofapps.catalog.catalog import Code
from appofapps.catalog.code import code_files
from appofapps.catalog.models.function import Function as FunctionModel
from components.aws import arns, identity, triggers
from components.aws import function as documents
from components.child import ChildComponent, Resources


class Function(ChildComponent[FunctionModel]):
    """A function; it is ready when its alias points at the published version and its triggers are set."""

    def build(self) -> Resources:
        """Make the function after its role and logs, the alias after the function, the triggers after the alias."""
        planned = self.planned
        role = self.create(iam.Role, "role", identity.role(planned))
        policy = self.create(
            iam.RolePolicy, "role-policy", identity.role_policy(planned, documents.permissions(planned)), [role]
        )
        logs = self.create(cloudwatch.LogGroup, "logs", documents.logs(planned))
        function = self._function([role, policy, logs])
        version = {"functionVersion": function.version}
        alias = self.create(lambda_.Alias, "alias", {**documents.alias(planned), **version}, [function])
        self.endpoints["function"] = arns.function_arn(planned)
        return [alias, *self._queue(alias), *self._bucket(alias), *self._schedule(alias), *self._url(alias)]

    def _function(self, after: Resources) -> lambda_.Function:
        assert self.planned.code
        document = {**documents.function(self.planned), "code": archive(self.planned.code)}
        return self.create(lambda_.Function, "function", document, after, awaited=True)

    def _queue(self, alias: pulumi.Resource) -> Resources:
        trigger = self.planned.child.spec.triggers.queue
        if not trigger:
            return []
        dead = self.create(sqs.Queue, "dead-letters", triggers.dead_letters(self.planned, trigger))
        queue = self.create(sqs.Queue, "queue", triggers.queue(self.planned, trigger), [dead])
        source = triggers.event_source(self.planned, trigger)
        return [self.create(lambda_.EventSourceMapping, "event-source", source, [alias, queue])]

    def _bucket(self, alias: pulumi.Resource) -> Resources:
        trigger = self.planned.child.spec.triggers.bucket
        if not trigger:
            return []
        bucket = self.create(s3.Bucket, "bucket", triggers.bucket(self.planned, trigger))
        permission = triggers.bucket_permission(self.planned, trigger)
        allowed = self.create(lambda_.Permission, "bucket-permission", permission, [alias, bucket])
        notification = triggers.bucket_notification(self.planned, trigger)
        return [self.create(s3.BucketNotification, "bucket-notification", notification, [bucket, allowed])]

    def _schedule(self, alias: pulumi.Resource) -> Resources:
        trigger = self.planned.child.spec.triggers.schedule
        if not trigger:
            return []
        rule = self.create(cloudwatch.EventRule, "schedule", triggers.schedule(self.planned, trigger))
        permission = triggers.schedule_permission(self.planned)
        allowed = self.create(lambda_.Permission, "schedule-permission", permission, [alias, rule])
        return [
            self.create(cloudwatch.EventTarget, "schedule-target", triggers.schedule_target(self.planned), [allowed])
        ]

    def _url(self, alias: pulumi.Resource) -> Resources:
        trigger = self.planned.child.spec.triggers.url
        if not trigger:
            return []
        address = self.create(lambda_.FunctionUrl, "url", triggers.url(self.planned, trigger), [alias])
        self.endpoints["url"] = address.function_url
        if trigger.authorization != "NONE":
            return [address]
        return [self.create(lambda_.Permission, "url-permission", triggers.url_permission(self.planned), [address])]


def archive(code: Code) -> pulumi.Archive:
    """Return the code as Lambda gets it: the files its hash is made of.

    Paths are relative to the program, so that the state holds no directory of somebody's machine.
    """
    files = code_files(code.folder)
    return pulumi.AssetArchive({name: pulumi.FileAsset(os.path.relpath(file)) for name, file in files.items()})
