"""Markdown as HTML and as Typst, so far as a report and an analyst's notes need it.

Headings, paragraphs, lists, block quotes, code, tables, links, emphasis, footnotes; formulas between dollar signs, as
code until the export gives them as MathML and Typst. HTML in Markdown and character references are shown as they were
typed, an image as its description. The Typst calls the functions of
export/templates/document.typ; every text in it is a string, so that no text is ever code.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, cast

import mistune
from mistune.block_parser import BlockParser
from mistune.core import BlockState, InlineState
from mistune.inline_parser import InlineParser

from giamngheo.report.markup import escape_html, one_line, svg_address, typst_string

Token = dict[str, Any]

Renderers = Mapping[str, Callable[[Token, list[str]], str]]
"""By kind of token: what it becomes, from itself and what its children became."""

_SAFE_LINKS = ("https://", "http://", "mailto:")


def markdown_html(markdown: str) -> str:
    """Return HTML of `markdown`; its first-level heading is h2, for h1 is the title of the report."""
    return tokens_html(tokens_of(markdown))


@lru_cache(maxsize=256)  # a text is shown by the notebook and then exported
def tokens_of(markdown: str) -> tuple[Token, ...]:
    """Return the blocks of `markdown`, each with its children. Nobody changes a token: who needs another makes one."""
    tokens = [_tidied(token) for token in cast("list[Token]", _parser()(markdown)) if token["type"] != "blank_line"]
    if not tokens or tokens[-1]["type"] != "footnotes":
        return tuple(tokens)
    notes = {note["attrs"]["index"]: note for note in tokens.pop()["children"]}
    return tuple(_with_notes(token, notes) for token in tokens)


@cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=["table", "strikethrough", "footnotes", _with_formulas])


_INLINE_FORMULA = r"\$\$(?P<tex_display>[^$]{1,5000})\$\$|\$(?![\s$])(?P<tex_inline>[^$]{1,1000}?)(?<!\s)\$(?![0-9$])"
"""Amounts of dollars are no formulas: one ends neither after a space nor before a digit."""

_BLOCK_FORMULA = (
    r"^ {0,3}(?:\$\$(?P<tex_block>[^$]{1,5000})\$\$"
    r"|(?P<tex_alone>\\begin\{(?P<tex_name>[a-z]{1,20}\*?)\}[^$]{1,5000}?\\end\{(?P=tex_name)\}))[ \t]*$"
)


def _with_formulas(md: mistune.Markdown) -> None:
    """Let a parser read formulas, as JupyterLab shows them: $…$, $$…$$ and environments of LaTeX."""

    def inline(_: InlineParser, found: re.Match[str], state: InlineState) -> int:
        display = found["tex_display"]
        shown = {"is_display": display is not None, "is_block": False}
        state.append_token({"type": "formula", "raw": one_line(display or found["tex_inline"]), "attrs": shown})
        return found.end()

    def block(_: BlockParser, found: re.Match[str], state: BlockState) -> int:
        tex, shown = one_line(found["tex_block"] or found["tex_alone"]), {"is_display": True, "is_block": True}
        formula = {"type": "formula", "raw": tex, "attrs": shown}
        state.append_token({"type": "formula_block", "children": [formula]})
        return found.end() + 1

    md.inline.register("formula", _INLINE_FORMULA, inline, before="link")
    md.block.register("formula", _BLOCK_FORMULA, block, before="list")


def _with_notes(token: Token, notes: Mapping[int, Token]) -> Token:
    """Return a token whose references to footnotes hold what these say, in one paragraph."""
    if token["type"] == "footnote_ref":
        blocks = notes[token["attrs"]["index"]]["children"]
        inner = [
            child for block in blocks for child in ({"type": "text", "raw": " ", "children": []}, *block["children"])
        ]
        return {"type": "footnote", "children": inner[1:]}
    return token | {"children": [_with_notes(child, notes) for child in token["children"]]}


def tokens_html(tokens: Iterable[Token]) -> str:
    """Return HTML of blocks.

    A heading may be of type "title", or have an `anchor` among its `attrs`; an image may have its SVG there, a formula
    itself in `mathml`; a text of type "figure" has there the `cells` that say where it comes from. A "note_mark" in
    place of a footnote has its `number`.
    """
    return "".join(_rendered(token, _HTML) for token in tokens)


def tokens_typst(tokens: Iterable[Token]) -> str:
    """Return Typst of blocks: one block of code. A formula may have itself in `typst` among its `attrs`."""
    return "\n".join(["#{", *(_rendered(token, _TYPST) for token in tokens), "}"])


def _tidied(token: Token) -> Token:
    """Return `token` without blank lines beneath, the first paragraph of a list item as the text beside its sign."""
    children = [_tidied(child) for child in token.get("children", ()) if child["type"] != "blank_line"]
    if token["type"] == "list_item" and children and children[0]["type"] == "paragraph":
        children[0] = children[0] | {"type": "block_text"}
    return token | {"children": children}


def _rendered(token: Token, renderers: Renderers) -> str:
    return renderers[token["type"]](token, [_rendered(child, renderers) for child in token["children"]])


def plain_text(token: Token) -> str:
    """Return the text of a token and all beneath it, without footnotes."""
    if token["type"] == "footnote":
        return ""
    return token.get("raw", "") + "".join(map(plain_text, token["children"]))


def _sign(token: Token) -> str:
    """Return the sign of a list as the official text has it: a dash, and a plus beneath a dash."""
    return "+" if token["bullet"] == "+" or token["attrs"]["depth"] % 2 else "-"


def _is_safe(token: Token) -> bool:
    return str(token["attrs"]["url"]).lower().startswith(_SAFE_LINKS)


_LONGEST_JUSTIFIED = 10_000
"""Letters of a paragraph whose lines are broken all at once, for the best of spaces."""

_LONGEST_WHOLE_ROW = 1000
"""Letters of a row of a table beyond which it may break over two pages."""


# HTML: a child is HTML, children stand one after the other.


def _element(tag: str) -> Callable[[Token, list[str]], str]:
    return lambda token, children: f"<{tag}>{''.join(children)}</{tag}>"


def _html_raw(token: Token, children: list[str]) -> str:
    return escape_html(token["raw"])


def _html_inner(token: Token, children: list[str]) -> str:
    return "".join(children)


def _html_heading(token: Token, children: list[str]) -> str:
    level, anchor = min(token["attrs"]["level"] + 1, 6), token["attrs"].get("anchor")
    place = f' id="{anchor}"' if anchor else ""
    return f"<h{level}{place}>{''.join(children)}</h{level}>\n"


def _html_list(token: Token, children: list[str]) -> str:
    items = "\n".join(children)
    if not token["attrs"]["ordered"]:
        return f'<ul class="{"plus" if _sign(token) == "+" else "dash"}">\n{items}\n</ul>\n'
    return f'<ol start="{token["attrs"].get("start", 1)}">\n{items}\n</ol>\n'


def _html_link(token: Token, children: list[str]) -> str:
    text = "".join(children)
    return f'<a href="{escape_html(token["attrs"]["url"])}">{text}</a>' if _is_safe(token) else text


def _html_figure(token: Token, children: list[str]) -> str:
    """Return a figure that is explained elsewhere: a link where one cell does, else the names of the cells that may."""
    first, *others = token["attrs"]["cells"]
    place = f'data-cells="{" ".join((first, *others))}"' if others else f'href="#{first}"'
    return f'<a class="from" {place}>{escape_html(token["raw"])}</a>'


def _html_image(token: Token, children: list[str]) -> str:
    if "svg" not in token["attrs"]:
        return f"<em>{''.join(children)}</em>"
    return f'<img src="{svg_address(token["attrs"]["svg"])}" alt="{escape_html(plain_text(token))}">'


def _html_formula(token: Token, children: list[str]) -> str:
    return str(token["attrs"].get("mathml") or f"<code>{escape_html(token['raw'])}</code>")


def _html_note_mark(token: Token, children: list[str]) -> str:
    number = token["attrs"]["number"]
    return f'<sup><a href="#chu-thich-{number}" id="goi-{number}" aria-label="Chú thích {number}">{number}</a></sup>'


def _html_cell(token: Token, children: list[str]) -> str:
    tag = 'th scope="col"' if token["attrs"]["head"] else "td"
    number = ' class="number"' if token["attrs"]["align"] == "right" else ""
    return f"<{tag}{number}>{''.join(children)}</{tag[:2]}>"


def _html_table(token: Token, children: list[str]) -> str:
    return f'<div class="wide" role="region" tabindex="0" aria-label="Bảng"><table>{"".join(children)}</table></div>\n'


_HTML: Renderers = {
    "text": _html_raw,
    "inline_html": _html_raw,
    "softbreak": lambda token, children: "\n",
    "linebreak": lambda token, children: "<br>",
    "codespan": lambda token, children: f"<code>{escape_html(token['raw'])}</code>",
    "emphasis": _element("em"),
    "strong": _element("strong"),
    "strikethrough": _element("del"),
    "link": _html_link,
    "figure": _html_figure,
    "formula": _html_formula,
    "formula_block": lambda token, children: f"<p>{''.join(children)}</p>\n",
    "footnote": lambda token, children: f'<span class="footnote">{"".join(children)}</span>',
    "note_mark": _html_note_mark,
    "image": _html_image,
    "title": lambda token, children: f"<h1>{''.join(children)}</h1>\n",
    "heading": _html_heading,
    "paragraph": lambda token, children: f"<p>{''.join(children)}</p>\n",
    "block_text": _html_inner,
    "block_html": lambda token, children: f"<pre>{escape_html(token['raw'].rstrip())}</pre>\n",
    "block_code": lambda token, children: f"<pre>{escape_html(token['raw'].rstrip())}</pre>\n",
    "block_quote": _element("blockquote"),
    "thematic_break": lambda token, children: "<hr>\n",
    "list": _html_list,
    "list_item": _element("li"),
    "table": _html_table,
    "table_head": lambda token, children: f"<thead><tr>{''.join(children)}</tr></thead>",
    "table_body": _element("tbody"),
    "table_row": _element("tr"),
    "table_cell": _html_cell,
}


# Typst: a child is an expression, children are a block of expressions.


def _block(children: list[str]) -> str:
    return children[0] if len(children) == 1 else "{" + "; ".join(children) + "}" if children else '""'


def _call(function: str) -> Callable[[Token, list[str]], str]:
    return lambda token, children: f"{function}({_block(children)})"


def _typst_raw(token: Token, children: list[str]) -> str:
    return typst_string(token["raw"])


def _typst_inner(token: Token, children: list[str]) -> str:
    return _block(children)


def _typst_code(token: Token, children: list[str]) -> str:
    return f"code-block({typst_string(token['raw'].rstrip())})"


def _typst_list(token: Token, children: list[str]) -> str:
    items = "".join(f"{child}, " for child in children)
    if not token["attrs"]["ordered"]:
        return f"bullets({typst_string(_sign(token))}, {items})"
    return f"steps({token['attrs'].get('start', 1)}, {items})"


def _typst_item(token: Token, children: list[str]) -> str:
    """Return a pair: the text beside the sign, the blocks beneath."""
    beside = 1 if children and token["children"][0]["type"] == "block_text" else 0
    return f"({_block(children[:beside])}, {_block(children[beside:]) if children[beside:] else 'none'})"


def _typst_link(token: Token, children: list[str]) -> str:
    text = _block(children)
    return f"link({typst_string(token['attrs']['url'])}, {text})" if _is_safe(token) else text


def _typst_image(token: Token, children: list[str]) -> str:
    if "svg" not in token["attrs"]:
        return f"emph({_block(children)})"
    return f"inline-figure(svg: {typst_string(token['attrs']['svg'])}, alt: {typst_string(plain_text(token))})"


def _typst_formula(token: Token, children: list[str]) -> str:
    """Return a formula, its TeX as what a screen reader says; one amid text is no block."""
    code = token["attrs"].get("typst")
    if not code:
        return f"raw({typst_string(token['raw'])})"
    if not token["attrs"]["is_block"]:
        code = f"${code.strip('$').strip()}$"
    return f"{{ set math.equation(alt: {typst_string(token['raw'])}); {code} }}"


def _typst_paragraph(token: Token, children: list[str]) -> str:
    """Return a paragraph; the one that ends as the text of a document does stays with what follows, the signature.

    Lines of a very long one are broken one after the other: all of them at once takes quadratic time.
    """
    if len(plain_text(token)) > _LONGEST_JUSTIFIED:
        return f'par(linebreaks: "simple", {_block(children)})'
    ends = token["children"][-1].get("raw", "").endswith("./.")
    return f"{'last-paragraph' if ends else 'par'}({_block(children)})"


def _typst_table(token: Token, children: list[str]) -> str:
    head, *bodies = token["children"]
    rows = [row for body in bodies for row in body["children"]]
    tall = ", tall: true" if any(len(plain_text(row)) > _LONGEST_WHOLE_ROW for row in rows) else ""
    return f"plain-table({len(head['children'])}, {', '.join(children)}{tall})"


def _typst_cell(token: Token, children: list[str]) -> str:
    if token["attrs"]["head"]:
        return _block(children)
    return f"cell({typst_string('number' if token['attrs']['align'] == 'right' else 'text')}, {_block(children)})"


def _typst_cells(token: Token, children: list[str]) -> str:
    return ", ".join(children)


_TYPST: Renderers = {
    "text": _typst_raw,
    "inline_html": _typst_raw,
    "softbreak": lambda token, children: '" "',
    "linebreak": lambda token, children: "linebreak()",
    "codespan": lambda token, children: f"raw({typst_string(token['raw'])})",
    "emphasis": _call("emph"),
    "strong": _call("strong"),
    "strikethrough": _call("strike"),
    "link": _typst_link,
    "formula": _typst_formula,
    "formula_block": _typst_inner,
    "footnote": _call("footnote"),
    "image": _typst_image,
    "title": _call("document-title"),
    "heading": lambda token, children: f"section({token['attrs']['level']}, {_block(children)})",
    "paragraph": _typst_paragraph,
    "block_text": _typst_inner,
    "block_html": _typst_code,
    "block_code": _typst_code,
    "block_quote": _call("quote-block"),
    "thematic_break": lambda token, children: "rule()",
    "list": _typst_list,
    "list_item": _typst_item,
    "table": _typst_table,
    "table_head": lambda token, children: f"({''.join(child + ', ' for child in children)})",
    "table_body": _typst_cells,
    "table_row": _typst_cells,
    "table_cell": _typst_cell,
}
