"""`Pipeline`: queues, pipes and alarms between a source and a sink."""

import pulumi
from pulumi_aws import cloudwatch, iam, kinesis, pipes, s3, sqs

from appofapps.catalog.models.connectors import KinesisSink, KinesisSource, S3Source, ScheduleSource, SqsSink
from appofapps.catalog.models.pipeline import Pipeline as PipelineModel
from components.aws import alarms, identity
from components.aws import pipeline as documents
from components.aws import pipes as pipe_documents
from components.aws.pipeline import Stage
from components.child import ChildComponent, Resources


class Pipeline(ChildComponent[PipelineModel]):
    """A pipeline; it is ready when every pipe runs and its source is connected."""

    def build(self) -> Resources:
        """Make everything from the end to the front, so that no event comes before what takes it is there."""
        planned, stages = self.planned, documents.stages(self.planned)
        dead = self.create(sqs.Queue, "dead-letters", documents.dead_letters(planned))
        alarm = self.create(cloudwatch.MetricAlarm, "dead-letters-alarm", alarms.dead_letters_alarm(planned), [dead])
        role = self.create(iam.Role, "role", identity.role(planned, documents.PRINCIPALS))
        allowed = identity.role_policy(planned, documents.permissions(planned))
        policy = self.create(iam.RolePolicy, "role-policy", allowed, [role])
        behind: Resources = [policy, *self._sink()]
        queues = {stage.step: self._before(stage, dead) for stage in stages}
        made: list[pulumi.Resource] = [alarm]
        for stage in reversed(stages):
            pipe = self._pipe(stage, [*behind, queues[stage.step]])
            made += [pipe, self._lag_alarm(stage, queues[stage.step])]
            behind = [policy, pipe]
        return [*reversed(made), *self._source(stages[0], queues[stages[0].step])]

    def _before(self, stage: Stage, dead: pulumi.Resource) -> pulumi.Resource:
        """Make the queue before a step, or for the first one the stream."""
        source = self.planned.child.spec.source
        if stage.queue is None and isinstance(source, KinesisSource):
            return self.create(kinesis.Stream, "source-stream", documents.stream(self.planned, source.stream), [dead])
        return self.create(sqs.Queue, f"queue-{stage.step}", documents.stage_queue(self.planned, stage), [dead])

    def _pipe(self, stage: Stage, after: Resources) -> pulumi.Resource:
        document = pipe_documents.pipe(self.planned, stage)
        return self.create(pipes.Pipe, f"pipe-{stage.step}", document, after, awaited=True)

    def _lag_alarm(self, stage: Stage, queue: pulumi.Resource) -> pulumi.Resource:
        document = alarms.lag_alarm(self.planned, stage)
        return self.create(cloudwatch.MetricAlarm, f"lag-{stage.step}", document, [queue])

    def _sink(self) -> Resources:
        sink = self.planned.child.spec.sink
        if isinstance(sink, SqsSink):
            return [self.create(sqs.Queue, "sink-queue", documents.sink_queue(self.planned, sink))]
        if isinstance(sink, KinesisSink):
            return [self.create(kinesis.Stream, "sink-stream", documents.stream(self.planned, sink.stream))]
        return []

    def _source(self, first: Stage, queue: pulumi.Resource) -> Resources:
        """Connect what sends to the first queue."""
        planned, source = self.planned, self.planned.child.spec.source
        if isinstance(source, S3Source):
            bucket = self.create(s3.Bucket, "source-bucket", documents.bucket(planned, source), [queue])
            document = documents.notification(planned, source, first)
            return [self.create(s3.BucketNotification, "source-notification", document, [bucket])]
        if isinstance(source, ScheduleSource):
            rule = self.create(cloudwatch.EventRule, "source-schedule", documents.schedule(planned, source), [queue])
            target = documents.schedule_target(planned, first)
            return [self.create(cloudwatch.EventTarget, "source-schedule-target", target, [rule])]
        return []
