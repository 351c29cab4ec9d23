"""Texts as people type them: on one line, folded so that spellings of one name are the same, from before Unicode.

The encodings from before Unicode put Vietnamese letters on the places of Latin-1 letters, so a text read as Latin-1
(or a Unicode file that was typed in an old font) shows letters such as "M· hé" (TCVN3) or "Maõ hoä" (VNI). Source of
the tables: TCVN 5712:1993, VN3 form; VNI-Windows of Vietnam Research & Innovation.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above and dot below, which "hòa" and "hoà" place differently."""

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Signs after which letters are shown in another order."""

BACKWARDS = "\u202b\u202e\u2067"
"""Those after which figures, too, are shown from right to left: "12" and "34" around one are seen as 1243."""

_D = str.maketrans("ðɖ", "đđ")
"""Small forms of letters that look like the capital Đ and are typed for it."""


def text(value: Any) -> str:
    """Return the text of a cell, NFC-normalised, on one line, without control characters; "" when blank.

    For a sign of BACKWARDS, which makes a number seen as another one, stands a question mark.
    """
    if value is None:
        return ""
    line = " ".join(unicodedata.normalize("NFC", str(value)).split())
    if line.isprintable():
        return line
    return "".join("?" if letter in BACKWARDS else letter for letter in line if _kept(letter)).strip()


_BETWEEN = re.compile(r"(?<=[\d.,])\s+(?=[\d.,])")


def number_text(value: Any) -> str:
    """Return the text of a number; digits on lines below each other, or in columns, are no groups of one number."""
    typed = value if isinstance(value, str) else text(value)
    return text(_BETWEEN.sub(lambda gap: " / " if "\t" in gap[0] or gap[0].splitlines() != [gap[0]] else " ", typed))


def is_steering(typed: str) -> bool:
    """Return whether a text would, where it is printed, begin lines of its own or steer a terminal or reader."""
    return not typed.isprintable() and any(
        unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(letter) in _TURNING
        for letter in typed
    )


def as_typed(value: Any) -> str:
    """Return the text of a cell as it is seen: a date with its day first."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.datetime) else text(value)


def _kept(letter: str) -> bool:
    return letter in BACKWARDS or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def folded(label: Any) -> str:
    """Return the text by which headings and names of sheets are the same: spacing and capitals do not count."""
    return " ".join(text(label).casefold().split())


def bare(label: Any) -> str:
    """Return a folded text without accents, by which texts are judged alike."""
    plain = unicodedata.normalize("NFD", folded(label).translate(_D)).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def plain(name: str) -> str:
    """Return a name as small letters and digits without accents: "Đăk Mỹ", "dak-mi" are "dakmi"."""
    letters = unicodedata.normalize("NFD", name.casefold().translate(_D).replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum()).replace("y", "i")


_OF_HOUSEHOLDS = ("household", "tepho", "danhsachho", "dsho")
"""What a file that lists households has in its plain name."""


def is_of_households(file_name: str) -> bool:
    """Return whether a file is called as a list of households: such a list never takes the place of a workbook."""
    return any(word in plain(file_name) for word in _OF_HOUSEHOLDS)


def accented(name: str) -> str:
    """Return a name as small letters with their accents, by which spellings of one name are the same.

    Where in its syllable the tone stands does not count, nor i for y, the kind of apostrophe and the spaces.
    """
    return " ".join(map(_syllable, unicodedata.normalize("NFD", name.casefold().translate(_D)).split()))


def _syllable(word: str) -> str:
    marks = "".join(sorted(letter for letter in word if letter in _TONE_MARKS))
    kept = (
        letter for letter in word if letter not in _TONE_MARKS and (letter.isalnum() or unicodedata.combining(letter))
    )
    return "".join(kept).replace("y", "i") + marks


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
_WORD = re.compile(r"(?:[^\W\d_]|[\xa1-\xff])+")
_TONES = str.maketrans("", "", f"{_ACUTE}{_GRAVE}{_HOOK}{_TILDE}{_DOT}")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|n|gh|gi|g|kh?|ch?|th|tr|t|ph?|qu|[bdđhlmrsvx])?"
    r"(?:(?:a|oa)(?:ch?|n[gh]?|[mptioyu])?|(?:ă|oă)(?:ng|[ckmnpt])|(?:â|uâ)(?:ng|[cmnptuy])|(?:e|oe)(?:ng|[cmnopt])?"
    r"|u?ê(?:ch|n[gh]?|[mptu])?|i(?:ch|nh?|[amptu])?|o(?:ng|[ckmnpti])?|oo(?:ng|c)|ô(?:ng|[cmnpti])?|ơ(?:[mnpti])?"
    r"|u(?:ng|[acmnptiơ])?|ư(?:ng|[acmntiu])?|u?y(?:ch|nh?|[atu])?|(?:i|u?y)ê(?:ng|[cmnptu])|uô(?:ng|[cmnti])"
    r"|ươ(?:ng|[cmnptiu]))"
)
"""A syllable of Vietnamese, its tone left out."""
_UNMISTAKABLE = {
    "TCVN3 (ABC)": re.compile(r"(?!µ)[^\W_]*[\xa1-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf×÷ªµ]|[a-z\xa1-\xff][À-ÖØ-Þ]"),
    "VNI": re.compile(r"[aeoâăêôơAEO][áàåãäéèúüëÁÀÅÃÄÉÈÚÜË]|[aeoAEO][âÂ]|[aA][êÊ]"),
}
"""What in a word that is read as Vietnamese only in an old encoding leaves no doubt: one such word is enough."""


def from_tcvn3(text: str) -> str:
    """Return the Unicode of a TCVN3 (ABC) text that was read as Latin-1."""
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """Return the Unicode of a VNI text that was read as Latin-1."""
    marked = _VNI_MARKED.sub(lambda match: _VNI_MARKS[match[0].casefold()], text)
    letters = "".join(_VNI_LETTERS.get(letter, letter) for letter in marked)
    return unicodedata.normalize("NFC", letters)


def from_windows(text: str) -> str:
    """Return the Unicode of a Windows-1258 text that was read as Latin-1, or the text where it cannot be one."""
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


def legacy_encoding_of(text: str) -> str | None:
    """Return the name of the old encoding in which a text of a Unicode file is typed, None where it is typed in none.

    It is when some of its words are Vietnamese only when read so, and hardly any is not: French, German and the names
    of the mountain peoples are not.
    """
    words = [] if text.isascii() else _WORD.findall(unicodedata.normalize("NFC", text))
    gained = {name: [word for word in words if _is_gained(word, name)] for name in LEGACY}
    best = max(gained, key=lambda name: len(gained[name]))
    sure = len(gained[best]) > 1 or any(_UNMISTAKABLE[best].search(word) for word in gained[best])
    strange = sum(not _is_syllable(LEGACY[best](word)) for word in words if not word.isupper())
    return best if sure and len(gained[best]) > strange else None


def unicode_of(text: str, encoding: str) -> str:
    """Return the Unicode of a text typed in an old encoding; the fonts of capitals have no marked ones of their own."""

    def read(found: re.Match[str]) -> str:
        word, plain = LEGACY[encoding](found[0]), "".join(re.findall("[A-Za-z]", found[0]))
        return word.upper() if plain.isupper() and (len(plain) > 1 or is_in_capitals) else word

    is_in_capitals = "".join(re.findall("[A-Za-z]", text)).isupper()
    return _WORD.sub(read, unicodedata.normalize("NFC", text))


def _is_gained(word: str, encoding: str) -> bool:
    """Return whether a word is Vietnamese only when read in an old encoding; a sign alone is no word."""
    return bool(re.search("[A-Za-z]", word)) and not _is_syllable(word) and _is_vietnamese(word, encoding)


def _is_vietnamese(word: str, encoding: str) -> bool:
    """Return whether a word is one syllable of Vietnamese in an encoding, all of its letters of that encoding."""
    if encoding == "VNI" and not _VNI_WORD.fullmatch(word):
        return False
    return _is_syllable(_ENCODINGS[encoding](word))


def _is_syllable(word: str) -> bool:
    """Return whether a word can be Vietnamese: one syllable with one tone."""
    letters = unicodedata.normalize("NFD", word.casefold())
    plain = letters.translate(_TONES)
    return len(letters) - len(plain) <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)))
