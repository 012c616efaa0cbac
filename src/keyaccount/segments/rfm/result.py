"""`RfmResult`: the segment of each account, why it is there, and the shortest way up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Floats, Objects, as_floats, common_length
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.rfm.counts import RfmCounts, counts_of
from keyaccount.segments.rfm.crossing import Crossing
from keyaccount.segments.rfm.cut_rule import Edges
from keyaccount.segments.rfm.ladder import Levels
from keyaccount.segments.rfm.measures import MEASURES, Measure
from keyaccount.segments.rfm.notes import rfm_findings
from keyaccount.segments.rfm.reading import RfmRows
from keyaccount.segments.rfm.reasons import reasons
from keyaccount.segments.rfm.steps import RfmStep, steps_from
from keyaccount.stats.sums import group_counts, group_sums

if TYPE_CHECKING:
    from keyaccount.segments.rfm.rfm import Rfm

__all__ = ["RfmResult"]

_WORDS = np.array(["".join(word) for word in product("LH?", repeat=3)], dtype=object)
"""Every combination of low, high and unknown, in the order of a number of base 3."""


class RfmResult(Stamped, Viewed):
    """The RFM segment of each account, aligned with the input by position.

    Attributes
    ----------
    spec
        The fitted spec that was applied.
    code
        ``(n,)`` int16: the position of the segment in ``spec.segments``, best first; -1 where a
        measure that the map reads is unknown.
    labels
        ``(n,)`` objects: the code of the segment (``"important_value"``), None where unknown.
    qualified
        ``(n,)`` objects: the code with its map (``"RFM:important_value"``), None where unknown.
    treatment, treatment_zh
        ``(n,)`` objects: what to do with the account, None where unknown or not said.
    letters
        ``(n,)`` objects: H or L for recency, frequency and monetary (``"HLH"``), ``?`` for an
        unknown measure.
    scores
        ``(n, 3)`` int16: the score of each measure from 1 up, -1 where it is unknown. Without a
        score cut low is 1 and high is 2.
    score
        ``(n,)`` float64: the weighted score in [0, 1], NaN where a measure is unknown; None where
        the spec has no weights. The lowest score of a measure is worth 0, the highest 1.
    thresholds
        What each measure was held against: a number, one per score above 1, or a `ByGroup` of them.
    unknown
        How many accounts have no segment.
    findings
        What a reader should know of the data, and of the book that the spec was fitted to: cuts
        that told nothing apart there.

    Notes
    -----
    Only `code` is computed at once. The others are computed from the caller's own columns when they
    are first asked for: a buffer that is to be filled anew must be copied before.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    >>> found = rfm.assign({"days_since": [90, None], "count": [1, 0], "total": [1_500.0, -20.0]})
    >>> found.labels, found.letters
    (array(['important_develop', None], dtype=object), array(['HLH', '?LL'], dtype=object))
    >>> print(found.row(0))
    rfm                important_develop
    qualified          RFM:important_develop
    name               important – develop
    name_zh            重要发展
    treatment          bring them to buy more often
    treatment_zh       提高购买频次
    letters            HLH
    why
      recency          90 <= 90: H
      frequency        1 < 3: L
      monetary         1500 >= 1000: H
    shortest ways up
      important_value  2 more purchases
    """

    def __init__(self, spec: Rfm, rows: RfmRows, crossing: Crossing) -> None:
        self._spec = spec
        self._rows: RfmRows = rows
        self._crossing: Crossing = crossing
        self.code: Levels = self._crossing.codes(rows.levels, len(rows))
        self.code.flags.writeable = False  # counts and labels rest on it

    @property
    def spec(self) -> Rfm:
        """The spec that made it."""
        return self._spec

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        who = counted(len(self), "account")
        return f"<{self.spec.segments.name} of {who}, {self.unknown} unknown>"

    def _view(self) -> View:
        title = f"{self.spec.segments.name} of {counted(len(self), 'account')}"
        return View(title, self.columns(), len(self))

    @cached_property
    def labels(self) -> Objects:
        """The code of each account's segment, None where unknown."""
        return self._spread(self.spec.segments.codes)

    @cached_property
    def qualified(self) -> Objects:
        """The code of each account's segment with its map, None where unknown."""
        return self._spread(self.spec.segments.qualified)

    @cached_property
    def treatment(self) -> Objects:
        """What to do with each account, None where unknown or not said."""
        return self._spread([s.treatment for s in self.spec.segments.segments])

    @cached_property
    def treatment_zh(self) -> Objects:
        """What to do with each account, in Chinese; None where unknown or not said."""
        return self._spread([s.treatment_zh for s in self.spec.segments.segments])

    @cached_property
    def letters(self) -> Objects:
        """H or L for recency, frequency and monetary; ``?`` for an unknown measure."""
        place = np.zeros(len(self), dtype=np.int16)
        for measure in MEASURES:
            level = self._rows.levels[measure]
            high = (level >= self.spec.cuts.high_level).astype(np.int16)
            place = 3 * place + np.where(level < 0, np.int16(2), high)
        spread: Objects = _WORDS[place]
        return spread

    @cached_property
    def scores(self) -> Levels:
        """The score of each measure from 1 up, as an (n, 3) array; -1 where it is unknown."""
        levels = [self._rows.levels[measure] for measure in MEASURES]
        return np.stack([np.where(x < 0, np.int16(-1), x + np.int16(1)) for x in levels], axis=1)

    @cached_property
    def score(self) -> Floats | None:
        """The weighted score in [0, 1]; None where the spec has no weights."""
        weights = self.spec.weights
        if weights is None:
            return None
        total = np.zeros(len(self))
        unknown = np.zeros(len(self), dtype=np.bool_)
        for measure, weight in zip(MEASURES, weights, strict=True):
            level = self._rows.levels[measure]
            total += weight * (level / (self.spec.cuts.levels - 1))
            unknown |= level < 0
        # Weights may sum to a hair above 1; a score does not.
        return np.where(unknown, np.nan, np.minimum(total, 1.0))

    @property
    def thresholds(self) -> Mapping[str, Any]:
        """What each measure was held against, by measure, in the measure's own units."""
        return {measure: self.spec.cuts.thresholds(measure) for measure in MEASURES}

    @cached_property
    def unknown(self) -> int:
        """How many accounts have no segment."""
        return int(np.count_nonzero(self.code < 0))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data, and of the book the spec was fitted to."""
        return (*rfm_findings(self.spec.names, self._rows), *self.spec.findings)

    def counts(self) -> dict[str, int]:
        """Count the accounts of each segment, empty ones included; see `unknown` for the rest."""
        found = group_counts(self.code.astype(np.int64), len(self.spec.segments.codes))
        return dict(zip(self.spec.segments.codes, found.tolist(), strict=True))

    def seen(self) -> RfmCounts:
        """Count the accounts at each level of each measure, and in each segment."""
        levels, segments = self.spec.cuts.levels, len(self.spec.segments.codes)
        return counts_of(self._rows, self.code, levels, segments)

    def money(self) -> dict[str, float]:
        """Add the monetary column up by segment.

        Where that column holds averages, their sum says little: add the totals up with `totals`.
        """
        return self.totals(self._rows.values["monetary"])

    def totals(self, values: Any) -> dict[str, float]:
        """Add a column of money up by segment.

        Parameters
        ----------
        values
            One number per account; NaN and ±inf are missing and left out.

        Returns
        -------
        dict
            The sum of each segment, best first, independent of the order of the rows: 0 for an
            empty segment, NaN for one without a single known value.

        Raises
        ------
        ColumnError, RowError
            There is not one number per account.
        """
        money = as_floats(values, "values")
        _ = common_length({"values": money, self.spec.segments.name: self.code})
        counts = self.counts()
        sums = group_sums(money, self.code.astype(np.int64), len(counts)).tolist()
        return {
            code: 0.0 if count == 0 else total
            for (code, count), total in zip(counts.items(), sums, strict=True)
        }

    def steps_up(self, i: int) -> tuple[RfmStep, ...]:
        """List the ways of buying that lead to a better segment, the shortest first.

        Better is what stands earlier in the map. A way is a number of purchases, which make the
        last one now, and an amount of money that comes with them; the segment is the one an account
        truly is in after both. The shortest is the one of the fewest purchases, and among these of
        the least money: a choice of this library. A way is left out where one of no more purchases
        and no more money leads as far.

        Returns
        -------
        tuple of RfmStep
            None where no purchase leads to a better segment, or the segment is unknown.
        """
        return tuple(self._steps(checked_row(i, len(self))))

    def _steps(self, i: int) -> Iterator[RfmStep]:
        if self.code[i] < 0:
            return iter(())
        rows = self._rows
        values: dict[Measure, float] = {m: float(v[i]) for m, v in rows.values.items()}
        edges: dict[Measure, Edges] = {
            ladder.measure: rows.edges_of(ladder, i) for ladder in rows.ladders
        }
        return steps_from(self._crossing, rows.levels_of(i), values, edges)

    def steps(self) -> dict[str, Any]:
        """Give the shortest way up of each account as columns; see `steps_up`.

        Returns
        -------
        dict
            ``rfm_step`` in words, ``rfm_step_purchases``, ``rfm_step_money`` and
            ``rfm_step_segment``, under the name of the map; None and NaN where there is no way up.

        Examples
        --------
        >>> import keyaccount as ka
        >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
        >>> found = rfm.assign({"days_since": [100, 5], "count": [2, 9], "total": [20.0, 5_000.0]})
        >>> found.steps()["rfm_step"].tolist()
        ['a purchase now -> general_value', None]
        """
        name = self.spec.segments.name
        first = [next(self._steps(i), None) for i in range(len(self))]
        said = [(None, None) if s is None else (str(s), s.segment) for s in first]
        far = [(np.nan, np.nan) if s is None else (s.purchases, s.money) for s in first]
        texts = np.array(said, dtype=object).reshape(-1, 2)
        amounts = np.array(far, dtype=np.float64).reshape(-1, 2)
        return {
            f"{name}_step": texts[:, 0],
            f"{name}_step_purchases": amounts[:, 0],
            f"{name}_step_money": amounts[:, 1],
            f"{name}_step_segment": texts[:, 1],
        }

    def reasons(self) -> dict[str, Any]:
        """Give why each account is high or low on each measure, as columns.

        Returns
        -------
        dict
            ``rfm_recency_why`` and its like, under the name of the map: the value against the
            threshold that decides. Where thresholds differ by group, ``rfm_pooled_why`` lists the
            measures judged by the pool, None where there are none.

        Examples
        --------
        >>> import keyaccount as ka
        >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
        >>> found = rfm.assign({"days_since": [100, None], "count": [2, 9], "total": [20.0, 5.0]})
        >>> found.reasons()["rfm_recency_why"].tolist()
        ['100 > 90: L', 'unknown']
        """
        name = self.spec.segments.name
        each = [reasons(self.spec.cuts, self._rows, i) for i in range(len(self))]
        keys: dict[str, str] = {measure: measure for measure in MEASURES}
        if self._rows.pooled:
            keys["pooled"] = "judged by the pool"
        return {
            f"{name}_{short}_why": np.array([why.get(key) for why in each], dtype=object)
            for short, key in keys.items()
        }

    def possible(self, i: int) -> tuple[str, ...]:
        """List the segments that an account may be in, given what is known of it, best first."""
        return self._crossing.possible(self._rows.levels_of(checked_row(i, len(self))))

    def row_wise_columns(self) -> dict[str, Any]:
        """Give what a fitted spec writes of each account, as codes and numbers."""
        name = self.spec.segments.name
        found: dict[str, Any] = {name: self.code}
        found |= {f"{name}_{measure}": self._rows.levels[measure] for measure in MEASURES}
        return found if self.score is None else {**found, f"{name}_score": self.score}

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame.

        See `reasons` and `steps` for the reasons and the shortest way up of each account.
        """
        name, segments = self.spec.segments.name, self.spec.segments.segments
        found: dict[str, Any] = {
            name: self.labels,
            f"{name}_qualified": self.qualified,
            f"{name}_name": self._spread([s.name or None for s in segments]),
            f"{name}_name_zh": self._spread([s.name_zh or None for s in segments]),
            f"{name}_letters": self.letters,
        }
        for k, measure in enumerate(MEASURES):
            found[f"{name}_{measure}_score"] = self.scores[:, k]
        if self.score is not None:
            found[f"{name}_score"] = self.score
        said = {f"{name}_treatment": self.treatment, f"{name}_treatment_zh": self.treatment_zh}
        return {**found, **said}

    def row(self, i: int) -> Record:
        """Give one account as a readable record: its segment, why, and the ways up."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {self.spec.segments.name: self.labels[i]}
        if self.code[i] >= 0:
            segment = self.spec.segments.segments[int(self.code[i])]
            said = {
                "qualified": self.qualified[i],
                "name": segment.name,
                "name_zh": segment.name_zh,
                "treatment": segment.treatment,
                "treatment_zh": segment.treatment_zh,
            }
            record |= {key: value for key, value in said.items() if value}
        record["letters"] = self.letters[i]
        if self.score is not None:
            record["score"] = float(self.score[i])
        record["why"] = reasons(self.spec.cuts, self._rows, i)
        if self.code[i] < 0:
            record["possible"] = ", ".join(self.possible(i))
            return Record(record)
        steps = self.steps_up(i)
        if steps:
            record["shortest ways up"] = {step.segment: step.way for step in steps}
        return Record(record)

    def _spread(self, texts: Sequence[str | None]) -> Objects:
        table = np.array([*texts, None], dtype=object)
        return table[self.code]
