"""`{{ yuan|wan }}`: yuan shown in 万元, as funds are spoken of; English readers get yuan."""

from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import get_language

register = template.Library()

WAN = Decimal(10_000)


@register.filter
def wan(yuan: Decimal | None) -> str:
    if yuan is None:
        return "–"
    if (get_language() or "zh").startswith("zh"):
        return f"{intcomma(f'{yuan / WAN:.2f}')} 万元"
    return f"¥{intcomma(f'{yuan:.0f}')}"
