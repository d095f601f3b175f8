from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

    def ready(self) -> None:
        from layers.reference.contributions import contribute
        from tiles.packs.expiry import revive
        from tiles.packs.tasks import schedule_nightly

        # Every start of the service comes by here, as for imports: what a dead worker left goes on.
        contribute("packs under way", revive)
        contribute("nightly packs", lambda: int(schedule_nightly(at_once=True)))
