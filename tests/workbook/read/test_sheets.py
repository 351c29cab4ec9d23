"""Sheets as programs other than Excel write them, and as no program should."""

import datetime as dt
import re
import zipfile
from xml.sax.saxutils import escape

import pytest

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.workbook.read.book_parts import book, shows_other
from giamngheo.workbook.read.package import is_swollen
from giamngheo.workbook.read.sheets import UNCALCULATED, sheets

STYLES = "xl/styles.xml"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": f'<Relationships {PACKAGE}><Relationship Id="w" Type="{RELATIONS}/officeDocument"'
    ' Target="/xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets><sheet name="Trang" r:id="s"/></sheets>'
    '<calcPr calcId="191029"/></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships {PACKAGE}><Relationship Id="s" Type="{RELATIONS}/worksheet"'
    f' Target="worksheets/sheet1.xml"/><Relationship Id="f" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="t" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


@pytest.fixture
def workbook_of(tmp_path):
    """Writes a workbook of one sheet with those cells; other parts are given by their names."""

    def write(data="", *, after="", **parts):
        sheet = f"<worksheet {MAIN}><sheetData>{data}</sheetData>{after}</worksheet>"
        path = tmp_path / "2023.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet, **parts}.items():
                archive.writestr(name, content)
        return path

    return write


def values(path):
    (sheet,) = sheets(path)
    return [list(row) for row in sheet.rows]


def cell(value, kind="n", **attributes):
    said = "".join(f' {name}="{content}"' for name, content in attributes.items())
    return f'<row><c t="{kind}"{said}><v>{value}</v></c></row>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("một_x000D_ hai", "một\r hai"),
        ("một_x000d_", "một\r"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x005F_", "_"),
        ("a_x20_b", "a_x20_b"),
        ("mã_xuat_1", "mã_xuat_1"),
        ("_xD83D__xDE00_", "😀"),
        ("_x1EA1_", "ạ"),
    ],
)
def test_an_escaped_sign_is_read_as_the_sign_wherever_a_text_stands(written, meant, workbook_of):
    strings = f"<sst {MAIN}><si><t>{written}</t></si><si><r><t>{written}</t></r><rPh><t>x</t></rPh></si></sst>"
    inline = f'<row><c t="inlineStr"><is><t>{written}</t></is></c></row>'
    data = cell(0, "s") + cell(1, "s") + inline + cell(written, "str")
    assert values(workbook_of(data, **{"xl/sharedStrings.xml": strings})) == [[meant]] * 4


@pytest.mark.parametrize(
    ("looks", "meant"),
    [
        ('<vertAlign val="superscript"/>', "234¹"),
        ('<vertAlign val="baseline"/>', "2341"),
        ("<strike/>", "234~1~"),
        ('<strike val="0"/>', "2341"),
        ("<b/>", "2341"),
    ],
)
def test_what_is_raised_or_struck_through_is_no_digit_of_a_number(looks, meant, workbook_of):
    runs = f"<r><t>234</t></r><r><rPr>{looks}</rPr><t>1</t></r>"
    strings = f"<sst {MAIN}><si>{runs}</si></sst>"
    data = cell(0, "s") + f'<row><c t="inlineStr"><is>{runs}</is></c></row>'
    assert values(workbook_of(data, **{"xl/sharedStrings.xml": strings})) == [[meant]] * 2


@pytest.mark.parametrize(
    ("look", "meant"),
    [
        ("<strike/>", ["~12~", "~31/12/2023~", "~Xã~", True]),
        ('<strike val="0"/>', [12, dt.datetime.fromisoformat("2023-12-31"), "Xã", True]),
    ],
)
def test_a_cell_that_is_struck_through_holds_no_number(look, meant, workbook_of):
    fonts = f'<fonts><font/><font><sz val="11"/>{look}</font></fonts>'
    looks = ((1, 0), (1, 14), (0, 0))
    formats = "".join(f'<xf fontId="{font}" numFmtId="{number}"/>' for font, number in looks)
    other = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"  # of rules that colour cells, whose looks nobody types
    kinds = (("0", "n", "12"), ("1", "n", "45291"), ("0", "str", "Xã"), ("2", "b", "1"))
    cells = "".join(f'<c s="{style}" t="{kind}"><v>{value}</v></c>' for style, kind, value in kinds)
    styles = f"<styleSheet {MAIN}>{fonts}<cellXfs>{formats}</cellXfs>{other}</styleSheet>"
    assert values(workbook_of(f"<row>{cells}</row>", **{"xl/styles.xml": styles})) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("588.9999999999999", 589),
        ("588.99999999999989", 589),
        ("0.30000000000000004", 0.3),
        ("588.5", 588.5),
        ("588.9999", 588.9999),
        ("1234567890123456", 1234567890123456),
        ("1E3", 1000),
        (" 12 ", 12),
        ("-.5", -0.5),
    ],
)
def test_a_number_has_the_fifteen_digits_that_excel_shows(written, meant, workbook_of):
    assert values(workbook_of(cell(written))) == [[meant]]


@pytest.mark.parametrize("written", ["nan", "inf", "1_000", "１２", "0x10", "1,5", "."])
def test_what_is_no_number_of_a_sheet_damages_it(written, workbook_of):
    with pytest.raises(InvalidWorkbookError, match="bị hỏng"):
        sheets(workbook_of(cell(written)))


CALCULATED = '<calcPr calcId="191029"/>'


@pytest.mark.parametrize(
    ("calc", "is_known"),
    [
        (CALCULATED, True),
        ('<calcPr iterate="false"/>', True),
        ("", False),
        ('<calcPr calcId="191029" fullCalcOnLoad="1"/>', False),
        ("<calcPr fullCalcOnLoad='true'/>", False),
        ('<calcPr calcId="191029" calcCompleted="0"/>', False),
    ],
)
@pytest.mark.parametrize("result", ["<v>0</v>", "<v>0.0</v>", '<v>0</v>" t="b', '<v></v>" t="str'])
def test_a_result_of_0_or_nothing_counts_only_where_the_workbook_was_calculated(calc, is_known, result, workbook_of):
    book = PARTS["xl/workbook.xml"].replace(CALCULATED, calc)
    said, _, kind = result.partition('"')
    data = f'<row><c{kind and kind + chr(34)}><f>A1+1</f>{said}</c></row><row><c t="str"><f>A1</f><v>có</v></c></row>'
    first, second = values(workbook_of(data, **{"xl/workbook.xml": book}))
    assert (first != [UNCALCULATED]) == is_known
    assert second == ["có"], "a result that is not nothing was calculated"


@pytest.mark.parametrize(
    "formula",
    ["<f>1+1</f>", "<f>1+1</f><v/>", "<x:f xmlns:x='{0}'>1</x:f>", "<f\n>1</f ><v\n></v >", '<f t="shared" si="0"/>'],
)
def test_a_formula_without_a_result_is_found_however_it_is_written(formula, workbook_of):
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    assert values(workbook_of(f"<row><c>{formula.format(namespace)}</c></row>")) == [[UNCALCULATED]]


def test_the_cells_of_an_array_formula_are_results_too(workbook_of):
    book = PARTS["xl/workbook.xml"].replace(CALCULATED, "")
    data = '<row><c><f t="array" ref="A1:A2">B1:B2</f><v>0</v></c></row>' + cell(0) + cell(0)
    assert values(workbook_of(data, **{"xl/workbook.xml": book})) == [[UNCALCULATED], [UNCALCULATED], [0]]


@pytest.mark.parametrize(
    "entry",
    [
        "<fills><fill/><fill><patternFill><fgColor rgb='#FF0000'/><extLst/></patternFill></fill></fills>",
        "<fonts><font><family val='50'/><sz val=''/></font></fonts>",
        "<cellStyles><cellStyle name='x' xfId='99'/></cellStyles>",
        "<dxfs><dxf><numFmt numFmtId='164' formatCode='0'/></dxf></dxfs>",
        "<unknown/>",
    ],
)
def test_a_format_that_excel_passes_over_damages_nothing_and_dates_stay_dates(entry, workbook_of):
    styles = (
        PARTS[STYLES]
        .replace("</styleSheet>", f"{entry}</styleSheet>")
        .replace('<xf numFmtId="164"/>', '<xf numFmtId="164" fontId="9"><alignment vertical="middle"/></xf>')
    )
    data = cell(45000, s=1) + cell(45000, s=2) + cell(45000, s="") + cell(45000, s=99)
    day = dt.datetime(2023, 3, 15)  # noqa: DTZ001
    assert values(workbook_of(data, **{STYLES: styles})) == [[day], [day], [45000], [45000]]


DAY = dt.datetime(2023, 12, 31)  # noqa: DTZ001 - a day of the calendar, not a moment


def styled(code, number=164):
    formats = f'<numFmts><numFmt numFmtId="164" formatCode="{escape(code, {chr(34): "&quot;"})}"/></numFmts>'
    return {STYLES: f'<styleSheet {MAIN}>{formats}<cellXfs><xf/><xf numFmtId="{number}"/></cellXfs></styleSheet>'}


@pytest.mark.parametrize(
    "code",
    [
        "[$-41E]d mmmm yyyy",
        "[$-107041E]d/m/bbbb",
        "[$-D07041E]d mmm yyyy;@",
        "B2dd/mm/yyyy",
        "bbbb",
        '[$-411]ggge"年"m"月"d"日"',
        "[$-411]e",
        '[DBNum1][$-804]yyyy"年"',
        "aaaa",
        "ว/ด/ปปปป",
        '[=0]"";dd/mm/yyyy',
        '"năm "yyyy',
    ],
)
def test_a_date_is_a_date_in_the_formats_of_every_country(code, workbook_of):
    assert values(workbook_of(cell(45291, s=1), **styled(code))) == [[DAY]]


@pytest.mark.parametrize("number", [27, 31, 36, 50, 58, 71, 77, 81])
def test_a_date_is_a_date_in_formats_that_excel_of_asia_has_built_in(number, workbook_of):
    assert values(workbook_of(cell(45291, s=1), **styled("0", number))) == [[DAY]]


@pytest.mark.parametrize(
    "code",
    [
        '0" hộ"',
        "t#,##0",
        "[$-41E]t0.00",
        "#,##0 [$đ-42A]",
        "General",
        r"0\d",
        "_d0",
        "[Red]0;[Magenta]-0",
        "0.00E+00",
        "@",
    ],
)
def test_a_number_is_a_number_in_other_formats(code, workbook_of):
    assert values(workbook_of(cell(45291, s=1), **styled(code))) == [[45291]]


def test_a_date_that_no_calendar_has_is_left_to_the_cell(workbook_of):
    data = cell("290000-01-01", "d") + cell("2023-02-30", "d") + cell(99999999, s=1) + cell("2023-03-15", "d")
    assert values(workbook_of(data))[:3] == [["290000-01-01"], ["2023-02-30"], ["#VALUE!"]]


COLUMNS = '<cols><col min="1" max="1"/><col min="2" max="4" hidden="1" width="0"/></cols>'
HIDDEN = '<row r="3" hidden="1"><c r="A3"><v>1</v></c></row>'
AFTER = (
    '<autoFilter ref="A1:B9"><filterColumn colId="0"/></autoFilter><mergeCells><mergeCell ref="A3:B3"/></mergeCells>'
)


@pytest.mark.parametrize(
    "written",
    [
        lambda xml: xml,
        lambda xml: xml.replace('"', "'"),
        lambda xml: re.sub("<(/?)(?=[a-z])", r"<\1a.b-c:", xml).replace("xmlns=", "xmlns:a.b-c="),
        lambda xml: xml.replace('hidden="1" width', "width").replace('hidden="1"', 'ht="0.0" customHeight="1"'),
        lambda xml: xml.replace("hidden=", "\n hidden\t=\r\n "),
        lambda xml: xml.replace('hidden="1"', 'hidden="&#x74;rue"').replace('"A3:B3"', '"A&#51;:B3"'),
        lambda xml: ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16"),
        lambda xml: xml.replace(' r="A3"', "").replace('"3"', '"3.0"'),
    ],
    ids=["plain", "quotes", "prefixes", "shut", "spaces", "entities", "UTF-16", "references"],
)
def test_hidden_rows_merges_and_filters_are_found_however_they_are_written(written, workbook_of):
    sheet = f"<worksheet {MAIN}>{COLUMNS}<sheetData>{HIDDEN}</sheetData>{AFTER}</worksheet>"
    (found,) = sheets(workbook_of(**{SHEET: written(sheet)}))
    assert found.marks.hidden_rows == {3}
    assert [column for column in range(1, 6) if found.marks.hides_column(column)] == [2, 3, 4]
    assert (found.marks.merged, found.marks.filtered, found.marks.last_row) == (("A3:B3",), ("A1:B9",), 3)
    assert [list(row) for row in found.rows] == [[], [], [1]]


def test_a_filter_that_is_not_on_filters_nothing(workbook_of):
    (found,) = sheets(workbook_of(HIDDEN, after='<autoFilter ref="A1:B9"/>'))
    assert found.marks.filtered == ()


@pytest.mark.parametrize("part", [*(name for name in PARTS if name.startswith("xl/")), "xl/sharedStrings.xml", SHEET])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(part, encoding, workbook_of):
    declared = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    start = f'<?xml version="1.0" encoding="{encoding}"?>{declared}'
    content = PARTS.get(part, f"<worksheet {MAIN}/>")
    with pytest.raises(InvalidWorkbookError, match="bị hỏng"):
        sheets(workbook_of(**{part: (start + content).encode(encoding)}))


@pytest.mark.parametrize(
    "data",
    [
        "<row>" * 100_000,
        f'<row><c t="{"x" * 9_000_000}"/></row>',
        f"<row><c><v>{'1' * 9_000_000}</v></c></row>",
        cell(1, r="XFE1"),
        '<row r="5"/><row r="4"><c><v>1</v></c></row>',
        '<row r="2000000"><c><v>1</v></c></row>',
        cell("x" * 32_768, "str"),
        cell("-1", "s"),
        cell("7", "s"),
        cell("1", "unheard"),
    ],
    ids=[
        "deep",
        "long tag",
        "long text",
        "column",
        "order",
        "row",
        "long cell",
        "negative string",
        "no string",
        "kind",
    ],
)
def test_what_no_sheet_can_hold_is_refused(data, workbook_of):
    with pytest.raises(InvalidWorkbookError, match="bị hỏng"):
        sheets(workbook_of(data))


def test_empty_rows_are_left_out_and_rows_between_them_found(workbook_of):
    def empty(first, last):
        return "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(first, last))

    middle = '<row r="9000" hidden="1"><c r="A9000"><v>5</v></c></row>'
    (found,) = sheets(workbook_of(empty(1, 9000) + middle + empty(9001, 30000)))
    assert (found.marks.last_row, found.marks.hidden_rows, len(found.rows)) == (9000, {9000}, 9000)
    assert found.rows[-1] == [5]


@pytest.mark.parametrize("kind", ["sharedStrings", "styles"])
def test_a_part_that_is_named_again_and_again_is_read_once(kind, workbook_of):
    strings = f"<sst {MAIN}><si><t>a</t></si></sst>"
    again = "".join(
        f'<Relationship Id="x{number}" Type="{RELATIONS}/{kind}" Target="{name}"/>'
        for number, name in enumerate(["sharedStrings.xml", "styles.xml"] * 9)
    )
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace("</Relationships>", f"{again}</Relationships>")
    path = workbook_of(**{"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})
    with zipfile.ZipFile(path) as archive:
        found = book(archive, 9)
    assert found.strings == ["a"]
    assert set(found.dates) == {1, 2}


def test_a_workbook_that_lists_a_sheet_again_and_again_is_refused(workbook_of):
    entry = '<sheet name="Trang" r:id="s"/>'
    with pytest.raises(InvalidWorkbookError, match="bị hỏng"):
        sheets(workbook_of(**{"xl/workbook.xml": PARTS["xl/workbook.xml"].replace(entry, entry * 2)}))


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells><mergeCell ref="A1:CV20000"/><mergeCell ref="A1:B2"/></mergeCells>',
        "".join(f'<autoFilter ref="A{row}:B{row}"><filterColumn/></autoFilter>' for row in range(1, 2000)),
    ],
    ids=["merged over each other", "filters"],
)
def test_marks_that_no_sheet_has_are_refused(after, workbook_of):
    with pytest.raises(InvalidWorkbookError, match="bị hỏng"):
        sheets(workbook_of(after=after))


def test_parts_that_only_together_would_fill_the_memory_are_refused():
    parts = [zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml") for number in range(5)]
    for part in parts:
        part.file_size = part.compress_size = 300_000_000
    assert not is_swollen(parts[:3])
    assert is_swollen(parts)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        *((code, True) for code in ("#,##0,", "0.0,,", "0,\\ ", ";;;", '"1"0', "\\10", '"có"', "[>=1000]#,##0,;0")),
        *((code, False) for code in ("", "General", "0", "#,##0.00", "0%", "@", "dd/mm/yyyy", "0.00E+00", "# ?/?")),
        *(
            (code, False)
            for code in ('_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', '#,##0 "đồng"', "[Red]#,##0;-0;;@", '[=0]"";0')
        ),
    ],
)
def test_a_format_shows_other_digits_or_those_of_the_number(code, other):
    assert shows_other(code) is other
