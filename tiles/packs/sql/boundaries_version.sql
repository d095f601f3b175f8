-- The same of divisions or zones, which have no version: a hundred rows, hashed as they are.
SELECT count(*), coalesce(bit_xor(hashtextextended(concat_ws(
    ':', code, name, md5(ST_AsEWKB(boundary))
), 0)), 0)
FROM {table}
WHERE boundary && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
