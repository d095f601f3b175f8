from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "importers"

    def ready(self) -> None:
        from importers.deliveries.runs import revive
        from importers.exporting.tasks import schedule_purge
        from importers.tasks import schedule_nightly
        from layers.demonstration import register_contributor
        from layers.reference.contributions import contribute

        # Every start of the service comes by here: what a worker left behind goes on, and the
        # tasks that renew themselves every night are started off.
        contribute("imports under way", revive)
        contribute("nightly imports", lambda: int(schedule_nightly(at_once=True)))
        contribute("nightly purge of exports", lambda: int(schedule_purge(at_once=True)))
        register_contributor("importers.demonstration")
