"""What all pages of ours share: their templates, what their scripts begin with, and what they may do.

A page shows itself, and nothing from elsewhere.
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from giamngheo.report.markup import printable


@cache
def page_template(package: str, name: str) -> Template:
    """Return a template of HTML in the folder `templates` of a package; every value is escaped."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html.jinja")


def content_security_policy(*, styles: Iterable[str], scripts: Iterable[str] = ()) -> str:
    """Return the policy of a page: of styles and scripts only these run, of images only those that it holds."""
    rules = {
        "default-src": "'none'",
        "img-src": "data:",
        "font-src": "data:",
        "style-src-elem": " ".join(map(_hash, styles)),
        "style-src-attr": "'unsafe-inline'",
        "script-src": " ".join(map(_hash, scripts)) or "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{rule} {allowed}" for rule, allowed in rules.items())


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def shared_script() -> str:
    """Return what the scripts of all pages of ours begin with."""
    return (Path(__file__).parent / "templates" / "shared.js").read_text(encoding="utf-8")
