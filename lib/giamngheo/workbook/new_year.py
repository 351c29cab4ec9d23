"""What stands in a new workbook before anybody types: the unit and its parts, or what last year hands over."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from giamngheo.core.text import bare
from giamngheo.regulation.lookup import NoRuleInForceError, UnknownRuleError, provision
from giamngheo.regulation.units import MERGER, Unit, children, destination_words, find, merged_into, predecessors
from giamngheo.regulation.units import unit as find_unit
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import choices, commune_tables, table, tables

Records = dict[str, list[dict[str, Any]]]


def folder_name(name: str) -> str:
    """Return a name as that of a folder: "Tu Mơ Rông" is "tu-mo-rong"; what is no letter or digit is a hyphen."""
    return re.sub("[^a-z0-9]+", "-", bare(name)).strip("-")


def fits(name: str, year: int) -> tuple[Unit, ...]:
    """Return the units that a name may mean in a year, one a code; those that lie below another of them are not meant.

    The capital of a district often bears its name: then the district is meant.
    """
    found = [unit for day in _ends_of(year) for unit in find(name, on=day)]
    codes = {unit.code for unit in found}
    meant = [unit for unit in found if not codes & set(_above(unit))]
    return tuple({unit.code: unit for unit in meant}.values())


def units_of_code(code: str, year: int) -> tuple[Unit, ...]:
    """Return the units of a code at the two ends of a year: one, none, or two where the code changed hands."""
    found = []
    for day in _ends_of(year):
        with suppress(UnknownRuleError, NoRuleInForceError):
            found.append(find_unit(code, on=day))
    return tuple({unit.begins: unit for unit in found}.values())


def described(unit: Unit) -> str:
    """Return a unit by its kind and name, with those above it and the days between which it stands."""
    above = [find_unit(code, on=unit.begins).full_name for code in _above(unit)]
    days = [f"từ {unit.begins:%d/%m/%Y}"] if unit.begins >= MERGER else []
    days += [f"đến hết {unit.ends:%d/%m/%Y}"] if unit.ends else []
    return ", ".join([unit.full_name, *above]) + (f" ({' '.join(days)})" if days else "")


def fresh(unit: Unit, year: int) -> Records:
    """Return the records of a workbook that begins with nothing: a unit, the one above it, and all below it.

    Where the unit began within the year, those that it was made from stand below it in the list, with what lay above
    and below them, for the days before; where it began within the year before, they and what lay above them do, as
    the review of the last day of the year before that is theirs.
    """
    listed = [*_around(unit, year), *_before(unit, year)]
    kept = {(entry.code, entry.begins): entry for entry in listed}
    return form_of(unit, year) | {"units": [_listed(entry, year) for entry in kept.values()]}


def form_of(unit: Unit, year: int) -> Records:
    """Return the form of the report of a unit in a year, and its recipients, as its level and day have it (offices)."""
    day = min(dt.date(year, 12, 31), unit.ends or dt.date.max)
    unit = find_unit(unit.code, on=day)
    above = find_unit(unit.parent, on=day).full_name if unit.parent else ""
    words = {"name": unit.name, "kind": unit.kind, "above": above}
    words |= {name.upper(): word.upper() for name, word in words.items()}
    office = dict(_office(unit, day))
    recipients = [text.format(**words) for text in office.pop("recipients")]
    form = {name: text.format(**words) for name, text in office.items() if name not in {"level", "kinds"}}
    return {
        "form": [{"unit_code": unit.code, **form}],
        "recipients": [{"position": position, "text": text} for position, text in enumerate(recipients, start=1)],
    }


def _office(unit: Unit, day: dt.date) -> Mapping[str, Any]:
    offices = provision("offices/offices", on=day).value
    fits = (entry for entry in offices if entry["level"] == unit.level)
    return next(entry for entry in fits if unit.kind in entry.get("kinds", [unit.kind]))


def _before(unit: Unit, year: int) -> list[Unit]:
    if unit.begins <= _base(year):
        return []
    around = [entry for one in _made_from(unit) for entry in _around(one, unit.begins.year)]
    if unit.begins > dt.date(year, 1, 1):
        return around
    made_from = {part.code for part in _made_from(unit)}
    above = {entry.parent for entry in around if entry.code in made_from}
    return [entry for entry in around if entry.code in made_from | above]


def _base(year: int) -> dt.date:
    """Return the day of the earliest review that a workbook of a year compares with."""
    return dt.date(year - 2, 12, 31)


def _ends_of(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _above(unit: Unit) -> list[str]:
    """Return the codes of the units above one on its first day."""
    codes, parent = [], unit.parent
    while parent:
        codes.append(parent)
        parent = find_unit(parent, on=unit.begins).parent
    return codes


def _made_from(unit: Unit) -> list[Unit]:
    eve = unit.begins - dt.timedelta(days=1)
    return [find_unit(part.code, on=eve) for part in predecessors(unit.code, on=unit.begins) or ()]


def _around(unit: Unit, year: int) -> list[Unit]:
    """Return a unit with the one above it and all below it, as they stand on its first and last day of the year."""
    first, last = _ends_of(year)
    days = max(first, unit.begins), min(last, unit.ends or last)
    above = [find_unit(unit.parent, on=day) for day in days if unit.parent]
    return [*above, unit, *(part for day in days for part in _all_below(unit.code, day))]


def _all_below(code: str, day: dt.date) -> Iterator[Unit]:
    for part in children(code, on=day):
        yield part
        yield from _all_below(part.code, day)


def _listed(unit: Unit, year: int) -> dict[str, Any]:
    """Return the record of a unit; one that stood on the day of the earliest review has no first day."""
    usual = choices("level")[unit.level].lower()
    ended = {} if unit.ends is None else {"valid_to": _moment(unit.ends), "merged_into": _went(unit) or None}
    return {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level,
        "parent_code": unit.parent or None,
        **({"valid_from": _moment(unit.begins)} if unit.begins > _base(year) else {}),
        **ended,
        **({} if unit.kind == usual else {"kind": unit.kind}),
    }


def _went(unit: Unit) -> str:
    """Return where a unit went, as the list says it."""
    parts = merged_into(unit.code, on=unit.ends or MERGER)
    return destination_words([part.code for part in parts], whole=all(part.whole for part in parts))


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def handed_over(before: Dataset, carried: pd.DataFrame, openings: Mapping[str, pd.DataFrame]) -> Records:
    """Return the records of the workbook of the year after `before`.

    The form, the units that still stand, recipients, tasks and solutions stay; the reviews of the last two year
    ends and the flows of the last stay as what the year starts from; `openings` (statistics.carry_over, by flow
    table) open the flows of the new year, `carried` becomes capital of its own year of the funds.
    """
    year = before.year + 1
    ends = [pd.Timestamp(year - back, 12, 31) for back in (2, 1)]
    units, reviews = before["units"], before["reviews"]
    kept = {entry.name: plain(before[entry.name]) for entry in tables() if entry.carries_over}
    flows = {name: _flows(before[name], ends[1], opening, year) for name, opening in openings.items()}
    return {
        **kept,
        **flows,
        "form": [{name: value for name, value in before.form.items() if value}],
        "units": plain(units[units["valid_to"].isna() | (units["valid_to"] >= ends[0])]),
        "reviews": plain(reviews[reviews["date"].isin(ends)]),
        "capital": [_capital(row, before.year) for row in plain(carried)],
    }


def drawn_from(unit: Unit, before: Sequence[Dataset], carried: pd.DataFrame) -> Records:
    """Return the records of a unit that is none of those of the year before: fresh, with what these have of its parts.

    The reviews of the last two year ends and the flows of the last are those of units in its list on their days;
    `carried` becomes capital of its own year of the funds.
    """
    year = before[0].year + 1
    records = fresh(unit, year)
    ends = [pd.Timestamp(year - back, 12, 31) for back in (2, 1)]
    return records | {
        "reviews": _own_rows(records["units"], unit, [data["reviews"] for data in before], ends),
        "poor_flows": _own_rows(records["units"], unit, [data["poor_flows"] for data in before], ends[1:]),
        "near_poor_flows": _own_rows(records["units"], unit, [data["near_poor_flows"] for data in before], ends[1:]),
        "capital": [_capital(row, year - 1) for row in plain(carried)],
    }


def _own_rows(
    listed: Sequence[Mapping[str, Any]], unit: Unit, frames: Sequence[pd.DataFrame], days: Sequence[pd.Timestamp]
) -> list[dict[str, Any]]:
    """Return the rows of added_up tables of days, of the units of a list that are no sums and not above `unit`."""
    parents = {entry["parent_code"] for entry in listed}
    made_from = {unit.code, *(part.code for part in predecessors(unit.code, on=unit.begins) or ())}
    above = {entry["parent_code"] for entry in listed if entry["code"] in made_from} - made_from
    at = {day: {entry["code"] for entry in listed if _stands(entry, day)} - above for day in days}
    rows = pd.concat(frames, ignore_index=True).drop_duplicates(["date", "unit_code"])
    kept = [
        row["unit_code"] in at.get(row["date"], ()) and (row["typed"] or row["unit_code"] not in parents)
        for row in rows.to_dict("records")
    ]
    return plain(rows[np.array(kept, np.bool_)].drop(columns=["parts", "given", "typed"]))


def _stands(entry: Mapping[str, Any], day: pd.Timestamp) -> bool:
    return not (entry.get("valid_from") or day) > day and not (entry.get("valid_to") or day) < day


def with_openings(records: Records, openings: Mapping[str, pd.DataFrame], year: int) -> Records:
    """Return the records with opening stocks (statistics.carry_over, by flow table) of the flows of a year."""
    day = {"date": dt.datetime(year, 12, 31)}  # noqa: DTZ001 - a day of the calendar, not a moment
    opened = {name: [day | row for row in plain(rows)] for name, rows in openings.items()}
    return records | {name: [*records.get(name, ()), *rows] for name, rows in opened.items()}


def without_review(records: Records, year: int) -> Sequence[str]:
    """Return the units, by code and name, whose review at the end of the year before a workbook lacks.

    They are the lowest of its list on that day: the others are sums.
    """
    day = dt.datetime(year - 1, 12, 31)  # noqa: DTZ001 - a day of the calendar
    units = [entry for entry in records["units"] if _stands(entry, pd.Timestamp(day))]
    above = {entry["parent_code"] for entry in units}
    root = {entry["parent_code"] for entry in units if entry["code"] == records["form"][0]["unit_code"]}
    known = {row["unit_code"] for row in records["reviews"] if row["date"] == day}
    return [f"{entry['code']} {entry['name']}" for entry in units if entry["code"] not in above | root | known]


def _flows(flows: pd.DataFrame, last: pd.Timestamp, openings: pd.DataFrame, year: int) -> list[dict[str, Any]]:
    end_of_year = dt.datetime(year, 12, 31)  # noqa: DTZ001 - a day of the calendar, not a moment
    return plain(flows[flows["date"] == last]) + [{"date": end_of_year} | row for row in plain(openings)]


def _capital(row: dict[str, Any], year: int) -> dict[str, Any]:
    allocated, disbursed = row.pop("allocated_vnd"), row.pop("disbursed_vnd", None)
    note = f"Chuyển nguồn từ năm {year}: giao {_dong(allocated)}, "
    if "planned_vnd" in row:
        return row | {"note": f"{note}đã giải ngân {_dong(allocated - row['planned_vnd'])}."}
    missing = "Chưa tách được số còn lại, hãy ghi theo quyết định chuyển nguồn."
    if disbursed is None:
        return row | {"note": f"{note}chưa đủ số liệu giải ngân. {missing}"}
    return row | {"note": f"{note}dự án đã giải ngân {_dong(disbursed)} cả các nguồn. {missing}"}


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def commune_records(dataset: Dataset, code: str, openings: Mapping[str, pd.DataFrame]) -> Records:
    """Return the records of a commune's workbook: its own rows of the review, opening stocks given."""
    units = dataset["units"]
    units = units[units["valid_to"].isna() | (units["valid_to"] >= pd.Timestamp(dataset.year, 12, 31))]
    parents = set(units.loc[units["code"] == code, "parent_code"])
    row = {"date": dt.datetime(dataset.year, 12, 31), "unit_code": code}  # noqa: DTZ001 - a day of the calendar
    known = {name: plain(frame[frame["unit_code"] == code]) for name, frame in openings.items()}
    return {
        "units": plain(units[units["code"].isin(parents | {code})]),
        **{entry.name: [row] for entry in commune_tables() if entry.adds_up},
        **{name: [row | (rows[0] if rows else {})] for name, rows in known.items()},
    }


def communes(dataset: Dataset, unit_code: str) -> Sequence[tuple[str, str]]:
    """Return the code and name of the units below a unit that still stand at the end of the year."""
    units = dataset["units"]
    stands = units["valid_to"].isna() | (units["valid_to"] >= pd.Timestamp(dataset.year, 12, 31))
    below = units[(units["parent_code"] == unit_code) & stands]
    return list(below[["code", "name"]].itertuples(index=False, name=None))


def table_of(name: str, records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return records of a table as a frame with the columns and types of a Dataset."""
    types = {"date": "datetime64[us]", "count": "Int64", "money": "Int64", "year": "Int64", "percent": "Float64"}
    columns = {column.name: types.get(column.kind, "str") for column in table(name).columns}
    frame = pd.DataFrame(records, columns=list(columns)).astype(columns)
    texts = [column for column, kind in columns.items() if kind == "str"]
    return frame.assign(row=range(1, len(frame) + 1), **{column: frame[column].fillna("") for column in texts})


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as records without blank cells, in types that a workbook holds."""
    rows: Iterable[dict[Any, Any]] = frame.drop(columns="row", errors="ignore").to_dict("records")
    return [{str(name): _value(value) for name, value in row.items() if not _is_blank(value)} for row in rows]


def _is_blank(value: Any) -> bool:
    return bool(pd.isna(value)) or value == ""


def _value(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value if isinstance(value, str | float) else int(value)
