"""Every cell of the notebook in every period."""

import pytest

from giamngheo.report import monthly
from giamngheo.report.elements import Prose
from tests.report.monthly.changed import demo_report


@pytest.mark.parametrize("period", ["2022-03", "2022-08", "2023-01", "2024-08", "2024-Q3", "2024-H1", "2024"])
def test_every_cell_can_be_made_in_every_period(period: str) -> None:
    facts = demo_report(period)
    for name in (name for name in monthly.__all__ if name.endswith(("_table", "_figure"))):
        element = getattr(monthly, name)(facts)
        assert element == Prose("") or (element.name, element.number) == (name, 0)
    for name in ("letterhead", "opening", "direction", "poverty", "parts", "allocation", "disbursement", "next_steps"):
        data, _ = getattr(monthly, name)(facts)._repr_mimebundle_()
        assert "None" not in data["text/html"]
        assert "nan" not in data["text/html"].replace("nan>", "")
