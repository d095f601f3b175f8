-- Whether a span holds anything that the reader may see: asked of the index alone, which has the
-- division beside the code, before a row of somebody else's county is fetched for nothing.
(
    SELECT true FROM {relation} AS feature
    WHERE feature.{column} BETWEEN each.first AND each.last AND {scope}
    LIMIT 1
)
