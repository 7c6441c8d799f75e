"""Workforce: who answers for what. Units, posts, workers, appointments, delegations and the duty list.

A post (岗位) is bound to a grid or a unit and answers for a territory; a worker holds it by an
appointment. Cases belong to posts, never to persons, so a change of staff moves no case.
The duty list (职责清单) says which post of a role answers in which territory for which scenario and
matter class; `post_for` finds exactly one or refuses by name. What the work is belongs to
`scenarios`, what happens with it to `cases`, who may log in to `accounts`."""
