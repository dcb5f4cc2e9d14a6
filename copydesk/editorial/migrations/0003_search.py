"""The search index, in the database's own engine."""

from __future__ import annotations

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE editorial_search USING fts5("
        "headline, standfirst, names, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    ],
    "postgresql": [
        "CREATE TABLE editorial_search (article_id bigint PRIMARY KEY, headline text NOT NULL, "
        "standfirst text NOT NULL, names text NOT NULL, body text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', headline), 'A') || setweight(to_tsvector('simple', names), 'B') || "
        "setweight(to_tsvector('simple', standfirst), 'C') || setweight(to_tsvector('simple', body), 'D')) STORED)",
        "CREATE INDEX editorial_search_vector ON editorial_search USING gin (vector)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE editorial_search")


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_initial")]

    operations = [migrations.RunPython(create, drop)]
