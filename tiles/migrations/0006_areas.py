from importlib import import_module

from django.db import migrations

keep = import_module("tiles.migrations.0003_bands").keep


class Migration(migrations.Migration):
    """Areas are generalised vertex by vertex, and drawn from a zoom on that their size decides."""

    dependencies = [("tiles", "0005_pack")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
