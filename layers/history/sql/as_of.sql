-- A layer as it was at a moment. The first part is the table itself without the rows edited since:
-- conditions of whoever reads from it reach the table's indexes. Most rows were loaded long before
-- and never edited, which the row itself says, as it does of those made long after; the journal is
-- asked about the others only, by one index probe a row. (Ten minutes are far more than the
-- transaction takes that makes a row and its first entry: the row's time is the transaction's, the
-- entry's a little later.) It is in the order of ids, so that a page by id reads a page and not the
-- table: of a million rows in 12 ms, not 440.
-- The second part makes the rows edited since from the journal (as_of_edited.sql).
(
    (
        SELECT {plain}
        FROM {table} AS t
        WHERE (t.version = 1 AND t.created_at <= {moment} - interval '10 minutes')
            OR (
                NOT (t.version = 1 AND t.created_at > {moment} + interval '10 minutes')
                AND layers_unchanged_since({layer}, t.id, t.created_at, {moment})
            )
        ORDER BY t.id
    )
    UNION ALL
    {edited}
)
