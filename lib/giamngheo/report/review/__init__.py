"""The report of an annual review, one function for each cell of its notebook, in the order they are read."""

from dataclasses import replace

import pandas as pd

from giamngheo.households.flows import FLOWS
from giamngheo.report.elements import Closing, DataTable, Figure, Letterhead, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.review import annex as household_annex
from giamngheo.report.review import charts, tables
from giamngheo.report.review.facts import HouseholdFacts, household_facts

__all__ = [
    "annex",
    "by_unit",
    "causes",
    "classes_figure",
    "closing",
    "contributions",
    "deprivation_map",
    "deprivations",
    "disagreements",
    "ethnicity",
    "flow_text",
    "groups",
    "household_facts",
    "letterhead",
    "measures",
    "measures_text",
    "near_poor_flows",
    "near_poor_flows_persons",
    "peoples_by_unit",
    "poor_flows",
    "poor_flows_persons",
    "rates_figure",
    "request",
    "results",
    "summary_households",
    "summary_persons",
]


def letterhead(facts: HouseholdFacts) -> Letterhead:
    """Head of the document (Decree 30/2020, annex I)."""
    form, day = facts.data.form, facts.review.day
    return Letterhead(
        parent_body=form["parent_body"],
        issuing_body=form["issuing_body"],
        symbol=form["number_symbol"],
        place=form["place"],
        year=day.year,
        month=day.month,
        subject=f"Kết quả rà soát hộ nghèo, hộ cận nghèo năm {day.year} trên địa bàn {facts.unit_name}",
        addressee=form["addressee"],
        bases=(),
        marking=form.get("marking", ""),
    )


def results(facts: HouseholdFacts) -> Prose:
    """Part I: households of each class and their rates."""
    row = facts.summary.iloc[-1]
    households = row["households"]
    classes = [
        {"title": title, "households": row[f"{name}_households"], "rate": _rate(row[f"{name}_households"], households)}
        for name, title in tables.CLASS_WORDS.items()
    ]
    both = row["poor_households"] + row["near_poor_households"]
    text = narrative(
        "review/results",
        unit=facts.unit_name,
        day=facts.review.day,
        reference=facts.review.standard.reference,
        by_income=facts.by == "income",
        households=households,
        classes=classes,
        multidimensional=both,
        multidimensional_rate=_rate(both, households),
        is_public=facts.is_public,
        smallest=facts.smallest,
    )
    return Prose(text)


def summary_households(facts: HouseholdFacts) -> DataTable:
    """The official summary in households; inside, with how much of the files was not read as it stands."""
    table = tables.summary_table(facts, "households", "Bảng 1. Tổng hợp kết quả rà soát (hộ)")
    count = len(facts.review.notes)
    if not count or facts.is_public:
        return table
    return replace(table, note=f"Tệp hộ có {count} điều cần lưu ý, xem bằng lệnh giamngheo households check.")


def summary_persons(facts: HouseholdFacts) -> DataTable:
    """The official summary in persons."""
    return tables.summary_table(facts, "persons", "Bảng 2. Tổng hợp kết quả rà soát (khẩu)")


def rates_figure(facts: HouseholdFacts) -> Figure:
    """Rates of each unit in small multiples."""
    return charts.rate_multiples(facts, "Hình 1. Tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị (%)")


def flow_text(facts: HouseholdFacts) -> Prose:
    """Part II: what changed since the review before."""
    classes = []
    for name, word, other in (("poor", "nghèo", "cận nghèo"), ("near_poor", "cận nghèo", "nghèo")):
        if not facts.has_flows:
            break
        row = facts.flows[name].iloc[-1]
        counts = {flow: row[f"{flow}_households"] for flow in FLOWS}
        classes.append({"title": tables.CLASS_WORDS[name], "word": word, "other": other} | counts)
    return Prose(narrative("review/flows", classes=classes, are_hidden=bool(facts.flows) and not classes))


def poor_flows(facts: HouseholdFacts) -> DataTable | Prose:
    """The official flow table of the poor, in households."""
    return tables.flow_table(facts, "poor", "households", "Bảng 3. Diễn biến hộ nghèo (hộ)")


def poor_flows_persons(facts: HouseholdFacts) -> DataTable | Prose:
    """The same in persons; not for the public."""
    return tables.flow_table(facts, "poor", "persons", "Bảng 3 (tiếp). Diễn biến hộ nghèo (khẩu)")


def near_poor_flows(facts: HouseholdFacts) -> DataTable | Prose:
    """The official flow table of the near-poor, in households."""
    return tables.flow_table(facts, "near_poor", "households", "Bảng 4. Diễn biến hộ cận nghèo (hộ)")


def near_poor_flows_persons(facts: HouseholdFacts) -> DataTable | Prose:
    """The same in persons; not for the public."""
    return tables.flow_table(facts, "near_poor", "persons", "Bảng 4 (tiếp). Diễn biến hộ cận nghèo (khẩu)")


def classes_figure(facts: HouseholdFacts) -> Figure | Prose:
    """From last year's class to this year's."""
    return charts.class_flow_figure(facts, "Hình 2. Hộ chuyển giữa các nhóm từ kỳ trước sang kỳ này")


def deprivations(facts: HouseholdFacts) -> DataTable:
    """Part III: deprivations by indicator."""
    return tables.deprivation_table(facts, "Bảng 5. Mức độ thiếu hụt của hộ nghèo, hộ cận nghèo theo chỉ số")


def deprivation_map(facts: HouseholdFacts) -> Figure | Prose:
    """Deprivations of the poor by unit."""
    return charts.deprivation_map(facts, "Hình 3. Tỷ lệ hộ nghèo thiếu hụt theo chỉ số và đơn vị (%)")


def groups(facts: HouseholdFacts) -> DataTable:
    """By group."""
    return tables.group_table(facts, "Bảng 6. Hộ nghèo, hộ cận nghèo theo nhóm đối tượng")


def ethnicity(facts: HouseholdFacts) -> DataTable:
    """By ethnic group."""
    return tables.ethnicity_table(facts, "Bảng 7. Hộ nghèo, hộ cận nghèo theo dân tộc")


def causes(facts: HouseholdFacts) -> DataTable:
    """By cause of poverty."""
    return tables.cause_table(
        facts, "Bảng 8. Hộ nghèo, hộ cận nghèo theo nguyên nhân; một hộ có thể có nhiều nguyên nhân"
    )


def measures_text(facts: HouseholdFacts) -> Prose:
    """Part IV: what the measures of Alkire and Foster are."""
    return Prose(narrative("review/measures", cutoff=facts.poverty.cutoff))


def measures(facts: HouseholdFacts) -> DataTable | Prose:
    """H, A and M0 by unit."""
    return tables.measure_table(facts, "Bảng 9. Tỷ lệ (H), mức độ (A) và chỉ số nghèo đa chiều (M0) theo đơn vị")


def contributions(facts: HouseholdFacts) -> Figure | Prose:
    """Contributions of the dimensions."""
    return charts.contribution_figure(facts, "Hình 4. Đóng góp của các chiều vào chỉ số nghèo đa chiều")


def disagreements(facts: HouseholdFacts) -> DataTable | Prose:
    """Where income and scores disagree; not for the public."""
    return tables.disagreement_table(facts, "Bảng 10. Hộ có kết quả khác nhau giữa thu nhập và điểm B1, B2")


def request(facts: HouseholdFacts) -> Prose:
    """The closing sentence."""
    form = facts.data.form
    return Prose(narrative("review/request", author=form["author_name"], addressee=form["addressee"]))


def closing(facts: HouseholdFacts) -> Closing:
    """Recipients and signature."""
    form = facts.data.form
    recipients = facts.data["recipients"].sort_values("position")["text"]
    return Closing(tuple(recipients), form["signatory_office"], form["signatory_name"])


def annex(facts: HouseholdFacts) -> Prose:
    """Title of the annex; nothing for the public, nor of a unit without others below it."""
    return Prose("# PHỤ LỤC: KẾT QUẢ RÀ SOÁT THEO ĐƠN VỊ" if household_annex.has_annex(facts) else "")


def by_unit(
    facts: HouseholdFacts, part: str = "indicator", kind: str = "poor", value: str = "households"
) -> DataTable | Prose:
    """A table of the annex; what may be chosen says household_annex.Choice."""
    return household_annex.unit_table(facts, household_annex.Choice(part, kind, value))


def peoples_by_unit(facts: HouseholdFacts) -> DataTable | Prose:
    """The table of the annex by ethnic group."""
    return household_annex.peoples_table(facts)


def _rate(part: object, whole: object) -> object:
    return pd.NA if pd.isna(part) or pd.isna(whole) or not whole else 100 * part / whole  # type: ignore[operator]
