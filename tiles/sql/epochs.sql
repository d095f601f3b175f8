-- One random number for each thing that answers are remembered by. It changes with every statement
-- that changes the thing, in its transaction: whoever sees the change sees another number.
CREATE TABLE tiles_epoch (name text PRIMARY KEY, nonce bigint NOT NULL);

CREATE FUNCTION tiles_new_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tiles_epoch (name, nonce) VALUES (TG_ARGV[0], tiles_nonce())
    ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce;
    RETURN NULL;
END
$$;
