"""The menu and the help."""

from handlers import language, stop
from handlers.faq import guides, topics
from handlers.messages import Message
from handlers.survey import mydata, place, receipt, resume_code
from handlers.tickets import resident
from handlers.visit import Visit

COMMANDS = ("menu", "survey", "faq", "guides", "helper", "place", "language", "data", "code", "help")


def question(visit: Visit) -> Message:
    names = [*COMMANDS[1:], *(() if visit.pulled else ("stop",))]
    return Message(
        title=visit.text("menu.title"),
        text="",
        choices=tuple(visit.choice(f"menu:{name}", visit.text(f"menu.{name}")) for name in names),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    """Do what the menu's line says; without an answer the question that stands is asked again."""
    name = arguments[0] if arguments else ""
    if name == "menu":
        visit.say(question(visit))
    elif name == "help":
        visit.say(
            Message(
                title=visit.text("help.title"),
                text=visit.text(
                    "help.text",
                    stop="" if visit.pulled else visit.text("help.stop"),
                    resume=visit.text("help.resume_page" if visit.on_page else "help.resume_app"),
                ),
                choices=tuple(
                    visit.choice(f"menu:{each}", visit.text(f"menu.{each}"))
                    for each in ("survey", "faq", "guides", "helper", "menu")
                ),
            )
        )
    elif name == "faq":
        visit.say(topics.question(visit))
    elif name == "guides":
        visit.say(guides.question(visit))
    elif name == "helper":
        resident.on_button(visit, ["ask"])
    elif name == "language":
        visit.say(language.question(visit))
    elif name == receipt.WORD:
        receipt.show(visit)
    elif name == "data":
        mydata.show(visit)
    elif name == "code":
        resume_code.give(visit)
    elif name == "place":
        place.forget_place(visit)
    elif name == "stop":
        stop.stop(visit)
    elif name == "survey":
        visit.person.round_id = None
