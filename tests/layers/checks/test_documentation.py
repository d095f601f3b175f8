"""docs/checks.md names every rule as the registry has it."""

from pathlib import Path

from layers.checks.rules import RULES
from layers.checks.specification import Rule

PAGE = Path(__file__).resolve().parents[3] / "docs" / "checks.md"


def row(rule: Rule) -> str:
    on_write = "yes" if rule.judge else "with neighbours" if rule.compare else "—"
    cells = (
        f"`{rule.name}`",
        str(rule.severity),
        rule.explanation.en,
        rule.title.zh,
        on_write,
        "yes" if rule.fixable else "—",
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_of_rules_is_the_registry() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("<!-- rules:")[2].partition("<!-- end -->")[0]
    assert table.splitlines()[3:] == [row(rule) for rule in RULES.values()]


def test_every_rule_says_what_it_is_in_both_languages() -> None:
    for rule in RULES.values():
        texts = (rule.title.zh, rule.title.en, rule.explanation.zh, rule.explanation.en)
        assert all(texts), rule.name
        assert rule.explanation.en.endswith(".")
        assert rule.explanation.zh.endswith("。")
