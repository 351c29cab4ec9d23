"""From made-up households to the monthly report: the same integers all the way."""

import re
import subprocess
import sys

import pytest

from giamngheo.intake.reader import read_workbook
from giamngheo.report import monthly


def run(*arguments):
    program = "from giamngheo.cli.households import command; command()"
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("data") / "made-up"
    run("demo", made, "--households", 1_900)
    return made


def text(html):
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_forms_review_workbook_and_monthly_report_say_the_same(folder):
    now, before, workbook = (
        folder / name for name in ("households-2023.parquet", "households-2022.parquet", "2024.xlsx")
    )
    run("report", now, workbook, "--before", before, "--out", folder / "review", "--formats", "html")
    review = text((folder / "review" / "report.html").read_text("utf-8"))
    run("summarise", now, "--into", workbook, "--before", before)
    reviews = read_workbook(workbook, "made-up", 2024)["reviews"].set_index("unit_code")
    row = reviews.loc[read_workbook(workbook, "made-up", 2024).form["unit_code"]]
    said = f"Hộ nghèo: {row['poor_households']}/1.900 hộ"
    assert said in review
    facts = monthly.facts("made-up", "2024-01", str(folder.parent))
    assert said in monthly.poverty(facts).markdown.replace("\\", "")
