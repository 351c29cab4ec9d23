"""The monthly report, one function for each cell of its notebook; a module a section.

Each takes the Facts and returns an element that shows itself in JupyterLab and in every export.
"""

from giamngheo.report.monthly.capital import allocation, allocation_figure, capital_change
from giamngheo.report.monthly.direction import direction
from giamngheo.report.monthly.disbursement import (
    carried_table,
    disbursement,
    disbursement_figure,
    funding_table,
    sources_table,
)
from giamngheo.report.monthly.disbursement_change import disbursement_change, months_figure, period_table
from giamngheo.report.monthly.former import former, former_figure, former_table
from giamngheo.report.monthly.mobilised import resources, resources_by_content, resources_table
from giamngheo.report.monthly.opening import closing, letterhead, opening
from giamngheo.report.monthly.outlook import outlook, outlook_figure
from giamngheo.report.monthly.parts import parts, parts_figure, parts_map, parts_table
from giamngheo.report.monthly.poverty import poverty, poverty_change, poverty_figure, poverty_table
from giamngheo.report.monthly.record import record
from giamngheo.report.monthly.stated import stated_table
from giamngheo.report.monthly.tasks import annex, next_steps, tasks
from giamngheo.report.monthly.unit_money import unit_money, unit_money_figure, unit_money_table
from giamngheo.report.reading import facts

__all__ = [
    "allocation",
    "allocation_figure",
    "annex",
    "capital_change",
    "carried_table",
    "closing",
    "direction",
    "disbursement",
    "disbursement_change",
    "disbursement_figure",
    "facts",
    "former",
    "former_figure",
    "former_table",
    "funding_table",
    "letterhead",
    "months_figure",
    "next_steps",
    "opening",
    "outlook",
    "outlook_figure",
    "parts",
    "parts_figure",
    "parts_map",
    "parts_table",
    "period_table",
    "poverty",
    "poverty_change",
    "poverty_figure",
    "poverty_table",
    "record",
    "resources",
    "resources_by_content",
    "resources_table",
    "sources_table",
    "stated_table",
    "tasks",
    "unit_money",
    "unit_money_figure",
    "unit_money_table",
]
