"""The synthetic city of Nan'an (南安) at the scale of the source text, and its simulated day."""
