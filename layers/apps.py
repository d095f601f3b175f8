"""The ground floor: divisions, access, the spatial layers and their editing."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = "Layers"
