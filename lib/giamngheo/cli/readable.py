"""Output that every terminal and file can hold: letters that an encoding lacks lose their marks."""

import codecs
import io
import sys
import unicodedata

_BARE = "giamngheo-bare"
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "—": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"'})


def write_readably() -> None:
    """Has "Không có đơn vị" written as "Khong co don vi" where the output cannot hold it; it was an error."""
    codecs.register_error(_BARE, _without_marks)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_BARE)


def _without_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_PLAIN))
    bare = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else "?" for letter in bare), error.end
