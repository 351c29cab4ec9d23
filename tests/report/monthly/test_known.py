"""What is known is reported, whatever else is not: rows of reviews and plans with any of their figures blank."""

import re
from collections.abc import Iterator

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.core.period import Period
from giamngheo.report import forms, monthly
from giamngheo.report.elements import DataTable, Prose
from giamngheo.report.facts import book_of, facts_of
from tests.report.monthly.changed import Change, demo, official, official_report, said, with_changed

SECTIONS = (
    monthly.poverty,
    monthly.poverty_table,
    monthly.poverty_change,
    monthly.parts,
    monthly.parts_table,
    forms.review_households,
    forms.poor_flow_households,
)
FIGURES = ("_households", "_persons", "_pct", "_pp")
ODD = re.compile(r"\bnan\b|None|NaN|<NA>|NaT|-0,00|: ?[.;]|, ?[.;]|tỷ lệ ?[.;]|…[^ ]|[^i] …")


def only(*names: str) -> Change:
    """Leave a few figures of each row."""
    return lambda frame: frame.assign(
        **{name: frame[name].mask([True] * len(frame)) for name in figures(frame) if name not in names}
    )


def figures(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame if f"_{name}".endswith(FIGURES)]


def sentences(element: object) -> Iterator[str]:
    if isinstance(element, Prose):
        yield from re.split(r"\. |\n", element.markdown.replace("\\", ""))
    elif isinstance(element, DataTable):
        yield element.note
        yield from (column.shown(value) for column in element.columns for value in element.frame[column.name])


@settings(max_examples=8)
@given(st.data())
def test_no_sentence_is_odd_whatever_is_blank(data: st.DataObject) -> None:
    def blanked(frame: pd.DataFrame) -> pd.DataFrame:
        names = figures(frame)
        gone = data.draw(st.sets(st.sampled_from(names)))
        rows = data.draw(st.lists(st.booleans(), min_size=len(frame), max_size=len(frame)))
        rate = st.one_of(st.none(), st.floats(0, 60).map(lambda value: round(value, 2)))
        shown = [name for name in names if name.endswith(("_pct", "_pp"))]
        typed = {name: pd.array([data.draw(rate)] * len(frame), "Float64") for name in shown}
        return frame.assign(**typed, **{name: frame[name].mask(rows) for name in gone if name not in typed})

    facts = facts_of(
        book_of(with_changed(demo()[2024], {"reviews": blanked, "plans": blanked})), Period(2024, 8), "internal"
    )
    for section in SECTIONS:
        for sentence in sentences(section(facts)):
            assert not ODD.search(sentence), sentence
            assert sentence.count("chưa có số liệu") < 2, sentence
    monthly.poverty_figure(facts)
    monthly.parts_figure(facts)


def test_only_the_poor_are_known() -> None:
    text = said(monthly.poverty(official_report(reviews=only("poor_households"))))
    assert "Hộ nghèo: 2.859 hộ. Trong năm 2022 có 742 hộ thoát nghèo." in text
    assert "Hộ cận nghèo: chưa có số liệu" in text
    assert "(gồm hộ nghèo và hộ cận nghèo): chưa có số liệu." in text
    assert "Giảm 562 hộ nghèo; đến cuối năm còn 2.297/7.050 hộ, chiếm tỷ lệ 32,58%" in text
    assert "Giảm 137 hộ cận nghèo." in text


def test_only_rates_are_known() -> None:
    def published(frame: pd.DataFrame) -> pd.DataFrame:
        rates = (frame["poor_households"] * 100 / frame["households"]).round(2)
        return only()(frame).assign(published_poor_rate_pct=rates)

    text = said(monthly.poverty(official_report(reviews=published)))
    assert "Hộ nghèo: chiếm tỷ lệ 41,06%. So với cuối năm 2021 (52,11%), tỷ lệ hộ nghèo giảm 11,05%" in text
    assert "Giảm 562 hộ nghèo." not in text, "the rate that remains is known by the households expected"


def test_a_plan_in_points_is_told_in_points() -> None:
    def points(frame: pd.DataFrame) -> pd.DataFrame:
        return only("expected_households")(frame).assign(poor_reduction_pp=8.5)

    text = said(monthly.poverty(official_report(plans=points)))
    assert "Kế hoạch năm 2023 giao: - Giảm tỷ lệ hộ nghèo 8,50%; đến cuối năm tỷ lệ còn 32,56%." in text


def test_a_published_rate_of_few_households_is_not_public() -> None:
    def published(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(near_poor_households=pd.NA, published_near_poor_rate_pct=0.04).astype(frame.dtypes)

    book = book_of(with_changed(official(), {"reviews": published}))
    assert "0,04%" not in said(monthly.poverty(facts_of(book, Period(2023, 8), "public")))
    assert "0,04%" in said(monthly.poverty(official_report(reviews=published)))
