"""A reader of the formulas that reports tell, apart from the code that writes them."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

_CELL = r"'((?:[^']|'')+)'!([A-Z]+)(\d+)"

_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Calculator:
    """Calculates a formula exactly; `value` gives the number of a cell by sheet and address."""

    def __init__(self, value: Callable[[tuple[str, str]], Fraction]) -> None:
        self._value = value

    def result(self, formula: str) -> Fraction:
        """Return what a formula gives: sums of ranges, ROUND, percent signs and the four operations."""
        assert formula.startswith("=")
        text = re.sub(rf"SUM\({_CELL}:([A-Z]+)(\d+)\)", self._range, formula[1:])
        text = re.sub(_CELL, lambda cell: self._number(cell[1], cell[2] + cell[3]), text)
        assert "." not in text, "the decimal sign of Vietnamese Excel is a comma"
        text = re.sub(r"(\d),(\d)", r"\1.\2", text)
        text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
        return self._calculated(ast.parse(text.replace(";", ","), mode="eval").body)

    def _range(self, found: re.Match[str]) -> str:
        sheet, column, first, other, last = found.groups()
        assert column == other
        numbers = (self._number(sheet, f"{column}{row}") for row in range(int(first), int(last) + 1))
        return f"({'+'.join(numbers)})"

    def _number(self, sheet: str, address: str) -> str:
        return str(int(self._value((sheet.replace("''", "'"), address))))

    def _calculated(self, node: Any) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Call):
            number, places = (self._calculated(argument) for argument in node.args)
            exact = Decimal(number.numerator) / Decimal(number.denominator)
            return Fraction(exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))
        assert isinstance(node, ast.BinOp)
        return _OPERATIONS[type(node.op)](self._calculated(node.left), self._calculated(node.right))
