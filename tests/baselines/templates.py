"""Reads the templates, and works out what CloudFormation would make of them for given parameters."""

import functools
import pathlib
import re

import yaml

FOLDER = pathlib.Path(__file__).parents[2] / "examples" / "baselines"
HOME, AWAY = "ap-northeast-1", "us-east-1"
ACCOUNT, LOG_ARCHIVE, AUDIT, MANAGEMENT, JUMP = (str(n) * 12 for n in (1, 2, 3, 4, 5))

# Values for parameters that have no default.
SAMPLES = {
    "AccountName": "Shop (Prod)",
    "AdminAccount": AUDIT,
    "ApproverArns": f"arn:aws:iam::{JUMP}:user/alice,arn:aws:iam::{JUMP}:user/bob",
    "AuditAccountId": AUDIT,
    "DevelopmentAccountIds": "666666666666",
    "Email": "ops@example.com",
    "Endpoint": "https://siem.example.com/firehose",
    "ExternalId": "siem-1",
    "HomeRegion": HOME,
    "JumpAccountId": JUMP,
    "LinkedRegions": AWAY,
    "LogBucketName": f"lz-trail-{LOG_ARCHIVE}-logs",
    "LogKeyArn": f"arn:aws:kms:{HOME}:{LOG_ARCHIVE}:key/11111111-2222-3333-4444-555555555555",
    "ManagementAccountId": MANAGEMENT,
    "MonthlyLimit": "500",
    "OrganizationId": "o-a1b2c3d4e5",
    "OrganizationRootId": "r-ab12",
    "ProductionAccountIds": "777777777777",
    "SecretArn": f"arn:aws:secretsmanager:{HOME}:{LOG_ARCHIVE}:secret:siem-AbCdEf",
    "Stage": "production",
    "StagingAccountIds": "888888888888",
    "SubscriberAccountId": "999999999999",
    "Team": "Shop",
}

# Values for parameters that are empty by default.
OPTIONS = {
    "account-hardening": {"AccountAlias": "acme-{account}"},
    "notify-team": {"WorkspaceId": "T0123ABCD", "ChannelId": "C0123ABCD", "Email": "shop@example.com"},
    "production-access": {"ApproverEmail": "on-call@example.com"},
    "siem-delivery": {"AlarmTopicArn": f"arn:aws:sns:{HOME}:{LOG_ARCHIVE}:alarms"},
}

NO_VALUE = object()


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, as their long forms."""


def _tag(loader, suffix, node):
    name = "Ref" if suffix == "Ref" else "Condition" if suffix == "Condition" else "Fn::" + suffix
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _tag)


@functools.cache
def names() -> tuple[str, ...]:
    """Returns the names of all baselines."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/template.yaml")))


@functools.cache
def text(name: str) -> str:
    return (FOLDER / name / "template.yaml").read_text(encoding="utf-8")


@functools.cache
def load(name: str) -> dict:
    return yaml.load(text(name), Loader=_Loader)


def given(name: str, **values: str) -> dict[str, str]:
    """Returns a value for each parameter: the given one, the default or a sample."""
    found = {}
    for key, parameter in load(name)["Parameters"].items():
        found[key] = str(values.pop(key, parameter.get("Default", SAMPLES.get(key))))
    if values:
        raise KeyError(f"{name} has no parameter {', '.join(values)}")
    return found


class Stack:
    """What a template comes to for some parameters in some Region: conditions and functions worked out.

    What AWS assigns stands as `<Resource.Attribute>`.
    """

    def __init__(self, name: str, region: str = HOME, account: str = ACCOUNT, **values: str):
        self.template = load(name)
        self.account, self.region = account, region
        self.parameters = given(name, **values)
        self.pseudo = {
            "AWS::AccountId": account,
            "AWS::NoValue": NO_VALUE,
            "AWS::Partition": "aws",
            "AWS::Region": region,
            "AWS::StackId": f"arn:aws:cloudformation:{region}:{account}:stack/{name}/1",
            "AWS::StackName": f"StackSet-{name}",
            "AWS::URLSuffix": "amazonaws.com",
        }
        self.resources = {
            key: {**resource, "Properties": self.resolve(resource.get("Properties", {}))}
            for key, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.condition(resource["Condition"])
        }

    def condition(self, name: str) -> bool:
        return self.resolve(self.template["Conditions"][name])

    def ref(self, name: str):
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            value = self.parameters[name]
            return value.split(",") if "List" in self.template["Parameters"][name]["Type"] else value
        resource = self.template["Resources"][name]
        if "Condition" in resource and not self.condition(resource["Condition"]):
            raise AssertionError(f"a reference to {name}, which is not made here")
        return f"<{name}>"

    def get_att(self, path: list[str]):
        self.ref(path[0])
        return f"<{'.'.join(path)}>"

    def sub(self, value):
        pattern, own = (value, {}) if isinstance(value, str) else value

        def one(match):
            name = match.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return self.resolve(own[name])
            if "." in name:
                self.ref(name.split(".")[0])
                return f"<{name}>"
            return self.ref(name)

        return re.sub(r"\$\{([^}]+)\}", one, pattern)

    def resolve(self, value):
        if isinstance(value, list):
            found = [self.resolve(item) for item in value]
            return [item for item in found if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((key, body),) = value.items()
            match key:
                case "Ref":
                    return self.ref(body)
                case "Condition" if isinstance(body, str):
                    return self.condition(body)
                case "Fn::Sub":
                    return self.sub(body)
                case "Fn::GetAtt":
                    return self.get_att(body)
                case "Fn::If":
                    return self.resolve(body[1] if self.condition(body[0]) else body[2])
                case "Fn::Equals":
                    return str(self.resolve(body[0])) == str(self.resolve(body[1]))
                case "Fn::Not":
                    return not self.resolve(body[0])
                case "Fn::And":
                    return all(self.resolve(item) for item in body)
                case "Fn::Or":
                    return any(self.resolve(item) for item in body)
                case "Fn::Join":
                    return body[0].join(self.resolve(body[1]))
                case "Fn::Split":
                    return self.resolve(body[1]).split(body[0])
                case "Fn::Select":
                    return self.resolve(body[1])[int(body[0])]
                case "Fn::FindInMap":
                    return self.template["Mappings"][body[0]][self.resolve(body[1])][body[2]]
        if any(key.startswith("Fn::") for key in value):
            raise AssertionError(f"an unknown function in {value}")
        found = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not NO_VALUE}

    def of_type(self, kind: str) -> dict[str, dict]:
        """Returns the properties of the resources of one type that are made."""
        return {key: row["Properties"] for key, row in self.resources.items() if row["Type"] == kind}


class Flat(Stack):
    """A template without conditions and parameters: what is left refers to other resources only."""

    def ref(self, name: str):
        value = super().ref(name)
        return {"Ref": name} if name in self.template["Resources"] else value

    def sub(self, value):
        pattern, own = (value, {}) if isinstance(value, str) else value
        left = False

        def one(match):
            nonlocal left
            name = match.group(1)
            if name.startswith("!") or name.split(".")[0] in self.template["Resources"]:
                left = True
                return match.group(0)
            return self.resolve(own[name]) if name in own else super(Flat, self).ref(name)

        text = re.sub(r"\$\{([^}]+)\}", one, pattern)
        return {"Fn::Sub": text} if left else text

    def get_att(self, path: list[str]):
        super().ref(path[0])
        return {"Fn::GetAtt": path}

    def only(self, known: set[str]) -> dict:
        """Returns a template with resources of these types, without those that refer to any other."""
        rows = {key: row for key, row in self.resources.items() if row["Type"] in known}
        while True:
            gone = set(self.template["Resources"]) - set(rows)
            lost = {key for key, row in rows.items() if mentions(row["Properties"]) & gone}
            if not lost:
                break
            rows = {key: row for key, row in rows.items() if key not in lost}
        kept = ("Type", "Properties", "DeletionPolicy")
        outputs = {}
        for key, output in self.template.get("Outputs", {}).items():
            if "Condition" not in output or self.condition(output["Condition"]):
                value = self.resolve(output["Value"])
                if mentions(value) <= set(rows):
                    outputs[key] = {"Value": value}
        return {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {key: {part: row[part] for part in kept if part in row} for key, row in rows.items()},
            "Outputs": outputs,
        }


def mentions(value) -> set[str]:
    """Returns the names of the resources that a value refers to."""
    if isinstance(value, list):
        return set().union(*map(mentions, value))
    if not isinstance(value, dict):
        return set()
    if set(value) == {"Ref"}:
        return {value["Ref"]}
    if set(value) == {"Fn::GetAtt"}:
        return {value["Fn::GetAtt"][0]}
    if set(value) == {"Fn::Sub"}:
        return {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", value["Fn::Sub"])}
    return set().union(*map(mentions, value.values()))


@functools.cache
def variants(name: str) -> tuple[Stack, ...]:
    """Returns the stacks of a baseline at home and away, with each value of each parameter that has a choice."""
    found = []
    for region in (HOME, AWAY):
        found.append(Stack(name, region))
        for key, parameter in load(name)["Parameters"].items():
            for choice in parameter.get("AllowedValues", []):
                found.append(Stack(name, region, **{key: str(choice)}))
            # Empty means that something is not made; a sample makes it.
            if parameter.get("Default") == "":
                found.append(Stack(name, region, **OPTIONS[name]))
    return tuple(found)


def policies(stack: Stack):
    """Yields (place, kind, document) of every policy in a stack; kind is identity, trust or resource."""
    for key, resource in stack.resources.items():
        body = resource["Properties"]
        if "AssumeRolePolicyDocument" in body:
            yield f"{key}.trust", "trust", body["AssumeRolePolicyDocument"]
        for policy in body.get("Policies", []):
            yield f"{key}.{policy['PolicyName']}", "identity", policy["PolicyDocument"]
        if "PolicyDocument" in body:
            kind = "identity" if resource["Type"].startswith("AWS::IAM::") else "resource"
            yield key, kind, body["PolicyDocument"]
        if "KeyPolicy" in body:
            yield key, "resource", body["KeyPolicy"]


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]
