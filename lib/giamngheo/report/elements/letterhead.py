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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        values = vars(self) | {
            "bases": listed(self.bases),
            "number_line": f"Số: …/{self.symbol}",
            "date_line": f"{self.place}, ngày … tháng {_month(self.month)} năm {self.year}",
        }
        title = f"{self.title.capitalize()}: {self.subject}"
        return bundle(
            title,
            html("letterhead", **values),
            typst("letterhead", **values),
            title=title,
            author=self.issuing_body,
            date=dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1]).isoformat(),
            lang=self.lang,
            running_head=self.marking,
        )


def _month(month: int) -> str:
    """A month as the decree writes it: a leading zero for January and February only."""
    return f"0{month}" if month <= 2 else str(month)
