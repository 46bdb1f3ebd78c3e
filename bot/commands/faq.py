"""`faq ask / answer / check / build`, and what `faq_review` has."""

import sys
from typing import TYPE_CHECKING, Any

import click

from bot.commands.faq_review import counts, dismiss, learn, review, taught, unlearn
from bot.commands.options import as_json, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config
    from faq.content.entries import Entry
    from faq.search.index import Index
    from faq.search.search import Result

NO_ANSWER = "Mình chưa có câu trả lời cho việc này."
DID_YOU_MEAN = "Có phải bà con muốn hỏi:"


@click.group()
def faq() -> None:
    """Questions and answers: ask, check the entries, build the search."""


for command in (review, learn, dismiss, taught, unlearn, counts):
    faq.add_command(command)


@faq.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--explain", "why", is_flag=True, help="Tell what spoke for the answer.")
@as_json
@with_config
def ask(config: "Config", text: tuple[str, ...], why: bool, as_json: bool) -> None:
    """Answer one question as the bot would."""
    from faq.content.entries import load_entries
    from faq.search.encoder import load_encoder
    from faq.search.search import search
    from faq.search.shipped_index import load_index

    index, question = load_index(encoder=load_encoder(config.faq.encoder)), " ".join(text)
    entries = {entry.id: entry for entry in load_entries()}
    result = search(index, question)
    reasons = _reasons(index, question) if why else {}
    if as_json:
        print_json({**_as_dict(result, entries), **reasons})
        return
    _show(result, entries)
    if why:
        _show_reasons(index, result, reasons)


@faq.command()
@as_json
@with_config
def answer(config: "Config", as_json: bool) -> None:
    """Answer each line of the standard input with one line."""
    import json

    from faq.search.encoder import load_encoder
    from faq.search.search import search
    from faq.search.shipped_index import load_index

    index = load_index(encoder=load_encoder(config.faq.encoder))
    for line in sys.stdin.buffer:
        result = search(index, line.decode("utf-8", "replace").rstrip("\r\n"))
        score, suggestions = round(result.score, 6), [suggestion.id for suggestion in result.suggestions]
        if as_json:
            found = {"answer": result.answer, "score": score, "suggestions": suggestions, "outcome": result.outcome}
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            click.echo(f"{result.outcome}\t{score:.3f}\t{' '.join(suggestions)}")


@faq.command()
@click.option("--confusable", "with_confusable", is_flag=True, help="Also topics that the search mixes up.")
@as_json
@with_config
def check(config: "Config", with_confusable: bool, as_json: bool) -> None:
    """List what is overdue, without source, too long, or otherwise to be mended."""
    from datetime import datetime

    from faq.content.check import check as check_entries
    from faq.content.check import check_guides, check_numbers, confusable
    from faq.content.entries import load_entries, load_none_examples
    from faq.content.lessons import load_guides
    from faq.content.topics import load_topics
    from faq.search.encoder import load_encoder
    from faq.search.shipped_index import load_index

    entries, guides, topics = load_entries(), load_guides(), load_topics()
    today = datetime.now().astimezone().date()
    findings = [*check_entries(entries, load_none_examples(), topics, today), *check_guides(guides, topics, today)]
    findings += check_numbers(today)
    if with_confusable:
        findings += confusable(entries, load_index(encoder=load_encoder(config.faq.encoder)))
    serious = [finding for finding in findings if finding.serious]
    if as_json:
        print_json(
            {
                "entries": len(entries),
                "guides": len(guides),
                "problems": [str(finding) for finding in serious],
                "remarks": [str(finding) for finding in findings if not finding.serious],
            }
        )
    else:
        for finding in findings:
            if not finding.serious:
                click.echo(f"lưu ý: {finding}")
        click.echo(f"{len(entries)} mục, {len(guides)} bài hướng dẫn, {len(serious)} chỗ cần sửa")
    if serious:
        raise click.ClickException("\n".join(map(str, serious)))


@faq.command()
@as_json
@with_config
def build(config: "Config", as_json: bool) -> None:
    """Build the search anew and tell how good it is on messages that it has not learnt from."""
    from dataclasses import asdict

    from faq.search.encoder import load_encoder
    from faq.search.shipped_index import build_index

    index = build_index(encoder=load_encoder(config.faq.encoder))
    if as_json:
        print_json({"topics": len(index.topics), **asdict(index.figures)})
        return
    click.echo(f"{len(index.topics)} chủ đề, {len(index.vocabulary)} đặc điểm; kiểm tra chéo trên câu mẫu:")
    for name, share in asdict(index.figures).items():
        click.echo(f"  {name:<9}{share:.3f}")


def _as_dict(result: "Result", entries: dict[str, "Entry"]) -> dict[str, Any]:
    """The promised shape of `faq ask --json`, with the outcome."""
    entry = entries[result.answer] if result.answer else None
    return {
        "answer": entry
        and {
            "id": entry.id,
            "title": entry.title,
            "text": entry.text,
            "sources": [{"name": source.name, "as_of": source.as_of} for source in entry.sources],
            "as_of": entry.as_of,
        },
        "score": round(result.score, 6),
        "suggestions": [
            {"id": one.id, "title": entries[one.id].title, "score": round(one.score, 6)} for one in result.suggestions
        ],
        "outcome": result.outcome,
        "sure": round(result.sure, 6),
    }


def _show(result: "Result", entries: dict[str, "Entry"]) -> None:
    from faq.content.entries import render

    if result.answer:
        click.echo(f"{entries[result.answer].title}\n\n{render(entries[result.answer])}")
    elif result.outcome == "suggest":
        click.echo(DID_YOU_MEAN)
        for number, suggestion in enumerate(result.suggestions, 1):
            click.echo(f"{number}. {entries[suggestion.id].title}")
    else:
        click.echo(NO_ANSWER)


def _reasons(index: "Index", question: str) -> dict[str, Any]:
    from faq.search.search import explain

    found = explain(index, question)
    if found is None:
        return {"explanation": None}
    reasons = [{"feature": name, "weight": round(weight, 4)} for name, weight in found.reasons]
    return {"explanation": {"read": found.read, "topic": found.topic, "reasons": reasons}}


def _show_reasons(index: "Index", result: "Result", reasons: dict[str, Any]) -> None:
    click.echo()
    found = reasons["explanation"]
    if found is None:
        click.echo("không có chữ nào quen")
        return
    click.echo(f"đọc là: {found['read']}")
    click.echo(f"có chủ đề hỏi đáp: {result.score:.2f} (hỏi lại từ {index.sureness.suggest_at:.2f})")
    click.echo(f"đúng chủ đề “{found['topic']}”: {result.sure:.2f} (trả lời từ {index.sureness.answer_at:.2f})")
    for reason in found["reasons"]:
        click.echo(f"  +{reason['weight']:.3f}  {reason['feature']}")
