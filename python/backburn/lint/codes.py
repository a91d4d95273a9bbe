"""Every code of a finding, each with a sentence and a remedy: the one registry.

`BB1xx` is about the document, `BB2xx` about the promise, `BB3xx` about alerts, `BB4xx` about data.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CODES", "Code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code with what it means and what to do about it, each a full sentence."""

    code: str
    sentence: str
    remedy: str


def _registry(*codes: tuple[str, str, str]) -> dict[str, Code]:
    return {code: Code(code=code, sentence=sentence, remedy=remedy) for code, sentence, remedy in codes}


CODES = _registry(
    ("BB100", "The document cannot be read.", "Name a UTF-8 file, or a directory that holds *.yaml files."),
    ("BB101", "The text is not YAML.", "Mend the syntax at the place that is named."),
    ("BB102", "A field is written twice.", "Keep one of the two."),
    ("BB103", "The field is not one of the grammar's.", "Use the nearest word, or the one that the hint names."),
    ("BB104", "The word belongs to the grammar, but its feature does not exist yet.", "Leave it out for now."),
    ("BB105", "The value has the wrong shape.", "Write a value, a list or a mapping, as the field asks."),
    ("BB106", "The value cannot be read as what the field holds.", "Write it as the remedy shows."),
    ("BB107", "The predicate is not a SQL expression that can be evaluated.", "Mend it at the column that is named."),
    ("BB108", "A field that is needed is missing.", "Write the field."),
    ("BB109", "A comma or bracket inside an unquoted value splits its flow mapping.", "Quote the whole value."),
    ("BB110", "The document uses a part of YAML that is refused.", "Write the value out, as plain text."),
    ("BB111", "Two fields contradict each other.", "Keep one of them."),
    ("BB112", "A name refers to something that is not there.", "Use a name that is declared, or declare this one."),
    ("BB113", "A name or value is used twice where each must be different.", "Rename or remove one of them."),
    ("BB114", "A window is not a whole number of steps.", "Choose a step that divides every window."),
    ("BB201", "Nobody owns the promise.", "Write metadata.owner, so that a breach finds its team."),
    (
        "BB202",
        "Two objectives count the same events over the same window.",
        "Keep the one with the stricter target, or tell their indicators apart.",
    ),
    (
        "BB203",
        "An override can never apply, because an earlier one matches the same series.",
        "Move the narrower override up, or remove it.",
    ),
    (
        "BB204",
        "The target is higher than the hard dependencies allow.",
        "Lower the target, or make the dependency soft.",
    ),
    (
        "BB205",
        "The objective is no stricter than the agreement that it protects.",
        "Raise the target above the SLA's, so that there is time to act before it is broken.",
    ),
    ("BB206", "A calendar window names no zone.", "Write timezone: Europe/Berlin, or UTC if that is meant."),
    (
        "BB207",
        "At the traffic seen, the budget is less than one event.",
        "Judge a longer window, tell fewer series apart, or lower the target.",
    ),
    (
        "BB208",
        "At the traffic seen, a window holds too few events to tell a percentile.",
        "Judge a longer window, tell fewer series apart, or promise a lower percentile.",
    ),
    (
        "BB301",
        "A policy of the catalogue asks what is to come of a window of which nothing is.",
        "Give the objective a rolling or a calendar window, or name the policies that are to be compared.",
    ),
    (
        "BB302",
        "An alert waits for a burn rate that a total outage does not reach.",
        "Lower the factor: a target of 90% allows no burn rate above 10.",
    ),
    (
        "BB303",
        "The short window of an alert is not shorter than the long one.",
        "Write a short window of about a twelfth of the long one.",
    ),
    ("BB304", "A condition never says what another one does not.", "Remove it, or give it a severity of its own."),
    (
        "BB305",
        "An alert waits longer than its shortest window.",
        "Write a shorter for: until it has passed, the window has forgotten what it saw.",
    ),
    (
        "BB306",
        "A policy was made for another period than the window.",
        "Write factors for this window, or shares of the budget with its period.",
    ),
    (
        "BB307",
        "A window of a policy is longer than the data.",
        "Bring older logs: until the window is full, alerts know less than they would have known.",
    ),
    ("BB401", "Logs are missing inside the data.", "Find the logs, or write gaps: quiet if there was no traffic."),
    ("BB402", "Rows could not be used.", "Look at the examples; max_rejected says how many may be so."),
    ("BB403", "Rows do not tell good from bad.", "Mend the column, or say by unparsable what becomes of them."),
    ("BB404", "Rows are out of scope.", "Read where and valid again if these are more than you expect."),
    ("BB405", "The data do not fill a window.", "Bring older logs, or judge a shorter window."),
    ("BB406", "An expected series was never seen.", "See whether the service is dead, or its logs are missing."),
    ("BB407", "An override matches no series.", "Mend its match, or remove it."),
    (
        "BB408",
        "No row is in the scope of an objective.",
        "Read its valid and the source's where again.",
    ),
    ("BB409", "A quarter and a year are taken as fixed lengths.", "Name the length, as in 92d, where it matters."),
    (
        "BB410",
        "Exact quantiles read the rows more than once.",
        "Leave out exact where the error of the histograms is small enough.",
    ),
    ("BB411", "Windows without events were judged by no_data.", "Write no_data: undefined to leave them open."),
    ("BB412", "Time is left out of budgets and coverage.", "Read the reason; both budgets are shown."),
    ("BB413", "An exclusion touches no window that was judged.", "Mend its series or its times, or remove it."),
    (
        "BB416",
        "Percentiles at ticks come from histograms.",
        "Write rollup.scale to tell durations apart more finely.",
    ),
    (
        "BB417",
        "Some windows have no percentiles.",
        "Ask for ticks and windows of whole histograms, or write rollup.histogram_step and count the logs again.",
    ),
    (
        "BB420",
        "Counters say that there were more good or bad events than events.",
        "See whether both are of the same process; unparsable says what becomes of these events.",
    ),
    (
        "BB421",
        "Labels of incidents say something that is not used.",
        "Read the note; rename the column if it was meant.",
    ),
    ("BB422", "A label holds for no series.", "Mend its columns, or see whether the service has logs."),
)
