"""From a case to its situation and back: times, place and posts taken out, and put in again.

Two cases are alike where the same roles answer at both places. That is asked of the duty list once per place
and class: every role that is bound below the county is looked up, and must have as many posts at both."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final

from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.clocks import Clock
from onegrid.cases.rules.drill.going import Going, Situation, Token, id_of
from onegrid.cases.rules.drill.streams import Kind
from onegrid.cases.rules.state import CaseState, Hand
from onegrid.kernel.ids import GridCode, PostId
from onegrid.kernel.office_hours import EPOCH
from onegrid.kernel.stepping import SteppingCalendar, moment
from onegrid.scenarios.rules.standing_in import area_of
from onegrid.workforce.rules import ROLES, PostRequest

KEPT: Final = 200_000  # situations; beyond, all are forgotten and found again
_COUNTY: Final = 6
_NOWHERE: Final = GridCode("")


class Moulds:
    """All situations met so far, found again by what they hold."""

    def __init__(self, ground: Ground, calendar: SteppingCalendar) -> None:
        self._ground, self._calendar = ground, calendar
        self._scenario = ground.definition.key
        self._known: dict[bytes, Situation] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._signatures: dict[tuple[object, ...], int] = {}
        self._local = _local_roles(ground)
        self.roots: dict[tuple[int, Kind], Situation] = {}  # where cases begin, by place and kind

    def place(self, grid: str, class_code: str) -> int:
        """Number of the kind of place: the same where the same roles have as many posts."""
        found = self._places.get((grid, class_code))
        if found is None:
            answering = self._ground.duties.answering
            counts = tuple(
                min(2, len(answering(PostRequest(role, grid, self._scenario, unit, class_code))))
                for role, unit in self._local
            )
            found = self._signatures.setdefault((area_of(grid), counts), len(self._signatures))
            self._places[grid, class_code] = found
        return found

    def post_of(self, token: Token, grid: str, class_code: str) -> PostId:
        """The post that is meant at this place. Raises NoPost, SeveralPosts."""
        return self._ground.duties.post_for(token.role, grid, self._scenario, token.unit or None, class_code)

    def situation(self, going: Going, state: CaseState) -> Situation | None:
        """What the case shares with its like; None while it has something of its own."""
        clock, named = state.clock, self._named(state)
        assert clock is not None and clock.due is not None
        if named is None or state.tasks or state.request is not None:
            return None
        if clock.due != self._calendar.due(moment(going.last), clock.limit):
            return None
        mould = state._replace(
            id=id_of(0), version=0, grid_code=_NOWHERE, opened_at=EPOCH, entered_at=EPOCH,
            acknowledged_at=None, last_at=EPOCH, alarm_at=None, late_stages=0, previous=None, owner=None,
            sender=None, hands={}, clock=Clock(clock.limit, EPOCH),
        )  # fmt: skip
        if any(isinstance(value, datetime) and value is not EPOCH for value in mould):
            return None
        place = self.place(str(state.grid_code), state.class_code)
        key = blake2b(repr((mould, named, place)).encode(), digest_size=16).digest()
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
                self.roots.clear()
            owner, sender, hands = named
            stage = self._ground.stage(state.stage)
            found = self._known[key] = Situation(mould, stage, owner=owner, sender=sender, hands=hands)
        return found

    def _named(self, state: CaseState) -> tuple[Token, Token | None, tuple[tuple[str, Token], ...]] | None:
        """The posts of a case by their roles; None where a post is not the one that its role means there."""
        assert state.owner is not None
        tokens: dict[PostId, Token] = {}
        for post_id in {state.owner, state.sender, *(hand.post_id for hand in state.hands.values())} - {None}:
            assert post_id is not None
            token = self._token(post_id)
            there = self._ground.duties.answering(
                PostRequest(token.role, state.grid_code, self._scenario, token.unit or None, state.class_code)
            )
            if there != (post_id,):
                return None
            tokens[post_id] = token
        if any(hand.account_id is not None for hand in state.hands.values()):
            return None
        hands = tuple((key, tokens[hand.post_id]) for key, hand in state.hands.items())
        return tokens[state.owner], tokens[state.sender] if state.sender else None, hands

    def _token(self, post_id: PostId) -> Token:
        entry = self._ground.duties.posts[post_id]
        known = ROLES.get(entry.role)
        return Token(entry.role, entry.unit if known is not None and known.of_department else "")

    def whole(self, going: Going) -> CaseState:
        """The case's state with its own times, place and posts, exactly as the rules would have it."""
        situation = going.situation
        if situation is None:
            assert going.state is not None
            return going.state
        mould, place = situation.mould, going.place

        def post(token: Token) -> PostId:
            return self.post_of(token, place, mould.class_code)

        case = mould._replace(
            id=id_of(going.number),
            grid_code=GridCode(place),
            opened_at=moment(going.opened),
            entered_at=moment(going.entered),
            acknowledged_at=None if going.acknowledged is None else moment(going.acknowledged),
            last_at=moment(going.last),
            clock=Clock(situation.limit, moment(going.due)),
            late_stages=going.late,
            owner=going.post,
            sender=None if situation.sender is None else post(situation.sender),
            hands={key: Hand(post(token), None) for key, token in situation.hands},
        )
        return with_alarm(case, self._ground)


def _local_roles(ground: Ground) -> tuple[tuple[str, str | None], ...]:
    """Roles and units with posts bound below the county: only these can differ from place to place."""
    units: Mapping[tuple[str, str], None] = dict.fromkeys(
        (entry.role, entry.unit if entry.role in ROLES and ROLES[entry.role].of_department else "")
        for entry in ground.duties.posts.values()
    )
    duties = ground.duties
    return tuple(
        (role, unit or None)
        for role, unit in sorted(units)
        if any(length > _COUNTY for length in duties.lengths(role, unit))
    )
