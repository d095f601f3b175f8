"""Chinese ledgers group digits by three; Django's own format for zh-hans does not group at all."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
