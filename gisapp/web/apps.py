from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gisapp.web"
    label = "web"
