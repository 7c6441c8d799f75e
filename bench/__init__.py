"""Figures: one file each, one command for all (`make bench`), each beside what a user would do instead."""
