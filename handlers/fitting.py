"""Fitting a message to what a channel can show: pure, from the contract's values to its parts."""

from dataclasses import replace

from handlers.messages import Capabilities, Choice, Message, Part, utf16


def plan(message: Message, capabilities: Capabilities) -> tuple[Part, ...]:
    """Fit a message to a channel: split long text, turn choices into buttons or a numbered list.

    Where the choices do not fit on buttons they are numbered in the text; a channel with buttons then
    carries the numbers on them. Where the answer is typed, the ways out are words to type. The last part holds
    the buttons; only the first may replace an older message.
    """
    message = _openable(message, capabilities)
    text, buttons = message.text, message.choices
    if is_numbered(message, capabilities):
        counted = [choice for choice in buttons if not choice.url and not (message.accepts and choice.aside)]
        words = [choice for choice in buttons if not choice.url and message.accepts and choice.aside]
        lines = [f"{number}. {_ticked(choice)}" for number, choice in enumerate(counted, 1)]
        lines += [f"{choice.label}: {choice.url}" for choice in buttons if choice.url]
        text = "\n".join([text, "", *lines]) if text else "\n".join(lines)
        numbered = (*(replace(choice, label=str(number)) for number, choice in enumerate(counted, 1)), *words)
        buttons = numbered if len(numbered) <= capabilities.button_limit else ()
        if words and not buttons:  # a number before a way out would be taken for the answer
            text += "\n" + " · ".join(f"“{choice.label.lstrip('◀ ')}”" for choice in words)
    room = capabilities.text_limit - utf16(message.title) - utf16(message.note) - 8  # line breaks between them
    pieces = split(text, max(room, 200))
    last = len(pieces) - 1
    return tuple(
        Part(
            text=piece,
            title=message.title if index == 0 else "",
            note=message.note if index == last else "",
            buttons=buttons if index == last else (),
            replaces=message.replaces if index == 0 and capabilities.edit else "",
            picture=message.picture if index == 0 else None,
            attachment=message.attachment if index == last and capabilities.attachments else None,
            urgency=message.urgency,
        )
        for index, piece in enumerate(pieces)
    )


def is_numbered(message: Message, capabilities: Capabilities) -> bool:
    """Whether the choices do not fit on buttons, so that numbers stand before their labels."""
    choices = _openable(message, capabilities).choices
    fits = len(choices) <= capabilities.button_limit and all(
        utf16(choice.label) <= capabilities.label_limit for choice in choices
    )
    return bool(choices) and not fits


def _openable(message: Message, capabilities: Capabilities) -> Message:
    """Without the links that a button of the channel cannot open."""
    kept = tuple(each for each in message.choices if not each.url or each.url.partition(":")[0] in capabilities.opens)
    return message if len(kept) == len(message.choices) else replace(message, choices=kept)


def _ticked(choice: Choice) -> str:
    return f"☑ {choice.label}" if choice.selected else choice.label


def split(text: str, limit: int) -> list[str]:
    """Cut text into pieces of at most `limit` UTF-16 units, at a line or word end where there is one."""
    pieces = []
    while utf16(text) > limit:
        head = text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
        cut = max(head.rfind("\n"), head.rfind(" "))
        cut = cut if cut > limit // 2 else len(head)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]
