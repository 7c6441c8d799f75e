"""Scenario projects (场景运用项目): one kind of hard matter, packaged as a versioned definition.

Owns the definition of each scenario (stages, roles, limits, exits, forms, evidence, escalation), its
published versions, the towns where a version is live, and the dictionary of matter classes (大类/小类).
Words: a *stage* (环节) has one *who* (主送); an *exit* (出口) leads to the next stage or to an end;
a definition is *sound* when no case following it can get lost.
Leaves to others: running cases (`cases`), who holds a post (`workforce`), what a report is (`intake`).
"""
