import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from layers.journal.payloads import LinkKind, payload_function_sql
from layers.sql_files import packaged_sql

# What was journalled before there was a chain comes first in it, in the order of ids.
LINK_EARLIER = "\n".join(
    f"SELECT layers_link('{kind}', 0, 9223372036854775807);"
    for kind in (LinkKind.EDIT, LinkKind.UNMASKING, LinkKind.SUBMISSION)
)


class Migration(migrations.Migration):
    """The chain over the journal, and the proofs of bulk loads."""

    dependencies = [("layers", "0005_past_states")]

    operations = [
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("entry_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "layers_chain",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "entry_id"), name="chain_links_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.CharField(max_length=40)),
                ("first_feature", models.BigIntegerField()),
                ("last_feature", models.BigIntegerField()),
                ("columns", models.JSONField()),
                ("block", models.PositiveIntegerField()),
                ("blocks", models.BinaryField()),
                ("loaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changeset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="load",
                        to="layers.changeset",
                    ),
                ),
            ],
            options={
                "db_table": "layers_load",
                "indexes": [
                    models.Index(fields=["layer", "first_feature"], name="load_of_features")
                ],
            },
        ),
        migrations.RunSQL(packaged_sql("chain"), migrations.RunSQL.noop),
        *(
            migrations.RunSQL(payload_function_sql(kind), migrations.RunSQL.noop)
            for kind in LinkKind
        ),
        migrations.RunSQL(LINK_EARLIER, migrations.RunSQL.noop),
    ]
