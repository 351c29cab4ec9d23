"""Names of administrative units as people type them: with or without accents, either place of the tone, i for y."""

import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above and dot below, which "hòa" and "hoà" place differently."""


def plain(name: str) -> str:
    """Return a name as small letters and digits without accents: "Đăk Mỹ", "dak-mi" are "dakmi"."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum()).replace("y", "i")


def accented(name: str) -> str:
    """Return a name as small letters with their accents, by which spellings of one name are the same.

    Where in its syllable the tone stands does not count, nor i for y, the kind of apostrophe and the spaces.
    """
    return " ".join(map(_syllable, unicodedata.normalize("NFD", name.casefold()).split()))


def _syllable(word: str) -> str:
    marks = "".join(sorted(letter for letter in word if letter in _TONES))
    kept = (letter for letter in word if letter not in _TONES and (letter.isalnum() or unicodedata.combining(letter)))
    return "".join(kept).replace("y", "i") + marks
