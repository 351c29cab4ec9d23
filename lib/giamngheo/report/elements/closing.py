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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        values = vars(self) | {"recipients": listed(self.recipients)}
        return bundle(f"{self.office}: {self.name}", html("closing", **values), typst("closing", **values))
