"""The duty list in memory: for a role, a grid and a scenario exactly one post, or a named refusal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal
from onegrid.workforce.rules.refusals import DutyOutsidePost, NoPost, SeveralPosts, UnitNeeded
from onegrid.workforce.rules.roles import ROLES, role, role_label


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A live post as the duty list sees it. `unit` is a unit key, `territory` a code prefix."""

    post_id: PostId
    role: str
    territory: str
    unit: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the duty list: the post answers for this scenario, class and territory.

    Empty means all; `territory` empty means the whole territory of the post. A post without any line
    answers for everything of its role, a post with lines only for those."""

    post_id: PostId
    scenario: str = ""
    class_prefix: str = ""
    territory: str = ""


def spelled_out(duty: Duty, *, within: str, post: str) -> Duty:
    """The line with its territory written out. Raises DutyOutsidePost where it reaches beyond the post's."""
    place = duty.territory or within
    if len(place) == 15 and place.endswith("000"):
        place = place[:12]
    if not place.startswith(within):
        raise DutyOutsidePost(territory=duty.territory, post=post, within=within)
    return replace(duty, territory=place)


class PostRequest(NamedTuple):
    """Who answers for this? `grid` may also be a village, town or county code where no more is known."""

    role: str
    grid: str
    scenario: str
    unit: str | None = None
    class_code: str | None = None


class Answer(NamedTuple):
    """A post that answers at one place, and what for ("" = everything)."""

    scenario: str
    class_prefix: str
    post_id: PostId


_Key = tuple[str, str, str]  # role, unit key or "", territory


class DutyTable:
    """Resolves roles to posts by dictionary look-ups over the grid, its village, town and county."""

    def __init__(self, posts: Iterable[PostEntry], duties: Iterable[Duty] = ()) -> None:
        self.posts: Mapping[PostId, PostEntry] = {post.post_id: post for post in posts}
        lines: defaultdict[PostId, list[Duty]] = defaultdict(list)
        for duty in duties:
            lines[duty.post_id].append(duty)
        answers: defaultdict[_Key, list[Answer]] = defaultdict(list)
        for post in self.posts.values():
            for duty in lines.get(post.post_id) or (Duty(post.post_id),):
                for key in _keys(post, duty.territory or post.territory):
                    answers[key].append(Answer(duty.scenario, duty.class_prefix, post.post_id))
        self._answers: Mapping[_Key, list[Answer]] = dict(answers)
        self._lengths = _lengths(answers)

    def post_for(
        self, role: str, grid: str, scenario: str, unit: str | None = None, class_code: str | None = None
    ) -> PostId:
        """The one post that answers. Raises NoPost, SeveralPosts, UnknownRole or UnitNeeded.

        The most specific place wins (grid, village, town, county); within it the most specific duty:
        one that names the scenario before one that does not, then the longer class prefix."""
        found = self.answering(PostRequest(role, grid, scenario, unit, class_code))
        if len(found) != 1:
            raise self.refusal(PostRequest(role, grid, scenario, unit, class_code), found)
        return found[0]

    def posts_for(self, requests: Iterable[PostRequest]) -> list[PostId | Refusal]:
        """One answer per request, in order: the post, or the refusal that `post_for` would raise."""
        results: list[PostId | Refusal] = []
        for request in requests:
            found = self.answering(request)
            results.append(found[0] if len(found) == 1 else self.refusal(request, found))
        return results

    def answering(self, request: PostRequest) -> tuple[PostId, ...]:
        """All posts that answer, at the first place that has any: one where the duty list is sound."""
        role, grid, scenario, unit, class_code = request
        owner = unit or ""
        for length in self._lengths.get((role, owner), ()):
            if length <= len(grid):
                found = self.at(role, owner, grid[:length], scenario, class_code)
                if found:
                    return found
        return ()

    def at(
        self, role: str, unit: str, place: str, scenario: str, class_code: str | None
    ) -> tuple[PostId, ...]:
        """The posts bound to exactly this place that answer best; `place` is a code prefix."""
        answers = self._answers.get((role, unit, place))
        if answers is None:
            return ()
        if len(answers) == 1 and answers[0][:2] == ("", ""):
            return (answers[0].post_id,)
        return _best(answers, scenario, class_code)

    def lengths(self, role: str, unit: str | None) -> tuple[int, ...]:
        """At which places (digits, most specific first) such posts exist at all."""
        return self._lengths.get((role, unit or ""), ())

    def refusal(self, request: PostRequest, found: tuple[PostId, ...]) -> Refusal:
        """Why these posts are no answer."""
        key, grid, scenario, unit, _ = request
        if role(key).of_department and not unit:
            return UnitNeeded(role=role_label(key), role_key=key)
        params = {"role": role_label(key), "role_key": key, "grid": grid, "scenario": scenario}
        params |= {"unit": f"（{unit}）" if unit else "", "unit_en": f" of {unit}" if unit else ""}
        if found:
            return SeveralPosts(**params, count=len(found), posts=tuple(str(post) for post in found))
        return NoPost(**params)


def _keys(post: PostEntry, territory: str) -> tuple[_Key, ...]:
    """Where a post is found: by its unit, and unless it is a department's, without one."""
    known = ROLES.get(post.role)
    by_unit = (post.role, post.unit, territory)
    if not post.unit or (known is not None and known.of_department):
        return (by_unit,)
    return ((post.role, "", territory), by_unit)


def _lengths(keys: Iterable[_Key]) -> Mapping[tuple[str, str], tuple[int, ...]]:
    seen: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for role_key, unit, territory in keys:
        seen[(role_key, unit)].add(len(territory))
    return {pair: tuple(sorted(lengths, reverse=True)) for pair, lengths in seen.items()}


def _best(answers: list[Answer], scenario: str, class_code: str | None) -> tuple[PostId, ...]:
    """The distinct posts of the most specific lines that fit scenario and class."""
    rank = (False, -1)
    best: list[PostId] = []
    for answer in answers:
        if answer.scenario not in ("", scenario) or not (class_code or "").startswith(answer.class_prefix):
            continue
        own = (answer.scenario != "", len(answer.class_prefix))
        if own > rank:
            rank, best = own, [answer.post_id]
        elif own == rank and answer.post_id not in best:
            best.append(answer.post_id)
    return tuple(best)
