from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

    def ready(self) -> None:
        from layers.editing.aside import register_watcher
        from layers.ogc.contributions import contribute
        from tiles.bands.loading import generalised_at_the_end
        from tiles.ogc.contribution import TilesContribution
        from tiles.overview.loading import counted_at_the_end

        register_watcher(counted_at_the_end)
        register_watcher(generalised_at_the_end)
        contribute(TilesContribution())
