-- Entries without their link, links without their entry, and entries that are not what their link
-- was made of, between two ids. Two ranges of indexes, joined by hash.
SELECT
    coalesce(entry.entry_id, link.entry_id) AS entry_id,
    link.position,
    entry.entry_id IS NULL AS entry_missing,
    link.entry_id IS NULL AS link_missing
FROM (
    SELECT p.entry_id, sha256(convert_to(p.payload, 'UTF8')) AS digest
    FROM ({payload}) AS p
    WHERE p.entry_id BETWEEN %(low)s AND %(high)s
) AS entry
FULL JOIN (
    SELECT c.entry_id, c.position, c.digest
    FROM layers_chain AS c
    WHERE c.kind = %(kind)s AND c.entry_id BETWEEN %(low)s AND %(high)s
) AS link ON link.entry_id = entry.entry_id
WHERE entry.digest IS DISTINCT FROM link.digest
ORDER BY 1
