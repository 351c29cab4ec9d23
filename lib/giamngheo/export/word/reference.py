"""The reference document from which pandoc takes styles and page: A4 of Decree 30, page number in the head."""

from xml.sax.saxutils import escape

from giamngheo.core.archive import zipped
from giamngheo.export.word.styles import W, styles_xml

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."

TEXT_WIDTH = 11906 - 1701 - 850
"""Width of the text in twentieths of a point: A4 less margins of 30 and 15 mm."""

LANDSCAPE = {
    "pgSz": {"w": "16838", "h": "11906", "orient": "landscape"},
    "pgMar": {"top": "1134", "right": "850", "bottom": "850", "left": "1134"},
}
"""A page that lies on its side: A4, with margins of 20 mm above and at the left, 15 mm at the others."""

LANDSCAPE_WIDTH = 16838 - 1134 - 850

_PARTS = {
    "document.xml": "document.main",
    "styles.xml": "styles",
    "settings.xml": "settings",
    "header1.xml": "header",
    "header2.xml": "header",
    "footer1.xml": "footer",
    "footer2.xml": "footer",
}

_PAGE_NUMBER = (
    '<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)

_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:headerReference w:type="first" r:id="rId4"/>'
    '<w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="first" r:id="rId6"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701"'
    ' w:header="{header}" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>'
)


def reference(marking: str) -> bytes:
    """Return the reference document; `marking` stands in the head and foot of every page."""
    marked = f'<w:p><w:pPr><w:pStyle w:val="Marking"/></w:pPr><w:r><w:t>{escape(marking)}</w:t></w:r></w:p>'
    section = _SECTION.format(header=340 if marking else 567)  # two lines of the head need more of the margin than one
    parts = {
        "document.xml": _part("document", f"<w:body><w:p/>{section}</w:body>"),
        "styles.xml": styles_xml(),
        "settings.xml": _part("settings", '<w:themeFontLang w:val="vi-VN"/>'),
        "header1.xml": _part("hdr", (marked if marking else "") + _PAGE_NUMBER),
        "header2.xml": _part("hdr", marked),
        "footer1.xml": _part("ftr", marked),
        "footer2.xml": _part("ftr", marked),
    }
    package = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships({"word/document.xml": "officeDocument"}),
    }
    package |= {f"word/{name}": content for name, content in parts.items()}
    others = {name: kind.removesuffix(".main") for name, kind in _PARTS.items() if name != "document.xml"}
    package["word/_rels/document.xml.rels"] = _relationships(others)
    return zipped({name: content.encode() for name, content in package.items()})


def _part(root: str, content: str) -> str:
    return f'{_DECLARATION}<w:{root} xmlns:w="{W}" xmlns:r="{_OFFICE}">{content}</w:{root}>'


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )


def _relationships(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
