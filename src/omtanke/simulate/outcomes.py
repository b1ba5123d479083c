"""What has become of a delivery or a case so far, how its customer feels about it, and what they would have felt."""

from __future__ import annotations

from omtanke.simulate.feelings import SCORES, delivery_score, mean, score
from omtanke.simulate.work import Case, Order
from omtanke.simulate.world import World


def outcome_of(order: Order, now: int) -> str:
    """What the customer feels. Who was told and still waits feels as they will when it has come, where that is settled."""
    came = order.arrived_at or (order.expected_at() if now > order.until_at else 0) or max(now, order.until_at + 1)
    if came <= order.until_at:
        return "exceeded" if came < order.from_at and not order.is_slot else "kept"
    if not 0 < order.told_at <= order.until_at:
        return "late"
    return "told" if not order.new_until or came <= order.new_until else "told_broken"


def mended(world: World, order: Order) -> float:
    """What we did about it after it broke."""
    effects = world.effects
    is_mended = order.new_until and order.told_at > order.until_at and order.arrived_at and order.arrived_at <= order.new_until
    return (
        (effects.new_date_kept if is_mended else 0.0)
        + (effects.heard_from_us if order.heard_at > order.until_at and not is_mended else 0.0)
        + (effects.remedy if order.remedied_at else 0.0)
    )


def delivery_answer(world: World, order: Order) -> int:
    """What the customer would answer now."""
    outcome = outcome_of(order, world.now)
    more = mended(world, order) if outcome in ("late", "told_broken") else 0.0
    return delivery_score(world.effects, outcome, order.shift + more, order.dice)


def settle_delivery(world: World, order: Order) -> None:
    """Write down what happened and what would have."""
    truth, effects = order.truth, world.effects
    truth.outcome = outcome_of(order, world.now)
    truth.is_late = truth.outcome not in ("kept", "exceeded")
    truth.was_told = truth.outcome in ("told", "told_broken")
    truth.score_kept = delivery_score(effects, "kept", order.shift, order.dice)
    truth.score_broken = delivery_score(effects, "late", order.shift, order.dice)
    truth.would_hold = (order.arrived_at or world.now) <= order.offered_until
    truth.score_told = delivery_score(effects, "told" if truth.would_hold else "told_broken", order.shift, order.dice)
    if not truth.is_answered:
        truth.score = delivery_answer(world, order)


def is_late(case: Case) -> bool:
    """Whether what was promised first did not hold."""
    return not case.answered_at or case.answered_at > case.until_at


def in_time_mean(case: Case) -> float:
    return mean(SCORES[case.table]) + case.customer.mild


def late_mean(world: World, case: Case) -> float:
    """The mean after a broken promise, with what we did about it."""
    effects = world.effects
    mended = case.new_until and 0 < case.answered_at <= case.new_until
    return (
        in_time_mean(case)
        + case.late_by
        + (effects.new_date_kept if mended else 0.0)
        + (effects.heard_from_us if case.heard_at and not mended else 0.0)
        + (effects.remedy if case.remedied_at else 0.0)
    )


def case_answer(world: World, case: Case) -> int:
    """What the customer would answer now."""
    return score(case.table, late_mean(world, case) if is_late(case) else in_time_mean(case), case.dice)


def words_for(case: Case) -> str:
    """Which comments go with what happened."""
    if case.kind == "repair":
        return "put_right_late" if is_late(case) else "put_right"
    return "unanswered" if is_late(case) and not case.new_until else "answered"


def settle_case(world: World, case: Case, now: int) -> None:
    """Write down what happened and what would have."""
    truth = case.truth
    truth.done_at, truth.is_late = now, is_late(case)
    truth.score_in_time = score(case.table, in_time_mean(case), case.dice)
    truth.score_late = score(case.table, in_time_mean(case) + case.late_by, case.dice)
    truth.score = case_answer(world, case)
    if truth.is_late and case.kind == "repair" and not case.remedied_at:
        case.customer.hurt_at = case.until_at


def delivery_answer_if_late(world: World, order: Order) -> int:
    """What the customer would answer if it comes late, and by the new date where there is one."""
    if order.arrived_at:
        return delivery_answer(world, order)
    if 0 < order.told_at <= order.until_at:
        return delivery_score(world.effects, "told", order.shift, order.dice)
    effects = world.effects
    more = effects.new_date_kept if order.new_until else effects.heard_from_us if order.heard_at else 0.0
    return delivery_score(world.effects, "late", order.shift + more + (effects.remedy if order.remedied_at else 0.0), order.dice)


def case_answer_if_late(world: World, case: Case) -> int:
    """What the customer would answer if we do it late, and by the new date where there is one."""
    if case.answered_at:
        return case_answer(world, case)
    effects = world.effects
    more = effects.new_date_kept if case.new_until else effects.heard_from_us if case.heard_at else 0.0
    return score(case.table, in_time_mean(case) + case.late_by + more + (effects.remedy if case.remedied_at else 0.0), case.dice)
