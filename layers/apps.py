"""The ground floor: divisions, access, the spatial layers and their editing."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = "Layers"

    def ready(self) -> None:
        from layers import sheet
        from layers.checks import section

        sheet.register(section.open_issues, position=section.POSITION)
