"""The database itself refuses to change or remove what the record holds."""

from __future__ import annotations

from django.db import migrations

# What is never changed, and never removed. Content may go where a redaction names it.
KEPT = ("record_entry", "record_node", "record_redaction")
MESSAGE = "the record is append-only"

# A notice is a tombstone once its text is gone, which a redaction of what its entry recorded allows.
IS_REDACTED = (
    "EXISTS (SELECT 1 FROM record_entry e JOIN record_redaction r ON r.payload_sha256 = e.payload_sha256 "
    'WHERE e."index" = OLD.entry_id)'
)
# Named in double quotes throughout: `right` is a word of SQL.
SAME = (
    "id", "uuid", "article_id", "kind", "severity", "position", "places", "corrects_id", "learned_at", "published_at",
    "by_id", "entry_id",
)  # fmt: skip
IS_EMPTIED = """ AND """.join(f"NEW.\"{name}\" = ''" for name in ("text", "wrong", "right"))

SQLITE_MADE = [
    "CREATE TRIGGER record_notice_no_delete BEFORE DELETE ON record_notice "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: record_notice'); END",
    "CREATE TRIGGER record_notice_no_update BEFORE UPDATE ON record_notice WHEN NOT ("
    + " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in SAME)
    + f" AND {IS_EMPTIED} AND {IS_REDACTED}) "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: record_notice'); END",
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
ALL = (*KEPT, "record_payload", "record_notice")
NAMES = [f"{table}_no_{event}" for table in ALL for event in ("update", "delete")]

POSTGRESQL_MADE = [
    f"""CREATE FUNCTION record_refuse_unless_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {" AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in SAME)}
            AND {IS_EMPTIED} AND {IS_REDACTED} THEN RETURN NEW; END IF;
        RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
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
    "CREATE TRIGGER record_notice_no_update BEFORE UPDATE ON record_notice "
    "FOR EACH ROW EXECUTE FUNCTION record_refuse_unless_emptied()",
    "CREATE TRIGGER record_notice_no_delete BEFORE DELETE ON record_notice "
    "FOR EACH ROW EXECUTE FUNCTION record_refuse()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
        for table in ALL
    ),
]
POSTGRESQL_UNDONE = [
    *(
        f"DROP TRIGGER {table}_no_{event} ON {table}"
        for table in ALL
        for event in ("update", "delete", "truncate")
    ),
    "DROP FUNCTION record_refuse()",
    "DROP FUNCTION record_refuse_unless_emptied()",
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
