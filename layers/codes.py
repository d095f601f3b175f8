"""Code lists as the pages read them: labels in the active language, valid today."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from layers.models.code import CodeItem
from layers.registry.specification import Label

CodeLists = dict[str, dict[str, Label]]


def code_lists(*names: str, on: date | None = None) -> CodeLists:
    """`{list: {code: label}}` for the named lists, or all of them, valid on a day (today)."""
    day = on or timezone.localdate()
    items = CodeItem.objects.exclude(valid_to__lt=day).exclude(valid_from__gt=day)
    if names:
        items = items.filter(list_name__in=names)
    lists: CodeLists = defaultdict(dict)
    for item in items.order_by("list_name", "position"):
        lists[item.list_name][item.code] = Label(item.zh, item.en)
    return dict(lists)


def every_label(names: set[str]) -> CodeLists:
    """Labels of lapsed codes too: what was once recorded must stay readable."""
    lists: CodeLists = defaultdict(dict)
    for item in CodeItem.objects.filter(list_name__in=names):
        lists[item.list_name][item.code] = Label(item.zh, item.en)
    return dict(lists)
