"""Accounts and grants, for those who administer a division: `/administration/`."""
