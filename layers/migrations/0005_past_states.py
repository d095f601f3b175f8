from django.db import migrations

from layers.sql_files import packaged_sql

# A sealed box stood in the journal as bare hex, which PostgreSQL would read as text, not as bytes.
PREFIX_BOXES = r"""
ALTER TABLE layers_edit DISABLE TRIGGER append_only;
UPDATE layers_edit
SET old = CASE WHEN old ->> 'personal' !~ '^\\x'
               THEN jsonb_set(old, '{personal}', to_jsonb('\x' || (old ->> 'personal')))
               ELSE old END,
    new = CASE WHEN new ->> 'personal' !~ '^\\x'
               THEN jsonb_set(new, '{personal}', to_jsonb('\x' || (new ->> 'personal')))
               ELSE new END
WHERE old ->> 'personal' !~ '^\\x' OR new ->> 'personal' !~ '^\\x';
ALTER TABLE layers_edit ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    """Journal values as PostgreSQL reads them back, and the aggregate that lays them over a row."""

    dependencies = [("layers", "0004_access_token")]
    operations = [
        migrations.RunSQL(packaged_sql("overlay"), migrations.RunSQL.noop),
        migrations.RunSQL(PREFIX_BOXES, migrations.RunSQL.noop),
    ]
