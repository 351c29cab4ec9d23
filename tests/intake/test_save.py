"""Workbooks are the same bytes whatever the clock says."""

import time

import pytest

from giamngheo.intake.schema import tables
from giamngheo.intake.template import workbook


@pytest.mark.parametrize("year", [1975, 2120])
def test_a_workbook_is_written_in_a_year_that_no_zip_can_hold(year, monkeypatch):
    def written():
        return workbook({}, tables(), year=2024, kind="unit")

    now = written()
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((year, 6, 1, 12, 0, 0, 0, 152, 0)))
    assert written() == now
