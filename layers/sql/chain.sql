-- The chain over the journal: one link an entry, in the order of commits, numbered without gaps.
-- A link's hash is sha256(hash of the link before, digest), the digest sha256 of the entry's
-- payload (layers/journal/sql); before the first link stand 32 zero bytes.

CREATE OR REPLACE FUNCTION layers_utc(moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- One step of the chain, as an aggregate over digests in order that goes on from a known hash.
CREATE OR REPLACE FUNCTION layers_chain_step(hash bytea, digest bytea, head bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN sha256(coalesce(hash, head) || digest);
END
$$;
CREATE OR REPLACE AGGREGATE layers_chain_hash(digest bytea, head bytea) (
    SFUNC = layers_chain_step,
    STYPE = bytea
);

-- Links all entries of a kind between two ids that this transaction sees and that have no link yet.
-- What others have committed has its links, so those are its own. Their digests are reckoned before
-- the lock, which then is held from the first link to the end of the transaction: positions are in
-- commit order. (A transaction of a stricter isolation than READ COMMITTED may not see the head that
-- it waited for; its links then meet that position's key, and it fails and can be repeated.)
CREATE OR REPLACE FUNCTION layers_link(kind_of_entry text, first_id bigint, last_id bigint)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    entries bigint[];
    digests bytea[];
    head_position bigint;
    head_hash bytea;
BEGIN
    EXECUTE format(
        $unlinked$
        SELECT array_agg(entry_id ORDER BY entry_id), array_agg(digest ORDER BY entry_id)
        FROM (
            SELECT p.entry_id, sha256(convert_to(p.payload, 'UTF8')) AS digest
            FROM %I($1, $2) AS p
            WHERE NOT EXISTS (
                SELECT FROM layers_chain AS c WHERE c.kind = $3 AND c.entry_id = p.entry_id
            )
        ) AS unlinked
        $unlinked$, 'layers_payload_' || kind_of_entry
    ) INTO entries, digests USING first_id, last_id, kind_of_entry;
    PERFORM pg_advisory_xact_lock(hashtextextended('layers.chain', 0));
    SELECT position, hash INTO head_position, head_hash
    FROM layers_chain ORDER BY position DESC LIMIT 1;
    INSERT INTO layers_chain (position, kind, entry_id, digest, hash)
    SELECT coalesce(head_position, 0) + link.number, kind_of_entry, link.entry_id, link.digest,
           layers_chain_hash(
               link.digest, coalesce(head_hash, decode(repeat('00', 32), 'hex'))
           ) OVER (ORDER BY link.number ROWS UNBOUNDED PRECEDING)
    FROM unnest(entries, digests) WITH ORDINALITY AS link (entry_id, digest, number);
END
$$;

-- At commit the first entry's trigger links the whole transaction's, the others find that done.
CREATE OR REPLACE FUNCTION layers_link_entries() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM layers_chain WHERE kind = TG_ARGV[0] AND entry_id = NEW.id) THEN
        PERFORM layers_link(TG_ARGV[0], NEW.id, 9223372036854775807);
    END IF;
    RETURN NULL;
END
$$;

-- An entry that becomes one by a change of its row is linked alone: others lie far from it.
CREATE OR REPLACE FUNCTION layers_link_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM layers_chain WHERE kind = TG_ARGV[0] AND entry_id = NEW.id) THEN
        PERFORM layers_link(TG_ARGV[0], NEW.id, NEW.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER linked AFTER INSERT ON layers_edit
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION layers_link_entries('edit');
CREATE CONSTRAINT TRIGGER linked AFTER INSERT ON layers_unmasking
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION layers_link_entries('unmasking');
CREATE CONSTRAINT TRIGGER linked AFTER INSERT ON layers_load
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION layers_link_entries('load');
CREATE CONSTRAINT TRIGGER linked AFTER INSERT OR UPDATE OF settlement ON layers_submission
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.settlement <> '') EXECUTE FUNCTION layers_link_entry('submission');
