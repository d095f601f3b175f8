"""`{% load packs %}{% packs_panel %}`: offline packs, on the page of exports."""

from typing import Any

from django import template
from django.template import RequestContext

from gisapp.web.packs.asking import choices, sent_again
from gisapp.web.packs.listing import listed

register = template.Library()


@register.inclusion_tag("packs/panel.html", takes_context=True)
def packs_panel(context: RequestContext) -> dict[str, Any]:
    request = context["request"]
    return {
        **choices(request.user),
        **listed(request.user),
        "pack_sent": sent_again(request),
        "csrf_token": context["csrf_token"],
    }
