from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

    def ready(self) -> None:
        from layers.editing.aside import register_watcher
        from layers.ogc import contributions as ogc
        from layers.reference.contributions import contribute
        from tiles.bands.loading import generalised_at_the_end
        from tiles.ogc.contribution import TilesContribution
        from tiles.overview.loading import counted_at_the_end
        from tiles.packs.revival import revive
        from tiles.packs.tasks import schedule_nightly

        register_watcher(counted_at_the_end)
        register_watcher(generalised_at_the_end)
        ogc.contribute(TilesContribution())
        # Every start of the service comes by here, as for imports: what a dead worker left goes on.
        contribute("packs under way", revive)
        contribute("nightly packs", lambda: int(schedule_nightly(at_once=True)))
