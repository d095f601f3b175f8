"""manage.py undo_import: take an import back, except the rows that were edited since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.actors import actor_named
from importers.management.commands.import_layer import REFUSED
from layers.editing import bulk
from layers.errors import NotFound, ServiceError
from layers.models.journal import Changeset
from layers.registry import layer_named


class Command(BaseCommand):
    help = "Remove the rows of an import that nobody has edited since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("changeset", metavar="CHANGESET", type=int)
        parser.add_argument("--user", metavar="USERNAME", help="who undoes it")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with translation.override(options["language"] or translation.get_language()):
            try:
                self._undo(options["changeset"], options["user"])
            except ServiceError as refusal:
                text = f"{refusal.message}\n{refusal.remedy}".strip()
                raise CommandError(text, returncode=REFUSED) from refusal

    def _undo(self, number: int, username: str | None) -> None:
        actor = actor_named(username)
        changeset = Changeset.objects.filter(pk=number, kind=Changeset.Kind.IMPORT).first()
        if changeset is None:
            raise NotFound(
                _("There is no import with the number %(number)d.") % {"number": number},
                remedy=_("import_layer printed the number of its changeset."),
            )
        layer = layer_named(changeset.layer)
        undone = bulk.unload(actor=actor, layer=layer, changeset=changeset)
        self.stdout.write(
            _("Removed %(removed)d of %(rows)d rows; %(kept)d were edited or removed before.")
            % {
                "removed": undone.removed,
                "rows": changeset.rows,
                "kept": changeset.rows - undone.removed,
            }
        )
