"""What a National Target Programme consists of and is paid from, by the year of the funds."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from giamngheo.regulation.lookup import BrokenRuleError, NoRuleInForceError, load, provision

Entry = Mapping[str, Any]
Kind = Literal["contents", "sources", "works", "forms"]

FormKind = Literal["resources", "contents", "works", "policies"]

CARRIED_YEARS = 3
"""From how many years back money may be carried over."""


@dataclass(frozen=True)
class Content:
    """A part of a programme: a project or component or, with a parent, a part of one, to any depth.

    code: "1", "1.1". name: official; short: ours, for tables and figures. label: what texts call it, "Dự án 1",
    "Tiểu dự án 1"; full_label says of what it is a part. capital: codes of the sources that it is paid from, empty
    where the programme names none. provisional: the name is a placeholder. own: an office named or added it.
    """

    code: str
    name: str
    short: str
    label: str
    full_label: str
    capital: tuple[str, ...] = ()
    ministry: str = ""
    parent: str = ""
    provisional: bool = False
    own: bool = False


@dataclass(frozen=True)
class Source:
    """A source of funds or, with a parent, a part of one. name: official; short: for the heads of tables.

    also: other spellings. level: the budget that pays it ("central" ...), "" where the source does not say. mobilised:
    a resource beyond the budget. head: what a form calls its column. own: an office named or added it.
    """

    code: str
    name: str
    short: str
    parent: str = ""
    also: tuple[str, ...] = ()
    level: str = ""
    mobilised: bool = False
    head: str = ""
    own: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What may stand in a workbook for it, the word that is offered first."""
        return (self.name, *self.also)


@dataclass(frozen=True)
class Work:
    """A kind of work that investment is told by. name: as forms have it; short: the word of the workbook."""

    code: str
    name: str
    short: str


@dataclass(frozen=True)
class Form:
    """A form of the programme's report of a level of units, as it is laid out.

    code: its number, "11". sample: what it is attached to. heads: its title, headings and the names of its totals, in
    which {year}, {time} and {rest} stand for those of the report. acts: kinds of documents that it lists. parted: the
    sources that it shows by their parts.
    """

    code: str
    level: str
    kind: FormKind
    sample: str
    heads: Mapping[str, str]
    acts: tuple[str, ...] = ()
    parted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A programme as the funds of one year belong to it; contents and sources in official order.

    begins: its first day, the same for all years of its funds. parts: what its contents are called, in small letters;
    noun: what one of any depth is called. law: kind and number of the act. reported: the act was not read. works: the
    kinds of work that the money of work_source is told by. forms: of its report.
    """

    begins: dt.date
    name: str
    period: str
    short: str
    parts: str
    noun: str
    law: str
    reported: bool
    contents: tuple[Content, ...]
    sources: tuple[Source, ...]
    works: tuple[Work, ...] = ()
    work_source: str = ""
    forms: tuple[Form, ...] = ()

    @property
    def top(self) -> str:
        """What the contents just below the programme are called, "dự án"."""
        return self.parts.split(",")[0]

    @property
    def full_name(self) -> str:
        """The name with the years that it runs for."""
        return f"{self.name} giai đoạn {self.period}"

    def content(self, code: str) -> Content | None:
        """Return the content of a code, None where the programme has none."""
        return next((entry for entry in self.contents if entry.code == code), None)

    def source(self, code: str) -> Source | None:
        """Return the source of a code, None where the programme has none."""
        return next((entry for entry in self.sources if entry.code == code), None)


@dataclass(frozen=True)
class Own:
    """A content, source, kind of work or form of an office's own: the fields of an entry of the nation's list.

    begins: the first day of funds for which it holds; None: whichever programme has its code or its parent. place:
    where it was typed, for messages.
    """

    kind: Kind
    entry: Entry
    place: str
    begins: dt.date | None = None


@dataclass(frozen=True)
class Catalogue:
    """The programmes by the year of the funds: the nation's, and what an office adds to them, which wins."""

    own: tuple[Own, ...] = ()

    @cached_property
    def _of_years(self) -> dict[int, Programme | None]:
        """The programmes that were asked for."""
        return {}

    def programme(self, fund_year: int) -> Programme | None:
        """Return the programme that the funds of a year belong to; None where none is known."""
        if not dt.MINYEAR <= fund_year <= dt.MAXYEAR:  # of a workbook whose name is no year
            return None
        if fund_year not in self._of_years:
            try:
                self._of_years[fund_year] = _programme(dt.date(fund_year, 12, 31), self.own)
            except NoRuleInForceError:
                self._of_years[fund_year] = None
        return self._of_years[fund_year]

    def programmes(self) -> Iterator[Programme]:
        """Yield every programme that is known, as its latest funds have it."""
        days = sorted(map(dt.date.fromisoformat, load("programme")["contents"]["from"]))
        for following in (*days[1:], None):
            last = dt.date(2100, 12, 31) if following is None else following - dt.timedelta(days=1)
            yield _programme(last, self.own)

    def source_words(self) -> dict[str, str]:
        """Return the code of each word that may stand in a workbook for a source of any programme."""
        return {word: source.code for one in self.programmes() for source in one.sources for word in source.words}

    def work_words(self) -> dict[str, str]:
        """Return the code of each word that may stand in a workbook for a kind of work, the office's or not."""
        words: dict[str, str] = {}
        for work in (work for catalogue in (self, NATIONAL) for one in catalogue.programmes() for work in one.works):
            words.setdefault(work.short, work.code)
            words.setdefault(work.name, work.code)
        return words

    def source_name(self, code: str) -> str:
        """Return what a source is called in a workbook, the code itself where no programme has it."""
        return next((source.name for one in self.programmes() for source in one.sources if source.code == code), code)


def extended_to(fund_year: int) -> dt.date:
    """Return the last day on which investment money of a year is paid where it is carried over."""
    day = provision("disbursement/extension", on=dt.date(fund_year, 12, 31)).value
    return dt.date(fund_year + 1, day["month"], day["day"])


NATIONAL = Catalogue()
"""The programmes as the law has them."""


def _programme(on: dt.date, own: Sequence[Own]) -> Programme:
    contents, sources = provision("programme/contents", on=on), provision("programme/sources", on=on)
    value, act = contents.value, load("laws")[contents.law]
    if sources.begins < contents.begins:
        raise BrokenRuleError("programme.toml, sources", f"cần khối {contents.begins} của chương trình từ ngày ấy")
    holding = [one for one in own if _holds(one, on)]
    works, forms = (_of_programme(kind, on, contents.begins, holding) for kind in ("works", "forms"))
    found = Programme(
        begins=contents.begins,
        **{name: value[name] for name in ("name", "period", "short", "parts", "noun")},
        law=f"{act['kind']} {act['number']}",
        reported=contents.confidence != "read",
        contents=_contents(merged(value["tree"], holding, "contents"), value["levels"]),
        sources=tuple(map(_source, merged(sources.value, holding, "sources"))),
        works=tuple(map(_work, merged(works["tree"], holding, "works"))) if works else (),
        work_source=works["source"] if works else "",
        forms=tuple(map(_form, merged(forms, holding, "forms"))) if forms else (),
    )
    places = {(one.kind, one.entry["code"]): one.place for one in holding}
    for kind, code, trouble in _unknown_sources(found):
        raise BrokenRuleError(places.get((kind, code), "programme.toml"), trouble)
    return found


def _of_programme(kind: Literal["works", "forms"], on: dt.date, begins: dt.date, own: Iterable[Own]) -> Any:
    """Return what a programme that begins on a day has of a kind, on another; None where nothing is known.

    A block from before its first day is that of the programme before. Raises BrokenRuleError for what an office adds to
    nothing.
    """
    try:
        found = provision(f"programme/{kind}", on=on)
    except NoRuleInForceError:
        found = None
    if found is not None and found.begins >= begins:
        return found.value
    for one in (one for one in own if one.kind == kind):
        named = "loại công trình" if kind == "works" else "biểu"
        raise BrokenRuleError(one.place, f"chương trình từ ngày {begins:%d/%m/%Y} không có {named} nào; bỏ dòng này")
    return None


def _unknown_sources(programme: Programme) -> Iterator[tuple[Kind, str, str]]:
    """Yield kind and code of what names a source of funds that its programme does not have, and what is wrong."""
    named: dict[tuple[Kind, str], tuple[str, ...]] = {
        ("contents", each.code): each.capital for each in programme.contents
    }
    named |= {("forms", form.code): form.parted for form in programme.forms}
    if programme.works:
        named["works", ""] = (programme.work_source,)
    known = [source.code for source in programme.sources]
    for (kind, code), sources in named.items():
        for source in sources:
            if source not in known:
                told = f"{kind} {code}".strip()
                yield kind, code, f"{told} ghi nguồn vốn {source!r} không có; ghi một trong: {', '.join(known)}"


def _holds(one: Own, on: dt.date) -> bool:
    """Return whether an own entry is of the programme in force on a day. Raises BrokenRuleError."""
    if one.begins is None:
        return True
    first = min(map(dt.date.fromisoformat, load("programme")[one.kind]["from"]))
    if one.begins < first:
        raise BrokenRuleError(
            one.place, f"bắt đầu trước chương trình đầu tiên, ngày {first:%d/%m/%Y}; sửa ngày của khối"
        )
    if one.begins > on:
        return False
    return all(
        provision(f"programme/{kind}", on=one.begins).begins == provision(f"programme/{kind}", on=on).begins
        for kind in ("contents", one.kind)
    )


def merged(tree: Sequence[Entry], own: Iterable[Own], kind: Kind) -> list[Entry]:
    """Return the entries of a national tree with those of an office of its kind: its fields win, others are added.

    Those without a first day that neither this tree nor another own entry knows belong to another programme and are
    left out. Raises BrokenRuleError for one without a name, with a parent that is missing, or above itself.
    """
    entries = {entry["code"]: entry for entry in tree}
    added = [one for one in own if one.kind == kind]
    named: dict[str, list[int]] = {}
    for number, one in enumerate(added):
        for code in {one.entry["code"], one.entry.get("parent", "")}:
            named.setdefault(code, []).append(number)
    waiting = set(range(len(added)))
    known = waiting if kind == "works" else {number for code in entries for number in named.get(code, ())}
    while ready := sorted(waiting & known):
        fresh = {added[number].entry["code"] for number in ready} - entries.keys()
        for number in ready:
            code = added[number].entry["code"]
            entries[code] = _overruled(entries.get(code), added[number])
        waiting = waiting.difference(ready)
        known = {number for code in fresh for number in named[code]}
    for one in (added[number] for number in sorted(waiting)):
        if one.begins is not None:
            raise BrokenRuleError(one.place, _no_parent(one.entry, kind, {other.entry["code"] for other in added}))
    return _in_order(entries, {one.entry["code"]: one.place for one in added})


def _no_parent(entry: Entry, kind: Kind, own: Set[str]) -> str:
    code, parent = entry["code"], entry.get("parent", "")
    if kind == "forms":
        return f"không có biểu {code!r}; chỉ sửa biểu có sẵn, ghi mã của biểu ấy"
    named = "nguồn vốn" if kind == "sources" else "nội dung"
    if parent in own:
        return f"{named} {code!r} thuộc {parent!r}, mà {parent!r} không thuộc mã nào có sẵn; sửa parent"
    if parent:
        return f"{named} {code!r} thuộc {parent!r}, mã này không có; ghi mã có trong danh mục"
    return f"{named} {code!r} không có trong danh mục và không ghi thuộc mã nào; ghi mã cấp trên (parent)"


def _overruled(entry: Entry | None, one: Own) -> Entry:
    given = {name: value for name, value in one.entry.items() if value not in ("", ())}
    if entry is None and "name" not in given:
        raise BrokenRuleError(one.place, f"mã mới {given['code']!r} chưa có tên; ghi tên")
    named = {"short": given["name"], "provisional": False} if "name" in given else {}
    return {**(entry or {}), **named, **given, "own": True}


def _in_order(entries: Mapping[str, Entry], places: Mapping[str, str]) -> list[Entry]:
    """Return the entries, each followed by its parts. Raises BrokenRuleError for those that stand above themselves."""
    below: dict[str, list[Entry]] = {}
    for entry in entries.values():
        below.setdefault(entry.get("parent", ""), []).append(entry)
    ordered: list[Entry] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += below.get(ordered[-1]["code"], [])[::-1]
    reached = {entry["code"] for entry in ordered}
    circled = [code for code in entries if code not in reached]
    if circled:
        place = next((places[code] for code in circled if code in places), "programme.toml")
        told = ", ".join(circled)
        raise BrokenRuleError(
            place, f"các mã {told} thuộc lẫn nhau thành vòng, hoặc mã cấp trên không có; sửa cột mã cấp trên"
        )
    return ordered


def _contents(tree: Iterable[Entry], levels: Sequence[str]) -> tuple[Content, ...]:
    found: dict[str, Content] = {}
    above: dict[str, list[str]] = {"": []}
    for entry in tree:
        code, parent = entry["code"], entry.get("parent", "")
        level = levels[min(len(above[parent]), len(levels) - 1)]
        label = entry.get("label") or f"{level} {entry.get('number') or code.removeprefix(f'{parent}.')}"
        above[code] = [label, *above[parent]]
        full = f"{label} ({', '.join(above[parent])})" if parent else label
        fields = {name: value for name, value in entry.items() if name not in {"number", "label", "capital"}}
        capital = tuple(entry.get("capital", ()))
        found[code] = Content(**fields, capital=capital, label=label, full_label=full)
    return tuple(found.values())


def _work(entry: Entry) -> Work:
    return Work(entry["code"], entry["name"], entry["short"])


def _form(entry: Entry) -> Form:
    about = {"code", "level", "kind", "sample", "acts", "parted", "own"}
    return Form(
        code=entry["code"],
        level=entry["level"],
        kind=entry["kind"],
        sample=entry["sample"],
        heads={name: words for name, words in entry.items() if name not in about},
        acts=tuple(entry.get("acts", ())),
        parted=tuple(entry.get("parted", ())),
    )


def _source(entry: Entry) -> Source:
    fields = {name: value for name, value in entry.items() if name not in {"also", "provisional"}}
    return Source(**fields, also=tuple(entry.get("also", ())))
