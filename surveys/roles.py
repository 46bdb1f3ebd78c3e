"""Roles, deeds, and the one table of who may do what. `surveys/permissions.py` asks it, and nobody else.

What no role has is refused to every account. No import that takes time: commands name their deed as they start.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Role(StrEnum):
    """What somebody of the staff is; how each is called is `role.*` in the catalogues."""

    OFFICIAL = "official"  # is in charge: sets up, sends, closes and publishes rounds
    STAFF = "staff"  # enters paper ballots, watches, exports, prints; gives no order that reaches residents
    HELPER = "helper"  # of the hamlet's digital group: brings the ballot to the door, answers requests


class Deed(StrEnum):
    """What an account may be allowed: a word for programs, one for officials, and a sentence."""

    words: str  # in Vietnamese, after "không làm được việc này:"
    sentence: str

    def __new__(cls, value: str, words: str, sentence: str) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.words, made.sentence = words, sentence
        return made

    SET_UP_ROUND = "set_up_round", "tạo đợt", "Make a draft: its form, units, times and reminders."
    OPEN_ROUND = "open_round", "hẹn giờ hoặc mở đợt", "Let the clock open a round, or open it now: invitations go out."
    PAUSE_ROUND = "pause_round", "tạm dừng, gửi tiếp", "Pause and resume sending; let the rest follow a first wave."
    REMIND = "remind", "nhắc bà con", "Remind everybody who has not finished."
    RESEND = "resend", "gửi lại", "Send again what may not have arrived; some get a second copy."
    SEND_REHEARSAL = "send_rehearsal", "gửi lời mời diễn tập", "Send a round's rehearsal to an address."
    REHEARSE = "rehearse", "diễn tập", "Look through a round's questions in one's own chat; nothing is stored."
    SEE_COVERAGE = "see_coverage", "xem độ phủ", "See how many took part in each hamlet, never an answer."
    WATCH_SENDING = "watch_sending", "theo dõi việc gửi", "See whom a round reaches and what became of each message."
    SEE_RESULTS = "see_results", "xem kết quả", "See results; nobody does before the close."
    CLOSE_ROUND = "close_round", "đóng đợt", "Be one of the two who close a round."
    PUBLISH_RESULTS = "publish_results", "công bố kết quả", "Show a closed round's results to everybody."
    CANCEL_ROUND = "cancel_round", "hủy đợt", "Call a round off and delete its ballots."
    EXPORT_BALLOTS = "export_ballots", "xuất phiếu ra tệp", "Write the ballots of a closed round to a file."
    IMPORT_PAPER = "import_paper", "nhập phiếu giấy", "Count paper ballots that were typed into a sheet."
    ISSUE_PAPERS = "issue_papers", "in văn bản của đợt", "Make ballots, minutes, reports, notices and posters."
    NOTE_EVIDENCE = "note_evidence", "ghi minh chứng", "Note what a document says on an indicator."
    KEEP_REGISTER = (
        "keep_register",
        "nhập và sửa sổ hộ",
        "Import the register of households, undo, take out a household.",
    )
    ISSUE_CODES = "issue_codes", "cấp và hủy mã hộ", "Print cards and lists of codes; void those of a household."
    SET_UP_KIOSKS = "set_up_kiosks", "đặt máy trả lời", "Open and end a kiosk at a one-stop desk."
    DRAW_BACK_CHECKS = "draw_back_checks", "chọn hộ hỏi lại", "Draw and list the households that are asked again."
    RECORD_BACK_CHECK = "record_back_check", "ghi kết quả hỏi lại", "Note what a household said when asked again."
    HELP_AT_DOORSTEP = "help_at_doorstep", "giúp phiếu tại nhà", "Bring a household its ballot, without seeing answers."
    ANSWER_TICKETS = "answer_tickets", "trả lời yêu cầu", "Take and answer residents' requests for help."
    REVIEW_QUESTIONS = "review_questions", "xem và dạy câu hỏi", "See what was asked, and teach the search its topic."
    MANAGE_STAFF = "manage_staff", "thêm, bớt tài khoản", "Add and remove accounts, and give codes for chats."


_WATCHING = {Deed.SEE_COVERAGE, Deed.WATCH_SENDING, Deed.SEE_RESULTS, Deed.REHEARSE}
_CHECKING = {Deed.DRAW_BACK_CHECKS, Deed.RECORD_BACK_CHECK}
_PAPERWORK = {Deed.EXPORT_BALLOTS, Deed.IMPORT_PAPER, Deed.ISSUE_PAPERS, Deed.NOTE_EVIDENCE}
_ANSWERING = {Deed.ANSWER_TICKETS, Deed.REVIEW_QUESTIONS}
_STAFF = frozenset(_WATCHING | _CHECKING | _PAPERWORK | _ANSWERING)
_CONDUCTING = {
    *(Deed.SET_UP_ROUND, Deed.OPEN_ROUND, Deed.PAUSE_ROUND, Deed.REMIND, Deed.RESEND, Deed.SEND_REHEARSAL),
    *(Deed.CLOSE_ROUND, Deed.PUBLISH_RESULTS, Deed.CANCEL_ROUND),
    *(Deed.KEEP_REGISTER, Deed.ISSUE_CODES, Deed.SET_UP_KIOSKS),
}
# Nobody has MANAGE_STAFF: who may make accounts could be both of the two who close a round.
ALLOWED: Mapping[Role, frozenset[Deed]] = {
    Role.OFFICIAL: _STAFF | _CONDUCTING,
    Role.STAFF: _STAFF,
    Role.HELPER: frozenset({Deed.SEE_COVERAGE, Deed.HELP_AT_DOORSTEP, Deed.ANSWER_TICKETS}),
}
