"""Tables of reports become tables of counts and matches."""
