"""A file becomes tables of reports, parts and sentences."""
