"""SQL that reads every column of a household file in the type of its kind."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from giamngheo.core.text import BACKWARDS
from giamngheo.households.file.schema import HouseholdColumn, household_choices, household_columns
from giamngheo.regulation.peoples import OTHER, people_by_spelling, people_names

TEXT = "VARCHAR"

ZONE = "Asia/Ho_Chi_Minh"
"""Moments are days of Viet Nam, wherever the machine is."""

SQL_TYPES = {
    "people": TEXT,
    "code": TEXT,
    "choice": TEXT,
    "flag": "TINYINT",
    "count": "BIGINT",
    "money": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
}

_WHOLE = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "BOOLEAN",
}

_SCALARS = _WHOLE | {"UBIGINT", "HUGEINT", "UHUGEINT", "DOUBLE", "FLOAT", "DATE", "INTERVAL", "UUID"}

_LONGEST = 32_767
"""Bytes of a text, as many as a cell of Excel has letters."""

_YES = ("1", "1.0", "x", "có", "đúng", "true", "yes")
_NO = ("0", "0.0", "không", "sai", "false", "no")

_LOGICAL = ("TRUE", "FALSE", "True", "False", "true", "false")
"""Logical values as Excel, pandas and the engine write them: they fit columns of 0 or 1 and no others."""

_YEAR = "(?:199[0-9]|20[0-9]{2}|2100)"
_ISO = f"{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}"
_TIME = "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?"
_DAYS = "between date '1990-01-01' and date '2100-12-31'"


@dataclass(frozen=True)
class Raw:
    """A column as the engine has it: its name there, its type, whether each value is as it should be."""

    sql: str
    type: str
    tidy: bool = False


def typed_select(
    raws: Mapping[str, Raw], source: str, place: str, *, broken: str = "false", names: Set[str] | None = None
) -> str:
    """Return a select of the schema's columns (or those named) from `source`, with `place`, `unreadable`, `broken`.

    `raws` are the file's columns by their name in the schema; a row is broken when its line does
    not have the columns of the header.
    """
    everything = names is None or "unreadable" in names
    columns = [column for column in household_columns() if everything or column.name in (names or ())]
    doubtful = [
        column
        for column in columns
        if everything and column.name in raws and not _always_fits(column, raws[column.name])
    ]
    typed = [_typed(column, raws.get(column.name)) for column in columns]
    filled = [f"{_filled(column, raws[column.name])} as raw_{column.name}" for column in doubtful]
    bits = [
        f"case when raw_{column.name} and {column.name} is null then {unreadable_bit(column.name)} else 0 end"
        for column in doubtful
    ]
    unreadable = [f"{' + '.join(bits) or 0} as unreadable"] if everything else []
    inner = ", ".join([f"{place} as place", f"{broken} as broken", *typed, *filled])
    outer = ", ".join(["place", "broken", *(column.name for column in columns), *unreadable])
    return f"select {outer} from (select {inner} from {source})"


def bounded(
    columns: Sequence[tuple[str, str]], table: str, parts: Iterable[tuple[str, str, str]]
) -> tuple[list[str], str]:
    """Return the types and the source of columns c0, c1, … of a table; "?" stands for what no cell can hold.

    A Parquet file keeps a long text once, however many households have it, and each would be looked at.
    columns: name and type; parts: file, name and physical type of each column of each file, in the order of the files.
    """
    names = [f"c{number}" for number in range(len(columns))]
    logical = _logical_parts(parts)
    mixed = [logical.get(name.casefold(), []) if _is_number(kind) else [] for name, kind in columns]
    read = [kind if _is_small(kind) and not files else TEXT for (_, kind), files in zip(columns, mixed, strict=True)]
    selected = ", ".join(
        f"{_worded(name, files) if files else _bounded(name, kind)} as {name}"
        for name, (_, kind), files in zip(names, columns, mixed, strict=True)
    )
    return read, f"(select file_index, file_row_number, {selected} from {table} as file({', '.join(names)}))"


def _logical_parts(parts: Iterable[tuple[str, str, str]]) -> dict[str, list[int]]:
    """Return the positions of the files in which a column is logical, by its name: among numbers it reads as 0, 1."""
    positions: dict[str, int] = {}
    logical: dict[str, list[int]] = {}
    for file, name, kind in parts:
        position = positions.setdefault(file, len(positions))
        if kind == "BOOLEAN":
            logical.setdefault(name.casefold(), []).append(position)
    return logical


def _worded(name: str, files: Sequence[int]) -> str:
    """Return the SQL of a column of numbers as text, in those files true or false as they had it."""
    among = ", ".join(map(str, files))
    return f"case when file_index in ({among}) then {name}::boolean::{TEXT} else {name}::{TEXT} end"


def _is_small(kind: str) -> bool:
    """Return whether every value of a type of DuckDB is of few bytes."""
    return kind in _SCALARS or kind.startswith(("DECIMAL", "TIME"))


def _is_number(kind: str) -> bool:
    return kind != "BOOLEAN" and (kind in _SCALARS - {"DATE", "INTERVAL", "UUID"} or kind.startswith("DECIMAL"))


def _bounded(name: str, kind: str) -> str:
    if _is_small(kind):
        return name
    size = {TEXT: "strlen", "BLOB": "octet_length"}.get(kind)
    held = f"when {size}({name}) <= {_LONGEST} then {name}::{TEXT} " if size else ""
    return f"case {held}when {name} is not null then '?' end"


def tidiness(raws: Mapping[str, Raw], source: str) -> str:
    """Return a query of one row that tells, by column, whether every value already has the form of its kind.

    Such a column need not be typed row by row. Only those are in it of which a Parquet file tells quickly: flags and
    days by their least and greatest value, texts by their distinct ones.
    """
    columns = [column for column in household_columns() if column.name in raws and column.name != "household_id"]
    ranges = [
        f"coalesce({test}, true) as {column.name}"
        for column in columns
        if (test := _range_is_tidy(column, raws[column.name]))
    ]
    texts = [
        f"(select coalesce(bool_and({raw.sql} is not distinct from ({_from_text(column, raw.sql)})), true) "
        f"from (select distinct {raw.sql} from {source})) as {column.name}"
        for column in columns
        if (raw := raws[column.name]).type == TEXT and SQL_TYPES[column.kind] == TEXT
    ]
    every_range, every_text = ", ".join(["true as ranges", *ranges]), ", ".join(["true as texts", *texts])
    return f"from (select {every_range} from {source}), (select {every_text})"


def unreadable_bit(name: str) -> int:
    """Return the bit of `unreadable` for a column."""
    return 1 << [column.name for column in household_columns()].index(name)


def _range_is_tidy(column: HouseholdColumn, raw: Raw) -> str:
    """Return a test of the smallest and largest value of a column, "" where they do not tell."""
    if column.kind == "flag":
        return f"min({raw.sql}) >= 0 and max({raw.sql}) <= 1" if raw.type in _WHOLE else "false"
    if column.kind == "date" and raw.type == "DATE":
        return f"min({raw.sql}) {_DAYS} and max({raw.sql}) {_DAYS}"
    return ""


def _always_fits(column: HouseholdColumn, raw: Raw) -> bool:
    """Return whether no value in the file can be wrong for the kind of the column."""
    if raw.tidy:
        return True
    whole = raw.type in _WHOLE and raw.type != "BOOLEAN"
    no_word = raw.type not in {TEXT, "BOOLEAN"}
    code = no_word and not _is_fraction(raw)
    fitting = {"people": no_word, "code": code, "count": whole, "money": whole, "number": whole}
    return fitting.get(column.kind, False)


def _filled(column: HouseholdColumn, raw: Raw) -> str:
    """Return a test of a value that is unreadable where its column is NULL; any text but a logical value is a code."""
    if raw.type == TEXT and column.kind in {"people", "code"}:
        return f"coalesce({_is_logical(raw.sql)}, false)"
    if raw.type == TEXT:
        return f"coalesce(trim({raw.sql}) <> '', false)"
    return f"({raw.sql} is not null and not isnan({raw.sql}))" if _is_float(raw) else f"{raw.sql} is not null"


def _is_logical(value: str) -> str:
    return f"trim({value}) in ({_listed(_LOGICAL)})"


def _typed(column: HouseholdColumn, raw: Raw | None) -> str:
    sql_type = SQL_TYPES[column.kind]
    if raw is None:
        return f"null::{sql_type} as {column.name}"
    if raw.tidy:
        return f"{raw.sql}::{sql_type} as {column.name}"
    read = _from_text(column, raw.sql) if raw.type == TEXT else _from_value(column, raw)
    return f"({read})::{sql_type} as {column.name}"


def _from_text(column: HouseholdColumn, value: str) -> str:
    """Return the SQL that reads a text by the kind of its column, quickly where it has the usual form."""
    if column.kind == "choice":
        return _choice(column, value)
    return {"people": _people, "code": _code, "flag": _flag, "number": _number, "date": _day}.get(column.kind, _amount)(
        value
    )


_TWO_LINES = r"([0-9.,])\p{Z}*[\p{Cc}\p{Zl}\p{Zp}][\p{Z}\p{Cc}]*([0-9.,])"
"""Digits below each other or in columns, which are no groups of one number."""


def _cleaned(value: str) -> str:
    """Return the SQL of a text on one line, composed, without invisible characters and leading apostrophes (text)."""
    turned = f"translate(nfc_normalize({value}), '{BACKWARDS}', '???')"
    seen = rf"regexp_replace({turned}, '\p{{Cf}}+', '', 'g')"
    lines = rf"regexp_replace({seen}, '{_TWO_LINES}', '\1 / \2', 'g')"
    return rf"regexp_replace(trim(regexp_replace({lines}, '[\p{{Z}}\p{{Cc}}]+', ' ', 'g')), '^[''’‘ ]+', '')"


_USUAL_CODE = r"[(-\-/-~][!-\-/-~]*"
"""Signs of ASCII that are seen, no point among them and no apostrophe first: such a code is read as it stands."""


def _code(value: str) -> str:
    """Return the SQL of a code; one that a program made a number is restored where no digit was lost."""
    clean = _cleaned(value)
    digits = "regexp_extract(code, '[.]([0-9]+)[eE]', 1)"
    power = "try_cast(regexp_extract(code, '[eE][+]?([0-9]+)$', 1) as integer)"
    read = (
        "case when regexp_full_match(code, '[0-9]+[.]0+') then regexp_replace(code, '[.]0+$', '') "
        f"when regexp_full_match(code, '[1-9][.][0-9]+[eE][+]?[0-9]+') and strlen({digits}) = {power} "
        f"then replace(regexp_extract(code, '^[0-9.]+'), '.', '') else nullif(code, '') end"
    )
    usual = _at_a_glance(value, _USUAL_CODE, _with("code", clean, read))
    return f"case when {_is_logical(value)} then null else {usual} end"


def _with(name: str, value: str, read: str) -> str:
    """Return SQL that gives a value a name, so that it is computed once however often it is used."""
    return f"list_transform([{value}], lambda {name}: {read})[1]"


def _flag(value: str) -> str:
    word = _with(
        "flag",
        f"lower({_cleaned(value)})",
        f"case when flag in ({_listed(_NO)}) then 0 when flag in ({_listed(_YES)}) then 1 end",
    )
    return f"case {value} when '0' then 0 when '1' then 1 else {word} end"


def _amount(value: str) -> str:
    """Return the SQL of a whole number that can be read in one way only; 950.000 may be 950, exponents lose digits."""
    whole, once = "-?[0-9]{1,18}", "-?[0-9]{1,3}[.,]000"
    ways = [
        ("[0-9]{1,3}(?:[.][0-9]{3}){2,5}(?:,0+)?", "[.]|,0+$"),
        ("[0-9]{1,3}(?:,[0-9]{3}){2,5}(?:[.]0+)?", ",|[.]0+$"),
        ("[0-9]{1,3}(?: [0-9]{3}){2,5}(?:[.,]0+)?", " |[.,]0+$"),
    ]
    grouped = " ".join(
        f"when regexp_full_match(amount, '{way}') then regexp_replace(amount, '{marks}', '', 'g')"
        for way, marks in ways
    )
    read = (
        f"case when regexp_full_match(amount, '{whole}') then amount "
        f"when regexp_full_match(amount, '{whole}[.,]0+') and not regexp_full_match(amount, '{once}') "
        f"then regexp_extract(amount, '^-?[0-9]+') {grouped} end"
    )
    return _at_a_glance(value, "[0-9]{1,18}", _with("amount", _cleaned(value), read))


def _at_a_glance(value: str, pattern: str, otherwise: str) -> str:
    return f"case when regexp_full_match({value}, '{pattern}') then {value} else {otherwise} end"


def _number(value: str) -> str:
    """Return the SQL of a number with a decimal point, or with a comma that cannot separate thousands."""
    plain = "-?[0-9]{1,15}(?:[.][0-9]{1,20})?"
    read = (
        f"case when regexp_full_match(number, '{plain}') then number "
        "when regexp_full_match(number, '-?[0-9]{1,15},[0-9]{1,2}') then replace(number, ',', '.') end"
    )
    return _at_a_glance(value, plain, _with("number", _cleaned(value), read))


def _day(value: str) -> str:
    """Return the SQL of a day, ISO or day first, with four digits of the year; of a moment, its day in Viet Nam."""
    read = (
        f"case when regexp_full_match(day, '{_ISO}(?:[T ]{_TIME})?') "
        "then try_cast(regexp_extract(day, '^[0-9-]+') as date) "
        f"when regexp_full_match(day, '{_ISO}[T ]{_TIME} ?(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)') "
        f"then (try_cast(day as timestamptz) at time zone '{ZONE}')::date "
        f"when regexp_full_match(day, '[0-9]{{1,2}}([/.-])[0-9]{{1,2}}[/.-]{_YEAR}(?: {_TIME})?') "
        "then try_strptime(regexp_replace(regexp_extract(day, '^[^ ]+'), '[.-]', '/', 'g'), '%d/%m/%Y')::date end"
    )
    glance = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
    return (
        f"case when regexp_full_match({value}, '{glance}') then try_cast({value} as date) "
        f"else {_with('day', _cleaned(value), read)} end"
    )


def _people(value: str) -> str:
    """Return the SQL of a people's official name, NULL for a blank, OTHER for what is not listed."""
    spelled = people_by_spelling()
    folded = rf"regexp_replace(replace(lower({_cleaned(value)}), 'ð', 'đ'), '[^\p{{L}}]', '', 'g')"
    key = rf"regexp_replace({folded}, '^(?:dântộc|người)', '')"
    blank = rf"regexp_full_match({value}, '[\p{{Z}}\p{{C}}]*')"
    known = f"([{_listed(spelled.values())}])[list_position([{_listed(spelled)}], {key})]"
    return (
        f"case when {value} in ({_listed(people_names())}) then {value} "
        f"when {value} is null or {blank} or {_is_logical(value)} then null else coalesce({known}, '{OTHER}') end"
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _choice(column: HouseholdColumn, value: str) -> str:
    labels = household_choices(column.choices).items()
    codes = " ".join(f"when '{code}' then '{code}'" for code, _ in labels)
    words = " ".join(f"when '{label.casefold()}' then '{code}'" for code, word in labels for label in (code, word))
    return f"case {value} {codes} else (case replace(lower({_cleaned(value)}), 'ð', 'đ') {words} end) end"


def _from_value(column: HouseholdColumn, raw: Raw) -> str:
    """Return the SQL that reads a value that is no text by the kind of its column."""
    value = raw.sql
    if raw.type == "BOOLEAN" and column.kind != "flag":
        return "null"
    if column.kind == "date":
        return _day_of(raw)
    if column.kind in {"people", "choice"}:
        return _from_text(column, f"{value}::varchar")
    if column.kind == "code":
        return f"{_whole(f'{value}::double')}::bigint::varchar" if _is_fraction(raw) else f"{value}::varchar"
    if (
        raw.type not in _WHOLE
        and not _is_float(raw)
        and not raw.type.startswith(("DECIMAL", "HUGEINT", "UBIGINT", "UHUGEINT"))
    ):
        return "null"
    number = f"{value}::double" if column.kind == "number" or raw.type not in _WHOLE else f"{value}::bigint"
    if column.kind == "flag":
        return f"case {number} when 0 then 0 when 1 then 1 end"
    if column.kind == "number" and raw.type not in _WHOLE:
        return f"case when isfinite({number}) then {number} end"
    return number if raw.type in _WHOLE else _whole(number)


def _day_of(raw: Raw) -> str:
    """Return the SQL of the day of a date or a moment; moments with a zone are stored in UTC."""
    if raw.type != "DATE" and not raw.type.startswith("TIMESTAMP"):
        return "null"
    day = f"({raw.sql} at time zone '{ZONE}')::date" if "ZONE" in raw.type else f"{raw.sql}::date"
    return f"case when {day} {_DAYS} then {day} end"


def _whole(number: str) -> str:
    """Return the SQL of a whole number that a double holds exactly. NaN is excluded: Parquet statistics ignore it."""
    return (
        f"case when isfinite({number}) and abs({number}) < {1 << 53} and {number} = floor({number}) then {number} end"
    )


def _is_float(raw: Raw) -> bool:
    return raw.type in {"DOUBLE", "FLOAT"}


def _is_fraction(raw: Raw) -> bool:
    return _is_float(raw) or raw.type.startswith("DECIMAL")
