"""What the data of a report does not explain: one check a function; its docstring says what it looks for."""

from collections.abc import Callable, Iterator

import pandas as pd
from babel.numbers import format_decimal

from giamngheo.intake.dataset import Dataset
from giamngheo.intake.finding import Finding
from giamngheo.intake.message import Message
from giamngheo.intake.period import Period
from giamngheo.intake.schema import table
from giamngheo.statistics import poverty

Check = Callable[[Dataset, Period], Iterator[Finding]]

_FLOWS = {"poor": ("poor_flows", "hộ nghèo"), "near_poor": ("near_poor_flows", "hộ cận nghèo")}


def findings(dataset: Dataset, period: Period) -> list[Finding]:
    """Findings of every check over a dataset as of `period`."""
    return [finding for check in CHECKS for finding in check(dataset, period)]


def unexplained_flows(dataset: Dataset, period: Period) -> Iterator[Finding]:
    """Opening stock, exits and recorded inflows do not give the closing stock."""
    for name, (flows, word) in _FLOWS.items():
        balance = poverty.flow_balance(dataset[flows], dataset["reviews"], name)
        open_ends = balance[balance["unexplained_households"].fillna(0) != 0]
        for place, row in open_ends.iterrows():
            gap = row["unexplained_households"]
            yield _finding(
                dataset,
                (flows, "new_households", dataset[flows]["row"][place]),
                code="unexplained-flow",
                found=(
                    f"năm {row['date'].year} đầu kỳ {_count(row['opening_households'])} {word}, thoát"
                    f" {_count(row['left_households'])}, cuối kỳ {_count(row['closing_households'])};"
                    f" còn {_count(abs(gap))} hộ"
                    f" {'tăng' if gap > 0 else 'giảm'} chưa được giải thích"
                ),
                expected="số hộ phát sinh mới, tái diện, chuyển diện và tăng, giảm khác",
            )


def undated_capital(dataset: Dataset, period: Period) -> Iterator[Finding]:
    """Capital whose decision or date is not given: it counts from the start of the year."""
    capital = dataset["capital"]
    missing = capital[capital["date"].isna() | (capital["decision"] == "")]
    if len(missing):
        yield _finding(
            dataset,
            ("capital", "decision", missing["row"].iloc[0]),
            code="undated-capital",
            found=f"{len(missing)} khoản vốn giao chưa ghi số, ngày quyết định nên được tính từ đầu năm",
            expected="số và ngày của quyết định giao vốn",
        )


def undated_documents(dataset: Dataset, period: Period) -> Iterator[Finding]:
    """A document cited without its date."""
    documents = dataset["documents"]
    for _, row in documents[documents["date"].isna()].iterrows():
        yield _finding(
            dataset,
            ("documents", "date", row["row"]),
            code="undated-document",
            found=f"{row['kind']} số {row['number']} chưa ghi ngày ban hành",
            expected="ngày ban hành",
        )


def unsplit_disbursement(dataset: Dataset, period: Period) -> Iterator[Finding]:
    """Money disbursed of which the source is not told apart."""
    paid = dataset["disbursements"]
    for _, row in paid[(paid["source"] == "unsplit") & (paid["disbursed_vnd"] > 0)].iterrows():
        yield _finding(
            dataset,
            ("disbursements", "source", row["row"]),
            code="unsplit-disbursement",
            found=f"số giải ngân của dự án {row['project_code']} chưa tách vốn đầu tư, vốn sự nghiệp",
            expected="số giải ngân theo từng nguồn vốn",
        )


def stale_snapshot(dataset: Dataset, period: Period) -> Iterator[Finding]:
    """The latest disbursement snapshot is from before the period's month."""
    newest = dataset["disbursements"]["date"].max()
    if pd.isna(newest) or (newest.year, newest.month) == (period.year, period.month):
        return
    yield _finding(
        dataset,
        ("disbursements", "date", dataset["disbursements"]["row"].max()),
        code="stale-snapshot",
        found=f"số liệu giải ngân mới nhất chốt ngày {newest:%d/%m/%Y}, trước tháng báo cáo",
        expected=f"số liệu giải ngân của tháng {period.month}/{period.year}",
    )


CHECKS: tuple[Check, ...] = (
    unexplained_flows,
    undated_capital,
    undated_documents,
    unsplit_disbursement,
    stale_snapshot,
)


def _count(number: int) -> str:
    return str(format_decimal(number, locale="vi"))


def _finding(dataset: Dataset, cell: tuple[str, str, int], *, code: str, found: str, expected: str) -> Finding:
    name, column, row = cell
    place = (dataset.file, table(name).sheet, dataset.cell(name, column, row))
    return Finding(code, "warning", *place, Message(found), Message(expected))
