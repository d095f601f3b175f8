from django.db import migrations

from tiles.bands.keeping import keep_bands, make_functions

# Table, the column that tiles show as class, and how many zooms sooner its classes are drawn. A later
# layer of lines or areas has a migration of its own.
LAYERS = (("layers_road", "admin_class", {"county": 2, "township": 1}),)


def keep(apps, editor):
    make_functions()
    for table, class_column, earlier in LAYERS:
        keep_bands(table=table, class_column=class_column, earlier=earlier)


class Migration(migrations.Migration):
    """Generalised lines and areas by band of zooms, kept by triggers of the layers' tables."""

    dependencies = [("tiles", "0002_overview")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
