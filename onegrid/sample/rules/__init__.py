"""Pure rules of the sample city: made-up boundaries, made-up people, made-up reports."""
