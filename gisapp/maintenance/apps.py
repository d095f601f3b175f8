from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "gisapp.maintenance"

    def ready(self) -> None:
        from gisapp.maintenance import receivers, section
        from gisapp.maintenance.reference import RULES, load_rules
        from gisapp.maintenance.schedule import row_cycles
        from gisapp.maintenance.tasks import schedule_nightly
        from layers import sheet, signals
        from layers.demonstration import register_contributor
        from layers.editing.upkeep import register_row_cycles
        from layers.reference.contributions import contribute

        contribute("upkeep rules", load_rules, RULES)
        # The task renews itself every night; loading reference data starts it off.
        contribute("nightly upkeep", lambda: int(schedule_nightly(at_once=True)))
        signals.features_edited.connect(receivers.on_features_edited)
        signals.features_loaded.connect(receivers.on_features_loaded)
        register_row_cycles(row_cycles)
        signals.defect_found.connect(receivers.on_defect_found)
        sheet.register(section.upkeep, position=20)
        register_contributor("gisapp.maintenance.demonstration")
