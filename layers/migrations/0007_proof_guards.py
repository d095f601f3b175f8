from django.db import migrations
from psycopg2 import sql

from layers.editing import loads
from layers.sql_files import packaged_sql

LAYERS = {
    "resettlement-sites": "layers_resettlement_site",
    "roads": "layers_road",
    "water-works": "layers_water_work",
    "toilets": "layers_toilet",
    "assets": "layers_asset",
}

# How many features no entry made, the range of their ids, and when the first came.
UNPROVEN = """
SELECT count(*), min(id), max(id), min(created_at)
FROM (
    SELECT t.id, t.created_at
    FROM {table} AS t
    WHERE NOT EXISTS (
        SELECT FROM layers_edit AS e
        WHERE e.layer = %(layer)s AND e.feature_id = t.id AND e.version = 1
    )
    UNION ALL
    SELECT e.feature_id, min(e.received_at)
    FROM layers_edit AS e
    WHERE e.layer = %(layer)s
        AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.id = e.feature_id)
    GROUP BY e.feature_id
    HAVING min(e.version) > 1
) AS loaded
"""


def adopt_earlier_loads(apps, editor):
    """Rows that were loaded before loads were proven: proven as they stand, one load a layer."""
    for layer, table in LAYERS.items():
        with editor.connection.cursor() as cursor:
            statement = sql.SQL(UNPROVEN).format(table=sql.Identifier(table))
            cursor.execute(statement, {"layer": layer})
            rows, first, last, since = cursor.fetchone()
        if rows:
            _adopt(apps, layer, table, (rows, first, last, since))


def _adopt(apps, layer, table, found):
    rows, first, last, since = found
    columns = loads.journalled_columns(table)
    blocks = list(loads.block_digests(layer, table, columns, first, last, loads.BLOCK))
    changeset = apps.get_model("layers", "Changeset").objects.create(
        kind="import",
        layer=layer,
        reason="Rows that were loaded before loads were proven",
        rows=rows,
        digest=loads.digest_of(blocks),
    )
    apps.get_model("layers", "Load").objects.create(
        changeset=changeset,
        layer=layer,
        first_feature=first,
        last_feature=last,
        columns=columns,
        block=loads.BLOCK,
        blocks=b"".join(blocks),
        loaded_at=since,
    )


class Migration(migrations.Migration):
    """From here on the database refuses to let rows and journal part."""

    dependencies = [("layers", "0006_chain")]
    operations = [
        migrations.RunPython(adopt_earlier_loads, migrations.RunPython.noop),
        # The links of those loads are made at commit, and a table with waiting triggers cannot get
        # another.
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop
        ),
        migrations.RunSQL(packaged_sql("proof_guards"), migrations.RunSQL.noop),
    ]
