"""Many reports at once; one that fails stops no other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from giamngheo.core.errors import GiamngheoError
from giamngheo.run.execution.cluster import Scheduler, results
from giamngheo.run.execution.execute import executed
from giamngheo.run.provenance.recipe import Order
from giamngheo.run.report import is_unchanged, make_report

if TYPE_CHECKING:
    from giamngheo.run.execution.engine import Tell

State = Literal["made", "unchanged", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one report: its name ("tu-mo-rong 2023-08"), why it failed in one line."""

    name: str
    state: State
    reason: str = ""


def outcomes(orders: Sequence[Order], *, force: bool = False, scheduler: Scheduler | None = None) -> Iterator[Outcome]:
    """Yield the outcome of every order, as they come: first those that need no work, then those of the cluster.

    force: make unchanged reports too. scheduler: as in cluster.results. Raises NoSchedulerError.
    """
    todo = []
    for order in orders:
        kept = None if force else _kept(order)
        if kept is None:
            todo.append(replace(order, folder=order.folder.absolute()))
        else:
            yield kept
    for order, result in results(partial(made_or_kept, force=force), todo, scheduler, _book):
        yield failed(str(order), result) if isinstance(result, GiamngheoError) else result


def made_or_kept(order: Order, force: bool, tell: "Tell | None" = None) -> Outcome:
    """Make one report in a process for such work, unless another batch has; return the outcome."""
    try:
        if not force and is_unchanged(order):
            return Outcome(str(order), "unchanged")
        make_report(order, execute=partial(executed, tell=tell))
    except GiamngheoError as error:
        return failed(str(order), error)
    return Outcome(str(order), "made")


def failed(name: str, error: BaseException) -> Outcome:
    """Return the outcome of a report that cannot be made: the first line of the error, or its first finding."""
    lines = str(error).splitlines() or [type(error).__name__]
    return Outcome(name, "failed", lines[0])


def _book(order: Order) -> tuple[str, str]:
    """Return what reports have in common that are made from the same workbook."""
    return order.unit, order.year


def _kept(order: Order) -> Outcome | None:
    """Return the outcome where it is known without work."""
    try:
        return Outcome(str(order), "unchanged") if is_unchanged(order) else None
    except GiamngheoError as error:
        return failed(str(order), error)
