"""What people say beside the matter: thanks, a greeting, "not that", "I don't understand", "a person, please"."""

from faq.courtesy import courtesy, wants_person
from handlers import menu
from handlers.current_question import go_back
from handlers.faq import temper, topics, trust
from handlers.messages import Message, prefaced
from handlers.survey import consent, conversation
from handlers.tickets import resident
from handlers.visit import Visit
from vietnamese.folding import yes_or_no

_SENTENCE = 2  # words


def try_text(visit: Visit, text: str) -> bool:
    """Whether it was such a word; then it was answered. What answers our question, or names a button, never is."""
    if conversation.fits(visit, text) or visit.named(text):
        return False
    if wants_person(text):
        resident.on_button(visit, ["ask"])
        return True
    said, agreed = courtesy(text), yes_or_no(text)
    if said == "wrong" and _pressed(visit, ("faq:no:", "faq:not")):
        return True
    if said in (None, "wrong"):
        # One odd word is no sentence about us: what is on the screen asks again.
        sentence = sum(word.isalpha() for word in text.split()) >= _SENTENCE
        answered = sentence and (temper.try_text(visit, text) or trust.try_text(visit, text))
        return answered or (agreed is not None and _answered(visit, agreed))
    if said == "hello" and visit.person.consent is None:
        visit.say(consent.question(visit))
    elif said == "hello" and not conversation.under_way(visit):
        visit.say(prefaced(menu.question(visit), visit.text("courtesy.hello")))
    elif said == "unclear":
        ways = (resident.offer(visit), visit.choice("faq:groups:0", visit.text("faq.topics")), *topics.ways_on(visit))
        visit.say(Message(text=visit.text("courtesy.unclear"), choices=ways))
        go_back(visit)
    else:
        visit.say(Message(text=visit.text(f"courtesy.{said}"), choices=topics.ways_on(visit)))
        go_back(visit)
    return True


def _answered(visit: Visit, agreed: bool) -> bool:
    """A yes or a no to "useful?" or "did you mean"; where a question of ours stands it is an answer to that."""
    if conversation.under_way(visit) or visit.person.consent is not True:
        return False
    if _pressed(visit, ("faq:yes:",) if agreed else ("faq:no:", "faq:not")):
        return True
    if not visit.aside or not visit.person.shown:
        return False
    visit.say(Message(text=visit.text("courtesy.here"), choices=topics.ways_on(visit)))
    return True


def _pressed(visit: Visit, words: tuple[str, ...]) -> bool:
    """Press the button on the screen that begins with one of these, where there is one."""
    shown = (token for token, _, *kind in visit.person.shown if "topic" not in kind)
    token = next((token for token in shown if token.startswith(words)), "")
    if token:
        visit.press_button(token)
    return bool(token)
