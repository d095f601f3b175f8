from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "importers"

    def ready(self) -> None:
        from importers.exporting.tasks import schedule_purge
        from layers.reference.contributions import contribute

        # The task renews itself every night; loading reference data starts it off.
        contribute("nightly purge of exports", lambda: int(schedule_purge(at_once=True)))
