"""What a file says of itself, where its format has a place for that."""

from django.utils import timezone
from django.utils.translation import gettext as _

from importers.exporting.columns import text_of
from importers.exporting.wish import Wish
from importers.places.datums import Datum
from layers.divisions.names import place_names
from layers.models.access import User


def about(wish: Wish, datum: Datum, actor: User) -> tuple[tuple[str, str], ...]:
    """Pairs of label and text; to be called under the file's language.

    The profile is always the internal one: exports are for accounts with grants, their places are
    exact, and the law lets nobody publish them so (domain.md, map links).
    """
    whole = _("all divisions of the account")
    personal = _("with personal data: keep it locked away") if wish.personal else _("left out")
    moment = wish.at or timezone.now()
    return (
        (_("Layer"), text_of(wish.layer.title, wish.language)),
        (_("Profile"), _("internal: exact places, not for publication")),
        (_("Personal data"), personal),
        (_("Datum"), f"{datum.name} {datum.crs.name}"),
        (
            _("Area covered"),
            place_names([wish.division])[wish.division] if wish.division else whole,
        ),
        (_("State of"), timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")),
        (_("Exported by"), actor.get_full_name() or actor.username),
        (_("Source"), _("Xiangcun, rural revitalization on one map")),
    )
