"""Names and identity numbers planted in household files are hunted through all that comes out."""

import logging
import pickle
import tempfile
import zipfile

import pytest
from click.testing import CliRunner

from giamngheo.cli.households import command
from giamngheo.core.errors import GiamngheoError
from giamngheo.households import tables
from giamngheo.households.disclosure.edition import hidden_of, printed_tables
from giamngheo.households.disclosure.tables import shown_peoples, shown_summary
from giamngheo.households.engine import EngineError, frame, households, workspace
from giamngheo.households.file.schema import HouseholdColumn, household_columns
from giamngheo.households.measures.alkire_foster import Poverty, indicator_measures, measures
from giamngheo.households.measures.income import income_totals
from giamngheo.households.measures.survey import ALKIRE_FOSTER, bootstrapped, linearized, sample_counts
from giamngheo.households.review import Method, at_level, file_problems, flows, review, summaries
from giamngheo.report import review as household_review
from giamngheo.report.explore import measures as explore_measures
from giamngheo.report.explore import poverty as explore_poverty
from giamngheo.report.explore import robustness as explore_robustness
from giamngheo.report.explore import what_if as explore_what_if
from giamngheo.workbook.write.template import write_workbook
from tests.households.conftest import YEAR_AFTER

NAMES = ("Nguyễn Thị Kín", "A Mật", "Y Giấu")
NUMBERS = ("062199000111", "062199000222", "062199000333")
PLANTED = (*NAMES, *NUMBERS)


def planted(name, number, **fields):
    return {"household_id": number, "Họ tên chủ hộ": name, "Số CCCD": number} | fields


ROWS = [planted(name, number, unit_code="23404-1") for name, number in zip(NAMES, NUMBERS, strict=True)]

A_YEAR_LATER = [row | YEAR_AFTER for row in ROWS]


def assert_clean(*things):
    for thing in things:
        text = thing if isinstance(thing, str) else pickle.dumps(thing).decode("utf-8", errors="ignore")
        assert not [secret for secret in PLANTED if secret in text]


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory, monkeypatch):
    """A folder of its own for temporary files, that must be empty in the end."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def test_tables_and_measures_name_nobody(written, units, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    now, before = written(*A_YEAR_LATER), written(*ROWS[:2], name="before.csv")
    result = review(now, Method(units), before=before)
    counts = at_level(result, "commune")
    printed = printed_tables(result, "617", "commune", counts)
    hidden = hidden_of(printed, 5)
    assert_clean(
        result,
        summaries(result),
        *(flows(result, name, "village") for name in ("poor", "near_poor")),
        tables.deprivation_table(counts),
        tables.group_table(counts),
        tables.cause_table(counts),
        tables.ethnicity_table(result.counts.ethnicity),
        measures(result.counts.patterns, Poverty((1,) * 12, 3)),
        indicator_measures(result.counts.patterns, Poverty((1,) * 12, 3)),
        printed,
        shown_summary(printed.summary, hidden),
        shown_peoples(printed.peoples, hidden),
        caplog.text,
        *capfd.readouterr(),
    )


def test_samples_name_nobody(work, written, standard):
    rows = households(work, written(*ROWS))
    counts = sample_counts(rows).assign(poor=1.0, population=2.0, censored=0.5)
    totals = income_totals(rows, standard)
    assert_clean(counts, totals)
    assert_clean(linearized(counts, ALKIRE_FOSTER), bootstrapped(counts, ALKIRE_FOSTER, seed=1, replicates=50))


def is_text(column: HouseholdColumn) -> bool:
    return column.kind in {"people", "code", "choice"}


TEXTS = [column.name for column in household_columns() if is_text(column)]
"""All columns in which words can stand: of the others nothing but numbers and days is read."""


@pytest.mark.parametrize("column", TEXTS)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_is_typed_into_any_column_goes_no_further(column, kind, written, units, tmp_path, as_parquet):
    sample = {"weight": 1, "stratum": "1", "cluster": "1"} if column in {"stratum", "cluster"} else {}
    path = written(*(row | sample | {column: name} for row, name in zip(ROWS, NAMES, strict=True)))
    if kind == "parquet":
        as_parquet(f"from read_csv('{path}', all_varchar=true)", tmp_path / "h.parquet")
        path = tmp_path / "h.parquet"
    found = file_problems(path, Method(units))
    assert_clean(*map(str, found.problems), *found.notes)
    try:
        result = review(path, Method(units))
    except GiamngheoError as error:
        assert column not in {"household_id", "ethnic_group", "stratum", "cluster"}
        assert_clean(str(error), repr(error), repr(error.__cause__))
    else:
        counts = at_level(result, "commune")
        assert_clean(result, summaries(result), printed_tables(result, "617", "commune", counts))


def test_every_column_is_a_number_a_day_or_a_text_that_is_looked_after():
    numbers = {"flag", "count", "money", "number", "date"}
    assert {column.kind for column in household_columns() if not is_text(column)} <= numbers


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_an_unlisted_people_is_printed_as_other_and_told(audience, written, workbook):
    rows = [ROWS[0] | {"ethnic_group": f"{NAMES[number % 3]} {NUMBERS[0]}"} for number in range(6)]
    rows = [row | {"household_id": f"H{number}"} for number, row in enumerate([*rows, *rows])]
    facts = household_review.household_facts(str(written(*rows)), str(workbook), audience=audience)
    table, summary = household_review.ethnicity(facts), household_review.summary_households(facts)
    assert table.frame["name"].tolist() == ["Khác"]
    assert "Khác: hộ có tên dân tộc ghi trong tệp hộ không thuộc Danh mục" in table.note
    assert ("Tệp hộ có 2 điều cần lưu ý, xem bằng lệnh" in summary.note) == (audience == "internal")
    assert_clean(table._repr_mimebundle_(), summary._repr_mimebundle_(), facts.review, facts.printed)


BROKEN = [
    {"members": "Nguyễn Thị Kín"},
    {"area": "062199000111"},
    {"unit_code": "062199000222"},
    {"date": "A Mật"},
    {"household_id": "062199000333"},
]


def test_problems_and_errors_name_nobody(written, units):
    path = written(*ROWS, *(ROWS[0] | fields for fields in BROKEN))
    assert_clean(*(str(problem) for problem in file_problems(path, Method(units)).problems))
    with pytest.raises(GiamngheoError) as caught:
        review(path, Method(units))
    assert_clean(str(caught.value), repr(caught.value), repr(caught.value.__cause__))


@pytest.mark.parametrize("broken", ['"{0}', "{0},,,\x00", "{0}" * 9 + "\xff"])
def test_lines_that_cannot_be_read_are_not_quoted(written, units, broken):
    path = written(*ROWS)
    path.write_bytes(path.read_bytes() + broken.format(NUMBERS[0]).encode("latin-1") + b"\n")
    with pytest.raises(GiamngheoError) as caught:
        review(path, Method(units))
    assert_clean(str(caught.value))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_engine_s_own_words_are_kept_back(work, written):
    rows = households(work, written(*ROWS))
    with pytest.raises(EngineError) as caught:
        frame(rows, "select household_id::integer + 'x'::integer from households")
    assert_clean(str(caught.value))
    assert "tệp hộ households.csv (" in str(caught.value)


@pytest.fixture
def workbook(units, tmp_path):
    """A workbook of the units."""
    path = tmp_path / "2023.xlsx"
    form = ("parent_body", "issuing_body", "author_name", "number_symbol", "place", "addressee", "signatory_office")
    listed = units.drop(columns=["valid_from", "valid_to"]).to_dict("records")
    records = {"form": [{"unit_code": "617"} | dict.fromkeys(form, "x")], "units": listed}
    write_workbook(path, records, year=2023)
    return path


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_report_names_nobody_in_any_format_of_any_cell(written, workbook, audience, caplog, capfd):
    now, before = written(*A_YEAR_LATER), written(*ROWS[:2], name="before.csv")
    facts = household_review.household_facts(str(now), str(workbook), before=str(before), audience=audience)
    cells = [name for name in household_review.__all__ if name not in {"household_facts", "letterhead", "closing"}]
    assert_clean(*(getattr(household_review, name)(facts)._repr_mimebundle_() for name in cells))
    assert_clean(facts.printed, caplog.text, *capfd.readouterr())


def test_an_exploration_names_nobody_on_paper_or_in_its_lists(written, workbook, caplog, capfd):
    now, before = written(*A_YEAR_LATER), written(*ROWS[:2], name="before.csv")
    explored = explore_poverty.exploration(str(now), str(workbook), before=str(before))
    shown = [explore_measures.error_table, explore_measures.unit_table, explore_measures.indicator_table]
    shown += [explore_robustness.profile_table, explore_robustness.targeting_table]
    shown += [explore_what_if.moved_table, explore_what_if.moved_figure, explore_what_if.line_figure]
    assert_clean(*(show(explored, 2023)._repr_mimebundle_() for show in shown))
    boxes = [explore_poverty.explorer(explored, 2023, "01"), explore_what_if.what_if(explored, 2023)]
    assert_clean(*(repr([child.get_state() for child in box.children]) for box in boxes))
    assert_clean(
        explored.lines, explored.samples, explored.years[2023].review.profiles, caplog.text, *capfd.readouterr()
    )


def test_the_command_and_the_workbook_name_nobody(written, workbook):
    now, before = written(*A_YEAR_LATER), written(*ROWS[:2], name="before.csv")
    run = CliRunner().invoke
    outputs = [
        run(command, ["check", str(now), str(workbook)]).output,
        run(command, ["summarise", str(now), "--into", str(workbook), "--before", str(before)]).output,
        run(command, ["reconcile", str(now), str(workbook)]).output,
    ]
    with zipfile.ZipFile(workbook) as archive:
        sheets = [archive.read(name).decode("utf-8", errors="ignore") for name in archive.namelist()]
    assert "Rà soát" in outputs[1]
    assert_clean(*outputs, *sheets)


def test_the_workspace_is_private_and_gone_afterwards(written):
    with workspace() as work:
        households(work, written(*ROWS))
        assert work.scratch.stat().st_mode & 0o077 == 0
    assert not work.scratch.exists()
