"""The workbooks of the whole made-up province say what those of its districts say together."""

from pathlib import Path

import pandas as pd

from giamngheo.checks.consistency import findings
from giamngheo.demo.make import make_whole
from giamngheo.demo.places import districts
from giamngheo.demo.province import province_datasets
from giamngheo.demo.workbook import datasets
from giamngheo.intake.finding import of_severity
from giamngheo.intake.reader import reading

DAY = pd.Timestamp(2022, 12, 31)


def test_the_figures_of_the_province_are_the_sums_of_its_districts() -> None:
    parts = [next(datasets(district, 1)) for district in districts(1, 2)]
    (whole,) = province_datasets(districts(1, 2), 1)

    def poor(data: object, code: str) -> int:
        rows = data["reviews"]
        return int(rows.loc[(rows["date"] == DAY) & (rows["unit_code"] == code), "poor_households"].iloc[0])

    assert poor(whole, "99") == poor(parts[0], "980") + poor(parts[1], "981")
    for name in ("capital", "disbursements"):
        (amount,) = (column for column in whole[name] if column.endswith("_vnd"))
        assert whole[name][amount].sum() == sum(part[name][amount].sum() for part in parts)
        assert len(whole[name]) < sum(len(part[name]) for part in parts)
    assert whole.form["parent_body"] == "UBND TỈNH THIÊN HÀ"
    assert "Ủy ban nhân dân tỉnh Thiên Hà" in set(whole["documents"]["issuer"])


def test_the_province_has_workbooks_in_which_everything_adds_up(tmp_path: Path) -> None:
    first = next(make_whole(tmp_path, seed=1, count=2))
    assert first == tmp_path / "thien-ha" / "2022.xlsx"
    found = reading(first, "thien-ha", 2022)
    assert len(found.dataset["units"]) == 1 + 2 + 11 + 12
    assert of_severity(findings(found.dataset, broken=found.broken), "error") == []
    assert of_severity(findings(found.dataset, broken=found.broken), "warning") == []
