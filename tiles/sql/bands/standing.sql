-- From which first zoom on features of a tile are drawn as themselves (-1: none), how many those are,
-- and the version of what is drawn: of the features, and of the cells that count the others.
-- Features have a version that grows with every edit, and a state: with these the tile changes.
-- Plan: the band's GiST index, a look-up by id for each row found, no more than {looked_at} rows.
WITH found AS MATERIALIZED (
    SELECT near.first_zoom, hash_record_extended((t.id, t.version, t.upkeep_state), 0) AS version
    FROM ({near}) AS near JOIN {table} AS t USING (id)
    WHERE {scope}
    LIMIT {looked_at} + 1
), running AS (
    SELECT
        first_zoom,
        sum(count(*)) OVER sooner AS drawn,
        bit_xor(bit_xor(version)) OVER sooner AS version
    FROM found
    GROUP BY first_zoom
    WINDOW sooner AS (ORDER BY first_zoom)
), chosen AS (
    SELECT first_zoom, drawn, version FROM running
    WHERE drawn <= {most} AND (SELECT count(*) FROM found) <= {looked_at}
    ORDER BY first_zoom DESC LIMIT 1
)
SELECT coalesce(max(first_zoom), CASE WHEN EXISTS (SELECT FROM found) THEN -1 ELSE {zoom} END),
    coalesce(max(drawn), 0), coalesce(bit_xor(version), 0), {cells_version}
FROM chosen
