"""Turns a run into Markdown for a comment on a pull request: the fleet first, each environment to be unfolded. Pure.

A comment has a greatest length. What does not fit is folded away whole, from the last environment up: first its details, then its
table. Removals, refusals and what is unknown stand in the first table, so that they are never what is left out first.
"""

from __future__ import annotations

from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.run import ApplyRun, PlanRun, Unreadable
from reconciler.model.words import step_title
from reconciler.report.as_outcome import apply_line
from reconciler.report.counts import last_line, summary_of
from reconciler.report.formats.book import Style
from reconciler.report.markdown_plan import addresses, details
from reconciler.report.markup import code, plain

MARKER = "<!-- rictl -->"
"""First line of every comment, by which a pipeline finds its own one and updates it in place."""
LARGEST_COMMENT = 65_536
_SAFETY = 1_500
"""Characters kept free for what a pipeline adds, and for the closing sentence."""


def plan_report(run: PlanRun, style: Style) -> str:
    """The comment of a plan; with nothing to say about any environment it is two lines."""
    head = [MARKER, f"### {plain(last_line(summary_of(run.plans, len(run.unreadable))))}", ""]
    if run.saved is not None:
        head += [f"Plan file {code(f'sha256 {run.saved.sha256}')}, to be applied until {run.saved.expires_at:%Y-%m-%d %H:%M} UTC.", ""]
    if run.plans or run.unreadable:
        head += ["| environment | organization | changes | risk | to be settled |", "|---|---|---|---|---|"]
    rows = [_lost(lost) for lost in run.unreadable] + [_row(plan) for plan in sorted(run.plans, key=_urgency)]
    bodies = [[*([_full(plan)] if style.details else []), _table(plan), ""] for plan in run.plans]
    return _fitting(head, rows, bodies, style)


def apply_report(run: ApplyRun, style: Style) -> str:
    """The comment of an apply: what became of each environment and of each step."""
    head = [MARKER, f"### {plain(apply_line(run.outcomes))}", "", "| environment | result |", "|---|---|"]
    rows = [f"| {plain(outcome.plan.environment)} | {_result(outcome)} |" for outcome in run.outcomes]
    return _fitting(head, rows, [[*([_steps(outcome)] if style.details else []), ""] for outcome in run.outcomes], style)


def _fitting(head: list[str], rows: list[str], bodies: list[list[str]], style: Style) -> str:
    """Every body in its first, fullest form; then the last ones in their next one, until all of it fits. An empty form folds it away."""
    limit = (style.limit if style.limit is not None else LARGEST_COMMENT) - _SAFETY
    chosen = [0] * len(bodies)
    sizes = [[_size(form, style) + 1 for form in forms] for forms in bodies]
    room = limit - _size("\n".join([*head, *rows]), style)
    used = sum(size[0] for size in sizes)
    for level in range(max((len(forms) - 1 for forms in bodies), default=0)):
        for index in reversed(range(len(bodies))):
            if used > room and chosen[index] == level:
                used -= sizes[index][level] - sizes[index][level + 1]
                chosen[index] = level + 1
    shown = [forms[level] for forms, level in zip(bodies, chosen, strict=True)]
    lines = [*_cut(head, rows, limit, style), "", *(body for body in shown if body)]
    folded = sum(level > 0 for level in chosen)
    if folded:
        where = f": [the full report]({style.report})" if style.report else "; the full report is among the files of this run"
        lines.append(f"_{folded} of {len(bodies)} environments are shortened here{where}._")
    return "\n".join(lines).rstrip()


def _size(text: str, style: Style) -> int:
    """Bytes of UTF-8, or characters as those platforms count them that count most: outside the basic plane, one is two."""
    if style.limit_in == "bytes":
        return len(text.encode("utf-8", "replace"))
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def _cut(head: list[str], rows: list[str], limit: int, style: Style) -> list[str]:
    used = _size("\n".join(head), style)
    for number, row in enumerate(rows):
        used += _size(row, style) + 1
        if used > limit:
            return [*head, *rows[:number], f"| and {len(rows) - number} more | | | | |"]
    return [*head, *rows]


def _urgency(plan: Plan) -> int:
    """Refused and incomplete plans first, then those that take something away; others keep their order."""
    if plan.standing_objections or not plan.is_complete:
        return 0
    return 1 if summary_of([plan]).disable else 2


def _row(plan: Plan) -> str:
    counted = summary_of([plan])
    words = [
        f"{number} {word}" for number, word in ((counted.disable, "off"), (counted.enable, "on"), (counted.change, "changed")) if number
    ]
    settle = [plain(objection.code) for objection in plan.standing_objections]
    settle += [f"{len(plan.unread)} not read"] if plan.unread else []
    settle += [plain(problem.code) for problem in plan.problems]
    settle += [f"{plain(task.code)}{f' until {task.deadline:%Y-%m-%d}' if task.deadline else ''}" for task in plan.tasks]
    settle += [f"approval of {plain(approval.group)}" for approval in plan.approvals]
    organization = f"{plain(plan.target.organization)} ({plain(plan.target.url)})"
    risk = plan.risk if plan.changes else ""
    return f"| {plain(plan.environment)} | {organization} | {', '.join(words) or 'none'} | {risk} | {', '.join(settle[:10])} |"


def _lost(lost: Unreadable) -> str:
    return f"| {plain(lost.environment)} | | not known | | {plain(lost.code)}: {plain(lost.what)} |"


def _full(plan: Plan) -> str:
    return _folded(plan, [*addresses(plan), *details(plan)])


def _table(plan: Plan) -> str:
    return _folded(plan, addresses(plan))


def _folded(plan: Plan, lines: list[str]) -> str:
    """A section to be unfolded; open when something has to be settled. Nothing for a plan of which there is nothing to say."""
    if not lines:
        return ""
    opened = " open" if plan.standing_objections or not plan.is_complete else ""
    head = f"<details{opened}><summary><b>{plain(plan.environment)}</b></summary>"
    return "\n".join([head, "", *lines, "", "</details>", ""])


def _result(outcome: Outcome) -> str:
    done = sum(step.status == "done" for step in outcome.steps)
    if outcome.converged:
        return "converged"
    said = "interrupted" if outcome.interrupted else "not converged" if outcome.wrote else "nothing was written"
    failure = f": {plain(outcome.failure)}" if outcome.failure else ""
    return f"**{said}** ({done} of {len(outcome.steps)} steps done){failure}"


def _steps(outcome: Outcome) -> str:
    rows = [f"| {plain(step_title(one.step))} | {one.status} | {plain(one.detail or '')} |" for one in outcome.steps]
    return _folded(outcome.plan, ["| step | result | |", "|---|---|---|", *rows] if rows else [])
