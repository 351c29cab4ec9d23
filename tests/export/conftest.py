"""An executed notebook of a made-up district, with the five elements and what analysts add to them."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from nbformat import NotebookNode

from giamngheo.report.elements import Closing, Column, DataTable, Figure, Letterhead, Prose

MILLION = 1_000_000


def picture(width: int = 60, height: int = 30) -> bytes:
    """A PNG of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x90" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def drawing(*shares: float) -> str:
    """An SVG of bars."""
    bars = "".join(
        f'<rect x="{40 + 90 * i}" y="{180 - 1.6 * share}" width="60" height="{1.6 * share}" fill="#444"/>'
        f'<text x="{70 + 90 * i}" y="{172 - 1.6 * share}" font-size="12" text-anchor="middle">{share}%</text>'
        for i, share in enumerate(shares)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="460" height="200" viewBox="0 0 460 200"'
        f' font-family="Liberation Serif">{bars}<path d="M30 180H440" stroke="#000"/></svg>'
    )


def code_cell(*displayed: object, tags: tuple[str, ...] = (), count: int = 1) -> NotebookNode:
    """A code cell that ran and displayed elements."""
    outputs = []
    for element in displayed:
        data, metadata = element._repr_mimebundle_()  # type: ignore[attr-defined]
        outputs.append(nbformat.v4.new_output("display_data", data, metadata=metadata))
    return nbformat.v4.new_code_cell(
        "monthly.part(report)", execution_count=count, outputs=outputs, metadata={"tags": list(tags)}
    )


def notebook_of(*cells: NotebookNode) -> NotebookNode:
    """A notebook of cells, with ids in their order."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return nbformat.v4.new_notebook(
        cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


LETTERHEAD = Letterhead(
    parent_body="UBND HUYỆN TU MƠ RÔNG",
    issuing_body="PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
    symbol="BC-LĐTBXH",
    place="Tu Mơ Rông",
    year=2023,
    month=8,
    subject="Kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững 8 tháng đầu năm 2023",
    addressee="Ủy ban nhân dân huyện Tu Mơ Rông",
    bases=(
        "Căn cứ Nghị quyết số 17/NQ-HĐND ngày 19/12/2022 của Hội đồng nhân dân huyện về nhiệm vụ năm 2023;",
        "Căn cứ Thông báo số 87/TB-UBND ngày 18/8/2023 của Ủy ban nhân dân huyện về phiên họp tháng 8 năm 2023",
    ),
)

SECTIONS = """# I. Tình hình chỉ đạo, điều hành

Đến hết tháng 8, huyện đã ban hành các văn bản sau để triển khai Chương trình:

- Kế hoạch số 25/KH-UBND ngày 07/02/2023 về giảm nghèo và an sinh xã hội năm 2023;
- Công văn số 765/UBND-LĐT&XH ngày 18/4/2023 điều chỉnh Kế hoạch nêu trên, trong đó:
  - chỉ tiêu giảm hộ nghèo của từng xã được giao lại theo kết quả rà soát cuối năm 2022, chia theo địa bàn thôn;
  - thời hạn báo cáo không đổi.

# II. Kết quả thực hiện

## 1. Kết quả rà soát hộ nghèo, hộ cận nghèo

Toàn huyện có **2.859** hộ nghèo trên 6.963 hộ, chiếm 41,06% (*hộ nghèo dân tộc thiểu số 2.858 hộ, chiếm 99,97%*).

### a) Hộ nghèo

Trong năm 742 hộ thoát nghèo, tỷ lệ giảm 11,05%.

### b) Hộ cận nghèo

Còn 432 hộ, chiếm 6,20%.
"""

PROJECTS = [
    ("1", "Dự án 1. Hỗ trợ đầu tư phát triển hạ tầng kinh tế - xã hội các huyện nghèo", 42218, 4222, 4569.482),
    ("1.1", "Tiểu dự án 1. Đầu tư hạ tầng kinh tế - xã hội huyện nghèo", 42218, 4222, 4569.482),
    ("2", "Dự án 2. Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", None, 5831, 0),
    ("3", "Dự án 3. Hỗ trợ phát triển sản xuất, cải thiện dinh dưỡng", None, 3482, 0),
    ("4", "Dự án 4. Phát triển giáo dục nghề nghiệp, việc làm bền vững", None, 3954, 0),
    ("4.1", "Tiểu dự án 1. Phát triển giáo dục nghề nghiệp vùng nghèo, vùng khó khăn", None, 2771, 0),
    ("4.2", "Tiểu dự án 2. Hỗ trợ người lao động đi làm việc ở nước ngoài theo hợp đồng", None, 694, 0),
    ("4.3", "Tiểu dự án 3. Hỗ trợ việc làm bền vững", None, 489, 0),
    ("5", "Dự án 5. Hỗ trợ nhà ở cho hộ nghèo, hộ cận nghèo", None, 10880, 0),
    ("6", "Dự án 6. Truyền thông và giảm nghèo về thông tin", None, 642, 0),
    ("6.1", "Tiểu dự án 1. Giảm nghèo về thông tin", None, 442, 0),
    ("6.2", "Tiểu dự án 2. Truyền thông về giảm nghèo đa chiều", None, 200, 0),
    ("7", "Dự án 7. Nâng cao năng lực và giám sát, đánh giá Chương trình", None, 743, 0),
    ("7.1", "Tiểu dự án 1. Nâng cao năng lực thực hiện Chương trình", None, 484, 0),
    ("7.2", "Tiểu dự án 2. Giám sát, đánh giá", None, 259, 0),
    ("", "Tổng cộng", 42218, 29754, 4569.482),
]


def funding_table() -> DataTable:
    """Capital and disbursement: ten columns, two rows of headings."""
    frame = pd.DataFrame(PROJECTS, columns=["code", "name", "investment_vnd", "recurrent_vnd", "disbursed_vnd"])
    for name in ("investment_vnd", "recurrent_vnd", "disbursed_vnd"):
        frame[name] = (frame[name] * MILLION).round().astype("Int64")
    frame["planned_vnd"] = frame["investment_vnd"].fillna(0) + frame["recurrent_vnd"].fillna(0)
    frame["rate_pct"] = frame["disbursed_vnd"] * 100 / frame["planned_vnd"]
    frame["remaining_vnd"] = frame["planned_vnd"] - frame["disbursed_vnd"]
    frame["unsplit_vnd"] = pd.array([None] * len(frame), dtype="Int64")
    plan, paid = "Kế hoạch vốn", "Giải ngân"
    return DataTable(
        frame,
        (
            Column("code", ("STT",), "code", 0.7),
            Column("name", ("Dự án, tiểu dự án",), "text", 3.6),
            Column("planned_vnd", (plan, "Tổng"), "money"),
            Column("investment_vnd", (plan, "Vốn đầu tư"), "money", missing="-"),
            Column("recurrent_vnd", (plan, "Vốn sự nghiệp"), "money", missing="-"),
            Column("disbursed_vnd", (paid, "Tổng"), "money"),
            Column("unsplit_vnd", (paid, "Vốn đầu tư"), "money"),
            Column("unsplit_vnd", (paid, "Vốn sự nghiệp"), "money"),
            Column("rate_pct", ("Tỷ lệ giải ngân (%)",), "percent", 0.9),
            Column("remaining_vnd", ("Còn lại",), "money"),
        ),
        "Vốn và giải ngân theo dự án, tiểu dự án (triệu đồng)",
        strong_rows=(0, 2, 3, 4, 8, 9, 12, 15),
        indented_rows=(1, 5, 6, 7, 10, 11, 13, 14),
        note="Ghi chú: kho bạc chưa tách số giải ngân của Tiểu dự án 1 theo nguồn vốn.",
    )


def poverty_table() -> DataTable:
    """Review results against last year and plan: three rows of headings."""
    frame = pd.DataFrame(
        {
            "class": ["Hộ nghèo", "Hộ cận nghèo"],
            "before_households": [3546, 550],
            "before_pct": [354600 / 6805, 55000 / 6805],
            "now_households": [2859, 432],
            "now_pct": [285900 / 6963, 43200 / 6963],
            "reduction_pp": [11.05, 1.88],
            "plan_households": [2297, 295],
        }
    )
    review = "Kết quả rà soát"
    return DataTable(
        frame,
        (
            Column("class", ("Nội dung",), "text", 2),
            Column("before_households", (review, "Cuối năm 2021", "Số hộ"), "count"),
            Column("before_pct", (review, "Cuối năm 2021", "Tỷ lệ"), "percent"),
            Column("now_households", (review, "Cuối năm 2022", "Số hộ"), "count"),
            Column("now_pct", (review, "Cuối năm 2022", "Tỷ lệ"), "percent"),
            Column("reduction_pp", ("Mức giảm tỷ lệ",), "points"),
            Column("plan_households", ("Kế hoạch năm 2023 (hộ)",), "count"),
        ),
        "Hộ nghèo, hộ cận nghèo so với năm trước và kế hoạch",
    )


def figure(caption: str, *shares: float) -> Figure:
    """A figure of bars."""
    return Figure(drawing(*shares), f"Biểu đồ cột: {', '.join(map(str, shares))}", caption)


CLOSING = Closing(
    ("- Như trên;", "UBND huyện (b/c)", "Phòng Tài chính - Kế hoạch huyện", "Lưu: VT."),
    "TRƯỞNG PHÒNG",
    "Nguyễn Thuận Hóa",
)

ANALYST = """Xem [hướng dẫn](https://example.vn/a?b=1&c=2), chạy `poverty.rates()` rồi so:

| Xã | Hộ nghèo |
|----|---------:|
| Đăk Hà | 312 |
| Măng Ri | 98 |

> Số liệu còn phải đối chiếu.

```python
rates(frame)   # <b>
```

1. Thứ nhất
2. Thứ hai
"""


@pytest.fixture
def report() -> NotebookNode:
    """The monthly report, executed."""
    return notebook_of(
        nbformat.v4.new_markdown_cell("Ô này để chọn đơn vị và kỳ.", metadata={"tags": ["note"]}),
        nbformat.v4.new_code_cell('unit = "x"', execution_count=1, metadata={"tags": ["parameters"]}),
        code_cell(LETTERHEAD),
        code_cell(Prose(SECTIONS)),
        code_cell(poverty_table()),
        code_cell(figure("Tỷ lệ hộ nghèo, hộ cận nghèo", 52.11, 41.06, 32.58)),
        code_cell(
            Prose(
                "## 2. Phân bổ và giải ngân vốn\n\n"
                "Tổng vốn 71.972 triệu đồng, đã giải ngân 4.569,482 triệu đồng, đạt 6,35%."
            )
        ),
        code_cell(funding_table()),
        code_cell(
            figure("Phân bổ vốn theo dự án", 64.5, 15.1, 8.1, 5.5),
            figure("Giải ngân so với kế hoạch", 9.84, 41.3, 95),
        ),
        code_cell(
            Prose(
                "# III. Kiến nghị\n\nĐề nghị Ủy ban nhân dân huyện chỉ đạo hoàn thiện hồ sơ thanh toán trong quý IV./."
            )
        ),
        code_cell(CLOSING),
        code_cell(Prose("# Phụ lục. Ghi chú số liệu\n\n- Số hộ nghèo đầu kỳ, giảm và cuối kỳ chênh nhau 55 hộ.")),
    )


@pytest.fixture
def analysis() -> NotebookNode:
    """An analyst's notebook: its own text, ordinary outputs."""
    new_output = nbformat.v4.new_output
    frame = pd.DataFrame({"xã": ["Đăk Hà", "Măng Ri <b>"], "tỷ lệ": [41.06, 6.2]})
    outputs = [
        new_output("execute_result", {"text/html": frame.to_html(), "text/plain": str(frame)}, execution_count=1),
        new_output("display_data", {"image/svg+xml": drawing(10, 20), "text/plain": "<Figure>"}),
        new_output("stream", name="stdout", text="Đã đọc 11 xã\n"),
        new_output("stream", name="stderr", text="UserWarning\n"),
        new_output(
            "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=3)"}
        ),
    ]
    return notebook_of(
        nbformat.v4.new_markdown_cell("# Khảo sát *tỷ lệ* theo xã\n\n" + ANALYST),
        nbformat.v4.new_code_cell("frame", execution_count=1, outputs=outputs),
    )


@pytest.fixture
def executed() -> Callable[..., NotebookNode]:
    """Notebook of one cell that displayed the given elements."""
    return lambda *elements: notebook_of(code_cell(*elements))


@pytest.fixture
def notebook() -> Callable[..., NotebookNode]:
    """Notebook of the given cells."""
    return notebook_of


@pytest.fixture
def png() -> bytes:
    return picture()


@pytest.fixture
def svg() -> str:
    return drawing(10, 20)


@pytest.fixture
def letterhead() -> Letterhead:
    return LETTERHEAD


@pytest.fixture
def a_form() -> DataTable:
    """A form of the programme: merged headings, a page on its side, codes of its rows."""
    frame = pd.DataFrame(
        [["", "TỔNG SỐ", 3_000_000, 1_000_001, ""], ["I", "Hợp phần", 0, None, "=1+1"]],
        columns=["number", "name", "done_vnd/total", "done_vnd/invest", "note"],
    )
    columns = (
        Column("number", ("TT",), "code", 0.5),
        Column("name", ("NỘI DUNG",), "text", 2.5),
        Column("done_vnd/total", ("Kết quả", "Tổng số"), "money"),
        Column("done_vnd/invest", ("Kết quả", "NSTW", "ĐTPT"), "money"),
        Column("note", ("Ghi chú",), "text", missing=""),
    )
    caption, note = "Biểu 12. Kết quả huy động (kèm theo Mẫu số 04)", "Đơn vị tính: triệu đồng."
    shown = DataTable(frame, columns, caption, (0,), note=note, series="", name="contents_form")
    return replace(shown, is_landscape=True, row_codes=("total", "HP1"))
