"""Text of a report."""

from dataclasses import dataclass
from typing import Any

from giamngheo.report.elements.bundle import MimeBundle, bundle
from giamngheo.report.elements.markdown import markdown_html


@dataclass(frozen=True)
class Prose:
    """Text in Markdown: headings # (part "I."), ## ("1.") and ### ("a)"), paragraphs, lists, emphasis.

    A text from outside goes through markup.escape_markdown before it becomes part of `markdown`.
    """

    markdown: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        return bundle("prose", self.markdown, markdown_html(self.markdown), markdown=self.markdown)
