from django.db import migrations

from tiles.bands.keeping import make_indexes

# Layers that had bands before, and the zooms that their indexes were named by.
TABLES = ("layers_road",)
FORMER = (5, 8, 11, 13)


def index_by_zoom(apps, editor):
    for table in TABLES:
        for top in FORMER:
            editor.execute(f"DROP INDEX IF EXISTS {table}_band_{top}")
        make_indexes(table)


class Migration(migrations.Migration):
    """Bands are indexed for each zoom."""

    dependencies = [("tiles", "0004_epochs")]
    operations = [migrations.RunPython(index_by_zoom, migrations.RunPython.noop)]
