"""Head of an administrative document (Decree 30/2020/NĐ-CP, Annex I)."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from giamngheo.report.elements.bundle import MimeBundle, bundle, html, listed, typst


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """From the issuing bodies down to the legal bases. The number and the day are left for the officer to fill in.

    symbol: what follows the number, as "BC-LĐTBXH". bases: documents, each beginning with "Căn cứ"; the signs at
    their ends are set here. marking: printed in the head and foot of every page, as "SỐ LIỆU GIẢ LẬP".
    """

    parent_body: str
    issuing_body: str
    symbol: str
    place: str
    year: int
    month: int
    title: str = "BÁO CÁO"
    subject: str
    addressee: str
    bases: tuple[str, ...]
    lang: str = "vi"
    marking: str = ""

    @property
    def document_title(self) -> str:
        """What the document is called in its properties."""
        return f"{self.title.capitalize()}: {self.subject}"

    @property
    def date(self) -> dt.date:
        """The last day of the month that the letterhead names."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def html(self) -> str:
        """Return the head as HTML."""
        return html("letterhead", **self._values())

    def typst(self) -> str:
        """Return the head as Typst."""
        return typst("letterhead", **self._values())

    def _values(self) -> dict[str, Any]:
        return vars(self) | {
            "bases": listed(self.bases),
            "number_line": f"Số: …/{self.symbol}",
            "date_line": f"{self.place}, ngày … tháng {_month(self.month)} năm {self.year}",
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        return bundle("letterhead", self.document_title, self.html(), **vars(self) | {"bases": list(self.bases)})


@dataclass(frozen=True)
class Marking:
    """What is printed in the head and foot of every page of a document without a letterhead, as "SỐ LIỆU GIẢ LẬP"."""

    marking: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        shown = html("marking", marking=self.marking) if self.marking else ""
        return bundle("marking", self.marking, shown, marking=self.marking)


def _month(month: int) -> str:
    """Return a month as the decree writes it: a leading zero for January and February only."""
    return f"0{month}" if month <= 2 else str(month)
