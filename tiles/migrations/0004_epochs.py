from django.db import migrations

from layers.sql_files import packaged_sql
from tiles.statements import FOLDER

# What is remembered, the table that it depends on, and by which writes. A login writes its time into
# the user's row and changes nothing of what the user may see.
TABLES = (
    ("access", "layers_grant", "INSERT OR UPDATE OR DELETE"),
    ("access", "layers_zone_member", "INSERT OR UPDATE OR DELETE"),
    ("access", "layers_user", "DELETE OR UPDATE OF is_active, is_superuser, password"),
    ("divisions", "layers_division", "INSERT OR UPDATE OR DELETE"),
    ("zones", "layers_zone", "INSERT OR UPDATE OR DELETE"),
)


def watch(apps, editor):
    for name, table, writes in TABLES:
        for events, suffix in ((writes, ""), ("TRUNCATE", "_truncate")):
            editor.execute(
                f"CREATE TRIGGER epoch_{name}{suffix} AFTER {events} ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION tiles_new_epoch('{name}')"
            )
        editor.execute(
            "INSERT INTO tiles_epoch VALUES (%s, tiles_nonce()) ON CONFLICT DO NOTHING", [name]
        )


class Migration(migrations.Migration):
    """What remembered tiles and scopes depend on, besides the features."""

    dependencies = [("tiles", "0003_bands"), ("layers", "0009_raster")]
    operations = [
        migrations.RunSQL(packaged_sql("epochs", FOLDER), migrations.RunSQL.noop),
        migrations.RunPython(watch, migrations.RunPython.noop),
    ]
