"""The rules of the method: matrices in, findings out.

A rule is a function; which ones there are is in :data:`RULES`, what they are asked and what they give in
:mod:`~sphinxcontrib_raci.rules.rule`.  A project may add its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sphinxcontrib_raci.rules import activities, matrices
from sphinxcontrib_raci.rules.rule import Finding, Rule, Setting

__all__ = ['RULES', 'UNUSED', 'Finding', 'Rule', 'Setting']

UNUSED = Rule('unused-waiver', 'a waiver that nothing needs', lambda subject: (), True)
"""Nobody has to look for it: it is what is left when all other rules have been asked."""

_ALL = (
    Rule('no-accountable', 'no party with %(accountable)s', activities.nobody('accountable'), True),
    Rule('several-accountable', 'several parties with %(accountable)s', activities.several_accountable, True),
    Rule('no-responsible', 'no party with %(responsible)s', activities.nobody('responsible'), True),
    Rule('no-part', 'no party with any letter', activities.no_part, True),
    Rule('letter-count', 'a letter more or less often than the scheme wants it', activities.letter_count, True),
    Rule('contradictory-letters', 'letters that contradict each other', activities.contradictory_letters),
    Rule('several-responsible', 'several parties with %(responsible)s', activities.several_responsible),
    Rule('many-consulted', 'many parties with %(consulted)s', activities.many('consulted'), number=3),
    Rule('many-informed', 'many parties with %(informed)s', activities.many('informed'), number=5),
    Rule('idle-party', 'a party without a letter', matrices.idle_party, whole=True),
    Rule(
        'no-decision-for-party',
        'a party with neither %(accountable)s nor %(responsible)s',
        matrices.no_decision,
        whole=True,
    ),
    Rule(
        'overloaded-party',
        'a party with a large share of %(accountable)s',
        matrices.overloaded,
        number=50,
        most=100,
        whole=True,
    ),
    Rule('same-party-does-and-answers', '%(responsible)s and %(accountable)s in one hand', activities.same_party),
    Rule('duplicate-activity', 'a name that another activity has', matrices.duplicate_activity),
    Rule('missing-id', 'no id of its own', activities.missing_id),
    Rule('review-overdue', 'a review that is overdue', matrices.review_overdue, True),
    UNUSED,
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in _ALL})
"""The rules of this package by their codes."""
