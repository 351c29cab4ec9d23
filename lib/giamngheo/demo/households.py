"""Made-up household files of two years, with a workbook of their units where it would fit one."""

import datetime as dt
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

import pandas as pd

from giamngheo.households.demo import Demo, demo_units, make_households
from giamngheo.households.engine import Workspace, workspace
from giamngheo.regulation.poverty import poverty_standard
from giamngheo.workbook.write.save import put
from giamngheo.workbook.write.template import write_workbook

LARGEST_WORKBOOK = 1_000_000
"""Households up to which a demo gets a workbook: a province or two, not a country."""

_FORM = {
    "parent_body": "ỦY BAN NHÂN DÂN GIẢ LẬP",
    "issuing_body": "CƠ QUAN GIẢ LẬP",
    "author_name": "Cơ quan giả lập",
    "number_symbol": "BC-GL",
    "place": "Giả lập",
    "addressee": "Ủy ban nhân dân giả lập",
    "signatory_office": "THỦ TRƯỞNG",
    "marking": "SỐ LIỆU GIẢ LẬP",
}


def make_household_demo(
    folder: Path, households: int, *, year: int, seed: int, replace: bool = False
) -> tuple[Path, ...]:
    """Write the household files of the reviews of `year` - 1 and `year`; return the paths of what was written.

    households-<year>.parquet for both, units.csv with the made-up units and, up to LARGEST_WORKBOOK households,
    <year + 1>.xlsx: the workbook in which the review of `year` is the stock of last December. replace: what has one of
    these names. Raises NotWrittenError, ChangedMeanwhileError; then nothing is written.
    """
    units = demo_units(households)
    with workspace() as work:  # the engine itself would leave half a file, or write through a link
        made = [_households(work, Demo(households, dt.date(at, 12, 31), seed), units) for at in (year - 1, year)]
        made.append(work.scratch / "units.csv")
        made[-1].write_bytes(units.to_csv(index=False).encode())
        if households <= LARGEST_WORKBOOK:
            made.append(work.scratch / f"{year + 1}.xlsx")
            write_workbook(made[-1], _records(units), year=year + 1)
        files = {folder / path.name: partial(_copy, path) for path in made}
        put(files, was={} if replace else dict.fromkeys(files))
    return tuple(files)


def _households(work: Workspace, demo: Demo, units: pd.DataFrame) -> Path:
    path = work.scratch / f"households-{demo.review.year}.parquet"
    make_households(work, path, demo, units, standard=poverty_standard(on=demo.review))
    return path


def _copy(path: Path, file: IO[bytes]) -> None:
    with path.open("rb") as content:
        shutil.copyfileobj(content, file)


def _records(units: pd.DataFrame) -> Mapping[str, list[dict[str, Any]]]:
    listed = units.drop(columns=["valid_from", "valid_to"]).to_dict("records")
    districts = [unit["code"] for unit in listed if unit["level"] == "district"]
    reporting = districts[0] if len(districts) == 1 else listed[0]["code"]
    recipients = [{"position": 1, "text": "Như trên"}, {"position": 2, "text": "Lưu: VT"}]
    return {"form": [_FORM | {"unit_code": reporting}], "units": listed, "recipients": recipients}
