"""Words for a person, written once in English and said in the reader's language."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_scientific

Lang = Literal["vi", "en"]

CATALOGUE = "locale/{lang}/LC_MESSAGES/giamngheo.po"
"""Where the catalogue of a language stands in the package; English needs none."""

LONGEST_QUOTE = 60
"""Characters of a cell that a message repeats."""

LARGEST_IN_FULL = 10**18
"""From here on a number is written with an exponent: nobody reads more digits, and Babel cannot write them."""


@dataclass(frozen=True)
class Message:
    """English words with fields, "{count} households", and the values of the fields.

    Numbers and days are written in the way of the reader's language, messages in values are said in it,
    text stands as it is; a year is a text, or it would read 2.023.
    """

    words: str
    values: tuple[tuple[str, "Value"], ...] = ()

    def said(self, lang: Lang = "vi") -> str:
        """Return the words in a language. English stands in for what the catalogue lacks."""
        words = self.words if lang == "en" else catalogue(lang).get(self.words, self.words)
        return words.format(**{name: _worded(value, lang) for name, value in self.values})

    def __str__(self) -> str:
        return self.said()


Value = str | int | float | dt.date | Message


def message(words: str, /, **values: Value) -> Message:
    """Return a message; Babel collects the words of every call for the catalogues."""
    return Message(words, tuple(values.items()))


def numbers(said: Message) -> Iterator[str]:
    """Yield the numbers among the values of a message, and of the messages in it; no days, nor what stands in texts."""
    for _, value in said.values:
        if isinstance(value, Message):
            yield from numbers(value)
        elif isinstance(value, int | float):
            yield str(value)


def first_of(words: Sequence[str], most: int = 12) -> str:
    """Return words with commas between, the first of them where they are so many that they would hide the message."""
    return ", ".join(words[:most]) + (" …" if words[most:] else "")


def quoted(value: str) -> str:
    """Return a text of a cell or command line as a message repeats it: on one line, cut where it is long."""
    line = shortened(value)
    return f"'{line}'" if line.isprintable() else repr(line)


def shortened(value: str) -> str:
    """Return a text on one line, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return the words of a language by their English."""
    with files("giamngheo").joinpath(CATALOGUE.format(lang=lang)).open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}


def _worded(value: Value, lang: Lang) -> str:
    if isinstance(value, Message):
        return value.said(lang)
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return value
    written = format_decimal if abs(value) < LARGEST_IN_FULL else format_scientific
    return str(written(value, locale=lang, decimal_quantization=False))
