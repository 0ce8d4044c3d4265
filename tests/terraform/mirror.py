"""Finds Terraform and a mirror of its AWS provider on this machine; nothing is downloaded."""

import os
import pathlib
import re
import shutil
import unittest

PROVIDER = pathlib.Path("registry.terraform.io") / "hashicorp" / "aws"


def terraform() -> str:
    """Returns the path of Terraform, or skips the test."""
    path = shutil.which("terraform")
    if path is None:
        raise unittest.SkipTest("there is no `terraform` on the PATH")
    return path


def provider_mirror() -> pathlib.Path:
    """Returns the folder of a provider mirror, or skips the test."""
    named = os.environ.get("LZ_TERRAFORM_MIRROR")
    if named:
        if not (pathlib.Path(named) / PROVIDER).is_dir():
            raise unittest.SkipTest(f"LZ_TERRAFORM_MIRROR is {named}, which holds no {PROVIDER}")
        return pathlib.Path(named)
    for folder in [*_configured(), *_likely()]:
        if (folder / PROVIDER).is_dir():
            return folder
    raise unittest.SkipTest(f"no provider mirror with {PROVIDER} was found; name one in LZ_TERRAFORM_MIRROR")


def _configured():
    """Yields the mirrors that the command line configuration of Terraform names."""
    home = pathlib.Path.home()
    files = [os.environ.get("TF_CLI_CONFIG_FILE"), home / ".terraformrc", home / ".tofurc"]
    for file in filter(None, files):
        try:
            text = pathlib.Path(file).read_text(encoding="utf-8")
        except OSError:
            continue
        for path in re.findall(r'path\s*=\s*"([^"]+)"', text):
            yield pathlib.Path(path).expanduser()


def _likely():
    """Yields folders that are mirrors by Terraform's own rules, and folders right under the usual places."""
    home = pathlib.Path.home()
    yield from (home / ".terraform.d" / "plugins", home / ".local" / "share" / "terraform" / "plugins")
    for place in (pathlib.Path("/opt"), pathlib.Path("/usr/local/share"), pathlib.Path("/usr/share"), home):
        yield place
        try:
            below = sorted(path for path in place.iterdir() if path.is_dir() and "terraform" in _words(path))
        except OSError:
            continue
        for path in below:
            yield from (path, path / "plugins", path / "providers")


def _words(path: pathlib.Path) -> str:
    """Spells out the usual short form, so that `tf-plugins` is searched as well."""
    return re.sub(r"\btf\b", "terraform", path.name)
