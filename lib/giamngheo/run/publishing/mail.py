"""The mail that a report is sent with, and the folder that it is handed over in."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from giamngheo.core.archive import zipped
from giamngheo.core.errors import GiamngheoError, WrongUseError, shown
from giamngheo.core.paths import FILES, MAIL
from giamngheo.report.markup import escape_html
from giamngheo.run.provenance.manifest import files_as_made, read_manifest
from giamngheo.run.provenance.recipe import Recipe
from giamngheo.run.publishing.publication import with_note
from giamngheo.run.publishing.publish import publish_file, undisturbed

_ZIP = ".zip"

_SENT = (FILES["pdf"], FILES["docx"])
"""What is sent of every edition: the files without the annex."""

_SENT_IN_PUBLIC = (FILES["html"], FILES["xlsx"])
"""What is sent of a public edition too; others tell the cells of the workbook."""


class NoArchiveNameError(WrongUseError):
    """What is to be handed over would take the place of a workbook or of the report itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"--zip {shown(path)} không phải tên tệp {_ZIP}; đặt tên khác, ví dụ bao-cao{_ZIP}.")


class ReplacedReportError(GiamngheoError):
    """The report in a folder is no longer the one that is to be handed over."""

    def __init__(self, folder: Path, archive: Path) -> None:
        super().__init__(
            f"{shown(folder)}: báo cáo hoặc số liệu vừa được thay bởi lệnh khác; chưa ghi {shown(archive)}, hãy"
            " chạy lại."
        )


def archive_name(path: Path) -> Path:
    """Return the path of an archive, which leads to no other kind of file. Raises NoArchiveNameError."""
    if any(Path(name).suffix.lower() != _ZIP for name in (path, os.path.realpath(path))):
        raise NoArchiveNameError(path)
    return path


def sent(files: Mapping[str, bytes], *, is_public: bool) -> dict[str, bytes]:
    """Return the files of a report that may be sent."""
    names = (*_SENT, *_SENT_IN_PUBLIC) if is_public else _SENT
    return {name: files[name] for name in names if name in files}


def mail(figures: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """Return the text of the mail from what the record of a report keeps; "" of a report that keeps no subject."""
    if not figures.get("subject"):
        return ""
    unit, marking = figures.get("unit", ""), figures.get("marking", "")
    subject = f"{figures['subject']} - {unit}" if unit else figures["subject"]
    attached = [f"- {name} ({_size(content)})" for name, content in files.items()] or ["- (chưa lập bản PDF, Word)"]
    parts = [
        f"Tiêu đề: {f'[{marking}] ' if marking else ''}{subject}",
        f"Gửi kèm báo cáo: {figures['subject']}.",
        *[f"{sentence}" for sentence in str(figures.get("summary", "")).splitlines()],
        "Tệp gửi kèm:\n" + "\n".join(attached),
    ]
    return "\n\n".join(parts) + "\n"


def hand_over(folder: Path, archive: Path, needed: Recipe) -> tuple[str, ...]:
    """Write the files of a report that may be sent, the mail and a page that lists them as a zip archive.

    needed: of the report that is meant: whoever shares the folder may have made a public edition internal meanwhile.
    Return their names. Raises NoManifestError, ChangedReportError, ReplacedReportError, UnwritableOutputError,
    UnreadableError.
    """
    with undisturbed(folder):
        kept = read_manifest(folder)
        if kept.recipe != with_note(needed, folder):
            raise ReplacedReportError(folder, archive)
        made_there = files_as_made(folder, kept, kept.outputs)
    files = sent(made_there, is_public=needed.parameters.get("audience") == "public")
    text = mail(kept.figures, files) or kept.recipe.title
    made = {"index.html": _index(text, files).encode(), **files, MAIL: text.encode()}
    publish_file(archive, zipped(made))
    return tuple(made)


def _index(text: str, files: Mapping[str, bytes]) -> str:
    """Return a page with the text of the mail and links to the files."""
    subject, *sentences = text.partition("Tệp gửi kèm")[0].strip().split("\n\n")
    title = escape_html(subject.removeprefix("Tiêu đề: "))
    said = "".join(f"<p>{escape_html(sentence)}</p>\n" for sentence in sentences)
    links = "".join(f'<li><a href="{name}">{name}</a> ({_size(content)})</li>\n' for name, content in files.items())
    return _PAGE.format(title=title, said=said, links=links)


_PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>:root {{ color-scheme: light dark }} body {{ max-width: 40rem; margin: 2rem auto; padding: 0 1rem;
font: 1.125rem/1.5 "Times New Roman", "Liberation Serif", serif }} h1 {{ font-size: 1.25rem }}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{said}<ul>
{links}</ul>
</main>
</body>
</html>
"""


def _size(content: bytes) -> str:
    """Return the size of a file in whole kilobytes, no less than one."""
    return f"{max(round(len(content) / 1024), 1)} KB"
