-- Cells whose counts are not what a recount of the table says, on every level, in one snapshot; and
-- cells of coarser levels whose nonce is not that of the finest cells inside them.
-- Plan: one scan of the Morton index; hash aggregates over all cells; takes seconds for millions.
WITH counted AS MATERIALIZED (
    {summed}
), kept AS MATERIALIZED (
    SELECT level, code, county, {sums}, bit_xor(nonce) AS nonce
    FROM (
        SELECT level, code, county, {counts}, nonce FROM tiles_cell WHERE layer = {layer}
        UNION ALL
        SELECT level, code >> (2 * ({finest} - level)), county, {counts}, nonce
        FROM tiles_cell_delta, generate_series({coarsest}, {finest}) AS level
        WHERE layer = {layer}
    ) AS both_tables
    GROUP BY level, code, county
), right_counts AS (
    SELECT level, code >> (2 * ({finest} - level)) AS code, county, {sums}
    FROM counted, generate_series({coarsest}, {finest}) AS level
    GROUP BY level, code >> (2 * ({finest} - level)), county
), right_nonces AS (
    SELECT each_level AS level, code >> (2 * ({finest} - each_level)) AS code, county,
        bit_xor(nonce) AS nonce
    FROM kept, generate_series({coarsest}, {finest}) AS each_level
    WHERE level = {finest}
    GROUP BY each_level, code >> (2 * ({finest} - each_level)), county
)
SELECT level, code, county, {kept_counts}, {right_counts}
FROM kept
FULL JOIN right_counts USING (level, code, county)
FULL JOIN right_nonces USING (level, code, county)
WHERE ({kept_counts}) IS DISTINCT FROM ({right_counts})
    OR kept.nonce IS DISTINCT FROM right_nonces.nonce
ORDER BY level, code, county
