"""Every kind of defect that can be planted."""

from giamngheo.demo import defects_money as money
from giamngheo.demo import defects_people as people
from giamngheo.demo import defects_typing as slips
from giamngheo.demo.defects import Kind

AGAINST_RULES: tuple[Kind, ...] = (
    people.more_minority_than_poor,
    money.falling_disbursement,
    people.open_flow,
    money.unknown_project,
    people.review_twice,
    people.plan_above_stock,
    money.missing_snapshot,
    people.communes_unlike_district,
    money.undated_document,
    people.fewer_persons,
    money.typed_in_millions,
    people.unlike_transfers,
    people.plan_of_next_year,
    money.more_than_planned,
    people.too_few_households,
    money.second_symbol,
    money.too_much_maintenance,
    people.unlike_exits,
    people.plan_of_nobody,
    people.too_few_deprivations,
    money.money_of_next_year,
    people.other_opening,
    money.undated_capital,
    people.plan_of_growth,
)
"""The kinds that break a rule, each another one."""

SLIPS: tuple[Kind, ...] = (slips.count_with_its_unit, slips.period_in_words, slips.task_of_nothing)
"""The kinds that the reader sees."""

KINDS = (*AGAINST_RULES, *SLIPS)
"""Every kind of defect, in the order in which they are planted."""
