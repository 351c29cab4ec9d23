"""Make the register of administrative units, lib/giamngheo/regulation/units.csv.gz, from what others have collected.

It stands outside the package because only who renews the register runs it, with files that the package does not need:

    python tools/register.py PACKAGE CHECK HISTORY

PACKAGE: the wheel of vietnamadminunits (MIT): the units of June 2025 and those since July 2025, codes, names, parents,
centres, areas, and which commune became which. CHECK: the wheel of vietnam-provinces, a second reading of the codes,
names and successors; nothing is copied from it. HISTORY: a clone of thanglequoc/vietnamese-provinces-database (MIT),
whose releases are the lists of earlier days: units that ended before June 2025, names and kinds that changed.

What the sources disagree in is printed. A commune goes whole into another only where nothing speaks against it; a
centre that lies far from those of all its predecessors or successors is left blank, and the area beside it.
"""

import csv
import gzip
import json
import math
import sqlite3
import subprocess
import sys
import unicodedata
import zipimport
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from giamngheo.core.text import plain
from giamngheo.regulation.register import State

OUT = Path(__file__).parents[1] / "lib" / "giamngheo" / "regulation" / "units.csv.gz"
FIRST, MERGER = "2021-01-01", "2025-07-01"
RELEASES = {
    FIRST: "v1.0.0",
    "2022-04-10": "v1.0.1",
    "2022-07-01": "v1.0.2",
    "2022-10-01": "v1.0.3.1",
    "2023-04-10": "v1.0.4.1",
    "2024-02-01": "v2.0.0",
    "2024-05-01": "v2.0.1",
    "2024-09-01": "v2.1.0",
    "2024-11-01": "v2.2.0",
    "2025-01-01": "v2.3.0",
    "2025-03-01": "v2.4.1",
}
"""The release that is the list of a day; that of November 2021 stands for the whole year, v2.4.1 corrects v2.4.0."""
RENAMED = {"2026-04-30": "v3.1.0"}
"""Releases since July 2025 with new kinds: Đồng Nai a city, ten of its communes wards."""
LEVELS = {"provinces": "province", "districts": "district", "wards": "commune"}
KINDS = ("thành phố", "tỉnh", "huyện", "thị xã", "quận", "xã", "phường", "thị trấn", "đặc khu")
FAR_KM = 30


def main(package: str, check: str, history: str) -> None:
    """Read the sources, build the states, compare, and write the file."""
    old_rows, new_rows, conversion = _package(Path(package))
    lists = {day: _release(history, tag, day) for day, tag in RELEASES.items()}
    renamed = [_release(history, tag, day) for day, tag in RENAMED.items()]
    before = _before(_old_units(old_rows), lists)
    links, provinces = _links(old_rows, new_rows, conversion), _province_links(old_rows, new_rows, conversion)
    table = _conversion_table(check)
    agreed = {code: _agreed(code, found, table) for code, found in links.items()}
    whole = _whole(agreed, table) | set(provinces)
    since = _since(_new_units(new_rows), before, agreed, renamed)
    states = _placed(_joined(before, since, {**agreed, **provinces}, whole), agreed)
    _compare(states, check)
    _write(sorted(states, key=lambda state: (state.code, state.begins)))


def _package(wheel: Path) -> tuple[list[sqlite3.Row], list[sqlite3.Row], Mapping[str, Any]]:
    with ZipFile(wheel) as archive:
        base = sqlite3.connect(":memory:")
        base.deserialize(archive.read("vietnamadminunits/data/dataset.db"))
        conversion = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
    base.row_factory = sqlite3.Row
    old, new = (base.execute(f"select * from {name}").fetchall() for name in ("admin_units_legacy", "admin_units"))
    return old, new, conversion


def _release(history: str, tag: str, day: str) -> dict[str, State]:
    """Return the units of a release by code."""
    path = "postgresql/postgres_ImportData_vn_units.sql" if day > MERGER else "postgresql/ImportData_vn_units.sql"
    show = ["git", "-C", history, "show", f"{tag}:{path}"]
    text = subprocess.run(show, capture_output=True, encoding="utf-8", check=True).stdout
    found, table = {}, ""
    for line in text.splitlines():
        if line.startswith("INSERT INTO"):
            table = line.split()[2].split("(")[0]
        elif table in LEVELS and line.strip().startswith("('"):
            cells = next(csv.reader([line.strip().strip("(),;")], quotechar="'"))
            parent = "" if table == "provinces" else cells[6]
            found[cells[0]] = _state(cells[0], LEVELS[table], cells[3], parent, day)
    return found


def _state(code: str, level: str, full_name: str, parent: str, begins: str, **place: str) -> State:
    name = " ".join(unicodedata.normalize("NFC", full_name).split())
    kind = next(kind for kind in KINDS if name.lower().startswith(f"{kind} "))
    short = name[len(kind) + 1 :]
    return State(code, level, kind, name if short.isdigit() else short, "", "", parent, begins, **place)


def _old_units(rows: Iterable[sqlite3.Row]) -> dict[str, State]:
    """Return the provinces, districts and communes of June 2025."""
    found: dict[str, State] = {}
    for row in rows:
        province, district, code = row["provinceCode"], row["districtCode"], row["wardCode"]
        found[province] = _state(province, "province", row["province"], "", FIRST, **_point(row, "province"))
        found[district] = _state(district, "district", row["district"], province, FIRST, **_point(row, "district"))
        if code:
            found[code] = _state(code, "commune", row["ward"], district, FIRST, **_point(row, "ward"))
    return found


def _new_units(rows: Iterable[sqlite3.Row]) -> dict[str, State]:
    """Return the provinces and communes since July 2025."""
    found: dict[str, State] = {}
    for row in rows:
        province, code = row["provinceCode"], row["wardCode"]
        area = "" if row["wardAreaKm2"] is None else f"{row['wardAreaKm2']:g}"
        found[province] = _state(province, "province", row["province"], "", MERGER, **_point(row, "province"))
        place = {**_point(row, "ward"), "area_km2": area}
        found[code] = _state(code, "commune", row["ward"], province, MERGER, **place)
    return found


def _point(row: sqlite3.Row, level: str) -> dict[str, str]:
    north, east = row[f"{level}Lat"], row[f"{level}Lon"]
    return {} if north is None else {"latitude": f"{north:.4f}", "longitude": f"{east:.4f}"}


def _before(last: Mapping[str, State], lists: Mapping[str, dict[str, State]]) -> list[State]:
    """Return the states of all units before July 2025, from the lists of the days, the last spelled as the package."""
    islands = {code: state for code, state in last.items() if state.level == "district" and not _has_parts(last, code)}
    days = [*lists, MERGER]
    codes = sorted(set(last).union(*lists.values()))
    states = []
    for code in codes:
        runs: list[State] = []
        for day, until in reversed([*pairwise(days)]):
            seen = lists[day].get(code) or islands.get(code)
            if seen is None:
                continue
            if runs and runs[-1].begins == until and _same(runs[-1], seen):
                runs[-1] = _also(runs[-1], seen)._replace(begins=day)
            else:
                newest = _also(last[code], seen) if until == MERGER else seen
                runs.append(newest._replace(begins=day, ends=_eve(until)))
        states += _going_on(runs[::-1])
    return states


def _has_parts(units: Mapping[str, State], code: str) -> bool:
    return any(state.parent == code for state in units.values())


def _full_keys(state: State) -> set[str]:
    """Return the spellings of the full name, folded."""
    return {plain(f"{state.kind} {name}") for name in (state.name, *state.also.split("|"))}


def _same(state: State, seen: State) -> bool:
    return state.parent == seen.parent and bool(_full_keys(state) & _full_keys(seen))


def _also(state: State, seen: State) -> State:
    """Return the state with the other spellings of its name beside it."""
    names = [name for name in (*state.also.split("|"), seen.name, *seen.also.split("|")) if name]
    return state._replace(also="|".join(name for name in dict.fromkeys(names) if name != state.name))


def _going_on(runs: list[State]) -> list[State]:
    """Mark the states that the next follows as the same unit: only its name or kind is another."""
    return [
        run._replace(goes_on="1") if after and _eve(after.begins) == run.ends and after.parent == run.parent else run
        for run, after in zip(runs, [*runs[1:], None], strict=True)
    ]


def _eve(day: str) -> str:
    year, month, number = map(int, day.split("-"))
    if number > 1:
        return f"{year}-{month:02}-{number - 1:02}"
    last = 31 if month in (1, 2, 4, 6, 8, 9, 11) else 30
    return f"{year}-{month - 1:02}-{28 if month == 3 else last}" if month > 1 else f"{year - 1}-12-31"


def _links(
    old: Iterable[sqlite3.Row], new: Iterable[sqlite3.Row], conversion: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Return the communes of today that each commune of June 2025 (a district without communes too) went into."""
    codes = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row["wardCode"] or row["districtCode"]
        for row in old
    }
    today = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    links: dict[str, set[str]] = defaultdict(set)
    for province, wards in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                links[codes[key]].add(today[province, ward])
    for province, keys in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, wards in keys.items():
            links[codes[key]] |= {today[province, ward["newWardKey"]] for ward in wards}
    return links


def _province_links(
    old: Iterable[sqlite3.Row], new: Iterable[sqlite3.Row], conversion: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Return the province of today that each province of June 2025 went into."""
    before, today = ({row["provinceKey"]: row["provinceCode"] for row in rows} for rows in (old, new))
    return {before[key]: {today[name]} for name, keys in conversion["DICT_PROVINCE"].items() for key in keys}


def _conversion_table(check: str) -> dict[str, tuple[set[str], bool]]:
    """Return the successors of each commune in the checking package, and whether it says that only a part went."""
    module: dict[str, Any] = {"__name__": "check"}
    exec(zipimport.zipimporter(check).get_code("vietnam_provinces/_ward_conversion_2025"), module)
    return {
        f"{code:05}": ({f"{ward.code:05}" for ward in entry.new_wards}, entry.old_ward.is_partly_merged)
        for code, entry in module["OLD_TO_NEW"].items()
    }


def _agreed(code: str, found: set[str], table: Mapping[str, tuple[set[str], bool]]) -> set[str]:
    """Return the successors of a commune by both sources.

    The package takes communes of one name in one new province for each other; there the other source has fewer
    successors and decides, unless it says itself that its list lacks some. Otherwise all that either names count.
    """
    other, partly = table.get(code, (found, False))
    if other == found:
        return found
    decided = other if other < found and (len(other) > 1 or not partly) else found | other
    print(f"successors of {code}: {sorted(found)} or {sorted(other)}, taken {sorted(decided)}")
    return decided


def _whole(agreed: Mapping[str, set[str]], table: Mapping[str, tuple[set[str], bool]]) -> set[str]:
    """Return the communes that went whole into one; one that nothing was added to counts, whatever `table` says."""
    predecessors = Counter(successor for found in agreed.values() for successor in found)
    single = {code: min(found) for code, found in agreed.items() if len(found) == 1}
    return {code for code, into in single.items() if predecessors[into] == 1 or not table.get(code, (set(), False))[1]}


def _since(
    today: Mapping[str, State],
    before: Iterable[State],
    links: Mapping[str, set[str]],
    renamed: Iterable[Mapping[str, State]],
) -> list[State]:
    """Return the states since July 2025: spellings from predecessors of the same name, later kinds as they come."""
    last = {state.code: state for state in before if state.ends == _eve(MERGER)}
    states = dict(today)
    for code, found in links.items():
        for successor in found & set(states):
            if plain(last[code].name) == plain(states[successor].name):
                states[successor] = _also(states[successor], last[code])
    runs = {code: [state] for code, state in states.items()}
    for later in renamed:
        for code, of_the_code in runs.items():
            if code in later and later[code].kind != of_the_code[-1].kind:
                follows = of_the_code[-1]._replace(kind=later[code].kind, begins=later[code].begins)
                of_the_code[-1:] = [of_the_code[-1]._replace(ends=_eve(follows.begins), goes_on="1"), follows]
    return [state for of_the_code in runs.values() for state in of_the_code]


def _joined(before: Iterable[State], since: list[State], links: Mapping[str, set[str]], whole: set[str]) -> list[State]:
    """Return all states, those of June 2025 with their successors; a province that took in no other just goes on."""
    into = Counter(successor for found in links.values() for successor in found)
    lasting = {code for code, found in links.items() if len(code) == len("01") and found == {code} and into[code] == 1}
    states = [state for state in since if state.code not in lasting]
    for state in before:
        if state.ends != _eve(MERGER) or state.code not in links:
            states.append(state)
        elif state.code in lasting:
            states.append(state._replace(ends=""))
        else:
            divided = "" if state.code in whole else "1"
            states.append(state._replace(successors=" ".join(sorted(links[state.code])), divided=divided))
    return states


def _placed(states: list[State], links: Mapping[str, set[str]]) -> list[State]:
    """Return the states, centre and area left blank of those that lie far from all that they came from or became."""
    old = {state.code: state for state in states if state.ends == _eve(MERGER) and state.level != "province"}
    new = {state.code: state for state in states if state.begins == MERGER and state.level == "commune"}
    came: dict[str, set[str]] = defaultdict(set)
    for code, found in links.items():
        for successor in found:
            came[successor].add(code)
    strayed = {(state.code, MERGER) for state in new.values() if _far(state, [old[code] for code in came[state.code]])}
    strayed |= {(code, "") for code, found in links.items() if _far(old[code], [new[other] for other in found])}
    print(f"centres left blank: {sorted(strayed)}")
    blank = {"latitude": "", "longitude": "", "area_km2": ""}
    return [
        state._replace(**blank) if (state.code, MERGER if state.begins >= MERGER else "") in strayed else state
        for state in states
    ]


def _far(state: State, others: Iterable[State]) -> bool:
    return all(_distance_km(state, other) > FAR_KM for other in others)


def _distance_km(state: State, other: State) -> float:
    north, east = math.radians(float(state.latitude)), math.radians(float(state.longitude))
    other_north, other_east = math.radians(float(other.latitude)), math.radians(float(other.longitude))
    across = (math.sin((other_north - north) / 2), math.sin((other_east - east) / 2))
    return 2 * 6371 * math.asin(math.sqrt(across[0] ** 2 + math.cos(north) * math.cos(other_north) * across[1] ** 2))


def _compare(states: Iterable[State], check: str) -> None:
    """Print where the checking package has other units today."""
    with ZipFile(check) as archive:
        provinces = json.loads(archive.read("vietnam_provinces/data/nested-divisions.json"))
    theirs = {f"{entry['code']:02}": (entry["name"], "") for entry in provinces}
    for entry in provinces:
        theirs |= {f"{ward['code']:05}": (ward["name"], f"{entry['code']:02}") for ward in entry["wards"]}
    ours = {state.code: state for state in states if not state.ends}
    print(f"today only here: {sorted(set(ours) - set(theirs))}, only there: {sorted(set(theirs) - set(ours))}")
    for code in sorted(set(ours) & set(theirs)):
        name, parent = theirs[code]
        if plain(name) not in _full_keys(ours[code]) or parent != ours[code].parent:
            print(f"{code}: {ours[code].kind} {ours[code].name} of {ours[code].parent} / {name} of {parent}")


def _write(states: Iterable[State]) -> None:
    """Write the file: the same states give the same bytes. No cell has a comma, so that a reader may split at them."""
    lines = [",".join(State._fields), *(",".join(_keyed(state)) for state in states)]
    if any(line.count(",") != lines[0].count(",") for line in lines):
        raise ValueError("a cell has a comma")
    OUT.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=9, mtime=0))


def _keyed(state: State) -> State:
    """Return a state as a reader searches it: its names folded, each name and successor between signs."""
    keys = dict.fromkeys(plain(name) for name in (state.name, *filter(None, state.also.split("|"))))
    successors = state.successors and f" {state.successors} "
    return state._replace(keys=f"|{'|'.join(keys)}|", successors=successors)


if __name__ == "__main__":
    main(*sys.argv[1:])
