"""`{% load packs %}{% packs_panel %}`: offline packs, on the page of exports; `{{ m2|ground }}`."""

from typing import Any

from django import template
from django.template import RequestContext
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gisapp.web.packs.asking import choices, sent_again
from gisapp.web.packs.listing import listed

register = template.Library()
HECTARE_M2 = 10_000
KM2_M2 = 1_000_000


@register.inclusion_tag("packs/panel.html", takes_context=True)
def packs_panel(context: RequestContext) -> dict[str, Any]:
    request = context["request"]
    return {
        **choices(request.user),
        **listed(request.user),
        "pack_sent": sent_again(request),
        "csrf_token": context["csrf_token"],
    }


@register.filter
def ground(area_m2: float) -> str:
    """An area in words: hectares below a square kilometre."""
    if area_m2 < KM2_M2:
        hectares = number_format(area_m2 / HECTARE_M2, decimal_pos=1, force_grouping=True)
        return _("%(area)s ha") % {"area": hectares}
    whole = area_m2 >= 100 * KM2_M2
    area = number_format(area_m2 / KM2_M2, decimal_pos=0 if whole else 1, force_grouping=True)
    return _("%(area)s km²") % {"area": area}
