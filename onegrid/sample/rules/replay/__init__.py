"""Pure rules of the replay: a city's own file of cases read, mapped to our words, put in order, measured."""
