"""A whole round over Telegram: hundreds of residents, each in their own way, a restart in the middle, the result."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import pytest
from books import check_ballots, check_events, check_replies
from program import Program
from residents import CODES, CONTENT, LEVEL, NOT_SATISFIED, SATISFIED, Resident
from screens import FORM

from standin import TelegramStandIn
from surveys.results.suppression import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.both_stores]

SEED = 84
ASKED = sorted({*CONTENT, LEVEL})
RESIDENTS = {"sqlite": 300, "postgresql": 100}


async def test_every_choice_of_a_round_is_stored_once_across_a_restart_and_counts(empty_url: str, tmp_path: Path):
    count = RESIDENTS[empty_url.partition(":")[0]]
    async with TelegramStandIn() as telegram:
        program = Program(tmp_path, empty_url, telegram)
        program.set_up()
        residents = make_residents(telegram, program.round_codes(), count)
        begun = time.monotonic()
        async with program.running():
            await all_of(restart_half_way(program, residents), *(resident.live() for resident in residents))
            await telegram.idle()
            await program.all_settled()
        seconds = time.monotonic() - begun
        events = sum(resident.events for resident in residents)
        print(f"{count} residents, {events} events in {seconds:.1f} s")

        assert telegram.violations == []
        assert telegram.floods == 0
        spinning = [tap for tap in telegram.taps if tap.answered_at is None]
        assert not spinning, (
            f"{len(spinning)} of {len(telegram.taps)} pressed buttons were never answered: {spinning[:3]}"
        )
        check_events(program, events)
        check_replies(program)
        check_ballots(program, residents)
    check_result(program, [resident for resident in residents if resident.finished])


def make_residents(telegram: TelegramStandIn, codes: dict[str, str], count: int) -> list[Resident]:
    """People of both communes, of all three languages; some rest half-way, some never finish."""
    residents: list[Resident] = []
    restarted = asyncio.Event()
    for number in range(count):
        chance = random.Random(f"{SEED} {number}")
        commune = chance.choice(list(CODES))
        language = chance.choice(["vi"] * 7 + ["en", "km", "fr"])  # who comes with French is spoken to in Vietnamese
        links = ["", codes[commune], f"r_{codes[commune]}", f"u_{CODES[commune]}", "r_khong-co"]
        residents.append(
            Resident(
                phone=telegram.phone(600_000_000 + number, language_code=language),
                chance=chance,
                commune=commune,
                language=language if language != "fr" else "vi",
                link=chance.choice(links),
                typing=chance.choice([0, 0.5, 1]),
                detours=chance.choice([0, 0.1, 0.4]),
                changes=chance.choice([0, 0, 0.9]),
                thinking=0.02,
                leaves_after=chance.randint(0, 9) if chance.random() < 0.05 else None,
                rests_after=chance.randint(0, 9) if chance.random() < 0.3 else None,
                rested=restarted,
                neighbours=residents,
            )
        )
    return residents


async def restart_half_way(program: Program, residents: Sequence[Resident]) -> None:
    """SIGTERM while most are in the middle, then start again; whoever rested goes on."""
    expected = len(residents) * len(FORM.questions)
    while sum(len(resident.choices) for resident in residents) < expected / 3:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await program.stop()
    program.start()
    await program.ready()
    residents[0].rested.set()


async def all_of(*work: Awaitable[None]) -> None:
    """Do all at once; every failure is told, not only the first."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    told = "\n\n".join(dict.fromkeys(f"{type(failure).__name__}: {failure}" for failure in failures[:6]))
    assert not failures, f"{len(failures)} of {len(work)} failed:\n\n{told}"


def check_result(program: Program, residents: Sequence[Resident]) -> None:
    """Close both rounds; what `score` says follows from what `export` wrote, and that from what people chose."""
    for entry in program.command("round", "list", "--json")["rounds"]:
        number = str(entry["round"])
        closed = program.command("round", "close", number, "--by", "Bà Sáu", "--with", "Ông Tư", "--json")
        ballots = program.exported(number)
        own = [resident for resident in residents if resident.commune in entry["name"].replace("xã", "Xã")]
        assert closed["ballots"] == len(ballots) == len(own)
        check_sheet(ballots, own)
        check_score(program.command("score", number, "--json"), ballots, own)


def check_sheet(ballots: Sequence[dict[str, str]], own: Sequence[Resident]) -> None:
    """Every row is what somebody chose; it names their hamlet, unless too few are from there."""
    assert Counter(map(sheet_choices, ballots)) == Counter(map(choices, own))
    named = Counter((row["hamlet"], *sheet_choices(row)) for row in ballots if row["hamlet"])
    assert named <= Counter((resident.home, *choices(resident)) for resident in own)
    homes = Counter(resident.home for resident in own)
    assert all(homes[row["hamlet"]] >= SMALL for row in ballots if row["hamlet"]), "a small hamlet is named"


def sheet_choices(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ASKED)


def choices(resident: Resident) -> tuple[str, ...]:
    """What a resident's ballot must look like in the sheet."""
    labels = {
        (question.name, option.name): option.label["vi"] for question in FORM.questions for option in question.options
    }
    answers = resident.expected()
    return tuple(labels.get((name, answers[name] or ""), "") for name in ASKED)


def check_score(score: dict[str, Any], ballots: Sequence[dict[str, str]], own: Sequence[Resident]) -> None:
    """Every figure against a count by hand: a commune's over the sheet, a hamlet's over what its people chose, since
    the sheet does not name the hamlet of everybody. Hamlets of which too few answered show none."""
    assert score["units"], "no unit was scored"
    satisfied, not_satisfied = (
        next(option.label["vi"] for option in FORM.by_name["chung"].options if option.name == name)
        for name in (SATISFIED, NOT_SATISFIED)
    )
    for unit in score["units"]:
        here = [dict(zip(ASKED, choices(one), strict=True)) for one in own if one.home == unit["name"]]
        rows = ballots if unit["level"] == "commune" else here
        assert unit["ballots"] == len(rows), unit["unit"]
        assert unit["coverage"] == pytest.approx(len(rows) / unit["households"]), unit["unit"]
        if unit["level"] == "commune":
            assert {question["name"] for question in unit["questions"]} == CONTENT
            contents = {name for name in CONTENT if FORM.by_name[name].role == "content"}
            rates = {name: sum(row[name] == satisfied for row in rows) / len(rows) for name in CONTENT}
            assert unit["content_mean"]["rate"] == pytest.approx(sum(rates[name] for name in contents) / len(contents))
            assert unit["overall"]["rate"] == pytest.approx(rates["chung"])
        for question in unit["questions"]:
            if question["name"] in unit["suppressed"]:
                assert question["rate"] is None and unit["level"] == "hamlet", (unit["unit"], question)
                continue
            cells = Counter(row[question["name"]] for row in rows)
            counted = question["satisfied"], question["not_satisfied"], question["blank"]
            assert counted == (cells[satisfied], cells[not_satisfied], 0), (unit["unit"], question)
            rate = pytest.approx(cells[satisfied] / len(rows)) if rows else None
            assert question["rate"] == rate, (unit["unit"], question)
