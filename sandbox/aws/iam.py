"""IAM: roles and their inline policies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import tag_list, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource, as_json, document
from sandbox.aws.wire import Props


class Role(Resource):
    """Id and import: the role's name."""

    type_name = "aws:iam/role:Role"
    regional = False
    fields = {
        "assumeRolePolicy": Field(alike=document),
        "description": Field(),
        "forceDetachPolicies": Field(unread=True),
        "managedPolicyArns": Field(computed=True),
        "maxSessionDuration": Field(3600),
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "path": Field("/", replaces=True),
        "permissionsBoundary": Field(),
        **TAGS,
    }
    outputs = ("arn", "createDate", "uniqueId")

    def create(self, region: Region, inputs: Props) -> str:
        """Create the role and attach its managed policies."""
        optional = {
            "Description": inputs.get("description"),
            "MaxSessionDuration": inputs.get("maxSessionDuration"),
            "Path": inputs.get("path"),
            "PermissionsBoundary": inputs.get("permissionsBoundary"),
        }
        region.client("iam").create_role(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=as_json(inputs["assumeRolePolicy"]),
            Tags=tag_list(inputs.get("tagsAll", {})),
            **{key: value for key, value in optional.items() if value is not None},
        )
        _attach(region.client("iam"), inputs["name"], inputs.get("managedPolicyArns", []))
        return str(inputs["name"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the role, its tags and its managed policies."""
        iam = region.client("iam")
        role = iam.get_role(RoleName=id_)["Role"]
        return {
            "id": id_,
            "name": id_,
            "arn": role["Arn"],
            "assumeRolePolicy": as_json(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].isoformat(),
            "description": role.get("Description"),
            "managedPolicyArns": _attached(iam, id_),
            "maxSessionDuration": role.get("MaxSessionDuration"),
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": tag_map(role.get("Tags", [])),
            "uniqueId": role["RoleId"],
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update what changed; IAM has a call for each."""
        iam = region.client("iam")
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=as_json(new["assumeRolePolicy"]))
        if {"description", "maxSessionDuration"} & set(changed):
            duration = new.get("maxSessionDuration", 3600)
            iam.update_role(RoleName=id_, Description=new.get("description", ""), MaxSessionDuration=duration)
        if "permissionsBoundary" in changed:
            _bound(iam, id_, new.get("permissionsBoundary"))
        if "managedPolicyArns" in changed:
            _attach(iam, id_, new.get("managedPolicyArns", []))
        if "tagsAll" in changed:
            _retag(iam, id_, new.get("tagsAll", {}))

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the role; with `forceDetachPolicies` also policies attached by others."""
        iam = region.client("iam")
        _attach(iam, id_, [] if state.get("forceDetachPolicies") else _not_ours(iam, id_, state))
        iam.delete_role(RoleName=id_)


class RolePolicy(Resource):
    """Id and import: `role:policy`."""

    type_name = "aws:iam/rolePolicy:RolePolicy"
    regional = False
    identity = ("role", "name")
    fields = {
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "policy": Field(alike=document),
        "role": Field(replaces=True),
    }

    def create(self, region: Region, inputs: Props) -> str:
        """Put the policy; in AWS this overwrites one of the same name."""
        region.client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=inputs["name"], PolicyDocument=as_json(inputs["policy"])
        )
        return f"{inputs['role']}:{inputs['name']}"

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the policy's document."""
        role, _, name = id_.partition(":")
        answer = region.client("iam").get_role_policy(RoleName=role, PolicyName=name)
        return {"id": id_, "role": role, "name": name, "policy": as_json(answer["PolicyDocument"])}

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Put the policy again."""
        self.create(region, new)

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the policy."""
        role, _, name = id_.partition(":")
        region.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


RESOURCES: tuple[Resource, ...] = (Role(), RolePolicy())


def _attached(iam: Any, role: str) -> list[str]:  # noqa: ANN401  (boto3)
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return sorted(policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"])


def _attach(iam: Any, role: str, wanted: list[str]) -> None:  # noqa: ANN401  (boto3)
    present = set(_attached(iam, role))
    for arn in present - set(wanted):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for arn in set(wanted) - present:
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)


def _not_ours(iam: Any, role: str, state: Props) -> list[str]:  # noqa: ANN401  (boto3)
    return sorted(set(_attached(iam, role)) - set(state.get("managedPolicyArns", [])))


def _bound(iam: Any, role: str, boundary: str | None) -> None:  # noqa: ANN401  (boto3)
    if boundary:
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    else:
        iam.delete_role_permissions_boundary(RoleName=role)


def _retag(iam: Any, role: str, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    present = tag_map(iam.list_role_tags(RoleName=role)["Tags"])
    iam.untag_role(RoleName=role, TagKeys=sorted(set(present) - set(wanted)))
    iam.tag_role(RoleName=role, Tags=tag_list(wanted))
