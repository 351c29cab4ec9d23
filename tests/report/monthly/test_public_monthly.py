"""What a public monthly report says where some stocks are too small to be told."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.core.period import Period
from giamngheo.report import monthly
from giamngheo.report.facts import book_of, facts_of
from giamngheo.workbook.read.workbook import read_workbook

WORKBOOK = Path(__file__).parents[3] / "data" / "tu-mo-rong" / "2023.xlsx"
PRINTED = ("poverty", "poverty_table", "poverty_figure", "poverty_change", "parts", "parts_table", "parts_figure")


@cache
def official():
    return read_workbook(WORKBOOK, "tu-mo-rong", 2023)


def facts(audience, *rows, older=None):
    """Facts of August 2023 where reviews are the given: day, unit's place, households, poor and near-poor of each."""
    return facts_of(book(*rows), Period(2023, 8), audience, older=older)


def book(*rows):
    dataset = official()
    units = dataset["units"]
    whole = dataset.form["unit_code"]
    codes = [whole, *units.loc[units["parent_code"] == whole, "code"].head(3)]
    columns = ("households", "poor_households", "near_poor_households")
    made = pd.DataFrame(
        [
            {"date": pd.Timestamp(day), "unit_code": codes[at], **dict(zip(columns, counts, strict=True))}
            for day, at, *counts in rows
        ]
    )
    reviews = made.reindex(columns=dataset["reviews"].columns).assign(row=range(5, 5 + len(made)))
    text = [name for name in reviews if dataset["reviews"][name].dtype == "str"]
    reviews = reviews.assign(**dict.fromkeys(text, "") | {"unit_code": made["unit_code"]}).astype(
        dataset["reviews"].dtypes
    )
    kept = units[units["code"].isin(codes)].reset_index(drop=True)
    no_flows = {name: dataset[name].iloc[:0] for name in ("poor_flows", "near_poor_flows")}
    return book_of(replace(dataset, tables={**dataset.tables, "reviews": reviews, "units": kept} | no_flows))


SMALL = [
    *(
        ("2022-12-31", at, *counts)
        for at, counts in enumerate([(600, 86, 83), (200, 3, 41), (200, 41, 21), (200, 42, 21)])
    ),
    *(
        ("2023-07-31", at, *counts)
        for at, counts in enumerate([(600, 86, 80), (200, 4, 40), (200, 40, 20), (200, 42, 20)])
    ),
    *(
        ("2023-08-15", at, *counts)
        for at, counts in enumerate([(600, 85, 80), (200, 5, 40), (200, 40, 20), (200, 40, 20)])
    ),
]
TINY = [
    (day, 0, 300, poor, near) for day, poor, near in (("2022-12-31", 4, 20), ("2023-07-31", 3, 9), ("2023-08-15", 2, 9))
]


@pytest.mark.parametrize("rows", [SMALL, TINY], ids=["small units", "a small whole"])
def test_every_part_is_made_and_blanks_are_explained(rows):
    public = facts("public", *rows)
    for name in PRINTED:
        assert getattr(monthly, name)(public)._repr_mimebundle_()
    for told in (monthly.poverty(public).markdown.replace("\\", ""), monthly.poverty_table(public).note):
        assert "dưới 5 hộ" in told
        assert "hoặc là chưa có số liệu" in told, "which of the two a blank is, nobody is told"


def test_what_is_small_and_what_would_tell_it_is_blank_on_each_day():
    public, internal = (monthly.parts_table(facts(audience, *SMALL[:8])).frame for audience in ("public", "internal"))
    assert internal["poor_households"].tolist() == [4, 40, 42, 86]
    assert public["poor_households"].isna().sum() == 2
    assert pd.isna(public["poor_households"][0])
    blank = public["poor_households"].isna()
    for name in ("poor_rate_pct", "multidimensional_rate_pct", "rate_rank", "change", "change_rank"):
        assert public[name][:3].isna()[blank[:3]].all()


def test_a_unit_that_is_hidden_is_not_said_to_lack_a_review():
    said = monthly.parts(facts("public", *SMALL[:8])).markdown
    assert "Chưa có kết quả" not in said
    assert "của xã nêu số liệu: 01 xã" in said


def test_the_sentences_and_the_manifest_tell_no_small_stock():
    public = facts("public", *TINY)
    said = monthly.poverty(public).markdown.replace("\\", "") + monthly.poverty_change(public).markdown.replace(
        "\\", ""
    )
    assert "Hộ nghèo: …/300 hộ" in said
    assert "hộ nghèo giảm 1 hộ" not in said
    _, metadata = monthly.record(public)._repr_mimebundle_()
    assert "'poor_households': None" in str(metadata)


def test_where_nothing_is_small_the_public_reads_all():
    rows = [("2021-12-31", 0, 600, 90, 300), ("2022-12-31", 0, 600, 86, 83), ("2023-08-15", 0, 600, 85, 80)]
    public, internal = (facts(audience, *rows) for audience in ("public", "internal"))
    for name in PRINTED[:4]:
        first, second = (getattr(monthly, name)(report)._repr_mimebundle_()[0] for report in (public, internal))
        assert first["text/plain"] == second["text/plain"]


def test_a_day_is_hidden_as_in_the_edition_of_then_which_knew_the_parts():
    """Of the five near-poor of the whole the communes had one, one and three: beside their noughts five tell that."""
    then = [
        ("2021-12-31", at, *counts)
        for at, counts in enumerate([(600, 86, 5), (200, 30, 1), (200, 28, 1), (200, 28, 3)])
    ]
    now = [("2021-12-31", 0, 600, 86, 5), ("2022-12-31", 0, 600, 80, 30)]
    known, alone = facts("public", *now, older=book(*then)), facts("public", *now)
    assert alone.review_before["near_poor_households"].tolist() == [5]
    assert known.review_before["near_poor_households"].isna().all()
    assert known.review_before["poor_households"].tolist() == [86]
    assert known.review_base["near_poor_households"].tolist() == [30]
    assert facts("internal", *now, older=book(*then)).review_before["near_poor_households"].tolist() == [5]


DISTRICTS = {"x": {"a": 50, "b": 50}, "y": {"c": 1, "d": 2}, "z": {"e": 13, "f": 400}}
"""Poor households of districts by commune; y has three: before the merger x is hidden with it, later its communes were
told."""


def test_what_districts_hid_is_not_told_by_the_communes_that_came_in_their_place():
    dataset = official()
    whole, poor = dataset.form["unit_code"], {code: of for of in DISTRICTS.values() for code, of in of.items()}
    old = [(name, whole, "") for name in DISTRICTS] + [(c, name, f"N{c}") for name, of in DISTRICTS.items() for c in of]
    own = dataset["units"].query("code == @whole")
    ended = [own.assign(code=c, parent_code=above, merged_into=into, valid_to=JUNE) for c, above, into in old]
    new = [own.assign(code=f"N{c}", parent_code=whole, valid_from=JUNE + pd.Timedelta(days=1)) for c in poor]
    units = pd.concat([own, *ended, *new], ignore_index=True).astype(dataset["units"].dtypes)
    rows = pd.DataFrame({"unit_code": list(poor), "poor_households": list(poor.values())})
    rows = rows.assign(date=pd.Timestamp("2022-12-31"), households=500, near_poor_households=100, row=range(5, 11))
    reviews = rows.reindex(columns=dataset["reviews"].columns)
    text = [name for name in reviews if dataset["reviews"][name].dtype == "str" and name != "unit_code"]
    tables = {
        "reviews": reviews.assign(**dict.fromkeys(text, "")).astype(dataset["reviews"].dtypes),
        "units": units,
        "poor_flows": dataset["poor_flows"].iloc[:0],
        "plans": dataset["plans"].iloc[:0],
    }
    made = book_of(replace(dataset, tables={**dataset.tables, **tables}))
    before, later = (monthly.parts_table(facts_of(made, Period(2023, month), "public")).frame for month in (5, 8))
    assert before["poor_households"].isna().tolist() == [True, True, False, False]
    assert later.iloc[:-1]["poor_households"].isna().all()
    assert later["poor_households"].iloc[-1] == before["poor_households"].iloc[-1] == sum(poor.values())


JUNE = pd.Timestamp("2023-06-30")
