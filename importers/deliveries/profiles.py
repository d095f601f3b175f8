"""Remembering how a kind of file is to be understood, for the next one of the same shape."""

from django.db.models import F
from django.utils import timezone

from importers.interpretation import Interpretation
from importers.matching.profiles import shape_of
from importers.models import Delivery, Profile
from importers.readers.specification import SourceDescription
from layers.models.access import User
from layers.registry import layer_named


def remembered(delivery: Delivery, description: SourceDescription) -> Interpretation | None:
    profile = profile_of(delivery, description)
    return Interpretation.from_json(profile.interpretation) if profile is not None else None


def profile_of(delivery: Delivery, description: SourceDescription) -> Profile | None:
    shape = shape_of(layer_named(delivery.layer), description.columns)
    own = Profile.objects.filter(owner=delivery.owner_id, layer=delivery.layer, shape=shape)
    return own.first()


def remember(
    *,
    actor: User,
    delivery: Delivery,
    description: SourceDescription,
    interpretation: Interpretation,
    name: str = "",
) -> Profile:
    """Keep it for files of the same columns; one profile a person, layer and shape."""
    profile, made = Profile.objects.get_or_create(
        owner=actor,
        layer=delivery.layer,
        shape=shape_of(layer_named(delivery.layer), description.columns),
        defaults={
            "name": (name or delivery.name)[:120],
            "interpretation": interpretation.as_json(),
        },
    )
    if not made:
        profile.interpretation = interpretation.as_json()
        profile.last_used_at = timezone.now()
        profile.name = (name or profile.name)[:120]
        profile.save(update_fields=["interpretation", "last_used_at", "name"])
    return profile


def used(actor: User, delivery: Delivery, description: SourceDescription) -> None:
    """A load that followed a profile counts as a use of it."""
    shape = shape_of(layer_named(delivery.layer), description.columns)
    Profile.objects.filter(owner=actor, layer=delivery.layer, shape=shape).update(
        uses=F("uses") + 1, last_used_at=timezone.now()
    )
