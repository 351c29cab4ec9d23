"""The named styles of the Word document: Decree 30 in the terms of Word."""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

_TWIPS_PER_MM = 56.7

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, kw_only=True)
class Style:
    """A paragraph style. Sizes and spaces in points, indents in millimetres; None keeps what the base has."""

    key: str
    name: str
    base: str = "Normal"
    next: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    font: str | None = None
    align: str | None = None
    first_line: float | None = None
    left: float | None = None
    right: float | None = None
    before: float | None = None
    after: float | None = None
    lines: float | None = None
    keep_next: bool | None = None
    ruled: bool = False
    outline: int | None = None


_BUILT_IN = frozenset(
    {"Body Text", "Title", "Subtitle", "Block Text", "header", "footer", *(f"heading {n}" for n in range(1, 6))}
)

_TABLE_SIZES = (12, 10, 9, 8, 7, 6)

STYLES = (
    Style(key="BodyText", name="Body Text", first_line=10),
    Style(key="FirstParagraph", name="First Paragraph", base="BodyText", next="BodyText"),
    Style(key="LastParagraph", name="Câu kết", base="BodyText", keep_next=True),
    Style(key="ListItem", name="Mục liệt kê", base="BodyText"),
    Style(key="Compact", name="Compact", first_line=0, before=0, after=0),
    Style(key="Heading1", name="heading 1", next="BodyText", bold=True, caps=True, align="left", first_line=10,
          before=9, keep_next=True, outline=0),
    Style(key="Heading2", name="heading 2", next="BodyText", bold=True, align="left", first_line=10, before=6,
          keep_next=True, outline=1),
    Style(key="Heading3", name="heading 3", next="BodyText", align="left", first_line=10, keep_next=True, outline=2),
    Style(key="Heading4", name="heading 4", base="Heading3", next="BodyText", italic=True, outline=3),
    Style(key="Heading5", name="heading 5", base="Heading4", next="BodyText", outline=4),
    Style(key="Title", name="Title", next="Subtitle", bold=True, align="center", before=18, after=0, keep_next=True),
    Style(key="Subtitle", name="Subtitle", next="BodyText", bold=True, align="center", left=10, right=10, after=0,
          keep_next=True),
    Style(key="ParentBody", name="Cơ quan chủ quản", size=12, align="center", after=0, lines=1),
    Style(key="IssuingBody", name="Cơ quan ban hành", base="ParentBody", bold=True),
    Style(key="Nation", name="Quốc hiệu", base="ParentBody", bold=True),
    Style(key="Motto", name="Tiêu ngữ", base="ParentBody", size=13, bold=True, left=17, right=17, ruled=True),
    Style(key="ShortRule", name="Đường kẻ ngắn", base="ParentBody", size=3, left=24, right=24, ruled=True),
    Style(key="SubjectRule", name="Đường kẻ dưới trích yếu", base="ShortRule", left=62, right=62, after=12),
    Style(key="NumberLine", name="Số, ký hiệu", base="ParentBody", size=13, before=12),
    Style(key="DateLine", name="Địa danh, ngày tháng", base="NumberLine", italic=True),
    Style(key="Addressee", name="Kính gửi", align="center", after=12),
    Style(key="Basis", name="Căn cứ", base="BodyText", italic=True),
    Style(key="Recipients", name="Nơi nhận", size=12, bold=True, italic=True, align="left", after=0, lines=1),
    Style(key="Recipient", name="Nơi nhận, danh sách", size=11, align="left", after=0, lines=1),
    Style(key="Office", name="Chức vụ người ký", bold=True, align="center", after=78, lines=1),
    Style(key="Signatory", name="Họ tên người ký", bold=True, align="center", after=0, lines=1),
    Style(key="TableCaption", name="Table Caption", size=13, bold=True, align="center", before=9, after=6,
          keep_next=True),
    Style(key="ImageCaption", name="Image Caption", size=13, bold=True, align="center", after=12),
    Style(key="CaptionedFigure", name="Captioned Figure", align="center", before=9, after=3, keep_next=True),
    Style(key="Figure", name="Figure", base="CaptionedFigure"),
    Style(key="TableNote", name="Ghi chú bảng", size=12, italic=True, align="left", before=4, after=12),
    Style(key="TableText", name="Chữ trong bảng", size=12, align="left", before=2, after=2, lines=1),
    Style(key="TableIndented", name="Chữ thụt trong bảng", base="TableText", left=3),
    Style(key="TableCode", name="Mã trong bảng", base="TableText", align="center"),
    Style(key="TableNumber", name="Số trong bảng", base="TableText", align="right"),
    Style(key="TableHeading", name="Đầu cột", base="TableText", bold=True, align="center", keep_next=True),
    *(
        Style(key=f"{key}{size}", name=f"{name} {size}", base=key, size=size)
        for size in _TABLE_SIZES[1:]
        for key, name in (
            ("TableText", "Chữ trong bảng"), ("TableIndented", "Chữ thụt trong bảng"), ("TableCode", "Mã trong bảng"),
            ("TableNumber", "Số trong bảng"), ("TableHeading", "Đầu cột"),
        )
    ),
    Style(key="BlockText", name="Block Text", italic=True, left=10),
    Style(key="SourceCode", name="Source Code", size=10, font="Consolas", align="left", lines=1),
    Style(key="Header", name="header", size=13, align="center", after=0, lines=1),
    Style(key="Footer", name="footer", base="Header"),
    Style(key="Marking", name="Dấu trang", base="Header", size=11, bold=True),
)  # fmt: skip


def styles_xml() -> str:
    """Return the part word/styles.xml."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{W}">'
        + _DEFAULTS
        + "".join(map(_style_xml, STYLES))
        + _CHARACTER_STYLES
        + _table_style("Table", "Bảng số liệu", border="single")
        + _table_style("LayoutTable", "Bảng trình bày", border="nil")
        + "</w:styles>"
    )


_FONT = "Times New Roman"

_DEFAULTS = (
    f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:eastAsia="{_FONT}"'
    f' w:cs="{_FONT}"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
    '<w:spacing w:before="0" w:after="120" w:line="264" w:lineRule="auto"/><w:jc w:val="both"/></w:pPr></w:style>'
)

_CHARACTER_STYLES = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="character" w:styleId="VerbatimChar"><w:name w:val="Verbatim Char"/>'
    '<w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/><w:sz w:val="22"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="00437A"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
    '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
)


def _style_xml(style: Style) -> str:
    custom = "" if style.name in _BUILT_IN else ' w:customStyle="1"'
    following = f"<w:next w:val={quoteattr(style.next)}/>" if style.next else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.key}"><w:name w:val={quoteattr(style.name)}/>'
        f'<w:basedOn w:val="{style.base}"/>{following}<w:qFormat/>'
        f"<w:pPr>{_paragraph_xml(style)}</w:pPr><w:rPr>{_run_xml(style)}</w:rPr></w:style>"
    )


def _paragraph_xml(style: Style) -> str:
    """Return properties in the order the schema demands."""
    border = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    spacing = _attributes(
        before=_scaled(style.before, 20), after=_scaled(style.after, 20), line=_scaled(style.lines, 240)
    )
    spacing += (
        "" if style.lines is None else ' w:lineRule="auto"'
    )  # without it LibreOffice makes lines of small type high
    indents = _attributes(
        left=_scaled(style.left, _TWIPS_PER_MM),
        right=_scaled(style.right, _TWIPS_PER_MM),
        firstLine=_scaled(style.first_line, _TWIPS_PER_MM),
    )
    return "".join(
        [
            "<w:keepNext/>" if style.keep_next else "",
            border if style.ruled else "",
            f"<w:spacing{spacing}/>" if spacing else "",
            f"<w:ind{indents}/>" if indents else "",
            f'<w:jc w:val="{style.align}"/>' if style.align else "",
            f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else "",
        ]
    )


def _run_xml(style: Style) -> str:
    font = f'<w:rFonts w:ascii="{style.font}" w:hAnsi="{style.font}" w:cs="{style.font}"/>' if style.font else ""
    flags = "".join(f"<w:{tag}/>" for tag, on in (("b", style.bold), ("i", style.italic), ("caps", style.caps)) if on)
    size = f'<w:sz w:val="{round(2 * style.size)}"/><w:szCs w:val="{round(2 * style.size)}"/>' if style.size else ""
    return font + flags + size


def _scaled(value: float | None, factor: float) -> int | None:
    return None if value is None else round(value * factor)


def _attributes(**values: int | None) -> str:
    return "".join(f' w:{name}="{value}"' for name, value in values.items() if value is not None)


def _table_style(key: str, name: str, *, border: str) -> str:
    sides = "".join(
        f'<w:{side} w:val="{border}" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margin, vertical = (60, "center") if border == "single" else (0, "top")
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{key}"><w:name w:val={quoteattr(name)}/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{sides}</w:tblBorders><w:tblCellMar>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tcPr><w:vAlign w:val="{vertical}"/></w:tcPr></w:style>'
    )
