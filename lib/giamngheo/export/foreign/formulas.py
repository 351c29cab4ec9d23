"""Formulas in text, which are TeX, as MathML and as Typst, by pandoc; one that pandoc cannot read stays code."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence

import typst

from giamngheo.core.pandoc import environment, pandoc
from giamngheo.export.foreign.shown import Shown, Words
from giamngheo.export.refusals import EndlessFormulaError
from giamngheo.export.typesetting import compiled
from giamngheo.report.elements.markdown import Token

_API = [1, 23]
"""Of the document that pandoc is given; it reads those of all its versions 3."""

_SECONDS = 30
"""Pandoc reads hundreds of formulas in one; of letters raised above raised letters each takes twice as long."""

_HTML = re.compile("<p>(.*?)</p>", re.DOTALL)

_LABEL = re.compile(r"\\label *\{[^{}]*\}")
"""A name by which TeX refers to a formula: nobody sees it, and Typst's is no part of the code of a formula."""


def with_formulas(parts: Sequence[Shown]) -> list[Shown]:
    """Return parts whose formulas are MathML and Typst as well. Raises EndlessFormulaError."""
    texts = [part for part in parts if isinstance(part, Words)]
    formulas = list(dict.fromkeys(_key(token) for words in texts for token in _formulas(words.tokens)))
    if not formulas:
        return list(parts)
    mathml = _HTML.findall(_converted(formulas, ["--to=html", "--mathml"]))
    codes = _converted(formulas, ["--to=typst"]).strip("\n").split("\n\n")
    if not len(formulas) == len(mathml) == len(codes):
        return list(parts)
    written = {
        formula: {"mathml": html, "typst": code}
        for formula, html, code in zip(formulas, mathml, codes, strict=True)
        if html.startswith("<math ") and _is_typst(code)
    }
    return [
        Words(tuple(_written(token, written) for token in part.tokens)) if isinstance(part, Words) else part
        for part in parts
    ]


_Formula = tuple[str, bool]


def _key(token: Token) -> _Formula:
    return token["raw"], token["attrs"]["is_display"]


def _formulas(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token["type"] == "formula":
            yield token
        yield from _formulas(token["children"])


def _converted(formulas: Sequence[_Formula], options: Sequence[str]) -> str:
    """Return formulas as pandoc writes them, one a paragraph."""
    kinds = {True: "DisplayMath", False: "InlineMath"}
    paragraphs = [
        {"t": "Para", "c": [{"t": "Math", "c": [{"t": kinds[shown]}, _LABEL.sub("", tex)]}]} for tex, shown in formulas
    ]
    document = {"pandoc-api-version": _API, "meta": {}, "blocks": paragraphs}
    command = [pandoc(), "+RTS", "-M2g", "-RTS", "--from=json", *options, "--sandbox", "--wrap=none"]
    try:
        done = subprocess.run(
            command, env=environment(), input=json.dumps(document).encode(), capture_output=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise EndlessFormulaError(_SECONDS) from error
    return done.stdout.decode()


def _is_typst(code: str) -> bool:
    """Return whether Typst can set what pandoc wrote, in a block of code as a document has it.

    The versions of the two may differ in the names of signs.
    """
    try:
        compiled(f"#{{ {code} }}", form="svg")
    except typst.TypstError:
        return False
    return True


def _written(token: Token, written: dict[_Formula, dict[str, str]]) -> Token:
    if token["type"] == "formula":
        return token | {"attrs": token["attrs"] | written.get(_key(token), {})}
    return token | {"children": [_written(child, written) for child in token["children"]]}
