"""The facts of a report of the programme, where there are forms for what is asked."""

from giamngheo.core.errors import WrongUseError
from giamngheo.core.period import Period
from giamngheo.regulation.programme import Programme
from giamngheo.report import reading
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.programme.settings import forms_of
from giamngheo.report.programmes import programme_of
from giamngheo.workbook.schema import choices

_SPANS = ("half", "year")


class PeriodOfFormsError(WrongUseError):
    """The programme asks for its forms after six months and after the year only."""

    def __init__(self, period: Period) -> None:
        super().__init__(
            f"Báo cáo chương trình không lập cho {words.name(period)}; chỉ lập cho 6 tháng ({period.year}-H1) hoặc năm"
            f" ({period.year})."
        )


class NoFormsError(WrongUseError):
    """No form is known for units of the level, or for the funds of the year."""

    def __init__(self, unit: str, year: int, programme: Programme) -> None:
        of_forms = {form.level for form in programme.forms}
        known = [word.lower() for level, word in choices("level").items() if level in of_forms]
        why = f"năm {year} chỉ có biểu của cấp {', '.join(known)}" if known else f"năm {year} chưa có biểu nào"
        super().__init__(
            f"Chương trình không có biểu báo cáo cho {unit}: {why}; lập báo cáo tháng, hoặc chọn đơn vị, năm khác."
        )


def facts(unit: str, period: str, data: str = "data", audience: str = "internal") -> Facts:
    """Return the facts of a unit's half-year or year. Raises GiamngheoError: what reading.facts does, and no forms."""
    asked = Period.parse(str(period))
    if asked.kind not in _SPANS:
        raise PeriodOfFormsError(asked)
    found = reading.facts(unit, period, data, audience)
    if not forms_of(found):
        raise NoFormsError(found.unit, found.year, programme_of(found, found.year))
    return found
