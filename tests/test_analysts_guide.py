"""Every block of docs/analysts.md runs, in its order, as a reader would run them."""

import ast
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.demo.households import make_household_demo

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "analysts.md").read_text("utf-8"), re.DOTALL)
PARQUET = "to_parquet"


def shown(block: str, names: dict[str, object]) -> object:
    """What a notebook shows under a cell: the value of its last expression."""
    tree = ast.parse(block)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "block", "exec"), names)
    return eval(compile(ast.Expression(last.value), "block", "eval"), names) if last else None


def test_the_blocks_of_the_guide_give_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "data" / "demo", tmp_path / "data" / "demo", ignore=shutil.ignore_patterns("households"))
    make_household_demo(tmp_path / "data" / "demo" / "households", 700, year=2023, seed=1)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = [block for block in BLOCKS if PARQUET not in block or find_spec("fastparquet")]  # of requirements.lock
    values = [shown(block, names) for block in blocks]
    assert "workbooks" in repr(values[0])
    tables = [value for value in values if isinstance(value, pd.DataFrame)]
    assert len(tables) == 12
    assert all(len(table) for table in tables)
    assert names["outlooks"]["estimate_pct"].notna().all()
    assert any(isinstance(value, pd.Timestamp) and value == pd.Timestamp(2024, 6, 30) for value in values)
    assert [type(value).__name__ for value in values[-2:]] == ["DataTable", "Figure"]
    assert len(pd.read_csv(tmp_path / "reviews.csv")) == len(names["reviews"])
    if len(blocks) == len(BLOCKS):
        written = pd.read_parquet(tmp_path / "reviews.parquet")
        assert written["poor_households"].equals(names["reviews"]["poor_households"])
        assert list(written["unit_name"]) == list(names["reviews"]["unit_name"])
