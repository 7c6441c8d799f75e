"""The synthetic city of Nan'an (南安) at the scale of the source text, and its simulated day.

Words: *scale* (1.0 = 445 first- and 3,372 second-level grids, 22,000 workers), *unit* (a village, community,
park or market with its first-level grid), *cast* (the people who can sign in), *topic* (what is reported).
Names and codes of towns and villages and the county's outline are real (data/SOURCE.md); every boundary below
the county, every person and every report is made up. It owns no tables: all it makes, it makes through the
actions of the contexts below, as a real city would."""
