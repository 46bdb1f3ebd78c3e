"""Lessons of one action a step: forth and back, something small to try, a question; where somebody is, is kept."""

from sqlalchemy import select

from faq.content.lessons import Guide
from faq.content.sources import source_line
from handlers.faq import topics
from handlers.messages import Choice, Message, Picture
from handlers.survey import conversation
from handlers.visit import Visit
from storage.database import insert_into
from storage.tables import GuideProgress
from vietnamese.folding import fold, yes_or_no

PAYLOAD = "g_"  # before a guide's id in a link or QR code
_PAGE = 8  # lines of a list that a small phone shows at once
_ONWARD = ("tiep", "tiep tuc", "tiep theo", "buoc tiep", "next", "continue")


def question(visit: Visit, page: int = 0) -> Message:
    """The list of guides, with how far somebody is in each."""
    guides, far = list(visit.shared.library.guides.values()), _progress(visit)
    shown = guides[page * _PAGE : (page + 1) * _PAGE]
    choices = [visit.choice(f"guide:open:{guide.id}", _label(visit, guide, far)) for guide in shown]
    if page > 0:
        choices.append(visit.choice(f"guide:list:{page - 1}", visit.text("faq.before"), aside=True))
    if (page + 1) * _PAGE < len(guides):
        choices.append(visit.choice(f"guide:list:{page + 1}", visit.text("faq.more"), aside=True))
    return Message(
        title=visit.text("guide.list_title"),
        text=visit.text("guide.list_text"),
        choices=(*choices, *_ways_out(visit)),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A button of a lesson; one that fits no lesson asks again what stands."""
    act, name, *number = [*arguments, "", ""]
    if act == "list" and name.isdecimal():
        visit.say(question(visit, int(name)))
        return
    guide = visit.shared.library.guides.get(name)
    if guide is None:
        return
    at = int(number[0]) if number[0].isdecimal() else 0
    if act == "open":
        visit.say(_opened(visit, guide))
    elif act == "step" and 1 <= at <= len(guide.steps):
        _keep(visit, guide, at)
        visit.say(_step(visit, guide, at))
    elif act == "try":
        visit.say(_exercise(visit, guide))
    elif act == "ask":
        visit.say(_ask(visit, guide))
    elif act == "pick" and 1 <= at <= len(guide.options):
        _answered(visit, guide, at)


def follow(visit: Visit, payload: str) -> bool:
    """Open the guide that a link or QR code names; False when it names none."""
    guide = visit.shared.library.guides.get(payload.removeprefix(PAYLOAD))
    if guide is None or not payload.startswith(PAYLOAD):
        return False
    visit.say(_opened(visit, guide))
    return True


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a word that was typed turns the page of the lesson on the screen."""
    turns = [shown.token for shown in visit.screen.last if shown.token.startswith("guide:")]
    onward = fold(text) in _ONWARD or command in ("done", "skip")
    onward = onward or (yes_or_no(text) is True and not conversation.under_way(visit))
    if (
        not turns
        or not (onward or command == "back")
        or turns[0].startswith(("guide:open", "guide:list", "guide:pick"))
    ):
        return False
    visit.press_button(turns[0] if onward or len(turns) == 1 else turns[1])
    return True


def about(visit: Visit, topic: str) -> tuple[Choice, ...]:
    """The lessons that begin with a topic, as buttons beside the answer."""
    guides = [guide for guide in visit.shared.library.guides.values() if guide.topics[0] == topic]
    return tuple(
        visit.choice(f"guide:open:{guide.id}", visit.text("guide.about", title=title(visit, guide))) for guide in guides
    )


def title(visit: Visit, guide: Guide) -> str:
    return {"en": guide.title_en, "km": guide.title_km}.get(visit.person.language, guide.title)


def _label(visit: Visit, guide: Guide, far: dict[str, tuple[int, bool]]) -> str:
    step, done = far.get(guide.id, (0, False))
    mark = "✓ " if done else f"{step}/{len(guide.steps)} " if step else ""
    return f"{mark}{title(visit, guide)}"


def _opened(visit: Visit, guide: Guide) -> Message:
    step, done = _progress(visit).get(guide.id, (0, False))
    begun = step > 1 and not done
    choices = [visit.choice(f"guide:step:{guide.id}:1", visit.text("guide.again" if begun else "guide.begin"))]
    if begun:
        choices.insert(0, visit.choice(f"guide:step:{guide.id}:{step}", visit.text("guide.resume", step=step)))
    return Message(
        title=title(visit, guide),
        text=visit.text("guide.opening", needs=guide.needs, steps=len(guide.steps), minutes=guide.minutes),
        choices=(*choices, _to_list(visit), *_ways_out(visit)),
        scene="lesson",
    )


def _step(visit: Visit, guide: Guide, at: int) -> Message:
    step, last = guide.steps[at - 1], len(guide.steps)
    onward = f"guide:step:{guide.id}:{at + 1}" if at < last else f"guide:try:{guide.id}"
    back = f"guide:step:{guide.id}:{at - 1}" if at > 1 else f"guide:open:{guide.id}"
    return Message(
        title=step.title,
        text=step.text,
        note=visit.text("guide.progress", step=at, of=last, title=title(visit, guide)),
        picture=Picture(step.picture, step.shows) if step.picture else None,
        progress=(at, last),
        scene="lesson",
        in_vietnamese=topics.foreign(visit, "title", "text"),
        choices=(
            visit.choice(onward, visit.text("guide.next")),
            visit.choice(back, visit.text("survey.back"), aside=True),
            *_ways_out(visit),
        ),
    )


def _exercise(visit: Visit, guide: Guide) -> Message:
    return Message(
        title=visit.text("guide.exercise"),
        text=guide.exercise,
        scene="lesson",
        in_vietnamese=topics.foreign(visit, "text"),
        choices=(
            visit.choice(f"guide:ask:{guide.id}", visit.text("guide.tried")),
            visit.choice(f"guide:step:{guide.id}:{len(guide.steps)}", visit.text("survey.back"), aside=True),
            *_ways_out(visit),
        ),
    )


def _ask(visit: Visit, guide: Guide) -> Message:
    options = (
        visit.choice(f"guide:pick:{guide.id}:{number}", option) for number, option in enumerate(guide.options, 1)
    )
    return Message(
        title=visit.text("guide.question"),
        text=guide.question,
        choices=(*options, *_ways_out(visit)),
        scene="lesson",
        in_vietnamese=topics.foreign(visit, "text"),
    )


def _answered(visit: Visit, guide: Guide, at: int) -> None:
    right = at == guide.right
    if right:
        _keep(visit, guide, len(guide.steps), done=True)
        choices: tuple[Choice, ...] = (_to_list(visit),)
    else:
        choices = (
            visit.choice(f"guide:ask:{guide.id}", visit.text("guide.once_more")),
            visit.choice(f"guide:step:{guide.id}:1", visit.text("guide.again"), aside=True),
        )
    visit.say(
        Message(
            title=visit.text("guide.right" if right else "guide.wrong"),
            text=f"{guide.reason}\n\n{visit.text('guide.finished', title=title(visit, guide))}"
            if right
            else guide.reason,
            note=source_line(guide.sources) if right else "",
            choices=(*choices, *_ways_out(visit)),
            scene="lesson",
            in_vietnamese=topics.foreign(visit, "text"),
        )
    )


def _keep(visit: Visit, guide: Guide, step: int, *, done: bool = False) -> None:
    """Remember the step; a lesson that was done once stays done."""
    if visit.connection is None:
        return
    row = insert_into(visit.connection, GuideProgress).values(
        person_id=visit.person.id, guide=guide.id, step=step, done=done, seen_at=visit.now
    )
    changes = {"step": step, "seen_at": visit.now, **({"done": True} if done else {})}
    visit.later.append(row.on_conflict_do_update(index_elements=["person_id", "guide"], set_=changes))


def _progress(visit: Visit) -> dict[str, tuple[int, bool]]:
    """Step and whether it is done, by guide."""
    if visit.connection is None:
        return {}
    rows = visit.connection.execute(
        select(GuideProgress.guide, GuideProgress.step, GuideProgress.done).where(
            GuideProgress.person_id == visit.person.id
        )
    )
    return {row.guide: (row.step, row.done) for row in rows}


def _to_list(visit: Visit) -> Choice:
    return visit.choice("guide:list:0", visit.text("guide.others"), aside=True)


def _ways_out(visit: Visit) -> tuple[Choice, ...]:
    return (visit.choice("menu:menu", visit.text("menu.menu"), aside=True),)
