"""An outsider solves public editions as a linear system: no number of households below five may be told by them.

Read is the printed page, HTML with the descriptions of its figures; nothing of our frames.
"""

import json
import re
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from scipy.optimize import linprog
from scipy.sparse import coo_array

from giamngheo.cli import main
from giamngheo.demo.households import make_household_demo
from giamngheo.households.engine import workspace
from giamngheo.report import monthly
from giamngheo.report import review as household_review
from giamngheo.report.elements import Figure
from giamngheo.report.review.facts import household_facts
from giamngheo.run.publishing.exports import exported

SMALLEST = 5
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"

CLASSES = {"Hộ nghèo": "poor", "Hộ cận nghèo": "near", "Mức sống trung bình": "average"}
GROUPS = ("minority", "no labour", "merit", "other")
OUT = ("to_other", "left_above", "other_decrease")
IN = ("from_other", "fell_back", "new", "other_increase")
WHOLE = "whole"
CUTOFF, INDICATORS = 3, 12
_NUMBER = r"(…|[\d.]+)"


def number(text):
    """A printed number, NaN where the reader is not told."""
    text = text.strip()
    return float("nan") if text in {"…", "-", ""} else float(text.rstrip("%").replace(".", "").replace(",", "."))


class Page:
    """The tables by the words of their captions, the descriptions of the figures, the items and paragraphs."""

    def __init__(self, html):
        soup = BeautifulSoup(html, "html.parser")
        self.tables = [
            (table.caption.get_text(), [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows])
            for table in soup.find_all("table")
            if table.caption and (rows := table.tbody.find_all("tr"))
        ]
        self.heads = {
            table.caption.get_text(): [th.get_text() for th in table.thead.tr.find_all("th")]
            for table in soup.find_all("table")
            if table.caption
        }
        self.alts = [image["alt"] for image in soup.find_all("img")]
        self.texts = [text.get_text() for text in soup.find_all(["li", "p"])]

    def rows(self, words):
        """The rows of the table whose caption has the words; none without such a table."""
        return next((rows for caption, rows in self.tables if words in caption), [])

    def of_units(self, words):
        """Unit and percentages, as written, of a figure that describes itself unit by unit."""
        alt = next((alt for alt in self.alts if words in alt), "")
        for entry in alt.split("%. ", 1)[-1].split("; ") if alt else ():
            name, _, values = entry.partition(": ")
            yield unit_of(name), re.findall(r"(…|[\d,]+%)(?:, |$)", values)


def unit_of(name):
    return WHOLE if name.startswith("Toàn ") else name


@dataclass
class Reader:
    """cells: numbers, NaN where not told; equal, at_most: relations, factors of cells and what they come to or less."""

    cells: dict = field(default_factory=dict)
    equal: list = field(default_factory=list)
    at_most: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    rests: dict = field(default_factory=dict)

    def note(self, cell, value):
        if not np.isnan(value) or cell not in self.cells:
            assert np.isnan(old := self.cells.get(cell, np.nan)) or old == value, (cell, old, value)
            self.cells[cell] = value

    def column(self, cells, values):
        """A column or row of a table: where all of it is left out there may be noughts among it.

        The minority, which another form prints, stays where the groups that make up a class are left out as a whole.
        """
        for cell, value in zip(cells, values, strict=True):
            self.note(cell, value)
        self.blocks.append([cell for cell in cells if cell[-2:] != ("group", 0)])

    def ratio(self, part, whole, pct, times=1):
        """A percentage of two decimals of `times` a cell; of the rest the reader knows nothing."""
        if not np.isnan(pct) and part != whole:
            for sign in (1, -1):
                self.at_most.append(({part: sign, whole: -sign * times * (pct + sign * 0.005001) / 100}, 0.0))

    def adds_up(self, total, parts):
        self.equal.append({total: -1.0} | dict.fromkeys(parts, 1.0))

    def rest(self, cell, total, parts):
        """The rest of a total that no table prints."""
        self.rests[cell] = (total, tuple(parts))
        self.adds_up(total, (*parts, cell))

    def review(self, page, year):
        """All of a review; the relations of each table stand where it is read."""
        units = self._stocks(page, year, "(hộ)")
        self._stocks(page, year, "(khẩu)")
        for unit in units:
            for kind in ("all", *CLASSES.values()):
                self.at_most.append(({(year, unit, kind, "hộ"): 1.0, (year, unit, kind, "khẩu"): -1.0}, 0.0))
        self._parts(page, year)
        self._peoples(page, year)
        self._flows(page, year)
        self._map(page, year, units)
        self._measures(page, year, units)

    def _stocks(self, page, year, counted):
        rows, what = page.rows(f"Tổng hợp kết quả rà soát {counted}"), counted.strip("()")
        units = [unit_of(row[0]) for row in rows]
        for place, kind in enumerate(("all", *CLASSES.values())):
            at = 1 if kind == "all" else 2 * place
            cells = [(year, unit, kind, what) for unit in units]
            self.column(cells, [number(row[at]) for row in rows])
            if kind != "all":
                for cell, row in zip(cells, rows, strict=True):
                    self.ratio(cell, (*cell[:2], "all", what), number(row[at + 1]))
        for unit in units:
            kinds = [(year, unit, kind, what) for kind in CLASSES.values()]
            self.rest((year, unit, "not poor", what), (year, unit, "all", what), kinds)
        for kind in ("all", *CLASSES.values()):
            self.over_units(units, (year, kind, what))
        return units

    def over_units(self, units, key):
        year, *rest = key
        if len(units) > 1:
            self.adds_up((year, WHOLE, *rest), [(year, unit, *rest) for unit in units if unit != WHOLE])

    def _parts(self, page, year):
        for name, words in (("indicator", "theo chỉ số"), ("group", "theo nhóm"), ("cause", "theo nguyên nhân")):
            for kind, at in (("poor", 1), ("near", 3)):
                rows, total = page.rows(words), (year, WHOLE, kind, "hộ")
                cells = [(year, WHOLE, kind, name, place) for place in range(len(rows))]
                self.column(cells, [number(row[at]) for row in rows])
                for cell, row in zip(cells, rows, strict=True):
                    self.rest((*cell, "rest"), total, [cell])
                    self.ratio(cell, total, number(row[at + 1]))
                if name == "group":
                    self.adds_up(total, cells[1:])
                if (name, kind) == ("indicator", "near"):
                    self.at_most.append((dict.fromkeys(cells, 1.0) | {total: 1.0 - CUTOFF}, 0.0))

    def _peoples(self, page, year):
        rows = page.rows("theo dân tộc")
        for kind, at in (("all", 1), ("poor", 2), ("near", 4)):
            cells = [(year, "people", row[0], kind) for row in rows]
            self.column(cells, [number(row[at]) for row in rows])
            self.adds_up((year, WHOLE, kind, "hộ"), cells)
            if kind != "all":
                for cell, row in zip(cells, rows, strict=True):
                    self.ratio(cell, (*cell[:3], "all"), number(row[at + 1]))
                if (year, "people", "Kinh", kind) in cells:
                    majority = (year, WHOLE, kind, "group", 0, "rest")
                    self.adds_up((year, "people", "Kinh", kind), [majority])
        for row in rows:
            people = (year, "people", row[0])
            self.at_most.append(({(*people, "all"): -1.0}, -1.0))  # one that nobody is of has no row
            self.rest((*people, "rest"), (*people, "all"), [(*people, "poor"), (*people, "near")])

    def _flows(self, page, year):
        for kind, other, words in (("poor", "near", "Diễn biến hộ nghèo"), ("near", "poor", "Diễn biến hộ cận nghèo")):
            for row in page.rows(f"{words} (hộ)")[-1:]:
                values = dict(zip(("opening", *OUT, *IN, "closing"), map(number, row[1:]), strict=True))
                self.flow(year, kind, other, values)
        for title, kind in CLASSES.items():
            for text in page.texts:
                if found := re.match(rf"{title}: đầu kỳ {_NUMBER} hộ; (?:thoát|ra khỏi diện) {_NUMBER} hộ", text):
                    self.note((year, kind, "left"), number(found[2]))

    def flow(self, year, kind, other, values):
        cells = {name: (year, kind, name) for name in values}
        cells |= {"to_other": (year, kind, "to", other), "from_other": (year, other, "to", kind)}
        cells |= {"opening": (year - 1, WHOLE, kind, "hộ"), "closing": (year, WHOLE, kind, "hộ")}
        self.column([cells[name] for name in (*OUT, *IN)], [values[name] for name in (*OUT, *IN)])
        for end in ("opening", "closing"):
            self.note(cells[end], values[end])
        self.rest((year, kind, "stayed"), cells["opening"], [cells[name] for name in OUT])
        self.adds_up(cells["closing"], [(year, kind, "stayed"), *(cells[name] for name in IN)])
        self.note((year, kind, "left"), np.nan)
        self.adds_up((year, kind, "left"), [cells[name] for name in OUT[:2]])
        self._above(year - 1, ("fell_back", "new"), year)
        self._above(year, ("left_above",), year)

    def _above(self, when, flows, year):
        """Who fell was above the lines before, who rose is there now."""
        kinds, above = ("poor", "near"), (when, "above the lines")
        self.adds_up((when, WHOLE, "all", "hộ"), [above, *((when, WHOLE, kind, "hộ") for kind in kinds)])
        moved = {(year, kind, flow): 1.0 for kind in kinds for flow in flows}
        self.at_most.append((moved | {above: -1.0}, 0.0))

    def _map(self, page, year, units):
        """The heat map has no row of a unit without poor, nor of one of which nothing is told."""
        told = dict(page.of_units("Bản đồ nhiệt"))
        some = [unit for unit in units if self.cells[year, unit, "poor", "hộ"] != 0]
        for unit in some:
            total = (year, unit, "poor", "hộ")
            cells = [(year, unit, "poor", "indicator", place) for place in range(INDICATORS)]
            if unit in told:
                self.column(cells, [np.round(number(text) / 100 * self.cells[total]) for text in told[unit]])
                self.at_most.append(({total: -1.0}, -1.0))
            for cell in cells:
                self.rest((*cell, "rest"), total, [cell])
            self.at_most.append((dict.fromkeys(cells, -1.0) | {total: float(CUTOFF)}, 0.0))
        for place in range(INDICATORS):
            self.over_units(some, (year, "poor", "indicator", place))

    def _measures(self, page, year, units):
        rows = page.rows("chỉ số nghèo đa chiều (M0)")
        shown = [unit_of(row[0]) for row in rows]
        self.column([(year, unit, "deprived") for unit in shown], [number(row[1]) for row in rows])
        for unit, row in zip(shown, rows, strict=True):
            deprived, every, burden = (year, unit, "deprived"), (year, unit, "all", "hộ"), (year, unit, "burden")
            self.note(burden, np.nan)
            for part, whole, at, times in (
                (deprived, every, 2, 1),
                (burden, deprived, 3, INDICATORS),
                (burden, every, 4, INDICATORS),
                (every, (year, WHOLE, "all", "hộ"), 5, 1),
                (burden, (year, WHOLE, "burden"), 6, 1),
            ):
                self.ratio(part, whole, number(row[at]), times)
            self.rest((year, unit, "above"), deprived, [(year, unit, "poor", "hộ")])
            self.rest((year, unit, "spared"), every, [deprived, (year, unit, "near", "hộ")])
            self._indicators(year, unit)
        for unit, values in page.of_units("đóng góp của từng chiều"):
            for dimension, text in enumerate(values):
                self.ratio((year, unit, "burden", dimension), (year, unit, "burden"), number(text))
        for cell in (("deprived",), ("burden",), *(("burden", dimension) for dimension in range(INDICATORS // 2))):
            self.over_units(shown, (year, *cell))

    def _indicators(self, year, unit):
        """What a dimension adds to the burden: deprivations of the poor and of those above the line, each once."""
        above, every = (year, unit, "above"), []
        for dimension in range(INDICATORS // 2):
            pair = (2 * dimension, 2 * dimension + 1)
            more = [(year, unit, "above", place) for place in pair]
            is_some = self.cells[year, unit, "poor", "hộ"] != 0
            poor = [(year, unit, "poor", "indicator", place) for place in pair] if is_some else []
            self.adds_up((year, unit, "burden", dimension), [*poor, *more])
            self.at_most += [({cell: 1.0, above: -1.0}, 0.0) for cell in more]
            every += more
        self.adds_up((year, unit, "burden"), [(year, unit, "burden", place) for place in range(INDICATORS // 2)])
        self.at_most.append((dict.fromkeys(every, -1.0) | {above: float(CUTOFF)}, 0.0))

    def monthly(self, page):
        """What a monthly report says of reviews at the ends of years."""
        self._compared(page)
        self._below(page)
        for text in page.texts:
            if found := re.match(rf"(Hộ nghèo|Hộ cận nghèo): .*?người dân tộc thiểu số {_NUMBER}/", text):
                self.note((self.last, WHOLE, CLASSES[found[1]], "group", 0), number(found[2]))
            for word, *flow in (("thoát nghèo", "poor", "left"), ("thoát cận nghèo", "near", "left_above")):
                if found := re.search(rf"trong năm (\d+) có {_NUMBER} hộ {word}", text):
                    self.note((int(found[1]), *flow), number(found[2]))

    def _compared(self, page):
        words = "so với năm trước và kế hoạch"
        heads = next(heads for caption, heads in page.heads.items() if words in caption)[1:]
        rows = page.rows(words)
        for place, head in enumerate(heads):
            if not (found := re.fullmatch(r"Cuối năm (\d+)", head)):
                continue
            self.last = year = int(found[1])
            cells = [(year, WHOLE, kind, "hộ") for kind in ("all", "poor", "near")] + [(year, WHOLE, "both")]
            for cell, row in zip(cells, rows, strict=True):
                self.note(cell, number(row[1 + 2 * place]))
                self.ratio(cell, cells[0], number(row[2 + 2 * place]))
            self.adds_up(cells[-1], cells[1:3])

    def _below(self, page):
        for row in page.rows("theo xã cuối năm"):
            unit, values = unit_of(row[0]), [number(text.replace("+", "")) for text in row[1:]]
            cells = [(self.last, unit, kind, "hộ") for kind in ("all", "poor", "near")]
            for cell, value in zip(cells, (values[0], values[1], values[3]), strict=True):
                self.note(cell, value)
            both = (self.last, unit, "both")
            self.note(both, np.nan)
            self.adds_up(both, cells[1:])
            for cell, at in ((cells[1], 2), (cells[2], 4), (both, 5)):
                self.ratio(cell, cells[0], values[at])

    def interval(self, solver, cell):
        """The least and the most that a cell can be."""
        columns, options = solver
        aim = np.zeros(len(columns))
        aim[columns[cell]] = 1.0
        low, high = (linprog(sign * aim, **options) for sign in (1, -1))
        assert low.status == 0, (cell, low.message)
        assert high.status in {0, 3}, (cell, high.message)
        return low.fun, -high.fun if high.status == 0 else np.inf

    def solver(self):
        """The columns of the cells, and the relations as linprog takes them."""
        names = {*self.cells, *self.rests, *(cell for relation in self.equal for cell in relation)}
        names |= {cell for relation, _ in self.at_most for cell in relation}
        columns = {cell: place for place, cell in enumerate(sorted(names, key=repr))}
        open_blocks = {
            cell for cells in self.blocks if np.isnan([self.cells[cell] for cell in cells]).all() for cell in cells
        }
        bounds = np.zeros((len(columns), 2))
        for cell, column in columns.items():
            value = self.cells.get(cell, np.nan)
            is_printed = cell in self.cells and cell not in open_blocks and cell[-1] not in {"left", "both", "burden"}
            if cell[-2:] == ("group", 0) and np.isnan(self.cells.get((*cell[:3], "hộ"), np.nan)):
                is_printed = False  # of a class that is left out its minority is too, be it nought
            bounds[column] = (float(is_printed), np.inf) if np.isnan(value) else (value, value)
        ends = [end for _, end in self.at_most]
        return columns, {
            "A_eq": _matrix(self.equal, columns),
            "b_eq": np.zeros(len(self.equal)),
            "A_ub": _matrix([relation for relation, _ in self.at_most], columns),
            "b_ub": np.array(ends) + 1e-6,
            "bounds": bounds,
        }


def _matrix(relations, columns):
    entries = [(row, columns[cell], factor) for row, one in enumerate(relations) for cell, factor in one.items()]
    rows, places, factors = zip(*entries, strict=True)
    return coo_array((factors, (rows, places)), shape=(len(relations), len(columns))).tocsr()


def outputs(name, only="", **known):
    """What the code cells of a notebook display, after its parameters and the cell that reads the data."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    for cell in [cell for cell in cells if cell["cell_type"] == "code"][2:]:
        if re.search(only, source := "".join(cell["source"])):
            yield eval(source, known)._repr_mimebundle_()


def page_of(name, **known):
    return Page("".join(data["text/html"] for data, _ in outputs(name, **known) if "text/html" in data))


def review_page(files, year, audience):
    facts = household_facts(
        str(files[year]), str(files["book"]), before=str(files.get(year - 1, "")), audience=audience
    )
    return page_of("household_review", review=household_review, facts=facts)


def monthly_page(files):
    """All that speaks of households in a monthly report."""
    report = monthly.facts(files["book"].parent.name, "2025-01", str(files["book"].parent.parent), "public")
    return page_of("monthly_report", only="poverty|parts", monthly=monthly, report=report)


CHANGES = {
    "poor are all who are deprived": "* replace (100 as b1_score, 1000000 as income_vnd)",
    "few are poor": "* replace (case when hash(household_id) % 4 = 0 then b1_score else 999 end as b1_score)",
}


@pytest.fixture(scope="module", params=[(1_200, "few are poor"), (260, "poor are all who are deprived")], ids=str)
def files(tmp_path_factory, request):
    """Household files of three years, of a district of one or three communes, and the workbook of their summary."""
    households, change = request.param
    folder = tmp_path_factory.mktemp("demo") / "households"
    made = make_household_demo(folder, households, year=2023, seed=2)[:2]
    *later, _, book = make_household_demo(folder, households, year=2024, seed=2, replace=True)
    found = {"book": book} | dict(zip((2022, 2023, 2024), (*made, later[1]), strict=True))
    for year in (2022, 2023, 2024):
        with workspace() as work:
            path = folder / f"changed-{year}.parquet"
            work.connection.execute(f"copy (select {CHANGES[change]} from '{found[year]}') to '{path}'")
            found[year] = path
    for year in (2023, 2024):
        arguments = ["households", "summarise", str(found[year]), "--into", str(book), "--before", str(found[year - 1])]
        assert CliRunner().invoke(main, arguments).exit_code == 0
    return found


@pytest.fixture(scope="module")
def pages(files):
    """Pages by audience: the reviews of three years and the monthly report after them, figures described, not drawn."""
    with pytest.MonkeyPatch.context() as patch:
        for section in ("results", "flows", "profile", "measures"):
            module = import_module(f"giamngheo.report.review.{section}")
            patch.setattr(module, "figure", lambda *_, alt, caption, name: Figure("<svg/>", alt, caption, name=name))
        return {
            "internal": {year: review_page(files, year, "internal") for year in (2022, 2023, 2024)},
            "public": {year: review_page(files, year, "public") for year in (2022, 2023, 2024)}
            | {"monthly": monthly_page(files)},
        }


def read(pages, names=()):
    reader = Reader()
    for name in names or pages:
        if name == "monthly":
            reader.monthly(pages[name])
        else:
            reader.review(pages[name], name)
    return reader


@pytest.fixture(scope="module")
def truth(pages):
    """The number of every cell that the inside reads, and of every rest."""
    reader = read(pages["internal"])
    numbers = {cell: value for cell, value in reader.cells.items() if not np.isnan(value)}
    for cell, (total, parts) in reader.rests.items():
        if {total, *parts} <= numbers.keys():
            numbers[cell] = numbers[total] - sum(numbers[part] for part in parts)
    return numbers


def test_what_the_inside_reads_adds_up(pages, truth):
    """The relations are right, so that an attacker who uses them is a good one."""
    reader = read(pages["internal"])
    for relation in reader.equal:
        if relation.keys() <= truth.keys():
            assert sum(factor * truth[cell] for cell, factor in relation.items()) == 0, relation
    for relation, end in reader.at_most:
        if relation.keys() <= truth.keys():
            assert sum(factor * truth[cell] for cell, factor in relation.items()) <= end + 1e-6, relation
    assert any(0 < number < SMALLEST for number in truth.values())


def test_nobody_can_tell_that_a_hidden_number_is_below_the_threshold(pages, truth):
    """From the reviews of three years and the monthly report together; from one of them alone all the less."""
    reader = read(pages["public"])
    solver = reader.solver()
    told = {}
    for cell in solver[0]:
        if 0 < truth.get(cell, 0) < SMALLEST:
            low, high = reader.interval(solver, cell)
            if high - low < SMALLEST - 1 - 1e-3 or high < SMALLEST - 1e-3:
                told[cell] = (truth[cell], low, high)
    assert told == {}


def test_the_public_reads_most_of_it(pages):
    """Nothing is protected by printing nothing."""
    public, internal = (read(pages[audience]).cells for audience in ("public", "internal"))
    large = [cell for cell, value in internal.items() if value >= SMALLEST]
    assert sum(np.isnan(public.get(cell, np.nan)) for cell in large) < 0.3 * len(large)


def test_the_monthly_report_and_the_review_hide_the_same_stocks(pages):
    def stocks(names):
        return {c: v for c, v in read(pages["public"], names).cells.items() if c[0] == 2024 and c[-1] == "hộ"}

    of_review, of_month = stocks((2024,)), stocks(("monthly",))
    assert of_month
    for cell, value in of_month.items():
        assert value == of_review[cell] or np.isnan([value, of_review[cell]]).all(), cell


def test_the_excel_file_has_no_number_that_the_page_has_not(files):
    facts = household_facts(str(files[2024]), str(files["book"]), before=str(files[2023]), audience="public")
    cells = [
        nbformat.v4.new_code_cell(
            "", execution_count=1, outputs=[nbformat.v4.new_output("display_data", data, metadata=metadata)]
        )
        for data, metadata in outputs("household_review", review=household_review, facts=facts)
    ]
    made = exported(nbformat.v4.new_notebook(cells=cells), ("html", "xlsx"))
    tables = Page(made["report.html"].decode()).tables
    sheets = openpyxl.load_workbook(BytesIO(made["tables.xlsx"]), read_only=True).worksheets
    laid_out, plain = sheets[: len(tables)], sheets[len(tables) + 1 :]
    for sheet, other in zip(laid_out, plain, strict=True):  # the same numbers for programs: not one more
        counts = [
            sum(isinstance(value, int | float) for line in one.iter_rows(values_only=True) for value in line)
            for one in (sheet, other)
        ]
        assert counts[0] == counts[1], other.title
    for sheet, (_, rows) in zip(laid_out, tables, strict=True):
        body = list(sheet.iter_rows(values_only=True))[-len(rows) - 3 :]
        named = {line[0]: line for line in body}
        for row in rows:
            blank = [value is None or value == "…" for value in named[row[0]][1 : len(row)]]
            assert blank == [text in {"…", "-"} for text in row[1:]], (sheet.title, row)
