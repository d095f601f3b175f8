from pathlib import Path

from django.db import migrations

from layers.sql_files import packaged_sql

FOLDER = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    """Visits are evidence: the database refuses to alter or drop one."""

    dependencies = [("verification", "0001_initial"), ("layers", "0002_guards")]
    operations = [migrations.RunSQL(packaged_sql("append_only", FOLDER), migrations.RunSQL.noop)]
