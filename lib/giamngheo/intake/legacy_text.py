"""Vietnamese text from before Unicode: recognised by its words and named.

The encodings put Vietnamese letters on the places of Latin-1 letters, so a text read as Latin-1
(or a Unicode file that was typed in an old font) shows letters such as "M· hé" (TCVN3) or "Maõ hoä"
(VNI). Source of the tables: TCVN 5712:1993, VN3 form; VNI-Windows of Vietnam Research & Innovation.
"""

import re
import unicodedata
from collections.abc import Callable

_TCVN3 = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô­øõö÷ùýúûüþ¡¢§£¤¥¦",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_VNI_LETTERS = dict(zip("ôöñîæóòÔÖÑ", "ơưđỵỉĩịƠƯĐ", strict=True))
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _HAT, _BREVE = (
    "\u0301", "\u0300", "\u0309", "\u0303", "\u0323", "\u0302", "\u0306",
)  # fmt: skip
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE,
    "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_MARKED = re.compile(f"(?<=[aeiouyôöAEIOUYÔÖ])[{''.join(_VNI_MARKS)}]")


_VNI_WORD = re.compile(
    f"(?:[a-zA-Zìí{''.join(_VNI_LETTERS)}]|(?<=[aeiouyôöAEIOUYÔÖ])[{''.join(_VNI_MARKS)}])+", re.IGNORECASE
)
_CELL = re.compile('[^,;|\t\r\n"]+')
_WORD = re.compile("[A-Za-z\xa1-\xff]+")
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph|qu|r|s|th?|tr|v|x)?"
    "(?:(?:[aăâeêioôơuưy]|iê|yê|uô|ươ|oa|oă|oe|uâ|uê|uy|uyê)(?:ch?|m|ng?|nh|p|t)?"
    "|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|iêu|yêu|oai|oao|oay|oeo|uây|uôi|ươi|ươu|uya|uyu|uơ)"
)
_TONES = {_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT}


def from_tcvn3(text: str) -> str:
    """Unicode of a TCVN3 (ABC) text that was read as Latin-1."""
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """Unicode of a VNI text that was read as Latin-1."""
    marked = _VNI_MARKED.sub(lambda match: _VNI_MARKS[match[0].casefold()], text)
    letters = "".join(_VNI_LETTERS.get(letter, letter) for letter in marked)
    return unicodedata.normalize("NFC", letters)


def from_windows(text: str) -> str:
    """Unicode of a Windows-1258 text that was read as Latin-1; the text itself where it cannot be one."""
    try:
        return unicodedata.normalize("NFC", text.encode("latin-1").decode("cp1258"))
    except UnicodeError:
        return text


LEGACY = {"TCVN3 (ABC)": from_tcvn3, "VNI": from_vni}
"""How to read each of the encodings that are told by their fonts only, by its name."""

WINDOWS = "Windows-1258"

_ENCODINGS = {**LEGACY, WINDOWS: from_windows}


def likely_encoding(text: str, is_known: Callable[[str], bool]) -> str | None:
    """Return the name of the encoding in which a text read as Latin-1 is likely written.

    The one in which most of its cells are known or, of several, most accented words are Vietnamese. None where no cell
    is known and most words are not: the text is in another language, or no text.
    """
    cells = [cell for cell in _CELL.findall(text) if not cell.isascii()]
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    merits = {
        name: (sum(is_known(decode(cell)) for cell in cells), sum(_is_vietnamese(word, name) for word in words))
        for name, decode in _ENCODINGS.items()
    }
    best = max(merits, key=lambda name: merits[name])
    known, vietnamese = merits[best]
    return best if known or 2 * vietnamese > len(words) else None


def _is_vietnamese(word: str, encoding: str) -> bool:
    """Whether a word is one syllable of Vietnamese in an encoding, all of its letters of that encoding."""
    if encoding == "VNI" and not _VNI_WORD.fullmatch(word):
        return False
    parts = unicodedata.normalize("NFD", _ENCODINGS[encoding](word).casefold())
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return _SYLLABLE.fullmatch(plain) is not None
