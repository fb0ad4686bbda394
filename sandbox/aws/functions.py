"""Lambda: functions, their code and their published versions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws import archive
from sandbox.aws.casing import camel, pascal
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, RefusedError, Resource
from sandbox.aws.wire import Props, has_unknown

# Settings that moto records, and those it drops or never changes: the latter are kept from what was last applied.
_READ = ("description", "environment", "handler", "layers", "memorySize", "role", "runtime", "timeout", "vpcConfig")
_UNREAD = ("deadLetterConfig", "ephemeralStorage", "imageConfig", "loggingConfig", "snapStart", "tracingConfig")
_KMS = "kmsKeyArn"  # AWS spells it KMSKeyArn
_SETTINGS = {*_READ, *_UNREAD, _KMS}
_CODE = {"architectures", "code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash"}
_BLANK = {
    "deadLetterConfig": {"targetArn": ""},
    "description": "",
    "environment": {"variables": {}},
    "kmsKeyArn": "",
    "layers": [],
    "vpcConfig": {"subnetIds": [], "securityGroupIds": []},
}


class Function(Resource):
    """Id and import: the function's name."""

    type_name = "aws:lambda/function:Function"
    fields = {
        "architectures": Field(["x86_64"], unread=True),
        "code": Field(unread=True, alike=archive.identity),
        "codeSha256": Field(computed=True),
        "deadLetterConfig": Field(unread=True),
        "description": Field(),
        "environment": Field(),
        "ephemeralStorage": Field({"size": 512}, unread=True),
        "handler": Field(),
        "imageConfig": Field(unread=True),
        "imageUri": Field(unread=True),
        "kmsKeyArn": Field(unread=True),
        "layers": Field(),
        "loggingConfig": Field({"logFormat": "Text"}, unread=True),
        "memorySize": Field(128),
        "name": Field(replaces=True),
        "packageType": Field("Zip", replaces=True),
        "publish": Field(False, unread=True),
        "reservedConcurrentExecutions": Field(-1),
        "role": Field(),
        "runtime": Field(),
        "s3Bucket": Field(unread=True),
        "s3Key": Field(unread=True),
        "s3ObjectVersion": Field(unread=True),
        "skipDestroy": Field(unread=True),
        "snapStart": Field({"applyOn": "None"}, unread=True),
        "sourceCodeHash": Field(computed=True),
        "timeout": Field(3),
        "tracingConfig": Field({"mode": "PassThrough"}, unread=True),
        "vpcConfig": Field(),
        **TAGS,
    }
    outputs = (
        "arn",
        "codeSha256",
        "invokeArn",
        "lastModified",
        "qualifiedArn",
        "qualifiedInvokeArn",
        "responseStreamingInvokeArn",
        "signingJobArn",
        "signingProfileVersionArn",
        "sourceCodeHash",
        "sourceCodeSize",
        "version",
    )

    def create(self, region: Region, inputs: Props) -> str:
        """Create the function, publish it if asked, then reserve its concurrency."""
        client = region.client("lambda")
        name = str(inputs["name"])
        if _exists(client, name):  # moto would overwrite it
            raise RefusedError(f"ResourceConflictException: Function already exist: {name}")
        client.create_function(
            FunctionName=name,
            Code=_code(inputs),
            PackageType=inputs.get("packageType", "Zip"),
            Architectures=inputs.get("architectures", ["x86_64"]),
            Publish=bool(inputs.get("publish")),
            Tags=inputs.get("tagsAll", {}),
            **_settings({key: inputs[key] for key in _SETTINGS if inputs.get(key) is not None}),
        )
        if inputs.get("reservedConcurrentExecutions", -1) >= 0:
            _reserve(client, name, inputs["reservedConcurrentExecutions"])
        return name

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read configuration, tags, concurrency and the latest version."""
        client = region.client("lambda")
        answer = client.get_function(FunctionName=id_)
        settings = answer["Configuration"]
        return {
            **_read(settings),
            **_names(region.name, settings["FunctionArn"], _latest(client, id_)),
            "id": id_,
            "name": id_,
            "packageType": settings.get("PackageType", "Zip"),
            "codeSha256": settings["CodeSha256"],
            "sourceCodeHash": settings["CodeSha256"],
            "sourceCodeSize": settings["CodeSize"],
            "lastModified": settings["LastModified"],
            "signingJobArn": settings.get("SigningJobArn") or "",
            "signingProfileVersionArn": settings.get("SigningProfileVersionArn") or "",
            "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "tags": answer.get("Tags", {}),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update settings, then code, then publish when there is something new to publish."""
        client = region.client("lambda")
        settings = {key: self._value(new, key) for key in sorted(_SETTINGS & set(changed))}
        if settings:
            client.update_function_configuration(FunctionName=id_, **_settings(settings))
        if _CODE & set(changed):
            architectures = self._value(new, "architectures")
            client.update_function_code(FunctionName=id_, Architectures=architectures, **_code(new))
        if "reservedConcurrentExecutions" in changed:
            _reserve(client, id_, new.get("reservedConcurrentExecutions", -1))
        if "tagsAll" in changed:
            _retag(client, id_, new.get("tagsAll", {}))
        if new.get("publish") and ({*_UNREAD, _KMS} & set(changed) or _unpublished(client, id_)):
            client.publish_version(FunctionName=id_)

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the function with its versions and aliases, unless it is to be kept."""
        if not state.get("skipDestroy"):
            region.client("lambda").delete_function(FunctionName=id_)

    def completed(self, inputs: Props) -> Props:
        """Add the hash of the code: the engine sends contents to Check and Create, not to Diff."""
        if not inputs.get("code") or has_unknown(inputs["code"]) or inputs.get("sourceCodeHash"):
            return inputs
        return {**inputs, "sourceCodeHash": archive.sha256(archive.zipped(inputs["code"]))}

    def unknown_after(self, changed: Collection[str], new: Props) -> tuple[str, ...]:
        """Name what new code or settings give: hashes, and a version if versions are published."""
        code = bool(_CODE & set(changed))
        anything = code or bool((_SETTINGS | {"publish"}) & set(changed))
        published = anything and (new.get("publish") or has_unknown(new.get("publish")))
        return (
            *(("codeSha256", "sourceCodeHash", "sourceCodeSize") if code else ()),
            *(("lastModified",) if anything else ()),
            *(("version", "qualifiedArn", "qualifiedInvokeArn") if published else ()),
        )

    def _value(self, inputs: Props, key: str) -> Any:  # noqa: ANN401  (any property)
        if inputs.get(key) is not None:
            return inputs[key]
        return self.fields[key].default or _BLANK.get(key)


RESOURCES: tuple[Resource, ...] = (Function(),)


def _exists(client: Any, name: str) -> bool:  # noqa: ANN401  (boto3)
    try:
        client.get_function(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def _code(inputs: Props) -> Props:
    if inputs.get("code"):
        return {"ZipFile": archive.zipped(inputs["code"])}
    named = {"ImageUri": "imageUri", "S3Bucket": "s3Bucket", "S3Key": "s3Key", "S3ObjectVersion": "s3ObjectVersion"}
    code = {name: inputs[key] for name, key in named.items() if inputs.get(key)}
    if not code:
        raise RefusedError("a function needs code: one of code, imageUri, or s3Bucket with s3Key")
    return code


def _settings(values: Props) -> Props:
    """Return settings as AWS takes them; the names of environment variables keep their case."""
    settings: Props = pascal({key: value for key, value in values.items() if key not in (_KMS, "environment")})
    if _KMS in values:
        settings["KMSKeyArn"] = values[_KMS]
    if "environment" in values:
        settings["Environment"] = {"Variables": values["environment"].get("variables", {})}
    return settings


def _read(settings: Props) -> Props:
    state: Props = camel({key[0].upper() + key[1:]: settings.get(key[0].upper() + key[1:]) for key in _READ})
    state["environment"] = {"variables": settings.get("Environment", {}).get("Variables", {})}
    state["layers"] = [layer["Arn"] for layer in settings.get("Layers") or []]
    vpc = settings.get("VpcConfig") or {}
    state["vpcConfig"] = camel({key: vpc.get(key) for key in ("SubnetIds", "SecurityGroupIds")})
    return state


def _names(region: str, arn: str, latest: Props) -> Props:
    path = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions"
    stream = f"arn:aws:apigateway:{region}:lambda:path/2021-11-15/functions"
    return {
        "arn": arn,
        "invokeArn": f"{path}/{arn}/invocations",
        "responseStreamingInvokeArn": f"{stream}/{arn}/response-streaming-invocations",
        "version": latest["Version"],
        "qualifiedArn": latest["FunctionArn"],
        "qualifiedInvokeArn": f"{path}/{latest['FunctionArn']}/invocations",
    }


def _latest(client: Any, name: str) -> Props:  # noqa: ANN401  (boto3)
    """Return the last published version, or $LATEST."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    latest: Props = [version for page in pages for version in page["Versions"]][-1]
    return latest


def _unpublished(client: Any, name: str) -> bool:  # noqa: ANN401  (boto3)
    """Tell whether the function is not what was last published: AWS publishes nothing then, moto would."""
    current, latest = client.get_function(FunctionName=name)["Configuration"], _latest(client, name)
    if latest["Version"] == "$LATEST":
        return True
    return current["CodeSha256"] != latest["CodeSha256"] or _read(current) != _read(latest)


def _reserve(client: Any, name: str, concurrency: int) -> None:  # noqa: ANN401  (boto3)
    if concurrency >= 0:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=concurrency)
    else:
        client.delete_function_concurrency(FunctionName=name)


def _retag(client: Any, name: str, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    answer = client.get_function(FunctionName=name)
    arn, present = answer["Configuration"]["FunctionArn"], answer.get("Tags", {})
    surplus = sorted(set(present) - set(wanted))
    if surplus:
        client.untag_resource(Resource=arn, TagKeys=surplus)
    if wanted:
        client.tag_resource(Resource=arn, Tags=wanted)
