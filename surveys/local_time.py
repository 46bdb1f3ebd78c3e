"""Vietnamese time: read from commands, shown to people. Everything inside is aware UTC."""

from datetime import UTC, datetime, timedelta, timezone

from surveys.errors import SurveyError

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975


def parse_moment(text: str, now: datetime) -> datetime:
    """ISO 8601 or `now`; without a zone it is Vietnamese time. Raises `SurveyError`."""
    if text == "now":
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 1975 < moment.year < 9000:  # beyond, a change of zone leaves what a datetime holds
        raise SurveyError(f"thời điểm “{text}” không đúng; viết như 2026-12-01T08:00 hoặc now")
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def say_moment(moment: datetime) -> str:
    """Such as "17:00, 01/12/2026"."""
    return moment.astimezone(VIETNAM).strftime("%H:%M, %d/%m/%Y")


def say_date(moment: datetime) -> str:
    """Such as "01/12/2026"."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")
