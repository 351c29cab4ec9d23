"""Vietnamese words that agree with numbers and dates."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from giamngheo.core.period import Period
from giamngheo.core.rounding import shown_difference
from giamngheo.regulation.peoples import OTHER
from giamngheo.report.language.numbers import count, money, percent, points
from giamngheo.workbook.schema import choices


def change(before: float | None, now: float | None) -> str:
    """Return how a rate moved between two reviews: "giảm 11,05%", "tăng 0,50%", "không thay đổi"; "" when unknown."""
    if pd.isna(before) or pd.isna(now):
        return ""
    difference = shown_difference(before, now)
    if difference == 0:
        return "không thay đổi"
    return f"{'giảm' if difference > 0 else 'tăng'} {points(abs(difference))}"


UNKNOWN = "chưa có số liệu"
"""What a text says of a figure that is not known where it must say something."""


UNKNOWN_NOTE = "Ô ghi … là chưa có số liệu."
"""What stands under a table of which some figures are not known."""


OTHER_NOTE = f"{OTHER}: hộ có tên dân tộc ghi trong tệp hộ không thuộc Danh mục các thành phần dân tộc Việt Nam."
"""What stands under a table of peoples of which households have one that is not listed."""


def part_of(households: Any, whole: Any, rate: Any) -> str:
    """Return "2.859/6.963 hộ, chiếm tỷ lệ 41,06%", of it what is known; "chưa có số liệu" where nothing is."""
    counted = f"{count(households)}/{count(whole)} hộ" if not pd.isna(whole) else f"{count(households)} hộ"
    known = [] if pd.isna(households) else [counted]
    known += [] if pd.isna(rate) else [f"chiếm tỷ lệ {percent(rate)}"]
    return ", ".join(known) or UNKNOWN


def hidden_part_of(households: Any, whole: Any, rate: Any) -> str:
    """Return what part_of does where a blank is hidden from the reader: "…" stands for it."""
    return f"{count(households)}/{count(whole)} hộ, chiếm tỷ lệ {percent(rate)}"


def decrease(households: int) -> str:
    """Return households fewer than before: "giảm 562 hộ", "tăng 3 hộ", "không thay đổi"."""
    if households == 0:
        return "không thay đổi"
    return f"{'giảm' if households > 0 else 'tăng'} {count(abs(households))} hộ"


def remaining(vnd: int) -> str:
    """Return what is left of a plan: "còn lại … triệu đồng", nothing, or more than planned."""
    if vnd == 0:
        return "đã giải ngân hết kế hoạch vốn"
    words = "còn lại" if vnd > 0 else "vượt kế hoạch vốn"
    return f"{words} {money(abs(vnd))} triệu đồng"


def above_or_below(rate: float, yardstick: float) -> str:
    """Return a rate beside a yardstick: "thấp hơn 34,95 điểm phần trăm"."""
    difference: Decimal = shown_difference(rate, yardstick)
    if difference == 0:
        return "bằng mức đó"
    words = "cao hơn" if difference > 0 else "thấp hơn"
    return f"{words} {points(abs(difference)).removesuffix('%')} điểm phần trăm"


def name(period: Period) -> str:
    """Return the period: "tháng 8 năm 2023", "quý III năm 2023", "6 tháng đầu năm 2023", "năm 2023"."""
    if period.kind == "month":
        return f"tháng {_month(period.month)} năm {period.year}"
    if period.kind == "quarter":
        return f"quý {_QUARTERS[period.quarter]} năm {period.year}"
    return months_gone(period)


def months_gone(period: Period) -> str:
    """Return the part of the year that a report covers: "tháng 01 năm 2023", "8 tháng đầu năm 2023"; the quarter."""
    if period.kind == "quarter":
        return name(period)
    if period.month == 1:
        return f"tháng 01 năm {period.year}"
    if period.month == 12:
        return f"năm {period.year}"
    return f"{period.month} tháng đầu năm {period.year}"


def following(period: Period) -> str:
    """Return the time the next steps are for."""
    if period.month == 12:
        return f"năm {period.year + 1}"
    if period.kind == "quarter":
        return f"quý {_QUARTERS[period.quarter + 1]} năm {period.year}"
    if period.kind in {"half", "nine_months"}:
        return f"{12 - period.month} tháng cuối năm {period.year}"
    if period.month == 11:
        return f"tháng 12 năm {period.year}"
    return f"các tháng tiếp theo năm {period.year}"


def subject_time(period: Period) -> str:
    """Return the time as the subject of a report says it: "năm 2023 đến thời điểm tháng 8/2023"; the quarter."""
    return f"năm {period.year} {until(period)}" if period.kind == "month" else name(period)


def until(period: Period) -> str:
    """Return the month in which a report of the year so far ends: "đến thời điểm tháng 8/2023"."""
    return f"đến thời điểm tháng\N{NO-BREAK SPACE}{_month(period.month)}/{period.year}"


_QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}


def _month(month: int) -> str:
    """Return a month as Decree 30/2020 writes it: January and February take a zero."""
    return f"{month:02}" if month < 3 else str(month)


def review_time(date: dt.date) -> str:
    """Return when a review is from: "cuối năm 2022", or "tháng 7 năm 2023" for a regular review."""
    if (date.month, date.day) == (12, 31):
        return f"cuối năm {date.year}"
    return f"tháng {_month(date.month)} năm {date.year}"


def hidden_note(smallest: int) -> str:
    """Return what a blank is in a public edition of which nothing is unknown."""
    return (
        f"Ô ghi … để trống nhằm bảo vệ thông tin của hộ: dưới {smallest} hộ,"
        f" hoặc từ ô đó suy ra được ô dưới {smallest} hộ."
    )


def hidden_or_unknown_note(smallest: int) -> str:
    """Return what a blank is in a public edition: which of the two, nobody is told."""
    return f"{hidden_note(smallest).removesuffix('.')}; hoặc là chưa có số liệu."


def two_digits(number: int) -> str:
    """Return the number of things as official texts write it: "05"."""
    return f"{number:02}"


def citation(document: Any) -> str:
    """Return the first citation of a document: kind, number, date, issuer, subject (Decree 30/2020, annex I)."""
    date = "" if pd.isna(document["date"]) else f" {long_date(document['date'])}"
    subject = f" về {document['subject']}" if document["subject"] else ""
    return f"{document['kind']} số {document['number']}{date} của {document['issuer']}{subject}"


def long_date(date: dt.date) -> str:
    """Return the date in words: "ngày 07 tháng 02 năm 2023"; a day below 10 and the months 1 and 2 take a zero."""
    return f"ngày {date.day:02} tháng {_month(date.month)} năm {date.year}"


def pairs(names: Iterable[str], values: Iterable[str], *, between: str = "; ") -> str:
    """Return what a figure shows, as its alternative text says it: "Dự án 1 46,20%; Dự án 2 8,00%"."""
    return between.join(f"{name} {value}" for name, value in zip(names, values, strict=True))


def sentence(text: str) -> str:
    """Return a text from a cell as a sentence: capital at the start, full stop at the end; "" stays ""."""
    return text[:1].upper() + text[1:].rstrip(" .;") + "." if text else ""


def unit_word(unit: pd.Series | Mapping[Any, Any]) -> str:
    """Return what a row of a list of units is: its kind, "phường", or what its level is usually, "xã"."""
    return unit.get("kind") or choices("level")[unit["level"]].lower()


def unit_words(unit: pd.Series | Mapping[Any, Any]) -> str:
    """Return a row of a list of units by its name with what it is: "xã Tu Mơ Rông", "Quận 1", "cả nước"."""
    word, name = unit_word(unit), str(unit["name"])
    if unit.get("level") == "nation":
        return word
    return name if name.casefold().startswith(f"{word} ") else f"{word} {name}"


def whole_words(unit: pd.Series | Mapping[Any, Any]) -> str:
    """Return what the whole of a row of a list of units is: "toàn huyện", "cả nước"."""
    return unit_word(unit) if unit.get("level") == "nation" else f"toàn {unit_word(unit)}"


def kind_words(units: Iterable[Mapping[Any, Any]]) -> str:
    """Return what the rows of a list of units are, each kind once, in the order of the kinds: "xã, phường"."""
    found = {unit_word(unit) for unit in units}
    order = [*(word.lower() for word in choices("level").values()), *choices("unit_kind")]
    return ", ".join(sorted(found, key=order.index))
