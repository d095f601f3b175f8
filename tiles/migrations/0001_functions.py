from pathlib import Path

from django.db import migrations

from layers.sql_files import packaged_sql


class Migration(migrations.Migration):
    """The function that grouped tiles place their cells with."""

    initial = True
    dependencies = [("layers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            packaged_sql("functions", Path(__file__).parents[1] / "sql"),
            "DROP FUNCTION IF EXISTS tiles_even_bits(bigint)",
        )
    ]
