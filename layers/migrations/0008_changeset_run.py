from django.db import migrations, models


class Migration(migrations.Migration):
    """An import that is started again after a crash finds the changeset it has committed."""

    dependencies = [("layers", "0007_proof_guards")]
    operations = [
        migrations.AddField(
            model_name="changeset",
            name="run",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
    ]
