"""The ground floor: divisions, access, the spatial layers and their editing."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = "Layers"

    def ready(self) -> None:
        from layers import sheet
        from layers.checks import section
        from layers.journal.nightly import schedule_note
        from layers.reference.contributions import contribute

        sheet.register(section.open_issues, position=section.POSITION)
        # The task renews itself every night; loading reference data starts it off.
        contribute("nightly journal head", lambda: int(schedule_note(at_once=True)))
