"""SQL that reads every column of a household file in the type of its kind."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from giamngheo.intake.household_schema import HouseholdColumn, household_choices, household_columns
from giamngheo.intake.household_text import DelimitedText

TEXT = "VARCHAR"

MAX_LINE_BYTES = 1 << 20

SQL_TYPES = {
    "text": TEXT,
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


@dataclass(frozen=True)
class Raw:
    """A column as the file has it: its name there, the engine's type of it, whether each value is as it should be."""

    name: str
    type: str
    tidy: bool = False

    @property
    def sql(self) -> str:
        """The column in SQL."""
        return '"' + self.name.replace('"', '""') + '"'


def typed_select(
    raws: Mapping[str, Raw], source: str, place: str, *, broken: str = "false", names: Set[str] | None = None
) -> str:
    """Select of the schema's columns from `source`, and of `place`, `unreadable` and `broken`; all, or those named.

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
    filled = [f"{_filled(raws[column.name])} as raw_{column.name}" for column in doubtful]
    bits = [
        f"case when raw_{column.name} and {column.name} is null then {unreadable_bit(column.name)} else 0 end"
        for column in doubtful
    ]
    unreadable = [f"{' + '.join(bits) or 0} as unreadable"] if everything else []
    inner = ", ".join([f"{place} as place", f"{broken} as broken", *typed, *filled])
    outer = ", ".join(["place", "broken", *(column.name for column in columns), *unreadable])
    return f"select {outer} from (select {inner} from {source})"


def tidiness(raws: Mapping[str, Raw], source: str) -> str:
    """Query of one row that tells of columns, by their name in the schema, whether every value is already as it should.

    Such a column need not be typed row by row. Only those are in it of which a Parquet file tells quickly: flags by
    their least and greatest value, texts by their distinct ones.
    """
    columns = [column for column in household_columns() if column.name in raws and column.name != "household_id"]
    flags = [_flag_is_tidy(column, raws[column.name]) for column in columns if column.kind == "flag"]
    texts = [
        f"(select coalesce(bool_and({raw.sql} is not distinct from ({_from_text(column, raw)})), true) "
        f"from (select distinct {raw.sql} from {source})) as {column.name}"
        for column in columns
        if (raw := raws[column.name]).type == TEXT and SQL_TYPES[column.kind] == TEXT
    ]
    every_flag, every_text = ", ".join(["true as flags", *flags]), ", ".join(["true as texts", *texts])
    return f"from (select {every_flag} from {source}), (select {every_text})"


def text_type(name: str | None) -> str:
    """The type in which a column is first read from text: one that loses nothing, so 3.5 stays 3.5."""
    kinds = {column.name: column.kind for column in household_columns()}
    sql_type = SQL_TYPES[kinds[name]] if name in kinds else TEXT
    return sql_type if sql_type in {TEXT, "DATE"} else "DOUBLE"


def strict_source(text: DelimitedText, types: Sequence[str]) -> str:
    """SQL of the lines of a text, which fails at the first that has other columns than the header or other types."""
    columns = ", ".join(f"'c{index}': '{name}'" for index, name in enumerate(types))
    return f"read_csv({quoted(text.path)}, columns={{{columns}}}, dateformat='%Y-%m-%d', {_dialect(text)})"


def lenient_source(text: DelimitedText) -> str:
    """Every line is a row: short ones end in NULL (a blank is ''), long ones spill into the column `more`."""
    names = [*(f"c{index}" for index in range(len(text.header))), "more"]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    lenient = "null_padding=true, strict_mode=false, parallel=false, nullstr='\\N'"
    return f"read_csv({quoted(text.path)}, columns={{{columns}}}, {_dialect(text)}, {lenient})"


def _dialect(text: DelimitedText) -> str:
    return (
        f"auto_detect=false, header=true, delim='{text.delimiter}', quote='\"', escape='\"', "
        f"max_line_size={MAX_LINE_BYTES}"
    )


def quoted(path: Path) -> str:
    """The path as a text in SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def unreadable_bit(name: str) -> int:
    """The bit of `unreadable` that stands for a column."""
    return 1 << [column.name for column in household_columns()].index(name)


def _flag_is_tidy(column: HouseholdColumn, raw: Raw) -> str:
    test = f"min({raw.sql}) >= 0 and max({raw.sql}) <= 1" if raw.type in _WHOLE else "false"
    return f"coalesce({test}, true) as {column.name}"


def _always_fits(column: HouseholdColumn, raw: Raw) -> bool:
    """Whether no value in the file can be wrong for the kind of the column."""
    if raw.tidy:
        return True
    whole = raw.type in _WHOLE
    fitting = {"text": True, "code": True, "count": whole, "money": whole, "date": raw.type == "DATE"}
    return fitting.get(column.kind, whole and column.kind == "number")


def _filled(raw: Raw) -> str:
    if raw.type == TEXT:
        return f"coalesce(trim({raw.sql}) <> '', false)"
    return f"({raw.sql} is not null and not isnan({raw.sql}))" if _is_float(raw) else f"{raw.sql} is not null"


def _typed(column: HouseholdColumn, raw: Raw | None) -> str:
    sql_type = SQL_TYPES[column.kind]
    if raw is None:
        return f"null::{sql_type} as {column.name}"
    if raw.tidy:
        return f"{raw.sql}::{sql_type} as {column.name}"
    read = _from_text if raw.type == TEXT else _from_value
    return f"({read(column, raw)})::{sql_type} as {column.name}"


def _from_text(column: HouseholdColumn, raw: Raw) -> str:
    value = raw.sql
    if column.kind == "choice":
        return _choice(column, value)
    number = f"try_cast({value} as double)"
    return {
        "text": _cleaned(value),
        "code": _cleaned(value),
        "flag": f"case {value} when '0' then 0 when '1' then 1 else ({_trimmed_flag(value)}) end",
        "count": _whole(number),
        "money": _whole(number),
        "number": f"case when isfinite({number}) then {number} end",
        "date": f"coalesce(try_cast({value} as date), {_day_first(value)})",
    }[column.kind]


def _cleaned(value: str) -> str:
    """Text without space around it, its letters composed, no text if it is empty; most texts are clean at a glance."""
    unclean = f"{value} < '!' or ends_with({value}, ' ') or strlen({value}) <> length({value})"
    return f"case when {unclean} then nullif(nfc_normalize(trim({value})), '') else {value} end"


def _trimmed_flag(value: str) -> str:
    number = f"trim({value})"
    return f"case when {number} in ('0', '0.0') then 0 when {number} in ('1', '1.0') then 1 end"


def _day_first(value: str) -> str:
    return f"try_strptime(trim({value}), '%d/%m/%Y')::date"


def _choice(column: HouseholdColumn, value: str) -> str:
    labels = household_choices(column.choices).items()
    codes = " ".join(f"when '{code}' then '{code}'" for code, _ in labels)
    words = " ".join(f"when '{label.casefold()}' then '{code}'" for code, word in labels for label in (code, word))
    return f"case {value} {codes} else (case lower(nfc_normalize(trim({value}))) {words} end) end"


def _whole(number: str) -> str:
    """A whole number within what a double holds exactly."""
    return f"case when abs({number}) < {1 << 53} and {number} = floor({number}) then {number} end"


def _from_value(column: HouseholdColumn, raw: Raw) -> str:
    value = raw.sql
    if column.kind == "date":
        return value if raw.type == "DATE" or raw.type.startswith("TIMESTAMP") else "null"
    if column.kind in {"text", "code", "choice"}:
        return f"{value}::varchar" if column.kind != "choice" else _choice(column, f"{value}::varchar")
    if raw.type not in _WHOLE and not _is_float(raw) and not raw.type.startswith(("DECIMAL", "HUGEINT", "U")):
        return "null"
    number = f"{value}::double" if column.kind == "number" or raw.type not in _WHOLE else f"{value}::bigint"
    if column.kind == "flag":
        return f"case {number} when 0 then 0 when 1 then 1 end"
    if column.kind == "number" and raw.type not in _WHOLE:
        return f"case when isfinite({number}) then {number} end"
    return number if raw.type in _WHOLE else _whole(number)


def _is_float(raw: Raw) -> bool:
    return raw.type in {"DOUBLE", "FLOAT"}
