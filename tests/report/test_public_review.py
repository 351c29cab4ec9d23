"""An attacker reads everything a public review prints and adds and subtracts: no small number may follow."""

import re

import numpy as np
import pandas as pd
import pytest

from giamngheo.report import household_review as review
from giamngheo.report.elements import DataTable
from giamngheo.report.household_facts import household_facts
from giamngheo.run.household_demo import make_household_demo

KINDS = ("poor", "near_poor", "average")
GROUPS = ("ethnic_minority", "no_labour_capacity", "merit", "other")


@pytest.fixture(scope="module", params=[(700, 5), (1_900, 3)], ids=["one commune", "three communes"])
def both(tmp_path_factory, request):
    households, seed = request.param
    before, now, _, workbook = make_household_demo(tmp_path_factory.mktemp("demo"), households, year=2023, seed=seed)
    audiences = ("internal", "public")
    return [household_facts(str(now), str(workbook), before=str(before), audience=audience) for audience in audiences]


class Read:
    """What a reader writes down of a review: cells with their numbers, NaN where it is not told; sums that hold."""

    def __init__(self, facts):
        self.cells, self.sums = {}, []
        self.units = list(review.summary_households(facts).frame["unit_code"])
        for read in (self.classes, self.parts, self.peoples, self.flows, self.measures, self.figures):
            read(facts)

    def note(self, cell, number):
        known = self.cells.get(cell, np.nan)
        self.cells[cell] = float(number) if not pd.isna(number) and np.isnan(known) else known

    def note_rate(self, cell, rate, whole):
        self.note(cell, np.nan if pd.isna(rate) or pd.isna(whole) else rate * whole / 100)

    def add_up(self, whole, parts):
        for cell in (whole, *parts):
            self.cells.setdefault(cell, np.nan)
        self.sums.append((whole, tuple(parts)))

    def over_units(self, *cell):
        if len(self.units) > 1:
            self.add_up((self.units[-1], *cell), [(unit, *cell) for unit in self.units[:-1]])

    def classes(self, facts):
        for row in review.summary_households(facts).frame.to_dict("records"):
            unit = row["unit_code"]
            self.note((unit, "all"), row["total"])
            for kind in KINDS:
                self.note((unit, kind), row[f"{kind}_households"])
                self.note_rate((unit, kind), row[f"{kind}_rate"], row["total"])
            self.add_up((unit, "all"), [(unit, kind) for kind in (*KINDS, "not_poor")])
        for kind in (*KINDS, "not_poor", "all"):
            self.over_units(kind)

    def parts(self, facts):
        unit = self.units[-1]
        for name in ("deprivations", "groups", "causes"):
            frame = getattr(review, name)(facts).frame
            for kind in KINDS[:2]:
                for place, row in frame.iterrows():
                    self.note((unit, kind, name, place), row[f"{kind}_households"])
                    self.note_rate((unit, kind, name, place), row[f"{kind}_rate_pct"], self.cells[unit, kind])
                    self.add_up((unit, kind), [(unit, kind, name, place), (unit, kind, name, place, "rest")])
        for kind in KINDS[:2]:
            self.add_up((unit, kind), [(unit, kind, "groups", place) for place in (1, 2, 3)])

    def peoples(self, facts):
        frame, unit = review.ethnicity(facts).frame, self.units[-1]
        for row in frame.to_dict("records"):
            people = row["name"]
            self.note((people, "all"), row["households"])
            for kind in KINDS[:2]:
                self.note((people, kind), row[f"{kind}_households"])
            self.add_up((people, "all"), [(people, kind) for kind in (*KINDS[:2], "above")])
        for kind in (*KINDS[:2], "all"):
            self.add_up((unit, kind), [(people, kind) for people in frame["name"]])
        for kind in KINDS[:2]:
            self.add_up((unit, kind, "groups", 0, "rest"), [("Kinh", kind)])

    def flows(self, facts):
        unit = self.units[-1]
        for kind, table in (("poor", review.poor_flows(facts)), ("near_poor", review.near_poor_flows(facts))):
            row = table.frame.iloc[-1]
            flow = {name.removesuffix("_households"): name for name in row.index if name.endswith("_households")}
            other = "near_poor" if kind == "poor" else "poor"
            cells = {name: (unit, kind, "flow", name) for name in flow}
            cells |= {
                "left_to_other_class": (unit, kind, "to", other),
                "entered_from_other_class": (unit, other, "to", kind),
            }
            cells["closing"] = (unit, kind)
            for name, cell in cells.items():
                self.note(cell, row[flow[name]])
            stayed = (unit, kind, "stayed")
            leaving, coming = (
                ("left_to_other_class", "left_above", "other_decrease"),
                ("entered_from_other_class", "fell_back"),
            )
            self.add_up(cells["opening"], [stayed, *(cells[name] for name in leaving)])
            self.add_up(cells["closing"], [stayed, *(cells[name] for name in (*coming, "new", "other_increase"))])
            self.add_up(cells["left"], [cells["left_to_other_class"], cells["left_above"]])

    def measures(self, facts):
        for row in review.measures(facts).frame.to_dict("records"):
            unit, every = row["unit_code"], self.cells[row["unit_code"], "all"]
            whole = self.units[-1]
            self.note_rate((unit, "all"), row["population_share_pct"], self.cells[whole, "all"])
            self.note((unit, "deprived"), row["poor"])
            self.note_rate((unit, "deprived"), row["incidence_pct"], every)
            self.note_rate((unit, "burden"), row["m0_pct"], 12 * every)
            self.add_up((unit, "all"), [(unit, "deprived"), (unit, "not deprived")])
            self.add_up((unit, "deprived"), [(unit, "poor"), (unit, "deprived above")])
        for kind in ("deprived", "burden"):
            self.over_units(kind)

    def figures(self, facts):
        names = dict(zip(review.summary_households(facts).frame["name"], self.units, strict=True))
        for kind, element, whole in (
            ("indicator", review.deprivation_map(facts), "poor"),
            ("dimension", review.contributions(facts), "burden"),
        ):
            for line in getattr(element, "alt", "").split("%. ", 1)[-1].split("; "):
                name, _, values = line.partition(": ")
                found = re.findall(r"(…|[\d,]+%)(?:, |$)", values)
                for place, text in enumerate(found):
                    cell = (names[name], whole, kind, place)
                    rate = np.nan if text == "…" else float(text[:-1].replace(",", "."))
                    self.note(cell, np.round(rate * self.cells[names[name], whole] / 100))
                if kind == "dimension" and name:
                    self.add_up(
                        (names[name], whole), [(names[name], whole, kind, place) for place in range(len(found))]
                    )
        for place in range(12):
            self.over_units("poor", "indicator", place)
            self.over_units("poor", "indicator", place, "rest")
            for unit in self.units:
                part = (unit, "poor", "indicator", place)
                self.add_up((unit, "poor"), [part, (*part, "rest")])
            self.add_up((self.units[-1], "poor", "indicator", place), [(self.units[-1], "poor", "deprivations", place)])


def followed(read):
    """The cells that are told, or that follow from the sums, with their numbers."""
    told = {cell: number for cell, number in read.cells.items() if not np.isnan(number)}
    open_cells = [cell for cell in read.cells if cell not in told]
    place = {cell: column for column, cell in enumerate(open_cells)}
    system, known = np.zeros((len(read.sums), len(open_cells))), np.zeros(len(read.sums))
    for row, (whole, parts) in enumerate(read.sums):
        for cell, sign in ((whole, 1.0), *((part, -1.0) for part in parts)):
            if cell in told:
                known[row] -= sign * told[cell]
            else:
                system[row, place[cell]] += sign
    _, sizes, directions = np.linalg.svd(system)
    free = np.abs(directions[(sizes > 1e-9).sum() :]).max(axis=0, initial=0.0)
    found = np.linalg.lstsq(system, known, rcond=None)[0]
    return told | {cell: found[column] for cell, column in place.items() if free[column] < 1e-6}


def test_what_the_inside_reads_adds_up(both):
    """The sums are right, so that an attacker who uses them is a good one."""
    read = Read(both[0])
    numbers = followed(read)
    for whole, parts in read.sums:
        if all(cell in numbers for cell in (whole, *parts)):
            assert numbers[whole] == pytest.approx(sum(numbers[part] for part in parts)), (whole, parts)
    assert any(0.5 < number < 4.5 for number in numbers.values())


def test_no_number_below_five_follows_from_what_the_public_reads(both):
    numbers = followed(Read(both[1]))
    assert [cell for cell, number in numbers.items() if 0.5 < number < 4.5] == []


def test_the_public_reads_most_of_it(both):
    """Nothing is protected by printing nothing."""
    frames = {
        name: element.frame[[column.name for column in element.columns]]
        for name in review.__all__
        if name != "household_facts" and isinstance(element := getattr(review, name)(both[1]), DataTable)
    }
    assert len(frames) >= 9
    hidden = sum(int(frame.isna().sum().sum()) for frame in frames.values())
    assert hidden < 0.4 * sum(frame.size for frame in frames.values())
