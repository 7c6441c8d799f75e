"""The redundancy filter: which earlier matters a report may be about. It proposes and explains;
people decide.

`matters` what is compared, `words` the text of a matter as numbers, `candidates` the pairs worth comparing,
`facts` what is known of a pair, `trees` and `model` the score, `training` and `evaluation` how it is learned
and how good it is."""
