from django.db import migrations

from layers.sql_files import packaged_sql
from tiles.overview.building import rebuild
from tiles.overview.sql_files import FOLDER
from tiles.overview.watching import watch

# Layer, table, the column that tiles show as class. A later layer's migration watches its own.
LAYERS = (
    ("resettlement-sites", "layers_resettlement_site", "setting"),
    ("roads", "layers_road", "admin_class"),
    ("water-works", "layers_water_work", "kind"),
    ("toilets", "layers_toilet", "toilet_type"),
    ("assets", "layers_asset", "asset_class"),
)


def watch_layers(apps, editor):
    for layer, table, class_column in LAYERS:
        watch(layer=layer, table=table, class_column=class_column)
        rebuild(layer=layer, table=table)


class Migration(migrations.Migration):
    """The overview pyramid: its tables, the triggers that feed it, and what there is already."""

    dependencies = [("tiles", "0001_functions"), ("layers", "0007_proof_guards")]
    operations = [
        migrations.RunSQL(packaged_sql("tables", FOLDER), migrations.RunSQL.noop),
        migrations.RunPython(watch_layers, migrations.RunPython.noop),
    ]
