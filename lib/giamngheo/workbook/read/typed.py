"""A whole number or a day as people type it into a text cell: taken when it can be read in one way only.

Vietnam writes 71.972 and 4.569,482 (Accounting Law), much software 71,972 and 4,569.482, and the printed reports
mix both. A text is read in both ways; it is taken when exactly one reading is a whole number. "71,972" is: no count
has a fraction. "12,000" is not: twelve, or twelve thousand. Of a day, the month may not be told from the day either:
the order is that of Vietnam, or ISO 8601.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from giamngheo.core.message import Message, message, quoted

MILLION = 10**6

_TEN_THOUSAND = 10**4
"""From so many thousand đồng on an amount is one that a project can have."""

_BILLION = 10**9
_HUNDRED_TRILLION = 10**14
"""No count of a country comes near the one, no amount of the programme near the other; 20,000 rows add up in int64."""

UNITS: Mapping[str, Mapping[str, int]] = {
    "": {"": 1},
    "hộ": {"": 1, "hộ": 1},
    "khẩu": {"": 1, "khẩu": 1, "người": 1},
    "chỉ số": {"": 1, "chỉ số": 1},
    "đồng": {
        "": 1,
        **dict.fromkeys(("đ", "đồng", "vnd", "vnđ"), 1),
        **dict.fromkeys(("nghìn", "ngàn", "nghìn đồng", "ngàn đồng"), 1000),
        **dict.fromkeys(("triệu", "triệu đồng", "tr", "trđ", "tr.đ", "tr đồng"), MILLION),
        **dict.fromkeys(("tỷ", "tỷ đồng", "tỉ", "tỉ đồng"), 1000 * MILLION),
    },
}
"""Words that may follow a number in a column of that unit, with what one of them is worth in it."""

_PARTS = re.compile(r"(?P<number>[-+]?[0-9][0-9., ]*)(?P<word>.*)")
_COMPOUND = re.compile(
    r"(?:(?P<ty>[0-9][0-9., ]*?) ?(?:tỷ|tỉ) )?(?:(?P<trieu>[0-9][0-9., ]*?) ?(?:triệu|tr) )?"
    r"(?:(?P<nghin>[0-9][0-9., ]*?) ?(?:nghìn|ngàn) )?(?:(?P<dong>[0-9][0-9., ]*?) ?(?=đồng|đ|vnđ))?(?:đồng|đ|vnđ)? ?"
)
"""An amount as reports write it: "1.702 tỷ 417 triệu đồng"."""

_WORTH = {"ty": 1000 * MILLION, "trieu": MILLION, "nghin": 1000, "dong": 1}
_WITH_COMMA = re.compile("([0-9]{1,3}),([0-9]{3})")
"""Of "71,972 tỷ" the comma is the decimal mark, as the Accounting Law has it: thousands of billions are no line's."""

_SCIENTIFIC = re.compile(r"[-+]?[0-9.,]+ ?e[-+]?[0-9]+")
_GROUPED = r"(?P<whole>[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{mark}(?P<part>[0-9]+))?"
_WAYS = (
    re.compile(_GROUPED.format(group=r"[.]", mark=",")),
    re.compile(_GROUPED.format(group=r"[,]", mark=r"\.")),
    re.compile(_GROUPED.format(group=r"[ ]", mark="[.,]")),
)


class CellError(ValueError):
    """The cell does not hold what its column needs; `needed` says what is needed.

    kind: code and severity of its finding. found: what stands there, where that is more than the cell shows.
    """

    def __init__(
        self, needed: Message, kind: tuple[str, str] = ("bad-cell", "error"), found: Message | None = None
    ) -> None:
        self.needed, self.kind, self.found = needed, kind, found
        super().__init__(str(needed))


def whole_number(text: str, unit: str = "") -> int:
    """Return the number that a text says in a column of that unit ("hộ", "khẩu", "đồng" or none). Raises CellError."""
    plain = _plain(text).casefold()
    if _SCIENTIFIC.fullmatch(plain):
        raise CellError(message("all the digits: a number with an exponent may have lost some"))
    if unit == "đồng" and (amount := _compound(plain)) is not None:
        return bounded(amount, unit)
    parts = _PARTS.fullmatch(plain)
    if parts is None or (word := parts["word"].strip()) not in UNITS[unit]:
        raise CellError(_wanted(unit))
    number = parts["number"].strip()
    if number.startswith("-"):
        raise CellError(message("a number that is not negative"))
    worth = UNITS[unit][word]
    if worth == _BILLION and (parts := _WITH_COMMA.fullmatch(number)):
        return bounded(int(Decimal(f"{parts[1]}.{parts[2]}") * worth), unit)
    return _one(readings(number.removeprefix("+")), worth, unit, number)


def typed_percent(text: str) -> Decimal:
    """Return the percentage that a text says, "41,06%" or "41.06". Raises CellError."""
    plain = _plain(text)
    values = {value for value in readings(plain.removesuffix("%").strip()) if value <= 100}
    if len(values) != 1:
        raise CellError(message("a percentage from 0 to 100, such as 41,06"))
    return values.pop()


def _plain(text: str) -> str:
    """Return a text with usual signs for wide ones; a question mark for raised, lowered and circled ones.

    These are marks of notes, which are no digits of the number that they stand at.
    """
    usual = (letter if letter.isascii() or not _is_mark(letter) else "?" for letter in text)
    return " ".join(unicodedata.normalize("NFKC", "".join(usual)).split())


def _is_mark(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith(("<super>", "<sub>", "<circle>"))


def _compound(plain: str) -> int | None:
    """Return an amount of several units, each less than one of the unit before; None where a text is none.

    What stands before a smaller unit is a whole number: "1.702 tỷ 417 triệu" are 1702 tỷ, not 1,702.
    """
    found = _COMPOUND.fullmatch(f"{plain} ")
    given = [(name, number) for name, number in found.groupdict().items() if number] if found else []
    if len(given) < 2:
        return None
    total = Decimal(0)
    for place, (name, number) in enumerate(given):
        values = readings(number.strip())
        if place and any(value >= 1000 for value in values):
            return None
        if place < len(given) - 1:
            values = {value for value in values if value == int(value)}
        if len(values) != 1:
            return None
        total += values.pop() * _WORTH[name]
    return int(total) if total == int(total) else None


def readings(number: str) -> set[Decimal]:
    """Return every value that digits with their dots, commas and spaces may have."""
    matches = (way.fullmatch(number) for way in _WAYS)
    return {Decimal(f"{re.sub('[^0-9]', '', m['whole'])}.{m['part'] or 0}") for m in matches if m}


def _one(values: set[Decimal], worth: int, unit: str, number: str) -> int:
    scaled = sorted({value * worth for value in values})
    whole = [int(value) for value in scaled if value == int(value)]
    if not scaled:
        raise CellError(_wanted(unit))
    if not whole:
        raise CellError(fraction(scaled[-1], unit))
    if len(whole) > 1:
        raise CellError(
            message("a number without separators: it may be {small} or {large}", small=whole[0], large=whole[-1])
        )
    if unit == "đồng" and worth == 1 and whole[0] < MILLION and not number.isdigit():
        raise CellError(_maybe_million(whole[0]))
    return bounded(whole[0], unit)


def bounded(number: float, unit: str) -> int:
    """Return a number that is not too large for a column of that unit. Raises CellError."""
    if unit == "đồng" and number > _HUNDRED_TRILLION:
        raise CellError(message("an amount of at most a hundred thousand billion đồng"))
    if unit != "đồng" and number > _BILLION:
        raise CellError(message("a number of at most a billion"))
    return int(number)


def fraction(value: Decimal, unit: str) -> Message:
    """Return what is needed in place of a number that is not whole."""
    thousands, millions = value * 1000, value * MILLION
    in_millions = millions == int(millions) and value < MILLION
    in_thousands = thousands == int(thousands) and value >= _TEN_THOUSAND
    if unit != "đồng" or not (in_millions or in_thousands):
        return message("a whole number")
    if not in_thousands:
        return message("an amount in whole đồng; if it is in million đồng, type {amount}", amount=str(int(millions)))
    if not in_millions:
        return message("an amount in whole đồng; if it is in thousand đồng, type {amount}", amount=str(int(thousands)))
    return message(
        "an amount in whole đồng; type {million} if it is in million đồng, {thousand} if it is in thousand đồng",
        million=str(int(millions)),
        thousand=str(int(thousands)),
    )


def _maybe_million(value: int) -> Message:
    return message(
        "an amount in đồng without separators: type {dong} for đồng or {million} for million đồng",
        dong=str(value),
        million=str(value * MILLION),
    )


def _wanted(unit: str) -> Message:
    return (
        message("a whole number of {unit}, in digits", unit=quoted(unit))
        if unit
        else message("a whole number, in digits")
    )


_DAY_FIRST = re.compile(r"(?:ngày )?(?P<day>[0-9]{1,2}) ?[/.-] ?(?P<month>[0-9]{1,2}) ?[/.-] ?(?P<year>[0-9]{4})")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_IN_WORDS = re.compile(r"(?:ngày )?(?P<day>[0-9]{1,2}) tháng (?P<month>[0-9]{1,2}) năm (?P<year>[0-9]{4})")


def typed_date(text: str) -> dt.datetime:
    """Return midnight of the day that a text says. Raises CellError."""
    plain = _plain(text).casefold()
    for way in (_DAY_FIRST, _YEAR_FIRST, _IN_WORDS):
        if found := way.fullmatch(plain):
            return _existing(int(found["year"]), int(found["month"]), int(found["day"]))
    raise CellError(wanted_date())


def wanted_date() -> Message:
    """Return what is needed where no day stands."""
    return message("a date with day, month and a year of four digits, such as 31/12/2022")


def _existing(year: int, month: int, day: int) -> dt.datetime:
    try:
        return dt.datetime(year, month, day)  # noqa: DTZ001 - a day of the calendar, not a moment
    except ValueError:
        raise CellError(_turned_round(year, month, day)) from None


def _turned_round(year: int, month: int, day: int) -> Message:
    """Return what is needed where there is no such day; the day that is meant where the month was typed first."""
    try:
        meant = dt.date(year, day, month)
    except ValueError:
        return message("a day of the calendar, day before month, such as 31/12/2022")
    return message("the day before the month: {day}, if that is meant", day=meant)
