-- Where inside a tile and its buffer features of the scope are: ranges of Morton codes, by cell.
SELECT code << {shift} AS first, (code + 1 << {shift}) - 1 AS last
FROM (
    SELECT code FROM ({kept}) AS kept
    UNION ALL
    SELECT code FROM ({border}) AS border
    UNION ALL
    SELECT morton >> {shift} FROM {table}
    WHERE {narrow} AND morton >> {shift} = ANY(%(border)s::bigint[])
) AS cells
GROUP BY code
