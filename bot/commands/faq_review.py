"""`faq review / learn / dismiss / taught / unlearn / counts`: what residents asked, and teaching the search."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import as_whom, require_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config

NONE = "none"  # the topic of questions that no entry shall answer


@click.command()
@click.option("--limit", default=20, show_default=True, help="Groups at most.")
@as_json
@with_config
def review(config: "Config", limit: int, as_json: bool) -> None:
    """What was not answered, or disliked: grouped by likeness, personal data hidden."""
    from faq.review import waiting

    with opened(config) as database:
        groups = database.read_now(waiting)
    if as_json:
        print_json(
            {
                "groups": [
                    {
                        "asked": len(group.questions),
                        "questions": [
                            {
                                "id": each.id,
                                "text": each.text,
                                "state": each.state,
                                "topic": each.topic or None,
                                "unit": each.unit or None,
                                "asked_on": each.asked_on.isoformat(),
                            }
                            for each in group.questions
                        ],
                    }
                    for group in groups[:limit]
                ]
            }
        )
        return
    from faq.states import QuestionState

    for group in groups[:limit]:
        click.echo(f"{len(group.questions)} lần")
        for each in group.questions[:5]:
            about = (
                f"đã trả lời {each.topic}, chưa đúng ý"
                if each.state == QuestionState.DISLIKED
                else "chưa có câu trả lời"
            )
            click.echo(f"  {each.id}  {each.text}  ({about})")
    click.echo(f"{len(groups)} nhóm câu hỏi chờ xem; dạy: langnghe faq learn CHỦ_ĐỀ MÃ_CÂU_HỎI --alike")


@click.command()
@click.argument("topic")
@click.argument("questions", nargs=-1, required=True, metavar="QUESTION...")
@click.option("--alike", "with_alike", is_flag=True, help="Also all that are grouped with them.")
@by_whom
@as_whom
@with_config
def learn(config: "Config", topic: str, questions: tuple[str, ...], with_alike: bool) -> None:
    """Make questions of `faq review` examples of a topic; `none`: no topic answers them. No restart is needed."""
    from faq import review as editing
    from faq.content.entries import load_entries

    if topic != NONE and topic not in {entry.id for entry in load_entries()}:
        raise click.ClickException(f"không có chủ đề “{topic}”; các chủ đề là tên tệp trong faq/content/entries")
    with opened(config) as database, database.transaction() as connection:
        named = editing.alike(connection, questions) if with_alike else list(questions)
        require_permission(connection, Deed.REVIEW_QUESTIONS, editing.asked_in(connection, named))
        learnt = editing.learn(connection, "" if topic == NONE else topic, named, datetime.now(UTC))
        audit_entry(connection, config, "faq.learn", topic, examples=len(learnt))
    for text in learnt:
        click.echo(f"{topic} ← {text}")


@click.command()
@click.argument("questions", nargs=-1, required=True, metavar="QUESTION...")
@by_whom
@as_whom
@with_config
def dismiss(config: "Config", questions: tuple[str, ...]) -> None:
    """Take questions off the list and delete them."""
    from faq import review as editing

    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.REVIEW_QUESTIONS, editing.asked_in(connection, questions))
        gone = editing.dismiss(connection, questions)
        audit_entry(connection, config, "faq.dismiss", count=gone)
    click.echo(f"đã bỏ {gone} câu hỏi")


@click.command()
@as_json
@with_config
def taught(config: "Config", as_json: bool) -> None:
    """List what this site taught the search."""
    from faq.review import examples

    with opened(config) as database:
        rows = database.read_now(examples)
    found = [{"example": row.id, "topic": row.topic or NONE, "text": row.text} for row in rows]
    show_rows("examples", found, {"example": "số", "topic": "chủ đề", "text": "câu mẫu"}, as_json=as_json)


@click.command()
@click.argument("example", type=int)
@by_whom
@as_whom
@with_config
def unlearn(config: "Config", example: int) -> None:
    """Forget an example of `faq taught`."""
    from faq import review as editing

    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.REVIEW_QUESTIONS, editing.asked_in(connection, ()))  # for all places
        editing.unlearn(connection, example)
        audit_entry(connection, config, "faq.unlearn", example)
    click.echo(f"đã quên câu mẫu số {example}")


@click.command()
@click.option("--unit", default="", help="Code of a commune or province: only what was asked there.")
@as_json
@with_config
def counts(config: "Config", unit: str, as_json: bool) -> None:
    """How often each topic was asked, found useful or not, by commune."""
    from faq.review import counts as counted
    from surveys.permissions import subtree
    from surveys.unit_names import find_units

    with opened(config) as database, database.transaction() as connection:
        within = sorted(subtree(connection, find_units(connection, [unit])[0])) if unit else None
        rows = counted(connection, within)
    heads = {"topic": "chủ đề", "unit": "nơi", "answered": "trả lời", "suggested": "hỏi lại", "unanswered": "chưa có"}
    show_rows(
        "topics",
        [{**row, "topic": row["topic"] or None} for row in rows],
        {**heads, "useful": "có ích", "not_useful": "chưa đúng ý"},
        as_json=as_json,
        words=lambda row: {key: row[key] or "(không rõ)" for key in ("topic", "unit")},
    )
