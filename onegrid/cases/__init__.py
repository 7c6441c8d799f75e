"""Cases (事件): the running work. Stage, accountable post, clock, tasks beside the flow, trail and evidence.

Words: a *case* is one matter under one scenario version; its *stage* has one *owner* (a post) and one
*clock*; a *move* is anything a post does to it (签收, 退回, 转派, 延期, 挂账, 催办, 督办, 撤回 …); a *task*
stands beside the main flow: a co-sign task, a follow-up, an instruction from above, a supervision card.
Where a report comes from and whether it is a duplicate is intake's; who holds a post is workforce's;
which stages there are is scenarios'; telling people is notices', by the events published here."""
