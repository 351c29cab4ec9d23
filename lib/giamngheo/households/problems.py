"""What is wrong in a household file, counted by kind, with the first rows. Never a value of a household."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from giamngheo.households.engine import FILE_STEP, Households, frame, within
from giamngheo.households.file.schema import (
    GUIDE,
    HouseholdColumn,
    HouseholdFileError,
    deprivation_columns,
    household_columns,
)
from giamngheo.households.file.typed import unreadable_bit
from giamngheo.regulation.lookup import provision
from giamngheo.regulation.peoples import MAJORITY, OTHER
from giamngheo.regulation.poverty import Standard

HASHES_AT_ONCE = 1 << 24
"""So many hashes of ids, of 8 bytes, are compared in memory at most, and as much again for sorting them."""


ALIKE = "lower(ltrim(replace(household_id, ' ', ''), '0'))"
"""SQL of what of an id stays where capitals, spaces and leading zeros do not count."""


def some_alike_or_blank(rows: Households) -> bool:
    """Return whether two ids may be alike, by their hashes, or one is blank; a huge file is compared in shares."""
    told = frame(rows, "select hash(null::varchar) as blank, count(*) as n from households")
    blank, shares = told["blank"].iloc[0], 1 + int(told["n"].iloc[0]) // HASHES_AT_ONCE
    for share in range(shares):
        of_share = f"where hash({ALIKE}) % {shares} = {share}" if shares > 1 else ""
        keys = frame(rows, f"select hash({ALIKE}) as key from households {of_share}")["key"].to_numpy()
        if (keys == blank).any() or some_repeated(keys):
            return True
    return False


_TWO_WAYS = f"""
select count(*) as n
from (select {ALIKE} as key from households anti join before using (household_id))
semi join (select {ALIKE} as key from before anti join households using (household_id)) using (key)
"""


def note_on_two_ways(before: Households, now: Households) -> Iterator[str]:
    """Yield a note on households of `now` whose id is not in `before`, where one alike is that `now` has not."""
    counted = frame(now, f", before as ({before.select({'household_id'})}) {_TWO_WAYS}")
    if count := int(counted["n"].iloc[0]):
        yield (
            f"mã của {count} hộ kỳ này không có ở đây, chỉ có mã khác ở chữ hoa, dấu cách hoặc số 0 ở đầu: nếu là cùng "
            "một hộ thì giảm khác, tăng khác bị tính thừa; hãy ghi mã hộ của hai năm như nhau"
        )


def some_repeated(keys: np.ndarray) -> bool:
    """Return whether two of the hashes are the same."""
    keys = np.sort(keys)
    return bool((keys[1:] == keys[:-1]).any())


FIRST_ROWS = 3

REPEATED_WORDS = "mã hộ trùng nhau"

_WANTED = {
    "people": "tên dân tộc",
    "code": "mã",
    "choice": "một giá trị trong danh mục",
    "flag": "0 hoặc 1",
    "count": "số nguyên viết liền",
    "money": "số đồng nguyên viết liền, ví dụ 1600000 (950.000 có thể là 950, số có mũ E đã mất chữ số)",
    "number": "số (phần thập phân sau dấu chấm)",
    "date": "ngày của lịch, ngày trước tháng, năm bốn chữ số, dạng 2022-12-31 hoặc 31/12/2022 "
    "(45291 là số của Excel, hãy định dạng ô thành ngày)",
}


_NO_ID = "no-household_id"
"""The check of which the hashes of the ids tell without another look at the file."""

_SUSPECTS = "select hash({id}) as key from households group by key having count(*) > 1"

_UNKNOWN = "unit_code not in (select code from units)"

_NO_HOUSEHOLD = "unit_code is null and area is null and date is null and ethnic_minority is null and not broken"
"""A row of totals, a note or a signature."""

_IS_HOUSEHOLD = f"not broken and not ({_NO_HOUSEHOLD})"

_OTHER_ROWS = ("broken-line", "no-household")
"""The checks of rows that are no households."""

_WITHOUT_ZEROS = f"{_UNKNOWN} and ltrim(unit_code, '0') in (select ltrim(code, '0') from units where code like '0%')"
"""A code of which a program has made a number is a known one but for the noughts before it."""


@dataclass(frozen=True)
class RowCheck:
    """One kind of problem: `condition` is true, in SQL, of the households that have it.

    `once`: no other check, and not `unreadable` alone, would find those households. `of_them`: a further condition, and
    the words for how many of the households it is true of too.
    """

    code: str
    condition: str
    words: str
    once: bool = True
    of_them: tuple[str, str] = ("false", "")
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class HouseholdProblem:
    """One kind of problem of a file.

    How many households have it, and where the first ones stand. `details`: more words on them. A file with a warning
    can be counted all the same.
    """

    code: str
    households: int
    first_places: tuple[str, ...]
    words: str
    details: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.words}: {self.households} dòng (đầu tiên: {', '.join(self.first_places)}){self.details}"


class InvalidHouseholdFileError(HouseholdFileError):
    """The rows of the file cannot be counted as they are; one line a kind of problem.

    notes: on what of the file was not read as it stands.
    """

    def __init__(self, name: str, problems: Sequence[HouseholdProblem], notes: Sequence[str] = ()) -> None:
        self.problems, self.notes = tuple(problems), tuple(notes)
        lines = "\n".join(f"{name}: {problem}" for problem in problems)
        super().__init__(f"{lines}\nHãy sửa tệp theo {GUIDE} rồi chạy lại.")


def problems(
    rows: Households, review: dt.date | None, *, units: pd.DataFrame | None = None, standard: Standard | None
) -> tuple[HouseholdProblem, ...]:
    """Return every kind of problem of the file, in the order of the schema.

    Empty when the file is good.

    `review` is the day of the review, None where no row tells it; `units` has the known unit codes
    (column code), None where they are not known; `standard` is that of the day, None where no row tells it.
    """
    doubtful = some_alike_or_blank(rows)
    checks = tuple(check for check in _checks(rows, review, standard) if check.code != _NO_ID or doubtful)
    known = pd.DataFrame({"code": [""]}) if units is None else units[["code"]]
    if units is not None and _any(rows, "(select distinct unit_code from households)", _UNKNOWN, known):
        checks += (
            RowCheck(
                "lost-zeros",
                _WITHOUT_ZEROS,
                "mã đơn vị mất số 0 ở đầu, cần ghi lại ở cột dạng chữ (Text)",
            ),
            RowCheck(
                "unknown-unit",
                f"{_UNKNOWN} and not ({_WITHOUT_ZEROS})",
                "mã đơn vị không có trong danh mục",
            ),
        )
    return (*_broken(rows, checks, known), *(_repeated(rows) if doubtful else ()))


def _broken(rows: Households, checks: Sequence[RowCheck], units: pd.DataFrame) -> Iterator[HouseholdProblem]:
    """Yield the problems of single rows; a good file takes one query."""
    any_problem = " or ".join(["unreadable <> 0", *(check.condition for check in checks if check.once)])
    if not _any(rows, "households", any_problem, units):
        return
    counted = frame(rows, f"select {_counts(checks)} from households", units=units).iloc[0]
    broken = [check for check in checks if counted[_name(check)] > 0]
    if not broken:
        return
    first = frame(rows, f"select {_first(broken)} from households", units=units).iloc[0]
    for check in broken:
        found = _problem(check, rows, int(counted[_name(check)]), first[_name(check)])
        yield (
            replace(found, details=f"; {check.of_them[1].format(int(counted[f'{_name(check)}_of_them']))}")
            if check.of_them[1]
            else found
        )


def _any(rows: Households, source: str, condition: str, units: pd.DataFrame) -> bool:
    """Return whether the condition is true of any row of the source, in one query."""
    counted = frame(rows, f"select count(*) as n from {source} where {condition}", units=units)
    return bool(counted["n"].iloc[0] > 0)


def checked(
    rows: Households, review: dt.date | None, *, units: pd.DataFrame | None = None, standard: Standard | None
) -> Households:
    """Return the same rows where nothing is wrong with them, with warnings among their notes.

    Raises InvalidHouseholdFileError with every kind of problem, warnings too.
    """
    found = problems(rows, review, units=units, standard=standard)
    if any(problem.severity == "error" for problem in found):
        raise InvalidHouseholdFileError(rows.name, found, rows.notes)
    return replace(rows, notes=(*rows.notes, *map(str, found)))


def _checks(rows: Households, review: dt.date | None, standard: Standard | None) -> Iterator[RowCheck]:
    yield RowCheck("broken-line", "broken", "dòng thừa hoặc thiếu cột")
    words = "dòng không phải hộ, không có đơn vị, khu vực, ngày (dòng cộng, ghi chú hay chữ ký?)"
    yield RowCheck("no-household", _NO_HOUSEHOLD, words)
    for column in household_columns():
        if column.name in rows.given:
            yield from _column_checks(column)
    words = "mã hộ là số có mũ E, đã mất chữ số; cần lấy lại từ tệp gốc, ở cột dạng chữ (Text)"
    yield RowCheck("lost-digits", "household_id like '%_e+_%' or household_id like '%_E+_%'", words)
    yield RowCheck("members-not-positive", "members < 1", "số khẩu không lớn hơn 0")
    if review is not None:
        yield RowCheck("other-year", f"year(date) <> {review.year}", f"ngày rà soát không thuộc năm {review.year}")
    yield RowCheck("negative-income", "income_vnd < 0", "thu nhập âm")
    unread = f"{_unreadable('income_vnd')} or {_unreadable('b1_score')}"
    neither = f"income_vnd is null and b1_score is null and not ({unread})"
    yield RowCheck("no-income", neither, "không có thu nhập lẫn điểm B1")
    yield from _deprivation_checks(standard.deprivation_points if standard else None)
    if standard is not None and review is not None:
        yield from _bounds(standard, review)
    yield RowCheck("weight-not-positive", "weight <= 0", "quyền số không lớn hơn 0")
    for name in ("weight", "stratum", "cluster"):
        if name in rows.given:
            yield RowCheck(f"no-{name}", f"{name} is null and not {_unreadable(name)}", f"cột {name} để trống")
    if "ethnic_group" in rows.given:
        words = f"cột 'Dân tộc' có tên ngoài danh mục 54 dân tộc, được tính là {OTHER!r}"
        yield RowCheck("other-people", f"ethnic_group = '{OTHER}'", words, severity="warning")
        words = "ghi không phải hộ dân tộc thiểu số, nhưng cột 'Dân tộc' không ghi Kinh (0 và 1 có thể đã đổi chỗ)"
        majority = f"ethnic_minority = 0 and ethnic_group not in ('{MAJORITY}', '{OTHER}')"
        yield RowCheck("minority-not-counted", majority, words, severity="warning")


def _bounds(standard: Standard, review: dt.date) -> Iterator[RowCheck]:
    """Yield the checks of numbers that no household has."""
    usual = provision("plausibility/household", on=review).value
    in_dong = "income_vnd::double * (case when income_vnd < 100 then 1000000 else 1000 end)"
    above = f"not {within(in_dong, standard.income_line_vnd)}"
    yield RowCheck("members-too-many", f"members > {usual['members_to']}", f"số khẩu trên {usual['members_to']}")
    yield RowCheck(
        "income-too-low",
        f"income_vnd > 0 and income_vnd < {usual['income_from']}",
        f"thu nhập dưới {_dong(usual['income_from'])} một người một tháng, có lẽ ghi bằng nghìn hoặc triệu đồng",
        of_them=(above, "ghi bằng đồng thì {} hộ trong đó trên chuẩn thu nhập, đổi kết quả phân loại theo thu nhập"),
    )
    yield RowCheck(
        "income-too-high",
        f"income_vnd > {usual['income_to']}",
        f"thu nhập trên {_dong(usual['income_to'])} một người một tháng",
    )
    yield RowCheck(
        "b1-out-of-range", f"abs(b1_score) > {usual['b1_score_to']}", f"điểm B1 ngoài khoảng ±{usual['b1_score_to']}"
    )
    yield RowCheck("weight-too-large", f"weight > {usual['weight_to']}", f"quyền số trên {usual['weight_to']}")


def _column_checks(column: HouseholdColumn) -> Iterator[RowCheck]:
    bad = _unreadable(column.name)
    if column.need == "required":
        yield RowCheck(
            f"no-{column.name}",
            f"{column.name} is null and not {_unreadable(column.name)}",
            f"cột {column.header!r} để trống",
        )
    words = f"cột {column.header!r} không phải là {_WANTED[column.kind]}"
    only = (
        ("b1_score is null", "chưa phân loại được theo thu nhập, {} hộ trong đó không có cả điểm B1")
        if column.kind == "money"
        else ("false", "")
    )
    yield RowCheck(f"bad-{column.name}", bad, words, once=False, of_them=only)


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def _deprivation_checks(points: int | None) -> Iterator[RowCheck]:
    names = deprivation_columns()
    total = " + ".join(names)
    flagged = " or ".join(_unreadable(name) for name in names)
    yield RowCheck(
        "no-deprivations",
        f"({total}) is null and b2_score is null and not ({flagged})",
        "không đủ các chỉ số thiếu hụt lẫn điểm B2",
    )
    if points is None:
        return
    yield RowCheck(
        "b2-mismatch",
        f"b2_score <> {points} * ({total})",
        f"điểm B2 khác {points} nhân số chỉ số thiếu hụt",
    )
    yield RowCheck(
        "bad-b2",
        f"b2_score < 0 or b2_score > {points * len(names)} or b2_score % {points} <> 0",
        f"điểm B2 không phải bội của {points} từ 0 đến {points * len(names)}",
    )


def _unreadable(name: str) -> str:
    return f"(unreadable & {unreadable_bit(name)}) <> 0"


def _name(check: RowCheck) -> str:
    return check.code.replace("-", "_")


def _condition(check: RowCheck) -> str:
    """Return the condition of a check; of a row that is no household only that is told, not what it lacks."""
    return check.condition if check.code in _OTHER_ROWS else f"({check.condition}) and {_IS_HOUSEHOLD}"


def _counts(checks: Sequence[RowCheck]) -> str:
    counts = [f"count(*) filter ({_condition(check)}) as {_name(check)}" for check in checks]
    further = [check for check in checks if check.of_them[1]]
    counts += [
        f"count(*) filter ({_condition(check)} and {check.of_them[0]}) as {_name(check)}_of_them" for check in further
    ]
    return ", ".join(counts)


def _first(checks: Sequence[RowCheck]) -> str:
    return ", ".join(
        f"min(place, {FIRST_ROWS}) filter (where {_condition(check)}) as {_name(check)}" for check in checks
    )


def _repeated(rows: Households) -> Iterator[HouseholdProblem]:
    """Yield the problems of ids that are the same or alike: suspected by their hashes, confirmed by the ids."""
    words = "mã hộ chỉ khác nhau ở chữ hoa, dấu cách hoặc số 0 ở đầu (có thể là một hộ ghi hai lần)"
    same = RowCheck("repeated-id", "count(*) > 1", REPEATED_WORDS)
    alike = RowCheck("alike-id", "count(distinct household_id) > 1", words, severity="warning")
    for check, key in ((same, "household_id"), (alike, ALIKE)):
        suspect = f"household_id is not null and hash({key}) in ({_SUSPECTS.format(id=key)})"
        again = f"select {key} from households where {suspect} group by {key} having {check.condition}"
        found = frame(
            rows, f"select count(*) as n, min(place, {FIRST_ROWS}) as first from households where {key} in ({again})"
        )
        if (count := int(found["n"].iloc[0])) > 0:
            yield _problem(check, rows, count, found["first"].iloc[0])


def _problem(check: RowCheck, rows: Households, count: int, places: Sequence[int]) -> HouseholdProblem:
    first = tuple(place_name(rows, int(place)) for place in places)
    return HouseholdProblem(check.code, count, first, check.words, severity=check.severity)


def place_name(rows: Households, place: int) -> str:
    """Return where a row is, in a message: "dòng 7", with the file's name if there are several."""
    file, row = divmod(place, FILE_STEP)
    return f"{rows.files[file]} dòng {row}" if len(rows.files) > 1 else f"dòng {row}"
