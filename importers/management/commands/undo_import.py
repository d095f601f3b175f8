"""manage.py undo_import: take an import back, except what was edited since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.loading import undo_import
from importers.management.commands.import_layer import INTERRUPTED, refused
from importers.management.printing import MOST_PRINTED
from layers.access.actors import actor_named
from layers.errors import NotFound, ServiceError
from layers.models.journal import Changeset


class Command(BaseCommand):
    help = "Take back an import: its rows and its changes, except what anybody has edited since."

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
                raise refused(refusal) from refusal
            except KeyboardInterrupt as stop:
                text = _("Interrupted: nothing was written.")
                raise CommandError(text, returncode=INTERRUPTED) from stop

    def _undo(self, number: int, username: str | None) -> None:
        actor = actor_named(username)
        changeset = Changeset.objects.filter(pk=number, kind=Changeset.Kind.IMPORT).first()
        if changeset is None:
            raise NotFound(
                _("There is no import with the number %(number)d.") % {"number": number},
                remedy=_("import_layer printed the number of its changeset."),
            )
        undone = undo_import(actor=actor, changeset=changeset)
        self.stdout.write(
            _(
                "Removed %(removed)d features, took back %(reverted)d changes; %(kept)d features"
                " stay as they were edited since."
            )
            % {"removed": undone.removed, "reverted": undone.reverted, "kept": undone.kept}
        )
        for each in undone.kept_features[:MOST_PRINTED]:
            self.stdout.write(_("Stays: %(code)s") % {"code": each.code})
