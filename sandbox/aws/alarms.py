"""CloudWatch: alarms over one metric."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.aws.casing import camel, pascal, tag_list, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource
from sandbox.aws.wire import Props

_SETTINGS = (
    "actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator", "datapointsToAlarm",
    "evaluationPeriods", "insufficientDataActions", "metricName", "namespace", "period", "statistic", "threshold",
    "treatMissingData", "unit",
)  # fmt: skip


class MetricAlarm(Resource):
    """Id and import: the alarm's name."""

    type_name = "aws:cloudwatch/metricAlarm:MetricAlarm"
    fields = {
        "actionsEnabled": Field(True),
        "alarmActions": Field(),
        "alarmDescription": Field(),
        "comparisonOperator": Field(),
        "datapointsToAlarm": Field(),
        "dimensions": Field(),
        "evaluationPeriods": Field(),
        "insufficientDataActions": Field(),
        "metricName": Field(),
        "name": Field(replaces=True),
        "namespace": Field(),
        "okActions": Field(),
        "period": Field(),
        "statistic": Field(),
        "threshold": Field(alike=float),
        "treatMissingData": Field("missing"),
        "unit": Field(),
        **TAGS,
    }
    outputs = ("arn",)

    def create(self, region: Region, inputs: Props) -> str:
        """Put the alarm; in AWS this overwrites one of the same name."""
        region.client("cloudwatch").put_metric_alarm(
            AlarmName=inputs["name"], Tags=tag_list(inputs.get("tagsAll", {})), **_request(inputs)
        )
        return str(inputs["name"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the alarm and its tags."""
        client = region.client("cloudwatch")
        found = client.describe_alarms(AlarmNames=[id_])["MetricAlarms"]
        if not found:
            return None
        alarm = found[0]
        tags = client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        state: Props = camel({key: alarm.get(key) for key in (each[0].upper() + each[1:] for each in _SETTINGS)})
        return {
            **state,
            "id": id_,
            "name": id_,
            "arn": alarm["AlarmArn"],
            "dimensions": {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])},
            "okActions": alarm.get("OKActions"),
            "tags": tag_map(tags),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Put the alarm again; tags of an alarm that is there are set apart."""
        client = region.client("cloudwatch")
        client.put_metric_alarm(AlarmName=id_, **_request(new))
        if "tagsAll" in changed:
            arn = client.describe_alarms(AlarmNames=[id_])["MetricAlarms"][0]["AlarmArn"]
            present = tag_map(client.list_tags_for_resource(ResourceARN=arn)["Tags"])
            client.untag_resource(ResourceARN=arn, TagKeys=sorted(set(present) - set(new.get("tagsAll", {}))))
            client.tag_resource(ResourceARN=arn, Tags=tag_list(new.get("tagsAll", {})))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the alarm."""
        region.client("cloudwatch").delete_alarms(AlarmNames=[id_])


RESOURCES: tuple[Resource, ...] = (MetricAlarm(),)


def _request(inputs: Props) -> Props:
    request: Props = pascal({key: inputs[key] for key in _SETTINGS if inputs.get(key) is not None})
    if inputs.get("okActions"):
        request["OKActions"] = inputs["okActions"]
    dimensions = [{"Name": name, "Value": value} for name, value in (inputs.get("dimensions") or {}).items()]
    return {**request, "Dimensions": dimensions}
