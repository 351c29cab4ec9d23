"""What a report knows."""

from dataclasses import replace

import pandas as pd
import pytest

from giamngheo.core.period import Period
from giamngheo.report.facts import added_up
from giamngheo.workbook.dataset import as_of
from tests.report.monthly.changed import demo


@pytest.mark.parametrize("month", [1, 6, 12])
def test_sums_of_the_whole_year_say_of_a_month_what_its_own_sums_say(month: int) -> None:
    """So they may be made once for all months of a workbook."""
    data, period = demo()[2024], Period(2024, month)
    data = replace(data, tables={**data.tables, "reviews": data["reviews"].query("unit_code != '980'")})
    once, each = as_of(added_up(data), period), added_up(as_of(data, period))
    assert "980" in set(once["reviews"]["unit_code"])
    for name in ("reviews", "poor_flows", "near_poor_flows"):
        pd.testing.assert_frame_equal(once[name], each[name])
