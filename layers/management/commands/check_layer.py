"""manage.py check_layer: the rules over a layer, and their fixes."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.access import policy
from layers.access.policy import EVERYTHING, Scope, division_prefix, narrowed
from layers.access.roles import Action
from layers.checks.api import described
from layers.checks.fixing import apply_all
from layers.checks.rules import RULES, rules_for
from layers.checks.running import Step, check_layer
from layers.checks.specification import Issue, Severity
from layers.models.access import User
from layers.models.division import Division
from layers.registry import LAYERS
from layers.registry.specification import Layer

ISSUES, BAD_USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "Run the rules over a layer. Issues go to standard output, progress and counts to standard "
        "error. Ends with 0 where no error was found (warnings may have been), 1 where one was, "
        "2 for bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layer", choices=list(LAYERS))
        parser.add_argument("--rule", action="append", choices=list(RULES), help="only these rules")
        parser.add_argument("--division", metavar="CODE", help="only inside this division")
        parser.add_argument("--format", choices=list(WRITERS), default="text")
        parser.add_argument("--fix", choices=list(RULES), help="apply this rule's fixes")
        parser.add_argument("--as", dest="user", metavar="USER", help="by whose right fixes go")

    def handle(self, *args: Any, **options: Any) -> None:
        layer = LAYERS[options["layer"]]
        scope = _scope(options["division"])
        if bool(options["fix"]) != bool(options["user"]):
            raise CommandError("--fix and --as go together.", returncode=BAD_USAGE)
        if options["fix"]:
            self._fix(layer, scope, options["fix"], options["user"])
            return
        rules = options["rule"] or [rule.name for rule in rules_for(layer)]
        counts: Counter[str] = Counter()
        found = self._counted(check_layer(layer, scope, rules, progress=self._tell), counts)
        WRITERS[options["format"]](found, self.stdout.write)
        self._sum_up(layer, rules, counts)
        if any(counts[name] for name in rules if RULES[name].severity is Severity.ERROR):
            sys.exit(ISSUES)

    def _tell(self, step: Step) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{step.rule.name}: {step.done}/{step.pieces}   ", ending="")

    def _counted(self, issues: Iterable[Issue], counts: Counter[str]) -> Iterator[Issue]:
        for issue in issues:
            counts[issue.rule] += 1
            yield issue

    def _sum_up(self, layer: Layer, rules: list[str], counts: Counter[str]) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r", ending="")
        for name in rules:
            rule = RULES[name]
            said = f"{counts[name]:,}" if rule.applies(layer) else "does not apply"
            self.stderr.write(f"{rule.severity:8} {name:18} {said}")

    def _fix(self, layer: Layer, scope: Scope, rule: str, username: str) -> None:
        actor = User.objects.filter(username=username).first()
        if actor is None:
            raise CommandError(f"There is no account {username}.", returncode=BAD_USAGE)
        allowed = narrowed(scope, policy.scope(actor, Action.EDIT))
        found = check_layer(layer, allowed, [rule], progress=self._tell)
        done = apply_all(actor=actor, layer=layer, scope=allowed, issues=list(found))
        outcomes = Counter(str(outcome.kind) for outcome in done)
        for kind, count in sorted(outcomes.items()):
            self.stdout.write(f"{kind}: {count:,}")
        if not outcomes:
            self.stdout.write("Nothing to fix.")


def _scope(division: str | None) -> Scope:
    if division is None:
        return EVERYTHING
    if not Division.objects.filter(pk=division).exists():
        raise CommandError(f"There is no division {division}.", returncode=BAD_USAGE)
    return Scope.of([division_prefix(division)])


Write = Callable[[str], Any]


def _text(issues: Iterator[Issue], write: Write) -> None:
    for issue in issues:
        fix = f" [{issue.fix.title}]" if issue.fix else ""
        write(f"{issue.severity:8} {issue.id}  {issue.message}{fix}")


def _json(issues: Iterator[Issue], write: Write) -> None:
    write("[")
    for number, issue in enumerate(issues):
        write(("," if number else "") + json.dumps(described(issue), ensure_ascii=False))
    write("]")


def _geojson(issues: Iterator[Issue], write: Write) -> None:
    write('{"type": "FeatureCollection", "features": [')
    for number, issue in enumerate(issues):
        facts = described(issue)
        feature = {
            "type": "Feature",
            "id": facts.pop("id"),
            "geometry": facts.pop("place"),
            "properties": facts,
        }
        write(("," if number else "") + json.dumps(feature, ensure_ascii=False))
    write("]}")


WRITERS: dict[str, Callable[[Iterator[Issue], Write], None]] = {
    "text": _text,
    "json": _json,
    "geojson": _geojson,
}
