-- Counted cells (code, n, ok, due, overdue, defective) as points in the middle of their squares,
-- marked as aggregates so that nobody takes one for a feature.
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
FROM (
    SELECT
        true AS aggregate,
        n::bigint AS n,
        ok::bigint AS ok,
        due::bigint AS due,
        overdue::bigint AS overdue,
        defective::bigint AS defective,
        (n - ok - due - overdue - defective)::bigint AS none,
        ST_MakePoint(
            (tiles_even_bits(code & {cell_mask}) + 0.5) * {cell_size},
            (tiles_even_bits((code & {cell_mask}) >> 1) + 0.5) * {cell_size}
        ) AS geom
    FROM counted
    {in_order}
) AS tile
