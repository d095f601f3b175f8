-- The even bits of a Morton code, packed: its column; of the code shifted right by one: its row.
CREATE OR REPLACE FUNCTION tiles_even_bits(code bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    code := code & 6148914691236517205;
    code := (code | (code >> 1)) & 3689348814741910323;
    code := (code | (code >> 2)) & 1085102592571150095;
    code := (code | (code >> 4)) & 71777214294589695;
    code := (code | (code >> 8)) & 281470681808895;
    RETURN (code | (code >> 16)) & 4294967295;
END
$$;
