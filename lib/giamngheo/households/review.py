"""A review of households as a whole: its file checked, classified, counted, compared with last year's."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from giamngheo.core.message import first_of
from giamngheo.households.classification import By, also_classified, classified, note_on_ways, notes_on_way
from giamngheo.households.counts import (
    ReviewCounts,
    alike,
    both_classes,
    disagreements,
    profile_counts,
    review_counts,
    standards_counts,
    stock_counts,
)
from giamngheo.households.engine import (
    MEMORY_LIMIT,
    Households,
    Workspace,
    beside,
    frame,
    households,
    workspace,
)
from giamngheo.households.file.schema import POOR_CLASSES, HouseholdFileError, UnreadableHouseholdFileError
from giamngheo.households.flows import between, came_from, concerning, flow_table, note_on_other_ids, transitions
from giamngheo.households.places import FROM_COMMUNE, ancestry, counts_at
from giamngheo.households.problems import HouseholdProblem, InvalidHouseholdFileError, checked, note_on_two_ways
from giamngheo.households.tables import summary
from giamngheo.regulation.lookup import provision
from giamngheo.regulation.poverty import Standard, indicators, next_standard, poverty_standard
from giamngheo.statistics.units import descent, units_on

_Moved = tuple["Before | None", pd.DataFrame | None, dict[tuple[str, str], pd.DataFrame], tuple[tuple[str, str], ...]]
"""The review before, the moves from its file, the flow tables of a review and the notes on that file."""


@dataclass(frozen=True)
class FileProblems:
    """What is wrong in a household file, and sentences on what of it was not read as it stands, or looks odd."""

    problems: tuple[HouseholdProblem, ...]
    notes: tuple[str, ...]


FEWEST_COMPARED = 10
"""Households of a file from which on it is told when most of their ids are not in the other year's."""


class NotYearBeforeError(HouseholdFileError):
    """The file of the review before is not of the year before, where official flows begin."""

    def __init__(self, before: str, was: dt.date, now: str, is_now: dt.date) -> None:
        super().__init__(
            f"{before} có ngày rà soát {was:%d/%m/%Y}, {now} ngày {is_now:%d/%m/%Y}; diễn biến là của một năm, cần tệp "
            f"hộ của kỳ rà soát cuối năm {is_now.year - 1} (có thể đã đưa nhầm tệp, hay đổi chỗ hai tệp cho nhau)."
        )


class OtherIdsError(HouseholdFileError):
    """Most households of one year's file are not in the other's, by their ids."""

    def __init__(self, before: str, now: str, shared: int, households: int) -> None:
        super().__init__(
            f"{before}, {now}: chỉ {shared} trong {households} hộ có mã hộ ở cả hai tệp, không lập được diễn biến. "
            "Hãy xem mã hộ có mất số 0 ở đầu, mất chữ số hay đã được đánh lại; hoặc chạy không có tệp kỳ trước."
        )


class UnplacedUnitsError(HouseholdFileError):
    """The file of the review before has households of units of which it is not known what they became."""

    def __init__(self, before: str, codes: Sequence[str]) -> None:
        super().__init__(
            f"{before} có hộ của đơn vị nay không còn mà trang Đơn vị không ghi (cột 'Nhập vào') nhập trọn vào đâu: "
            f"{first_of(codes)}; không lập được diễn biến. Ghi cột ấy; đơn vị đã chia thì chạy không có tệp kỳ trước."
        )


@dataclass(frozen=True)
class Method:
    """How a review is done: the units it knows, by what it classifies, a province's own standard.

    unit: the code of the one that it is for, "" where nobody says: parts of it without a household are told. profiles:
    whether it counts the poor by people, group and cause together, too; that takes a tenth more time.
    """

    units: pd.DataFrame
    by: By = "score"
    own: Path | None = None
    memory: str = MEMORY_LIMIT
    profiles: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Before:
    """The review before, in counts: its day, the units of that day, households and persons by unit and class.

    is_of_others: whether any of these units is part of another by now.
    """

    day: dt.date
    units: pd.DataFrame
    classes: pd.DataFrame
    is_of_others: bool


@dataclass(frozen=True)
class Following:
    """The same households by the national standard that follows: its first day, and counts.standards_counts."""

    day: dt.date
    standard: Standard
    classes: pd.DataFrame


@dataclass(frozen=True)
class Review:
    """What a review found, in counts: no household is in it.

    given: the columns of the schema that the file has;
    units: those that exist on `day`; tree: their places.ancestry; both_classes: counts.both_classes; profiles:
    counts.profile_counts, None where the method has none; following: None where the file does not tell of the
    indicators of the standard that follows; before: None without last year's file; moves: flows.transitions from last
    year's file, by village, from units as what they are on `day`, None without such a file;
    stock_flows: flows.flow_table by class ("poor", "near_poor") and by village or commune, empty without such a file;
    notes: by the name of a file, a sentence on what of it was not read as it stands, or looks odd.
    """

    day: dt.date
    standard: Standard
    given: frozenset[str]
    units: pd.DataFrame
    tree: pd.DataFrame
    counts: ReviewCounts
    both_classes: pd.DataFrame
    profiles: pd.DataFrame | None
    following: Following | None
    before: Before | None
    moves: pd.DataFrame | None
    stock_flows: Mapping[tuple[str, str], pd.DataFrame]
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def disagreements(self) -> pd.DataFrame:
        """Households that income and scores put on different sides of the line (counts.disagreements)."""
        return disagreements(self.both_classes)


def review(path: Path, method: Method, *, before: Path | None = None) -> Review:
    """Review a household file, and what changed since the file of the review before.

    Raises HouseholdFileError, NotYearBeforeError, OtherIdsError, InvalidHouseholdFileError with every problem,
    RefusedClassificationError, NoRuleInForceError.
    """
    with workspace(method.memory) as work:
        day, standard, now = _classified(work, path, method)
        units = units_on(method.units, day)
        with _aside(now, lambda rows: _moved(rows, method, before, day)) as moved, alike(now) as groups:
            counts, both = review_counts(now, groups, _bases(units, "commune")), both_classes(groups)
            profiles = profile_counts(now) if method.profiles else None
            following = _following(now, day)
    reviewed_before, moves, stock_flows, past = moved.result()
    told = [*_notes(now), *_of_absent_parts(units, method.unit, set(counts.classes["unit_code"].astype("str")))]
    told += [*_of_blanks(counts.classes), *_of_way(now, counts.classes, standard, method.by)]
    if reviewed_before is not None:
        told += note_on_ways(counts.classes, reviewed_before.classes, method.by)
    return Review(
        day=day,
        standard=standard,
        given=now.given,
        units=units,
        tree=ancestry(units),
        counts=counts,
        both_classes=both,
        profiles=profiles,
        following=following,
        before=reviewed_before,
        moves=moves,
        stock_flows=stock_flows,
        notes=(*((now.name, note) for note in told), *past),
    )


def file_problems(path: Path, method: Method) -> FileProblems:
    """Return every kind of problem of a household file, and where it has none what a review of it tells.

    Raises HouseholdFileError.
    """
    try:
        return FileProblems((), tuple(note for _, note in review(path, method).notes))
    except InvalidHouseholdFileError as error:
        return FileProblems(error.problems, error.notes)


def review_day(rows: Households, path: Path, units: pd.DataFrame) -> dt.date:
    """Return the day of the review: the date that most rows have.

    Raises InvalidHouseholdFileError with every problem that shows without, where no row has one;
    UnreadableHouseholdFileError where there is no row.
    """
    days = frame(
        rows,
        "select date as day from households where date is not null group by date order by count(*) desc, date limit 1",
    )
    if days.empty:
        checked(rows, None, units=units, standard=None)
        raise UnreadableHouseholdFileError(path, "không có hộ nào")
    return pd.Timestamp(days["day"].iloc[0]).date()


def summaries(result: Review) -> pd.DataFrame:
    """Return the summary of every unit from the communes up, in the columns of the workbook's `reviews`."""
    tables = [summary(at_level(result, level), result.day) for level in FROM_COMMUNE]
    return pd.concat(tables, ignore_index=True)


def at_level(result: Review, level: str) -> pd.DataFrame:
    """Return the class counts of the review by unit of a level."""
    return counts_at(result.counts.classes, result.tree, level)


def flows(result: Review, name: str, level: str) -> pd.DataFrame | None:
    """Return the flow table of "poor" or "near_poor" by unit of a level; None without last year's file.

    A household that moves counts at the level of communes and above between communes, at that of villages
    between villages: so the communes add up to their district.
    """
    if result.moves is None:
        return None
    base = "village" if level == "village" else "commune"
    table = counts_at(result.stock_flows[name, base], result.tree, level)
    return table.assign(unit_code=table["unit_code"].astype("str"))


@contextmanager
def _aside(now: Households, make: Callable[[Households], _Moved]) -> Iterator[Future[_Moved]]:
    """Run a computation over the rows in a thread of its own; loaded rows are computed before anything else."""
    with beside(now) as rows, ThreadPoolExecutor(1) as thread:
        made = thread.submit(make, rows)
        if now.is_loaded:
            made.result()
        yield made


def _stock_flows(moves: pd.DataFrame, communes: pd.DataFrame, day: dt.date) -> dict[tuple[str, str], pd.DataFrame]:
    tables = {}
    for name in POOR_CLASSES:
        of_class = concerning(moves, name)
        tables[name, "village"] = flow_table(of_class, name, day)
        tables[name, "commune"] = flow_table(between(of_class, communes), name, day)
    return tables


def _bases(units: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the unit of a level (`base`) above each unit_code, the unit itself where there is none."""
    tree = ancestry(units)
    base = tree[level].where(tree[level] != "", tree["unit_code"])
    return pd.DataFrame({"unit_code": tree["unit_code"], "base": base})


def _classified(work: Workspace, path: Path, method: Method) -> tuple[dt.date, Standard, Households]:
    rows = households(work, path)
    day = review_day(rows, path, method.units)
    standard = poverty_standard(on=day, own=method.own)
    known = units_on(method.units, day)
    good = checked(rows, day, units=known, standard=standard)
    return day, standard, classified(good, standard, by=method.by)


_WEIGHTED = (
    "có cột quyền số (weight): bảng rà soát đếm hộ có trong tệp, không nhân quyền số; ước lượng cho tổng thể và sai số "
    "xem ở sổ tay explore_poverty"
)


def _notes(rows: Households) -> tuple[str, ...]:
    """Return what of a file was not read as it stands, or is not what a review takes it for."""
    return (*rows.notes, *([_WEIGHTED] if "weight" in rows.given else []))


def _of_way(rows: Households, classes: pd.DataFrame, standard: Standard, by: By) -> Iterator[str]:
    return notes_on_way(classes, standard, by, has_scores="b1_score" in rows.given)


def _of_blanks(classes: pd.DataFrame) -> Iterator[str]:
    """Yield notes on the poor and the near-poor of whom a cell is blank: of nobody it says that he has none."""
    low = classes[classes["class"].isin(POOR_CLASSES)]
    words = {"group": "nhóm đối tượng (household_group)", "cause": "nguyên nhân nghèo (một hay nhiều cột)"}
    for part, named in words.items():
        if blank := int(low[f"no_{part}_households"].sum()):
            yield (
                f"{blank} trong {int(low['households'].sum())} hộ nghèo, cận nghèo để trống {named}: ở đó không tính "
                "là có, còn tỷ lệ tính trên mọi hộ"
            )


def _of_absent_parts(units: pd.DataFrame, unit: str, lived: Collection[str]) -> tuple[str, ...]:
    """Return a note on the parts of a unit that have no household, if there are any."""
    absent = absent_parts(units, unit, lived)
    names = units.set_index("code")["name"]
    told = first_of([f"{names[code]} ({code})" for code in absent])
    words = (
        f"không có hộ nào của {told}: số của cả đơn vị báo cáo thiếu phần ấy; thêm hộ ở đó vào tệp, hoặc điền 'Đến hết "
        "ngày' ở trang Đơn vị nếu nơi ấy không còn"
    )
    return (words,) if absent else ()


def absent_parts(units: pd.DataFrame, unit: str, lived: Collection[str]) -> list[str]:
    """Return the codes of units below a unit where nobody lives, while somebody does in another part of the same unit.

    lived: the codes of the households. Of a part that is absent as a whole its own parts are not named.
    """
    tree = ancestry(units).set_index("unit_code")
    levels = units.set_index("code")["level"]
    below = tree[tree[levels[unit]] == unit] if unit in levels.index else tree.head(0)
    is_lived = {code for code in lived if code in below.index for code in below.loc[code] if code}
    parents = units.set_index("code")["parent_code"].loc[below.index.drop(unit, errors="ignore")]
    told = set(parents[[code in is_lived for code in parents.index]])
    return sorted(code for code, parent in parents.items() if code not in is_lived and parent in told)


def _following(now: Households, day: dt.date) -> Following | None:
    following = next_standard(after=day)
    flags = [indicator.earlier_column for indicator in indicators(on=following[0])] if following else []
    if following is None or not now.given >= set(flags):
        return None
    return Following(*following, standards_counts(also_classified(now, following[1], flags)))


def _moved(now: Households, method: Method, before: Path | None, on: dt.date) -> _Moved:
    if before is None:
        return None, None, {}, ()
    day, standard, past = _classified(now.work, before, method)
    if not _flows_begin(on) <= day <= dt.date(on.year - 1, 12, 31):
        raise NotYearBeforeError(past.name, day, now.name, on)
    moves = transitions(past, now, method.units["code"])
    _refuse_other_ids(moves, past.name, now.name)
    into = _into(moves, method.units, past.name, (day, on))
    stocks = stock_counts(past)
    notes = [*_notes(past), *_of_absent(moves, method.units, (day, on)), *_of_way(past, stocks, standard, method.by)]
    moves, communes = came_from(moves, into), _bases(units_on(method.units, on), "commune")
    notes += list(note_on_two_ways(past, now)) or note_on_other_ids(moves, communes)  # one cause of both
    tables = _stock_flows(moves, communes, on)
    is_of_others = bool(into.duplicated().any() or (into != into.index).any())
    earlier = Before(day, units_on(method.units, day), stocks, is_of_others)
    return earlier, moves, tables, tuple((past.name, note) for note in notes)


def _flows_begin(on: dt.date) -> dt.date:
    """Return the day on which the annual review began in the year before: its stock is where official flows begin."""
    first = provision("review/annual", on=dt.date(on.year - 1, 12, 31)).value["first"]
    return dt.date(on.year - 1, first["month"], first["day"])


def _of_absent(moves: pd.DataFrame, units: pd.DataFrame, days: tuple[dt.date, dt.date]) -> Iterator[str]:
    """Yield a note on the communes of a day without a household then that are, or went into, one with some later."""
    then, went = pd.Timestamp(days[0]), descent(units, days[1])
    known = went[~(went["valid_from"] > then) & ~(went["valid_to"] < then) & (went["level"] == "commune")]
    lived, lives = (
        set(tree.loc[tree["unit_code"].isin(moves[unit].unique()), "commune"])
        for unit, tree in zip(("from_unit", "to_unit"), (ancestry(units_on(units, day)) for day in days), strict=True)
    )
    if absent := sorted(set(known.loc[known["into"].isin(lives), "code"]) - lived):
        yield f"không có hộ nào của đơn vị cấp xã {first_of(absent)}: hộ ở đó kỳ này được tính là tăng khác"


def _into(moves: pd.DataFrame, units: pd.DataFrame, past: str, days: tuple[dt.date, dt.date]) -> pd.Series:
    """Return what the units of a day in which households lived are on a later one, by code.

    Raises UnplacedUnitsError where one was divided, or nobody says where it went.
    """
    then, on = pd.Timestamp(days[0]), days[1]
    went = descent(units, on)
    whole = went[went["whole"] & ~(went["valid_from"] > then) & ~(went["valid_to"] < then)]
    into = whole.set_index("code")["into"]
    lived = set(moves["from_unit"].unique()) - {""}
    if lost := sorted(lived - set(into.index)):
        raise UnplacedUnitsError(past, lost)
    return into[into.index.isin(lived)]


def _refuse_other_ids(moves: pd.DataFrame, past: str, now: str) -> None:
    """Raise OtherIdsError where the ids of two reviews are not those of the same households."""
    was, comes = (moves["households"].where(moves[unit] != "", 0) for unit in ("from_unit", "to_unit"))
    shared, fewest = int(was.where(moves["to_unit"] != "", 0).sum()), int(min(was.sum(), comes.sum()))
    if fewest >= FEWEST_COMPARED and 2 * shared < fewest:
        raise OtherIdsError(past, now, shared, fewest)
