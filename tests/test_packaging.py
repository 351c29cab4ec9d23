"""pyproject.toml, requirements.lock and environment.yml say the same versions."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA_NAMES = {
    "dask-core": "dask",
    "python-duckdb": "duckdb",
    "python-fastjsonschema": "fastjsonschema",
    "matplotlib-base": "matplotlib",
}


def locked() -> dict[str, set[str]]:
    """Versions of each package in the lock; some packages have several, for different Pythons."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def conda() -> dict[str, str]:
    """Pinned version of each package of environment.yml, by its name on the Python index."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    pins = [entry.split("=", 1) for entry in entries if isinstance(entry, str) and ">" not in entry and "=" in entry]
    by_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    pins += [entry.split("==") for entry in by_pip if "==" in entry]
    return {canonicalize_name(CONDA_NAMES.get(name, name)): version for name, version in pins}


def requirements() -> list[Requirement]:
    return [Requirement(text) for text in PROJECT["project"]["dependencies"]]


def test_the_lock_meets_every_requirement() -> None:
    versions = locked()
    for requirement in [*requirements(), *map(Requirement, PROJECT["dependency-groups"]["dev"])]:
        found = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in found)


def test_environment_yml_repeats_the_lock_for_every_requirement() -> None:
    pins, versions = conda(), locked()
    assert set(pins) == {canonicalize_name(requirement.name) for requirement in requirements()}
    for name, version in pins.items():
        assert versions[name] == {version}


def test_the_lock_is_hashed_and_names_no_address() -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links|file:", LOCK)


def test_the_lock_is_for_every_platform() -> None:
    assert "sys_platform == 'win32'" in LOCK
    assert "sys_platform == 'darwin'" in LOCK
