"""The law as dated data: what holds on a day, with its source."""

from giamngheo.regulation.lookup import NoRuleInForceError, Rule, UnknownRuleError, rule

__all__ = ["NoRuleInForceError", "Rule", "UnknownRuleError", "rule"]
