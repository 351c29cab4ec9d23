"""What the manifest learns of a report."""

from pathlib import Path

import nbformat

from giamngheo.export.document import document
from giamngheo.report import monthly

ROOT = Path(__file__).parents[3]
UNIT = ("tu-mo-rong", "2023-08", str(ROOT / "data"))


def kept(audience: str) -> dict:
    data, metadata = monthly.record(monthly.facts(*UNIT, audience))._repr_mimebundle_()
    assert data["text/html"] == ""
    return metadata["giamngheo"]["record"]


def test_key_figures_are_unrounded_and_unknown_ones_are_none() -> None:
    figures = kept("internal")["figures"]
    assert (figures["unit"], figures["level"]) == ("huyện Tu Mơ Rông", "district")
    assert figures["within"] == "tỉnh Kon Tum"
    assert (figures["reviewed"], figures["poor_households"], figures["households"]) == ("2022-12-31", 2859, 6963)
    assert figures["near_poor_households"] == 432
    assert figures["near_poor_rate_pct"] == 432 * 100 / 6963
    assert figures["poor_rate_pct"] == 2859 / 6963 * 100
    assert (figures["planned_vnd"], figures["disbursed_vnd"]) == (71_972_000_000, 4_569_482_000)
    early = monthly.record(monthly.facts("tu-mo-rong", "2023-03", UNIT[2])).figures
    assert early["disbursed_vnd"] is None


def test_findings_are_for_those_inside() -> None:
    (first, *_) = kept("internal")["findings"]
    assert set(first) == {"code", "severity", "file", "sheet", "cell", "text"}
    assert first["file"] == "2023.xlsx"
    assert kept("public")["findings"] == []


def test_the_record_is_no_part_of_the_document() -> None:
    _, metadata = monthly.record(monthly.facts(*UNIT))._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", {"text/html": ""}, metadata=metadata)
    cell = nbformat.v4.new_code_cell("monthly.record(report)", execution_count=1, outputs=[output])
    shown = document(nbformat.v4.new_notebook(cells=[cell]))
    assert all("finding" not in part.html() for part in shown.parts)
