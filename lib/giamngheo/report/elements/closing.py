"""End of an administrative document: recipients and signature."""

from dataclasses import dataclass
from typing import Any

from giamngheo.report.elements.bundle import MimeBundle, bundle, html, listed, typst


@dataclass(frozen=True)
class Closing:
    """The recipients at the left, the signatory's office and name at the right, room for the signature between.

    The dashes before the recipients and the signs at their ends are set here.
    """

    recipients: tuple[str, ...]
    office: str
    name: str

    def html(self) -> str:
        """Return the end as HTML."""
        return html("closing", **self._values())

    def typst(self) -> str:
        """Return the end as Typst."""
        return typst("closing", **self._values())

    def _values(self) -> dict[str, Any]:
        return vars(self) | {"recipients": listed(self.recipients)}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        payload = vars(self) | {"recipients": list(self.recipients)}
        return bundle("closing", f"{self.office}: {self.name}", self.html(), **payload)
