from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from scorecards import QUESTIONS, RULE, commune, hamlet, overall_only

from surveys.results.counts import Tally, UnitCounts
from surveys.results.scoring import UnitScore, score
from surveys.results.suppression import (
    Cells,
    Sensitive,
    few_ballots,
    for_everybody,
    for_staff,
    hidden,
    small_cells,
    suppress,
)
from surveys.rounds.units import Turnout

SMALL = 10


def scored(*parts: Cells, unplaced: Cells = (0, 0, 0)) -> tuple[UnitScore, ...]:
    """A commune and its hamlets; each part is one hamlet's satisfied, not satisfied and blank."""
    tallies = [Tally(sum(part), {"chung": part[0]}, {"chung": part[1]}, {0: sum(part)}) for part in (*parts, unplaced)]
    total = sum(tallies, Tally())
    units = [UnitCounts(commune(total.ballots, 4000), {"self": total})]
    units += [
        UnitCounts(hamlet(number, tally.ballots, 900), {"self": tally}) for number, tally in enumerate(tallies[:-1], 1)
    ]
    return score(QUESTIONS[2:], units, RULE)


def shown(units: Sequence[UnitScore]) -> list[int | None]:
    return [unit.questions[0].satisfied for unit in units]


def test_a_hamlet_of_few_ballots_is_withheld_with_the_smallest_other_one():
    units = scored((80, 10, 0), (3, 1, 0), (40, 11, 0), (95, 12, 0))
    assert shown(for_staff(units)) == [218, 80, None, None, 95]


def test_a_withheld_hamlet_shows_its_coverage_and_nothing_that_answers_follow_from():
    unit = for_staff(scored((80, 10, 0), (3, 1, 0), (40, 11, 0)))[2].to_json()
    assert (unit["ballots"], unit["households"]) == (4, 900)
    assert unit["suppressed"] == ["chung", "all_satisfied"]
    assert [mark["mark"] for mark in unit["marks"]] == ["coverage"]
    assert unit["if_all_silent_dissatisfied"] is None and unit["by_mode"] == {}
    nothing = {"rate": None, "stratified": None, "se": None, "low": None, "high": None}
    assert unit["overall"] == unit["all_satisfied"] == nothing
    question = unit["questions"][0]
    assert {question[key] for key in ("satisfied", "not_satisfied", "blank", "rate", "rate_answered", "low")} == {None}


def test_with_enough_ballots_everywhere_staff_see_everything():
    units = scored((80, 10, 0), (30, 1, 0), (40, 0, 0))
    assert for_staff(units) == units


def test_a_commune_is_shown_with_few_dissatisfied_and_a_hamlet_is_not():
    units = for_everybody(scored((800, 2, 0), (700, 2, 0), (600, 0, 0), (500, 30, 0)))
    assert shown(units) == [2600, None, None, None, None]
    assert units[0].questions[0].not_satisfied == 34


def test_no_hamlet_of_one_mind_is_published_by_its_name():
    units = for_everybody(scored((100, 0, 0), (90, 20, 0), (80, 30, 0)))
    assert shown(units) == [270, None, None, 80]
    assert "all_satisfied" in units[1].suppressed


def test_of_a_commune_of_few_ballots_nothing_is_told_and_neither_of_anything_below_it():
    for view in (for_staff, for_everybody):
        assert shown(view(scored((3, 2, 0), (2, 1, 0)))) == [None, None, None]


def test_ballots_without_a_hamlet_are_not_worked_out_by_subtraction():
    assert shown(for_staff(scored((80, 10, 0), (40, 11, 0), unplaced=(2, 1, 0)))) == [122, 80, None]


def test_a_small_mode_is_published_for_no_unit_and_no_mode_for_a_hamlet():
    parts = {"self": overall_only(90, 60), "paper": overall_only(4, 3)}
    whole = [
        UnitCounts(commune(188, 400), {mode: one + one for mode, one in parts.items()}),
        UnitCounts(hamlet(1, 94, 200), parts),
        UnitCounts(hamlet(2, 94, 200), parts),
    ]
    assert [unit.by_mode for unit in for_everybody(score(QUESTIONS, whole, RULE))] == [(), (), ()]
    assert len(for_staff(score(QUESTIONS, whole, RULE))[0].by_mode) == 2
    large = [UnitCounts(commune(90, 400), {"self": parts["self"]})]
    assert len(for_everybody(score(QUESTIONS, large, RULE))[0].by_mode) == 1


def test_officials_read_six_hamlets_of_which_hardly_anybody_is_dissatisfied():
    units = scored((85, 2, 0), (93, 4, 1), (101, 5, 2), (107, 7, 0), (96, 3, 1), (88, 6, 0))
    assert for_staff(units) == units
    told = for_everybody(units)
    assert shown(told)[1:] == [None] * 6
    assert [float(unit.bands["chung"]) for unit in told[1:]] == [0.85] * 6  # with all four blanks one's
    assert told[0].bands == {} and told[0].collapsed[0] == "chung"


def test_of_a_small_hamlet_and_of_one_of_other_minds_no_band_is_told():
    units = for_everybody(scored((12, 3, 0), (90, 4, 0), (4, 0, 0), (80, 6, 0), (60, 25, 0)))
    bands = [{name: float(least) for name, least in unit.bands.items()} for unit in units[1:]]
    assert bands == [{}, {"chung": 0.9}, {}, {"chung": 0.85}, {}]
    assert shown(units) == [246, None, None, None, None, 60]


def test_what_is_withheld_is_told_as_its_sum():
    unit = for_staff(scored((80, 10, 0), (3, 1, 0), (40, 11, 0), unplaced=(5, 2, 1)))[0].to_json()
    assert unit["together"][0] == {
        "name": "chung", "units": ["31582/Ấp 2"], "unplaced": 8,
        "ballots": 12, "satisfied": 8, "not_satisfied": 3, "blank": 1, "rate": 8 / 12,
    }  # fmt: skip


def test_where_all_are_dissatisfied_the_hamlet_is_withheld_from_officials_too_with_all_others():
    assert shown(for_staff(scored((0, 40, 0), (12, 3, 0), (60, 5, 0)))) == [72, None, None, None]
    assert shown(for_staff(scored((0, 20, 0), (0, 12, 0)))) == [None, None, None]


def test_a_mode_is_told_of_no_commune_where_it_would_follow_for_another():
    def unit(id: int, level: str, parent: int | None, paper: int, alone: int = 90) -> UnitCounts:
        modes = {"paper": overall_only(paper, paper // 2), "self": overall_only(alone, alone // 2)}
        return UnitCounts(Turnout(id, level, str(id), f"Nơi {id}", 500, alone + paper, parent), modes)

    units = [unit(1, "province", None, 34, 180), unit(2, "commune", 1, 30), unit(3, "commune", 1, 4)]
    assert [len(one.by_mode) for one in for_everybody(score(QUESTIONS[2:], units, RULE))] == [2, 0, 0]


def test_no_setting_goes_below_five():
    with pytest.raises(ValueError, match="below 5"):
        suppress(scored((80, 10, 0)), few_ballots, 4)


# What an outsider can work out: every table of whole numbers that agrees with what is shown.


def values(rows: Mapping[int, Cells], whole: Cells, gone: set[int], id: int, place: int) -> tuple[int, int]:
    """The least and the most that a withheld cell can be, by linear programming over all unknown cells."""
    unplaced = tuple(cell - sum(part) for cell, *part in zip(whole, *rows.values(), strict=True))
    unknown = [*sorted(gone), *([0] if any(unplaced) else [])]
    known = {**rows, 0: unplaced}
    width = len(whole)
    size = len(unknown) * width
    equations, right = [], []
    for at, row in enumerate(unknown):  # how many ballots came from each is public
        equations.append(np.zeros(size))
        equations[-1][at * width : (at + 1) * width] = 1
        right.append(sum(known[row]))
    for column in range(width):  # and so are the unit's own cells, less those shown
        equations.append(np.zeros(size))
        equations[-1][column::width] = 1
        right.append(sum(known[row][column] for row in unknown))
    aim = np.zeros(size)
    aim[unknown.index(id) * width + place] = 1
    bounds = [scipy.optimize.linprog(sign * aim, A_eq=np.array(equations), b_eq=right).fun * sign for sign in (1, -1)]
    return round(bounds[0]), round(bounds[1])


cells = st.tuples(st.integers(0, 60), st.integers(0, 14), st.integers(0, 3))


@pytest.mark.parametrize("sensitive", [few_ballots, small_cells])
@settings(max_examples=80, deadline=None)
@given(parts=st.lists(cells, min_size=2, max_size=5), unplaced=st.just((0, 0, 0)) | cells)
def test_nothing_withheld_can_be_derived_from_what_is_shown(sensitive: Sensitive, parts: list[Cells], unplaced: Cells):
    units = scored(*parts, unplaced=unplaced)
    rows = {unit.unit.id: part for unit, part in zip(units[1:], parts, strict=True)}
    whole = tuple(map(sum, zip(*parts, unplaced, strict=True)))
    gone = hidden(units, {1: whole, **rows}, sensitive, SMALL)
    for unit in units[1:]:
        assert unit.unit.id in gone or not sensitive(unit, rows[unit.unit.id], SMALL) or 1 in gone
    if 1 in gone:
        assert gone == {1, *rows}
        return
    sending = [row for row in (*parts, unplaced) if any(row)]
    if len(sending) < 2 or sum(total > 0 for total in whole) < 2:
        return  # a commune of one hamlet, or of one mind: what it says itself says it of every hamlet
    for id in gone:
        for place, total in enumerate(whole):
            if total and any(rows[id]):
                least, most = values(rows, whole, gone, id, place)
                assert least < most, f"cell {place} of {id} in {rows} must be {least}"


def test_the_oracle_finds_what_a_naive_table_gives_away():
    rows = {2: (80, 10, 0), 3: (3, 1, 0)}
    assert values(rows, (83, 11, 0), {3}, 3, 1) == (1, 1)


def test_a_province_withholds_a_small_commune_with_another_and_all_that_lies_below():
    def unit(id: int, level: str, parent: int | None, part: tuple[int, int]) -> UnitCounts:
        tally = Tally(sum(part), {"chung": part[0]}, {"chung": part[1]}, {0: sum(part)})
        turnout = Turnout(id, level, str(id), f"Nơi {id}", 500, tally.ballots, parent)
        return UnitCounts(turnout, {"self": tally})

    units = [
        unit(1, "province", None, (219, 64)),
        unit(2, "commune", 1, (4, 2)),
        unit(3, "hamlet", 2, (4, 2)),
        unit(4, "commune", 1, (90, 30)),
        unit(5, "hamlet", 4, (50, 15)),
        unit(6, "hamlet", 4, (40, 15)),
        unit(7, "commune", 1, (125, 32)),
    ]
    assert shown(for_everybody(score(QUESTIONS[2:], units, RULE))) == [219, None, None, None, None, None, 125]


def test_a_share_withheld_for_some_questions_takes_what_is_made_of_them_with_it():
    tallies = [
        Tally(60, {"duong": 45, "truong": 60}, {"duong": 15}, {2: 45, 1: 15}),
        Tally(60, {"duong": 40, "truong": 45}, {"duong": 20, "truong": 15}, {2: 40, 1: 5, 0: 15}),
        Tally(60, {"duong": 40, "truong": 45}, {"duong": 20, "truong": 15}, {2: 40, 1: 5, 0: 15}),
    ]
    units = [UnitCounts(commune(180, 400), {"self": sum(tallies, Tally())})]
    units += [UnitCounts(hamlet(number, 60, 130), {"self": one}) for number, one in enumerate(tallies, 1)]
    first = for_everybody(score(QUESTIONS[:2], units, RULE))[1]
    assert first.suppressed == ("truong", "all_satisfied")
    assert first.questions[0].satisfied == 45
    for made_of_it in (first.content_mean, first.all_satisfied):
        assert made_of_it is not None and made_of_it.rate is None
