"""The drill (实战演练): the case rules on a virtual clock, with the real posts."""
