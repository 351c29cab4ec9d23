"""What is wrong in a household file, counted by kind, with the first rows.

Never a value of a household.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from giamngheo.intake.household_errors import GUIDE, HouseholdFileError
from giamngheo.intake.household_schema import (
    HouseholdColumn,
    deprivation_columns,
    household_columns,
)
from giamngheo.statistics.households.engine import FILE_STEP, Households, frame
from giamngheo.statistics.households.hashes import some_repeated_or_blank
from giamngheo.statistics.households.typed import unreadable_bit

FIRST_ROWS = 3

REPEATED_WORDS = "mã hộ trùng nhau"

_WANTED = {
    "text": "chữ",
    "code": "mã",
    "choice": "một giá trị trong danh mục",
    "flag": "0 hoặc 1",
    "count": "số nguyên",
    "money": "số đồng nguyên",
    "number": "số",
    "date": "ngày, dạng 2022-12-31 hoặc 31/12/2022",
}


_NO_ID = "no-household_id"
"""The rule of which the hashes of the ids tell without another look at the file."""

_SUSPECTS = "select hash(household_id) as key from households group by key having count(*) > 1"

_UNKNOWN = "unit_code not in (select code from units)"


@dataclass(frozen=True)
class Rule:
    """One kind of problem: `condition` is true, in SQL, of the households that have it.

    `once`: no other rule, and not `unreadable` alone, would find those households.
    """

    code: str
    condition: str
    words: str
    once: bool = True


@dataclass(frozen=True)
class HouseholdProblem:
    """One kind of problem of a file.

    How many households have it, and where the first ones stand.
    """

    code: str
    households: int
    first_places: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"{self.words}: {self.households} dòng (đầu tiên: {', '.join(self.first_places)})"


class InvalidHouseholdFileError(HouseholdFileError):
    """The rows of the file cannot be counted as they are; one line a kind of problem."""

    def __init__(self, name: str, problems: Sequence[HouseholdProblem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"{name}: {problem}" for problem in problems)
        super().__init__(f"{lines}\nHãy sửa tệp theo {GUIDE} rồi chạy lại.")


def problems(
    rows: Households, review: dt.date | None, *, units: pd.DataFrame | None = None, points: int | None
) -> tuple[HouseholdProblem, ...]:
    """Every kind of problem of the file, in the order of the schema.

    Empty when the file is good.

    `review` is the day of the review, None where no row tells it; `units` has the known unit codes
    (column code), None where they are not known; `points` are the points that one deprivation adds to B2 (Circular
    07/2021/TT-BLĐTBXH).
    """
    doubtful = some_repeated_or_blank(rows)
    rules = tuple(rule for rule in _rules(rows, review, points) if rule.code != _NO_ID or doubtful)
    known = pd.DataFrame({"code": [""]}) if units is None else units[["code"]]
    if units is not None and _any(rows, "(select distinct unit_code from households)", _UNKNOWN, known):
        rules += (Rule("unknown-unit", _UNKNOWN, "mã đơn vị không có trong danh mục"),)
    return (*_broken(rows, rules, known), *(_repeated(rows) if doubtful else ()))


def _broken(rows: Households, rules: Sequence[Rule], units: pd.DataFrame) -> Iterator[HouseholdProblem]:
    """Problems of single rows; one look at a good file is enough to see that there is none."""
    any_problem = " or ".join(["unreadable <> 0", *(rule.condition for rule in rules if rule.once)])
    if not _any(rows, "households", any_problem, units):
        return
    counted = frame(rows, f"select {_counts(rules)} from households", units=units).iloc[0]
    broken = [rule for rule in rules if counted[_name(rule)] > 0]
    first = frame(rows, f"select {_first(broken)} from households", units=units).iloc[0]
    for rule in broken:
        yield _problem(rule, rows, int(counted[_name(rule)]), first[_name(rule)])


def _any(rows: Households, source: str, condition: str, units: pd.DataFrame) -> bool:
    """Whether the condition is true of any row of the source, once over it."""
    counted = frame(rows, f"select count(*) as n from {source} where {condition}", units=units)
    return bool(counted["n"].iloc[0] > 0)


def checked(
    rows: Households, review: dt.date | None, *, units: pd.DataFrame | None = None, points: int | None
) -> Households:
    """The same rows, known to be good.

    Raises InvalidHouseholdFileError with every kind of problem.
    """
    if found := problems(rows, review, units=units, points=points):
        raise InvalidHouseholdFileError(", ".join(rows.files[:2]), found)
    return rows


def _rules(rows: Households, review: dt.date | None, points: int | None) -> Iterator[Rule]:
    yield Rule("broken-line", "broken", "dòng thừa hoặc thiếu cột")
    for column in household_columns():
        if column.name in rows.given:
            yield from _column_rules(column)
    yield Rule("members-not-positive", "members < 1", "số khẩu không lớn hơn 0")
    if review is not None:
        yield Rule("other-year", f"year(date) <> {review.year}", f"ngày rà soát không thuộc năm {review.year}")
    yield Rule("negative-income", "income_vnd < 0", "thu nhập âm")
    yield Rule("no-income", "income_vnd is null and b1_score is null", "không có thu nhập lẫn điểm B1")
    yield from _deprivation_rules(points)
    yield Rule("weight-not-positive", "weight <= 0", "quyền số không lớn hơn 0")
    for name in ("weight", "stratum", "cluster"):
        if name in rows.given:
            yield Rule(f"no-{name}", f"{name} is null and not {_unreadable(name)}", f"cột {name} để trống")


def _column_rules(column: HouseholdColumn) -> Iterator[Rule]:
    bad = _unreadable(column.name)
    if column.need == "required":
        yield Rule(
            f"no-{column.name}",
            f"{column.name} is null and not {bad}",
            f"cột {column.header!r} để trống",
        )
    wanted = _WANTED[column.kind]
    yield Rule(f"bad-{column.name}", bad, f"cột {column.header!r} không phải là {wanted}", once=False)


def _deprivation_rules(points: int | None) -> Iterator[Rule]:
    names = deprivation_columns()
    total = " + ".join(names)
    flagged = " or ".join(_unreadable(name) for name in names)
    yield Rule(
        "no-deprivations",
        f"({total}) is null and b2_score is null and not ({flagged})",
        "không đủ các chỉ số thiếu hụt lẫn điểm B2",
    )
    if points is None:
        return
    yield Rule(
        "b2-mismatch",
        f"b2_score <> {points} * ({total})",
        f"điểm B2 khác {points} nhân số chỉ số thiếu hụt",
    )
    yield Rule(
        "bad-b2",
        f"b2_score < 0 or b2_score > {points * len(names)} or b2_score % {points} <> 0",
        f"điểm B2 không phải bội của {points} từ 0 đến {points * len(names)}",
    )


def _unreadable(name: str) -> str:
    return f"(unreadable & {unreadable_bit(name)}) <> 0"


def _name(rule: Rule) -> str:
    return rule.code.replace("-", "_")


def _counts(rules: Sequence[Rule]) -> str:
    return ", ".join(f"count(*) filter ({rule.condition}) as {_name(rule)}" for rule in rules)


def _first(rules: Sequence[Rule]) -> str:
    return ", ".join(f"min(place, {FIRST_ROWS}) filter (where {rule.condition}) as {_name(rule)}" for rule in rules)


def _repeated(rows: Households) -> Iterator[HouseholdProblem]:
    """Households whose id another row has: those with the hash of another, confirmed by the ids."""
    suspect = f"household_id is not null and hash(household_id) in ({_SUSPECTS})"
    twice = f"select household_id from households where {suspect} group by household_id having count(*) > 1"
    found = frame(
        rows,
        f"select count(*) as n, min(place, {FIRST_ROWS}) as first from households where household_id in ({twice})",
    )
    if (count := int(found["n"].iloc[0])) > 0:
        rule = Rule("repeated-id", "", REPEATED_WORDS)
        yield _problem(rule, rows, count, found["first"].iloc[0])


def _problem(rule: Rule, rows: Households, count: int, places: Sequence[int]) -> HouseholdProblem:
    return HouseholdProblem(rule.code, count, tuple(place_name(rows, int(p)) for p in places), rule.words)


def place_name(rows: Households, place: int, *, in_file: bool = False) -> str:
    """Where a row is, for a message: "dòng 7", with the file's name if there are several, or if asked for."""
    file, row = divmod(place, FILE_STEP)
    return f"{rows.files[file]} dòng {row}" if in_file or len(rows.files) > 1 else f"dòng {row}"
