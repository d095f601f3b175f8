from django.db import migrations

from layers.sql_files import packaged_sql


class Migration(migrations.Migration):
    """From here on the database itself refuses writes that bypass the editing service."""

    dependencies = [("layers", "0001_initial")]
    operations = [migrations.RunSQL(packaged_sql("guards"), migrations.RunSQL.noop)]
