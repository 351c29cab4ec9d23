"""The law as dated data: what holds on a day, with its source."""

from giamngheo.regulation.lookup import NoRuleInForceError, Provision, UnknownRuleError, provision

__all__ = ["NoRuleInForceError", "Provision", "UnknownRuleError", "provision"]
