"""Every planted defect is found, with its code and in its cell."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from giamngheo.checks.consistency import CHECKS, findings
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets, write
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import reading
from tests.demo.defects import AGAINST_CHECKS, KINDS, SLIPS, Kind, Place, planted


@cache
def years(seed: int) -> dict[int, Dataset]:
    (district,) = districts(seed, 1)
    return {data.year: data for data in datasets(district)}


def made(seed: int, year: int) -> Dataset:
    return years(seed)[year]


def found(data: Dataset) -> set[Place]:
    return {Place(finding.code, finding.sheet, finding.cell) for finding in findings(data)}


@pytest.mark.parametrize("kind", AGAINST_CHECKS, ids=lambda kind: kind.__name__)
def test_a_defect_alone_is_found_in_its_cell(kind: Kind) -> None:
    data, (place,) = planted(made(7, 2024), [kind])
    assert place in found(data)


@pytest.mark.parametrize(("seed", "year"), [(1, 2022), (4, 2023), (7, 2024)])
def test_all_defects_together_are_found(seed: int, year: int) -> None:
    data, places = planted(made(seed, year), AGAINST_CHECKS)
    assert len(places) == len(AGAINST_CHECKS)
    assert set(places) <= found(data)


def test_what_is_typed_wrongly_is_found_in_the_file_and_hides_no_other_defect(tmp_path: Path) -> None:
    data, places = planted(made(4, 2023), KINDS)
    read = reading(write(data, tmp_path), data.unit, 2023)
    seen = {(told.code, told.sheet, told.cell) for told in findings(read.dataset, broken=read.broken)}
    assert {(place.code, place.sheet, place.cell) for place in places} <= seen
    clean = reading(write(made(4, 2023), tmp_path / "clean"), data.unit, 2023)
    assert {place.code for place in places[-len(SLIPS) :]}.isdisjoint(told.code for told in clean.findings)


def test_defects_have_codes_of_rules() -> None:
    codes = {check.code for check in CHECKS}
    _, places = planted(made(7, 2024), AGAINST_CHECKS)
    assert {place.code for place in places} <= codes
    assert len({place.code for place in places}) == len(AGAINST_CHECKS)


def test_planting_leaves_the_clean_data_as_it_was() -> None:
    clean = made(7, 2024)
    planted(clean, KINDS)
    assert findings(clean) == []


def test_the_command_says_what_it_wrote(called: Callable[..., object], tmp_path: Path) -> None:
    done = called("demo", tmp_path, "--seed", "2", "--districts", "1")
    assert (done.returncode, done.stderr) == (0, "")
    workbooks = [Path(line) for line in done.stdout.splitlines()]
    assert workbooks == [tmp_path / "ngan-ha" / f"{year}.xlsx" for year in (2022, 2023, 2024)]
    assert all(path.is_file() for path in workbooks)


def test_too_many_districts_is_one_clear_line(giamngheo: Callable[..., object], tmp_path: Path) -> None:
    done = giamngheo("demo", tmp_path / "d", "--districts", "21")
    assert done.returncode == 2
    assert done.stderr == "Chỉ làm được từ 1 đến 20 huyện giả lập, không phải 21.\n"
    assert not (tmp_path / "d").exists()
