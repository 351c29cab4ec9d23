"""What an office adds to the law: files of the shape of ours, in the folder regulation beside those of its units."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from giamngheo.core.errors import UnreadableError
from giamngheo.core.paths import is_there
from giamngheo.core.text import text
from giamngheo.regulation.file import read
from giamngheo.regulation.lookup import BrokenRuleError, checked_blocks
from giamngheo.regulation.programme import Catalogue, Kind, Own

FOLDER = "regulation"
"""What the folder is called in a data folder."""

_FILE, _STANDARD = "programme.toml", "poverty.toml"

_FIELDS: Mapping[Kind, frozenset[str]] = {
    "contents": frozenset({"code", "parent", "name", "short", "ministry", "number", "label", "capital"}),
    "sources": frozenset({"code", "parent", "name", "short", "also", "level", "mobilised", "head"}),
    "works": frozenset({"code", "name", "short"}),
    "forms": frozenset(
        {"code", "sample", "title", "number", "named", "planned", "done", "rest", "share", "whole", "budget", "total"}
        | {"cited", "subject", "goal", "content", "note", "acts", "parted"}
    ),
}
_LISTS = {"capital", "also", "acts", "parted"}
_TREES = ("contents", "works")
"""Kinds whose list stands beside other values."""

_MOST_ENTRIES = 1_000
"""Entries of all blocks: each is looked for among all others, and named by all that it is part of."""

_LONGEST = 500
"""Letters of a text, which a cell of a report has to hold."""


def own_files(data: Path) -> list[Path]:
    """Return the files of provisions that a data folder has, in their order. Raises UnreadableError."""
    folder = data / FOLDER
    try:
        return sorted(path for path in folder.iterdir() if path.match("*.toml")) if is_there(folder) else []
    except OSError as error:
        raise UnreadableError(folder, error) from error


def own_catalogue(data: Path) -> Catalogue:
    """Return the programmes as the law and the files of a data folder have them.

    Raises UnreadableError; BrokenRuleError for a file that is not one of ours, an entry that lacks its code, stands
    twice, has a parent that is missing or stands above itself.
    """
    found = Catalogue(tuple(entry for path in own_files(data) for entry in _of_file(path)))
    if len(found.own) > _MOST_ENTRIES:
        raise BrokenRuleError(f"{FOLDER}/{_FILE}", f"có {len(found.own)} dòng, nhiều nhất {_MOST_ENTRIES}")
    for year in {entry.begins.year for entry in found.own if entry.begins}:
        found.programme(year)
    list(found.programmes())
    return found


def own_standard(data: Path) -> Path | None:
    """Return the file of a province's own poverty standard in a data folder; None where nothing has its name."""
    path = data / FOLDER / _STANDARD
    return path if is_there(path) else None


def _of_file(path: Path) -> Iterator[Own]:
    place = f"{FOLDER}/{path.name}"
    if path.name == _STANDARD:
        return
    if path.name != _FILE:
        raise BrokenRuleError(place, f"không có tệp quy định nào tên này; chỉ nhận {_FILE}, {_STANDARD}")
    for name, entry in read(path, place).items():
        kind = next((kind for kind in _FIELDS if kind == name), None)
        if kind is None:
            raise BrokenRuleError(place, f"có mục lạ {name!r}; chỉ ghi {', '.join(_FIELDS)}")
        for day, block in checked_blocks(f"{place}, {kind}", entry).items():
            where = f"{place}, {kind}, khối {day}"
            for fields in _entries(kind, block, where):
                yield Own(kind, fields, where, day)


def _entries(kind: Kind, block: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
    """Return the entries of a block. Raises BrokenRuleError."""
    value = block.get("value")
    tree = value.get("tree") if kind in _TREES and isinstance(value, Mapping) else value
    if not isinstance(tree, list) or not all(isinstance(entry, Mapping) for entry in tree):
        wanted = "value.tree = [ … ]" if kind in _TREES else "value = [ … ]"
        line = "title = …" if kind == "forms" else "name = …" if kind == "works" else "parent = …, name = …"
        raise BrokenRuleError(where, f"cần danh mục dạng {wanted}, mỗi dòng {{ code = …, {line} }}")
    for entry in tree:
        for trouble in _troubles(kind, entry):
            raise BrokenRuleError(where, trouble)
    twice = [code for code, count in Counter(entry["code"] for entry in tree).items() if count > 1]
    if twice:
        raise BrokenRuleError(where, f"mã {twice[0]!r} ghi {Counter(entry['code'] for entry in tree)[twice[0]]} lần")
    return tree


def _troubles(kind: Kind, entry: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(entry.get("code"), str) or not entry["code"].strip():
        yield 'có dòng không ghi code; cần code = "…" ở mỗi dòng'
    for name, value in entry.items():
        if name not in _FIELDS[kind]:
            yield f"mã {entry['code']!r} có mục lạ {name!r}; chỉ ghi {', '.join(sorted(_FIELDS[kind]))}"
        wanted = list if name in _LISTS else bool if name == "mobilised" else str
        if not isinstance(value, wanted):
            yield f"mã {entry['code']!r}: mục {name!r} phải là {_WORDS[wanted]}"
        for word in value if isinstance(value, list) else [value]:
            if not isinstance(word, str | bool):
                yield f"mã {entry['code']!r}: mục {name!r} phải là {_WORDS[wanted]}"
            elif isinstance(word, str) and (word != text(word) or len(word) > _LONGEST):
                yield (
                    f"mã {entry['code']!r}: mục {name!r} phải là chữ trên một dòng, không thừa dấu cách, không quá"
                    f" {_LONGEST} chữ"
                )


_WORDS: Mapping[type, str] = {list: 'danh sách chữ ["…"]', bool: "true hoặc false", str: "chữ"}
