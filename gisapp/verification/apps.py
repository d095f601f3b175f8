from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "gisapp.verification"

    def ready(self) -> None:
        from gisapp.verification import section
        from layers import sheet

        sheet.register(section.inspections, position=30)
