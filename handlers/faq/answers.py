"""Questions of theirs: an answer, "did you mean", or an honest none; afterwards back to the question of ours."""

from dataclasses import replace

from faq.asking import is_question, size
from faq.content.entries import Entry
from faq.content.facets import Facet, asked, part
from faq.content.sources import source_line
from faq.search.building import SURVEY
from faq.states import Counted, QuestionState
from handlers.current_question import go_back
from handlers.faq import guides, topics, trust
from handlers.faq.feedback import count, judge, keep
from handlers.messages import Choice, Message, prefaced
from handlers.survey import consent, conversation
from handlers.tickets import resident
from handlers.visit import Visit
from vietnamese.folding import number_in_words, yes_or_no

_FEW = 4  # words of a message that may take us away from a question of ours though it does not read like one


def typed(visit: Visit, text: str) -> None:
    """A text that answers nothing of ours."""
    if _follows_up(visit, text):
        return
    result = visit.shared.library.search(text)
    if result is None:
        visit.say(prefaced(topics.question(visit), visit.text("faq.preparing")))
    elif result.answer is not None:
        _answer(visit, result.answer, keep(visit, text, QuestionState.ANSWERED, result.answer))
    elif result.outcome == "suggest":
        _suggest(visit, text, [suggestion.id for suggestion in result.suggestions])
    elif size(text):
        _none(visit, text)
    else:  # nothing but signs
        visit.say(prefaced(topics.question(visit), visit.text("help.not_understood")))


def instead(visit: Visit, text: str) -> bool:
    """Answer a question that was typed where an answer was expected; False when it is none, or we know nothing."""
    if _short(text):
        return False
    if _follows_up(visit, text):
        return True
    asking, question = topics.on_screen(visit), is_question(text)
    if not (asking or question or size(text) >= _FEW) or (
        conversation.wants(visit) in ("place", "card") and not question
    ):
        return False
    result = visit.shared.library.search(text)
    known = result is not None and result.outcome != "none"
    honest = (
        conversation.wants(visit) == "answer"
    )  # where an answer is not free text, "I don't know" is better than "what?"
    if asking or (result and (result.answer or (question and (known or honest)))):
        typed(visit, text)
    return bool(visit.replies)


def before_consent(visit: Visit, text: str) -> None:
    """Under the consent question: a question of theirs is answered, yes and no count, anything else is asked again."""
    if yes_or_no(text) is None and not number_in_words(text) and size(text) > 1:
        result = visit.shared.library.search(text)
        if asked(text) or is_question(text) or topics.on_screen(visit) or (result and result.outcome != "none"):
            typed(visit, text)
    if not visit.replies:
        consent.typed(visit, text)


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A button under an answer, a suggestion or a list of topics."""
    entries = visit.shared.library.entries
    match arguments:
        case ["see", topic, *question] if topic in entries:
            _answer(visit, topic, "".join(question))
        case ["trust", topic]:
            trust.on_button(visit, topic)
        case ["yes", topic, *_] if topic in entries:
            count(visit, topic, Counted.USEFUL)
            _thank(visit)
        case ["no", topic, *question] if topic in entries:
            count(visit, topic, Counted.NOT_USEFUL)
            judge(visit, "".join(question), QuestionState.DISLIKED)
            visit.say(_apology(visit, "".join(question)), beside=True)
            go_back(visit)
        case ["not", *question]:
            count(visit, "", Counted.UNANSWERED)
            judge(visit, "".join(question), QuestionState.UNANSWERED)
            visit.say(_nothing(visit, "".join(question)), beside=True)
            go_back(visit)
        case _:
            topics.on_button(visit, arguments)


def _answer(visit: Visit, topic: str, question: str, *, facet: Facet | None = None) -> None:
    count(visit, topic, Counted.ANSWERED)
    entry = visit.shared.library.entries[topic]
    if topic == SURVEY:
        visit.say(trust.message(visit, "overview"))
    else:
        visit.say(_as_message(visit, entry, question, facet))
    go_back(visit)


def article(visit: Visit, topic: str) -> Message:
    """The whole answer of a topic, counted as given."""
    count(visit, topic, Counted.ANSWERED)
    return _as_message(visit, visit.shared.library.entries[topic], "", None)


def _as_message(visit: Visit, entry: Entry, question: str, facet: Facet | None) -> Message:
    named = f"{entry.id}:{question}" if question else entry.id
    text = part(entry, facet) if facet else ""
    if facet and not text:
        text = f"{visit.text('faq.no_part')}\n\n{entry.text}"
    return Message(
        title=topics.title(visit, entry),
        text=text or entry.text,
        note=f"{source_line(entry.sources)}. {visit.text('faq.useful_ask')}",
        choices=(
            visit.choice(f"faq:yes:{named}", visit.text("faq.useful")),
            visit.choice(f"faq:no:{named}", visit.text("faq.not_useful")),
            *guides.about(visit, entry.id),
            *topics.ways_on(visit),
        ),
        in_vietnamese=topics.foreign(visit, "text"),
    )


def _suggest(visit: Visit, text: str, found: list[str]) -> None:
    count(visit, found[0], Counted.SUGGESTED)
    question = keep(visit, text, QuestionState.ANSWERED, found[0])
    entries = visit.shared.library.entries
    choices = [visit.choice(f"faq:see:{each}:{question}", topics.label(visit, entries[each])) for each in found]
    choices.append(visit.choice(f"faq:not:{question}", visit.text("faq.not_these")))
    visit.say(Message(text=visit.text("faq.did_you_mean"), choices=tuple(choices)))
    go_back(visit)


def _none(visit: Visit, text: str) -> None:
    count(visit, "", Counted.UNANSWERED)
    visit.say(_nothing(visit, keep(visit, text, QuestionState.UNANSWERED)))
    go_back(visit)


def _nothing(visit: Visit, question: str) -> Message:
    """An honest none: a person may know, or one of the topics is meant after all."""
    listed = topics.question(visit)
    choices = _more(visit) if conversation.under_way(visit) else listed.choices  # the question of ours stands below
    return replace(
        listed,
        title=visit.text("faq.none_title"),
        text=visit.text("faq.none_text"),
        choices=(resident.offer(visit, question), *choices),
    )


def _thank(visit: Visit) -> None:
    if conversation.under_way(visit):
        visit.say(Message(text=visit.text("faq.thanks")), beside=True)
        go_back(visit)
    else:
        visit.say(Message(text=visit.text("faq.thanks"), choices=_more(visit)), beside=True)


def _apology(visit: Visit, question: str) -> Message:
    return Message(text=visit.text("faq.sorry"), choices=(resident.offer(visit, question), *_more(visit)))


def _more(visit: Visit) -> tuple[Choice, ...]:
    return (visit.choice("faq:groups:0", visit.text("faq.topics")), *topics.ways_on(visit))


def _follows_up(visit: Visit, text: str) -> bool:
    """A few words about the topic that was answered last."""
    topic, facet = _last_topic(visit), asked(text)
    if topic is None or facet is None:
        return False
    result = visit.shared.library.search(text)
    if result is not None and result.answer not in (None, topic):
        return False
    _answer(visit, topic, "", facet=facet)
    return True


def _last_topic(visit: Visit) -> str | None:
    """The topic of the answer on the screen: its buttons carry it."""
    for token, *_ in visit.person.shown:
        word, _, rest = token.partition(":")
        kind, _, named = rest.partition(":")
        topic = named.partition(":")[0].partition(".")[0]
        if word == "faq" and kind == "yes" and topic in visit.shared.library.entries:
            return topic
    return None


def _short(text: str) -> bool:
    """A number, a yes or a no: an answer to a question of ours, whatever else it might be."""
    return number_in_words(text) is not None or yes_or_no(text) is not None or not size(text)
