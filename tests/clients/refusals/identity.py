"""Refusals of the tagging API and of STS."""

from .row import NO_ACCOUNT, refuses


# The tagging API and STS.
def resources(when, code, given):
    refuses("GetResources", when, code, None, given, service="resourcegroupstaggingapi")


resources("a page is too long", "InvalidParameterException", lambda s: {"ResourcesPerPage": 101})
resources(
    "a list of ARNs is filtered",
    "InvalidParameterException",
    lambda s: {
        "ResourceARNList": ["arn:aws:organizations::1:root/x"],
        "ResourceTypeFilters": ["organizations"],
    },
)
resources("the token is foreign", "PaginationTokenExpiredException", lambda s: {"PaginationToken": "x"})


def assume(when, code, **given):
    def input_of(s):
        role = f"arn:aws:iam::{s.shop}:role/OrganizationAccountAccessRole"
        return {"RoleArn": role, "RoleSessionName": "test"} | {
            k: v(s) if callable(v) else v for k, v in given.items()
        }

    refuses("AssumeRole", when, code, None, input_of, service="sts")


assume("the account does not exist", "AccessDenied", RoleArn=f"arn:aws:iam::{NO_ACCOUNT}:role/Any")
assume("the account is closed", "AccessDenied", RoleArn=lambda s: f"arn:aws:iam::{s.closed}:role/Any")
assume("the role is none", "ValidationError", RoleArn="arn:aws:s3:::bucket-of-some-length")
assume("the session is too long", "ValidationError", DurationSeconds=43_201)
