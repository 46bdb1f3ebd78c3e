import pytest
import scipy
from scorecards import QUESTIONS, RULE, commune, hamlet, overall_only

from surveys.results.counts import Tally, UnitCounts
from surveys.results.mode_effects import mode_warnings
from surveys.results.scoring import UnitScore, score


def by_mode(**tallies: Tally) -> UnitScore:
    total = sum(tally.ballots for tally in tallies.values())
    return score(QUESTIONS, [UnitCounts(commune(total, 2000), tallies)], RULE)[0]


def test_paper_that_is_far_happier_than_people_alone_is_pointed_out_without_accusing_anybody():
    unit = by_mode(self=overall_only(200, 170), paper=overall_only(300, 299))
    (warning,) = unit.mode_warnings
    assert (warning.mode, warning.of) == ("paper", "overall")
    assert "Khác biệt đáng chú ý" in warning.text and "chưa phải kết luận" in warning.text
    assert "99,66%" in warning.text or "99,67%" in warning.text
    told = unit.to_json()["mode_warnings"][0]
    assert told["level"] == 0.01
    assert told["low"] > 0 and told["change"] == "up"


def test_a_difference_that_chance_explains_is_not_pointed_out():
    assert by_mode(self=overall_only(200, 190), paper=overall_only(300, 293)).mode_warnings == ()
    assert by_mode(self=overall_only(20, 19), assisted=overall_only(5, 5)).mode_warnings == ()


def test_without_ballots_filled_in_alone_there_is_nothing_to_compare_with():
    assert by_mode(assisted=overall_only(200, 100), paper=overall_only(300, 299)).mode_warnings == ()


def test_a_hamlet_has_no_warning_of_its_own():
    tallies = {"self": overall_only(200, 150), "assisted": overall_only(200, 200)}
    units = [UnitCounts(commune(400, 900), tallies), UnitCounts(hamlet(1, 400, 900), tallies)]
    assert [len(unit.mode_warnings) for unit in score(QUESTIONS, units, RULE)] == [1, 0]


@pytest.mark.parametrize("alone", [(50, 40), (200, 170), (500, 490), (40, 40)])
@pytest.mark.parametrize("paper", [(50, 49), (300, 299), (300, 270), (60, 45)])
def test_what_is_pointed_out_an_exact_test_finds_too(alone: tuple[int, int], paper: tuple[int, int]):
    found = mode_warnings({"self": overall_only(*alone), "paper": overall_only(*paper)}, 0, "chung")
    table = [[satisfied, ballots - satisfied] for ballots, satisfied in (alone, paper)]
    chance = scipy.stats.fisher_exact(table).pvalue
    assert chance < 0.02 if found else chance > 0.002
