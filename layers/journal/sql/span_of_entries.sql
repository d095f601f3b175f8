-- From the first id to the last that the entries' table or the chain knows.
SELECT coalesce(min(id), 0), coalesce(max(id), -1)
FROM (
    SELECT min(id) AS id FROM {table}
    UNION ALL SELECT max(id) FROM {table}
    UNION ALL SELECT min(entry_id) FROM layers_chain WHERE kind = %(kind)s
    UNION ALL SELECT max(entry_id) FROM layers_chain WHERE kind = %(kind)s
) AS known
