-- Codes that are the same in upper case, half width and without spaces. Of such a group at most one
-- is written plainly (codes are unique), so only the others need to be spelled out: rows with
-- anything but printable ASCII without lower-case letters. The plain one is found by the index.
WITH odd AS MATERIALIZED (
    SELECT t.id, t.code, t.geom, k.key
    FROM {table} AS t
    CROSS JOIN LATERAL (
        SELECT upper(regexp_replace(normalize(t.code, NFKC), '\s', '', 'g')) COLLATE "C" AS key
    ) AS k
    WHERE {visible} AND t.code ~ '[^!-`{{-~]' AND k.key <> t.code
),
spelled AS (
    SELECT id, code, geom, key FROM odd
    UNION ALL
    SELECT t.id, t.code, t.geom, t.code
    FROM (SELECT DISTINCT key FROM odd) AS o
    JOIN {table} AS t ON t.code = o.key
    WHERE {visible}
)
SELECT array_agg(id ORDER BY id), array_agg(code ORDER BY id), (array_agg(geom ORDER BY id))[1]
FROM spelled
GROUP BY key
HAVING count(*) > 1
ORDER BY 1
