"""`{% load people %}{{ plan.author|person }}`: what a person is called on a page."""

from django import template

from layers.models import User

register = template.Library()


@register.filter
def person(user: User | None) -> str:
    """The full name, or else the account's; nobody is an empty text."""
    return (user.get_full_name() or user.username) if user is not None else ""
