from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gisapp.web"
    label = "web"

    def ready(self) -> None:
        from gisapp.web.editing import section
        from layers import sheet
        from layers.demonstration import register_contributor

        sheet.register(section.history, position=80)
        register_contributor("gisapp.web.demonstration")
