"""Parts IV and V: who does what, solutions, what comes next; the annex of notes to the data."""

from giamngheo.core.finding import of_severity
from giamngheo.report.elements import Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative


def tasks(facts: Facts) -> Prose:
    """Return part IV: responsibilities by agency and solutions."""
    assigned = facts.data["tasks"].sort_values(["position", "row"])
    agencies = [
        {"name": rows["agency"].iloc[0], "tasks": [words.sentence(text) for text in rows["text"]]}
        for _, rows in assigned.groupby("position")
    ]
    solutions = [words.sentence(text) for text in facts.data["solutions"]["text"]]
    return Prose(narrative("monthly/tasks", agencies=agencies, solutions=solutions))


def next_steps(facts: Facts) -> Prose:
    """Return part V and the closing sentence."""
    text = narrative(
        "monthly/next_steps",
        following_upper=words.following(facts.period).upper(),
        steps=[words.sentence(text) for text in facts.data["next_steps"]["text"]],
        author=facts.data.form["author_name"],
        addressee=facts.data.form["addressee"],
    )
    return Prose(text)


def annex(facts: Facts) -> Prose:
    """Return what the data does not explain, and what was explained; nothing for a public audience."""
    if facts.audience == "public":
        return Prose("")
    notes = [str(finding) for finding in of_severity(facts.findings, "warning")]
    explained = [
        {"finding": str(finding), "explanation": str(finding.explanation.said)}
        for finding in facts.findings
        if finding.explanation
    ]
    return Prose(narrative("monthly/annex", notes=notes, explained=explained))
