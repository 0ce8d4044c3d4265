"""Judges raw answers by botocore's service models: what an SDK would drop or misread in silence is a problem here."""

import datetime
import functools
import json
import re
import xml.etree.ElementTree as xml

import botocore.session
from botocore.model import OperationModel, Shape

# What the twin leaves out on purpose: other partitions, billing transfers between organizations, the tagging API's
# reports and writes, and every way to become someone else but AssumeRole.
LEFT_OUT = {
    "account": {"GetGovCloudAccountInformation"},
    "organizations": {
        "CreateGovCloudAccount",
        "DescribeResponsibilityTransfer",
        "InviteOrganizationToTransferResponsibility",
        "ListInboundResponsibilityTransfers",
        "ListOutboundResponsibilityTransfers",
        "TerminateResponsibilityTransfer",
        "UpdateResponsibilityTransfer",
    },
    "resourcegroupstaggingapi": {
        "DescribeReportCreation",
        "GetComplianceSummary",
        "GetTagKeys",
        "GetTagValues",
        "ListRequiredTags",
        "StartReportCreation",
        "TagResources",
        "UntagResources",
    },
    "sts": {
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "DecodeAuthorizationMessage",
        "GetAccessKeyInfo",
        "GetDelegatedAccessToken",
        "GetFederationToken",
        "GetSessionToken",
        "GetWebIdentityToken",
    },
}

# Played, but walked through with the services around Organizations.
ELSEWHERE = {("sts", "AssumeRoot")}

# The operations of the services around stacks that the twin has; it leaves out the others.
STACKS = {
    "cloudformation": {
        "ActivateOrganizationsAccess",
        "CreateStack",
        "CreateStackInstances",
        "CreateStackSet",
        "DeactivateOrganizationsAccess",
        "DeleteStack",
        "DeleteStackInstances",
        "DeleteStackSet",
        "DescribeOrganizationsAccess",
        "DescribeStackEvents",
        "DescribeStackInstance",
        "DescribeStackResources",
        "DescribeStackSet",
        "DescribeStackSetOperation",
        "DescribeStacks",
        "DetectStackSetDrift",
        "GetTemplate",
        "ImportStacksToStackSet",
        "ListStackInstanceResourceDrifts",
        "ListStackInstances",
        "ListStackSetAutoDeploymentTargets",
        "ListStackSetOperationResults",
        "ListStackSetOperations",
        "ListStackSets",
        "ListStacks",
        "StopStackSetOperation",
        "UpdateStack",
        "UpdateStackInstances",
        "UpdateStackSet",
        "UpdateTerminationProtection",
        "ValidateTemplate",
    },
    "cloudwatch": {"DeleteAlarms", "DescribeAlarms", "PutMetricAlarm", "SetAlarmState"},
    "s3": {
        "CreateBucket",
        "DeleteBucket",
        "DeleteBucketEncryption",
        "DeleteBucketPolicy",
        "DeleteBucketTagging",
        "DeleteObject",
        "DeletePublicAccessBlock",
        "GetBucketEncryption",
        "GetBucketLocation",
        "GetBucketPolicy",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetObject",
        "GetPublicAccessBlock",
        "HeadBucket",
        "HeadObject",
        "ListBuckets",
        "ListObjectsV2",
        "PutBucketEncryption",
        "PutBucketPolicy",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutObject",
        "PutPublicAccessBlock",
    },
}

# Errors that any operation may give without its model saying so.
COMMON_ERRORS = {
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "InsufficientCapabilitiesException",
    "InvalidAction",
    "SerializationException",
    "ServiceException",
    "Throttling",
    "ThrottlingException",
    "UnknownOperationException",
    "ValidationError",
}


@functools.cache
def service(name: str):
    return botocore.session.get_session().get_service_model(name)


def operations() -> list[tuple[str, str]]:
    """Returns every operation that the twin must have, as (service, operation)."""
    return [
        (name, operation)
        for name, left_out in sorted(LEFT_OUT.items())
        for operation in service(name).operation_names
        if operation not in left_out and (name, operation) not in ELSEWHERE
    ]


def stack_operations() -> list[tuple[str, str]]:
    """Returns every operation of the services around stacks that the twin has."""
    return [(name, operation) for name, known in sorted(STACKS.items()) for operation in sorted(known)]


def problems_of(operation: OperationModel, status: int, headers, body: bytes) -> list[str]:
    """Returns what does not fit the model in a raw answer."""
    protocol = _protocol(operation)
    if status >= 300:
        return _error_problems(operation, protocol, status, headers, body)
    if protocol == "query":
        return _query_problems(operation, body)
    if protocol == "ec2":
        return _ec2_problems(operation, body)
    if protocol == "rest-xml":
        return _rest_xml_problems(operation, body)
    if not body:
        empty = operation.output_shape is None or not operation.output_shape.members
        return [] if empty else ["the answer has no body"]
    found = json.loads(body)
    if operation.output_shape is None:
        return [f"the answer has a body, but no output is modelled: {found}"] if found else []
    return list(_json_problems(operation.output_shape, found, operation.name, protocol))


def parsed_problems(operation: OperationModel, found: dict) -> list[str]:
    """Returns what does not fit the model in an answer as the AWS CLI prints it, timestamps as on the wire."""
    if operation.output_shape is None:
        return [f"the answer has a body, but no output is modelled: {found}"] if found else []
    found = _as_on_the_wire(operation.output_shape, found)
    return list(_json_problems(operation.output_shape, found, operation.name, _protocol(operation)))


def _as_on_the_wire(shape: Shape, value):
    """Undoes what the AWS CLI does to an answer: names of members, IAM's policies, members that it adds empty."""
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        named = {}
        for name, item in value.items():
            member = shape.members.get(name)
            if item is not None:
                wire = member.serialization.get("name", name) if member else name
                named[wire] = _as_on_the_wire(member, item) if member else item
        return named
    if shape.type_name == "list" and isinstance(value, list):
        return [_as_on_the_wire(shape.member, item) for item in value]
    return json.dumps(value) if shape.type_name == "string" and isinstance(value, dict) else value


def _protocol(operation: OperationModel) -> str:
    return operation.service_model.resolved_protocol


def _query_problems(operation: OperationModel, body: bytes) -> list[str]:
    root = xml.fromstring(body)
    namespace = "{" + operation.service_model.metadata["xmlNamespace"] + "}"
    if root.tag != f"{namespace}{operation.name}Response":
        return [f"the answer is a {root.tag}"]
    names = [child.tag.removeprefix(namespace) for child in root]
    if operation.output_shape is None:
        return [] if names == ["ResponseMetadata"] else [f"the answer holds {names}, not ResponseMetadata alone"]
    wrapper = operation.output_shape.serialization["resultWrapper"]
    if names != [wrapper, "ResponseMetadata"]:
        return [f"the answer holds {names}, not {wrapper} and ResponseMetadata"]
    if not root[1].findtext(f"{namespace}RequestId"):
        return ["the answer has no RequestId"]
    found, odd = _from_xml(operation.output_shape, root[0], namespace)
    return odd + list(_json_problems(operation.output_shape, found, operation.name, "query"))


def _ec2_problems(operation: OperationModel, body: bytes) -> list[str]:
    root = xml.fromstring(body)
    namespace = "{" + operation.service_model.metadata["xmlNamespace"] + "/}"
    if root.tag != f"{namespace}{operation.name}Response":
        return [f"the answer is a {root.tag}"]
    number = root.find(f"{namespace}requestId")
    if number is None or not number.text:
        return ["the answer has no requestId"]
    root.remove(number)
    found, odd = _from_xml(operation.output_shape, root, namespace)
    return odd + list(_json_problems(operation.output_shape, found, operation.name, "query"))


def _rest_xml_problems(operation: OperationModel, body: bytes) -> list[str]:
    """Judges an answer of S3: its body, if it is XML; headers and bytes are botocore's own."""
    shape = operation.output_shape
    payload = shape.serialization.get("payload") if shape else None
    if payload is not None:
        shape = shape.members[payload]
    if shape is None or shape.type_name in ("blob", "string"):
        return []
    inside = [member for member in shape.members.values() if "location" not in member.serialization]
    if not body:
        return [f"{operation.name} has no body"] if payload and inside else []
    root = xml.fromstring(body)
    namespace = "{http://s3.amazonaws.com/doc/2006-03-01/}" if root.tag.startswith("{") else ""
    if operation.name == "GetBucketLocation":
        return [] if root.tag == f"{namespace}LocationConstraint" else [f"the answer is a {root.tag}"]
    found, odd = _from_xml(shape, root, namespace)
    return odd + list(_json_problems(shape, found, operation.name, "query"))


def _from_xml(shape: Shape, element, namespace: str):
    """Reads an element as the shape says; returns the value and the names that the shape does not have."""
    if shape.type_name == "structure":
        return _structure_from_xml(shape, element, namespace)
    if shape.type_name == "list":
        values, odd = [], []
        wanted = shape.member.serialization.get("name", "member")
        for child in element:
            if child.tag.removeprefix(namespace) != wanted:
                odd.append(f"{shape.name} holds {child.tag}, not {wanted}")
                continue
            value, inner = _from_xml(shape.member, child, namespace)
            values.append(value)
            odd += inner
        return values, odd
    if shape.type_name == "map":
        entries = [_from_xml(shape.value, entry.find(f"{namespace}value"), namespace) for entry in element]
        keys = [entry.findtext(f"{namespace}key") for entry in element]
        return dict(zip(keys, (value for value, _ in entries))), [odd for _, odds in entries for odd in odds]
    text = element.text or ""
    if shape.type_name in ("integer", "long"):
        return int(text), []
    if shape.type_name in ("double", "float"):
        return float(text), []
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text), []
    return text, []


def _structure_from_xml(shape: Shape, element, namespace: str):
    members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    value, odd = {}, []
    for child in element:
        tag = child.tag.removeprefix(namespace)
        member = members.get(tag)
        if member is None:
            odd.append(f"{shape.name} has no member {tag}")
        elif member.type_name == "list" and member.serialization.get("flattened"):
            # A flattened list has no element of its own; its items carry its name.
            item, inner = _from_xml(member.member, child, namespace)
            value.setdefault(tag, []).append(item)
            odd += inner
        else:
            value[tag], inner = _from_xml(member, child, namespace)
            odd += inner
    return value, odd


def _error_problems(operation: OperationModel, protocol: str, status: int, headers, body: bytes) -> list[str]:
    if protocol == "query":
        return _query_error_problems(operation, status, body)
    if protocol == "rest-xml":
        return _rest_xml_error_problems(operation, status, body)
    if protocol == "ec2":
        named = xml.fromstring(body).findtext("Errors/Error/Code")
        return [] if named and status >= 400 else [f"the error of {operation.name} has no code"]
    found = json.loads(body)
    code = (found.get("__type") or headers.get("x-amzn-errortype", "")).rsplit("#", 1)[-1].split(":")[0]
    shape = next((shape for shape in operation.error_shapes if shape.name == code), None)
    if shape is None:
        return [] if code in COMMON_ERRORS else [f"{operation.name} has no error {code}"]
    wanted = shape.metadata.get("error", {}).get("httpStatusCode", 500 if code == "ServiceException" else 400)
    odd = [] if status == wanted else [f"{code} has HTTP status {status}, not {wanted}"]
    members = {name: value for name, value in found.items() if name != "__type"}
    message = next((value for name, value in members.items() if name.lower() == "message"), "")
    if not message:
        odd.append(f"{code} has no message")
    in_headers = {name for name, member in shape.members.items() if "location" in member.serialization}
    return odd + list(_structure_problems(shape, members, code, protocol, in_headers))


def _query_error_problems(operation: OperationModel, status: int, body: bytes) -> list[str]:
    root = xml.fromstring(body)
    namespace = "{" + operation.service_model.metadata["xmlNamespace"] + "}"
    error = root.find(f"{namespace}Error")
    if error is None:
        return [f"the error is a {root.tag} without Error"]
    code = error.findtext(f"{namespace}Code", "")
    known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in operation.error_shapes}
    odd = [] if code in known | COMMON_ERRORS else [f"{operation.name} has no error {code}"]
    if not error.findtext(f"{namespace}Message"):
        odd.append(f"{code} has no message")
    wanted = next(
        (
            shape.metadata["error"]["httpStatusCode"]
            for shape in operation.error_shapes
            if shape.metadata.get("error", {}).get("code", shape.name) == code
        ),
        status,
    )
    if status != wanted:
        odd.append(f"{code} has HTTP status {status}, not {wanted}")
    return odd + ([] if 400 <= status < 600 else [f"{code} has HTTP status {status}"])


def _rest_xml_error_problems(operation: OperationModel, status: int, body: bytes) -> list[str]:
    """Judges an error of S3, whose model names few of them: its form, and that it says something."""
    if not body:
        return [] if operation.name.startswith("Head") else [f"the error of {operation.name} has no body"]
    root = xml.fromstring(body)
    odd = [] if root.tag == "Error" else [f"the error is a {root.tag}"]
    return odd + [f"the error has no {name}" for name in ("Code", "Message") if not root.findtext(name)]


def _json_problems(shape: Shape, value, place: str, protocol: str):
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{place} is {value!r}, not a structure"
            return
        yield from _structure_problems(shape, value, place, protocol, set())
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{place} is {value!r}, not a list"
            return
        yield from _length_problems(shape, len(value), place)
        for at, item in enumerate(value):
            yield from _json_problems(shape.member, item, f"{place}[{at}]", protocol)
    elif kind == "map":
        for key, item in value.items():
            yield from _json_problems(shape.key, key, f"the key of {place}", protocol)
            yield from _json_problems(shape.value, item, f"{place}.{key}", protocol)
    elif kind == "timestamp":
        yield from _timestamp_problems(shape, value, place, protocol)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{place} is {value!r}, not a boolean"
    elif kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{place} is {value!r}, not a whole number"
        elif not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
            yield f"{place} is {value}, out of range"
    elif kind in ("double", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{place} is {value!r}, not a number"
    elif kind == "string":
        yield from _string_problems(shape, value, place)
    else:
        yield f"{place} is a {kind}, which this judge does not know"


def _structure_problems(shape: Shape, value: dict, place: str, protocol: str, elsewhere: set):
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    for name, item in value.items():
        if name not in names:
            yield f"{place} has an unknown member {name}"
        elif item is None:
            yield f"{place}.{name} is null"
        else:
            yield from _json_problems(shape.members[names[name]], item, f"{place}.{name}", protocol)
    for name in shape.required_members:
        if name not in {names.get(given) for given in value} | elsewhere:
            yield f"{place} lacks {name}"


def _string_problems(shape: Shape, value, place: str):
    if not isinstance(value, str):
        yield f"{place} is {value!r}, not a text"
        return
    yield from _length_problems(shape, len(value), place)
    if shape.enum and value not in shape.enum:
        yield f"{place} is {value!r}, not one of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.search(_python_pattern(pattern), value):
        yield f"{place} is {value!r}, which does not fit {pattern}"


def _python_pattern(pattern: str) -> str:
    """Returns the pattern with classes that Python has instead of Unicode's letters, marks and so on."""
    for unicode_class, near in (
        (r"\p{L}", r"\w"),
        (r"\p{Z}", r"\s"),
        (r"\p{N}", r"\d"),
        (r"\p{M}", "\u0300-\u036f"),
        (r"\p{S}", r"$+<=>^`|~"),
        (r"\p{P}", r"!-#%-*,-/:;?@\[-\]_{}"),
    ):
        pattern = pattern.replace(unicode_class, near)
    return pattern


def _length_problems(shape: Shape, length: int, place: str):
    least, most = shape.metadata.get("min", length), shape.metadata.get("max", length)
    if not least <= length <= most:
        yield f"{place} has length {length}, not {least} to {most}"


def _timestamp_problems(shape: Shape, value, place: str, protocol: str):
    form = shape.serialization.get("timestampFormat", "unixTimestamp")
    if protocol == "query" or form == "iso8601":
        try:
            moment = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (AttributeError, ValueError):
            yield f"{place} is {value!r}, not a time in ISO 8601"
            return
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{place} is {value!r}, not seconds since 1970"
        return
    else:
        moment = datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if not 2000 <= moment.year < 2200:
        yield f"{place} is in the year {moment.year}"
