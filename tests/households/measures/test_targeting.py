import pandas as pd

from giamngheo.households.measures.targeting import targeting

BOTH = pd.DataFrame(
    [
        ("a", "poor", "poor", 6),
        ("a", "near_poor", "not_poor", 2),
        ("a", "average", "near_poor", 1),
        ("a", "not_poor", "not_poor", 91),
        ("b", "poor", "not_poor", 2),
        ("b", "not_poor", "not_poor", 8),
    ],
    columns=["unit_code", "class_by_income", "class_by_score", "households"],
)


def test_errors_of_exclusion_and_inclusion() -> None:
    """Of the 8 of a that income finds, scores miss 2; of the 7 that scores find, 1 is above the line."""
    found = targeting(BOTH, ["unit_code"]).set_index("unit_code")
    assert found.loc["a"].tolist() == [100, 8, 7, 6, 2, 1, 25.0, 100 / 7]
    assert found.loc["b", ["by_income", "excluded", "exclusion_error_pct"]].tolist() == [2, 2, 100]
    assert pd.isna(found.loc["b", "inclusion_error_pct"]), "scores find nobody: there is no share"
    whole = targeting(BOTH).iloc[0]
    assert (whole["population"], whole["excluded"], whole["included"]) == (110, 4, 1)
    assert whole["exclusion_error_pct"] == 40
