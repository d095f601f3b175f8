from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "gisapp.verification"

    def ready(self) -> None:
        from gisapp.verification import section
        from layers import sheet
        from layers.demonstration import register_contributor

        sheet.register(section.inspections, position=30)
        register_contributor("gisapp.verification.demonstration")
