-- One feature as text, with its version where it has one.
SELECT {feature} AS feature, {version} AS version
FROM {relation} AS feature
CROSS JOIN LATERAL (SELECT {properties}) AS attributes
WHERE {conditions}
