"""Vietnamese text from before Unicode: recognised and named, never guessed at.

Both encodings put Vietnamese letters on the places of Latin-1 letters, so a text read as Latin-1
(or a Unicode file that was typed in an old font) shows letters such as "M· hé" (TCVN3) or "Maõ hoä"
(VNI). Source of the tables: TCVN 5712:1993, VN3 form; VNI-Windows of Vietnam Research & Innovation.
"""

import re
import unicodedata

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


def from_tcvn3(text: str) -> str:
    """Unicode of a TCVN3 (ABC) text that was read as Latin-1."""
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """Unicode of a VNI text that was read as Latin-1."""
    marked = _VNI_MARKED.sub(lambda match: _VNI_MARKS[match[0].casefold()], text)
    letters = "".join(_VNI_LETTERS.get(letter, letter) for letter in marked)
    return unicodedata.normalize("NFC", letters)


LEGACY = {"TCVN3 (ABC)": from_tcvn3, "VNI": from_vni}
"""How to read each old encoding, by its name."""
