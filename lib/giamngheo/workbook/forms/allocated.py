"""What tables of capital by project bring into a workbook: allocations for which it has none."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from giamngheo.regulation.programme import Programme
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.forms.figures import Answers, Figure, Said, named_place
from giamngheo.workbook.forms.layout import Form
from giamngheo.workbook.forms.places import LEFT_OUT
from giamngheo.workbook.schema import choices, table

PREFIX = "capital."
"""Before the columns of what is allocated in a table that tells what was paid as well."""

Amounts = Mapping[tuple[str, str], tuple[int, tuple[int, int]]]
"""Đồng and the row and column of the cell, by the code of the content and the name of the heading."""


def allocations(
    form: Form, amounts: Amounts, of: tuple[Dataset, Programme, int], answers: Answers, *, said: Said
) -> Iterator[Figure]:
    """Yield the allocations that the workbook does not have; where it has some of a content, the sums are compared.

    A form tells how much there is, not which decisions gave it: rows are never added to those that are there.
    """
    errors, doubts = said
    new = list(_missing(form, amounts, of, doubts))
    if new and answers.budget_level not in {"", LEFT_OUT}:
        if not answers.decision[0]:
            doubts.append(f"{named_place(form.table)}: chưa ghi quyết định giao vốn; ghi --decision nếu biết")
        yield from (_figure(one, of[2], answers) for one in new)
    elif new and not answers.budget_level:
        levels = ", ".join(choices("budget_level").values())
        errors.append(
            f"{named_place(form.table)}: {len(new)} số kế hoạch vốn chưa có trong sổ; ghi --budget-level và cấp ngân "
            f"sách ({levels}), hoặc --budget-level {LEFT_OUT} để không ghi kế hoạch vốn"
        )


New = tuple[str, str, int, str]
"""An allocation to be written: code of the content, source, đồng, and the cell it stands in, in words."""


def _missing(form: Form, amounts: Amounts, of: tuple[Dataset, Programme, int], doubts: list[str]) -> Iterator[New]:
    """Yield the allocations of which the workbook has none; others that differ are doubts."""
    workbook, programme, year = of
    for (code, heading), (value, cell) in amounts.items():
        source, place = heading.partition("@")[2], form.table.place(*cell)
        standing = _standing(workbook, programme, (code, source, year))
        total = int(standing["planned_vnd"].sum())
        if len(standing) and total != value:
            doubts.append(
                f"{place}: kế hoạch vốn ghi {value} đồng, sổ ghi {total} đồng ({len(standing)} dòng, trang "
                f"{table('capital').sheet!r}): giữ nguyên, sửa ở sổ nếu cần"
            )
        elif not len(standing) and source == "unsplit":
            doubts.append(f"{place}: kế hoạch vốn không tách nguồn, không ghi")
        elif not len(standing) and value:
            yield code, source, value, place


def _figure(new: New, year: int, answers: Answers) -> Figure:
    code, source, value, place = new
    decision, day = answers.decision
    identity: dict[str, Any] = {"decision": decision, "project_code": code, "source": source}
    identity |= {"budget_level": answers.budget_level, "fund_year": year, "unit_code": ""}
    return Figure("capital", "planned_vnd", tuple(identity.items()), day, value, place)


def _standing(workbook: Dataset, programme: Programme, line: tuple[str, str, int]) -> pd.DataFrame:
    """Return the unit's own allocations of a content, of its parts or of what it is part of, from a source or all."""
    code, source, year = line
    parents = {content.code: content.parent for content in programme.contents}
    alike = {code} | {other for other in parents if code in _above(other, parents)} | set(_above(code, parents))
    capital = workbook["capital"]
    own = capital[(capital["unit_code"] == "") & (capital["fund_year"] == year)]
    own = own[own["project_code"].isin(alike) & own["planned_vnd"].notna()]
    return own if source == "unsplit" else own[own["source"] == source]


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    while code := parents.get(code, ""):
        yield code
