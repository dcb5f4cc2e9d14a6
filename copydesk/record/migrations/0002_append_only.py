"""The database itself refuses to change or remove what the record holds."""

from __future__ import annotations

from django.db import migrations

# What is never changed, and never removed. Content may go where a redaction names it.
KEPT = ("record_entry", "record_node", "record_redaction")
MESSAGE = "the record is append-only"

SQLITE_MADE = [
    *(
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
        for table in KEPT
        for event in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER record_payload_no_update BEFORE UPDATE ON record_payload "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: record_payload'); END",
    "CREATE TRIGGER record_payload_no_delete BEFORE DELETE ON record_payload "
    "WHEN NOT EXISTS (SELECT 1 FROM record_redaction WHERE payload_sha256 = OLD.sha256) "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: record_payload'); END",
]
NAMES = [f"{table}_no_{event}" for table in (*KEPT, "record_payload") for event in ("update", "delete")]

POSTGRESQL_MADE = [
    f"""CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE FUNCTION record_refuse_unless_redacted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM record_redaction WHERE payload_sha256 = OLD.sha256) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    *(
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
        for table in KEPT
        for event in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER record_payload_no_update BEFORE UPDATE ON record_payload "
    "FOR EACH ROW EXECUTE FUNCTION record_refuse()",
    "CREATE TRIGGER record_payload_no_delete BEFORE DELETE ON record_payload "
    "FOR EACH ROW EXECUTE FUNCTION record_refuse_unless_redacted()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
        for table in (*KEPT, "record_payload")
    ),
]
POSTGRESQL_UNDONE = [
    *(
        f"DROP TRIGGER {table}_no_{event} ON {table}"
        for table in (*KEPT, "record_payload")
        for event in ("update", "delete", "truncate")
    ),
    "DROP FUNCTION record_refuse()",
    "DROP FUNCTION record_refuse_unless_redacted()",
]


def guard(apps, schema_editor):
    made = {"sqlite": SQLITE_MADE, "postgresql": POSTGRESQL_MADE}
    for statement in made[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    undone = {"sqlite": [f"DROP TRIGGER {name}" for name in NAMES], "postgresql": POSTGRESQL_UNDONE}
    for statement in undone[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
