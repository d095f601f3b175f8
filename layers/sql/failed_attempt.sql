-- Charges one attempt to a key before it is known whether it succeeds, so that attempts that
-- arrive at once cannot all pass. No row comes back while the key has to wait, and an attempt in
-- that time does not prolong the wait. After the free failures each further one doubles the wait,
-- from 2 s up to the longest; a key without attempts for the window starts afresh.
-- A key that need not wait is open since a minute ago: attempts that arrive at once carry times in
-- another order than they are charged in, and none of them is to be taken for too early.
-- One probe of the primary key.
INSERT INTO layers_failed_attempt AS known (key, failures, last_at, open_at)
VALUES (%(key)s, 1, %(now)s, %(now)s - interval '1 minute')
ON CONFLICT (key) DO UPDATE SET
    failures = CASE
        WHEN known.last_at < %(now)s - %(window)s THEN 1 ELSE known.failures + 1 END,
    last_at = %(now)s,
    open_at = CASE
        WHEN known.last_at < %(now)s - %(window)s OR known.failures < %(free)s
            THEN %(now)s - interval '1 minute'
        ELSE %(now)s + least(
            interval '2 s' * power(2, least(known.failures - %(free)s, 30)), %(longest)s) END
WHERE known.open_at <= %(now)s
RETURNING known.failures
