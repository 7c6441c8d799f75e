"""Intake: everything that comes in, over five channels, becomes one kind of report.

Owns reports, the verification pool, bulk imports, who reported (protected) and what each channel may do.
Words: a *report* (上报) opens a case, *joins* one as a duplicate (并案), waits in the *pool* (待核实池)
until a desk *onboards* it (入格), or is *rejected* with a reason; it is never dropped.
Leaves to others: where a point lies (`territory`), which scenario and unit take a class (`scenarios`), the
running case (`cases`).
"""
