"""A map of the units below: at their centres of the register, or by the office's own boundaries."""

from dataclasses import replace

import pandas as pd

from giamngheo.report import monthly
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.facts import Facts
from tests.report.monthly.changed import demo_report

REAL = ["23404", "23407", "23410", "23413"]
"""Communes of Tu Mơ Rông, which have centres in the register; those of the demo are none of the country's."""


def with_codes(*codes: str) -> Facts:
    """The demo district whose first communes have other codes."""
    facts = demo_report("2024-08")
    parts = facts.change.parts.copy()
    parts["unit_code"] = [*codes, *parts["unit_code"][len(codes) :]]
    return replace(facts, change=replace(facts.change, parts=parts))


def test_units_with_a_centre_are_drawn_and_the_others_told() -> None:
    facts = with_codes(*REAL)
    drawn = monthly.parts_map(facts)
    assert isinstance(drawn, Figure)
    parts = facts.change.parts
    assert f"{len(parts) - 4} xã không có trên bản đồ" in drawn.caption
    assert parts["name"].iloc[0] in drawn.alt
    assert parts["name"].iloc[4] not in drawn.alt
    assert "vòng tròn to là nhiều hộ" in drawn.alt
    assert ">Số hộ<" in drawn.svg


def test_made_up_units_and_fewer_than_three_have_no_map() -> None:
    assert monthly.parts_map(demo_report("2024-08")) == monthly.parts_map(with_codes(*REAL[:2])) == Prose("")


def test_boundaries_of_the_office_are_shaded() -> None:
    facts = demo_report("2024-08")
    corners = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1)]
    areas = {code: [[(x + at / 10, y) for x, y in corners]] for at, code in enumerate(facts.change.parts["unit_code"])}
    drawn = monthly.parts_map(replace(facts, areas=areas))
    assert isinstance(drawn, Figure)
    assert "vùng đậm là tỷ lệ cao" in drawn.alt
    assert "không có trên bản đồ" not in drawn.caption


def test_a_unit_that_the_public_is_not_told_of_is_not_on_the_map() -> None:
    facts = with_codes(*REAL)
    hidden = facts.change.parts.copy()
    hidden.loc[0, ["multidimensional_households", "multidimensional_rate_pct"]] = pd.NA
    drawn = monthly.parts_map(replace(facts, change=replace(facts.change, parts=hidden)))
    assert isinstance(drawn, Figure)
    assert hidden["name"].iloc[0] not in drawn.alt
    assert f">{hidden['name'].iloc[0]}<" not in drawn.svg
