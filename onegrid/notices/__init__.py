"""Notices: telling a person something, and knowing that he was told.

Words: telling (what one context asks to have told), notice (a telling once stored), template
(its words, data in `templates/`), inbox (the notices of one's posts and of oneself), delivery (the
record per channel). It knows no case: who tells what, when, is decided above."""
