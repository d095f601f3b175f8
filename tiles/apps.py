from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

    def ready(self) -> None:
        from layers.editing.aside import register_watcher
        from tiles.overview.loading import counted_at_the_end

        register_watcher(counted_at_the_end)
