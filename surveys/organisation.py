"""Who asks, as residents are told before they agree; a round may not open while that is left blank."""

from dataclasses import dataclass

from surveys.errors import SurveyError

# What the configuration says until somebody has said it. A consent given to this would be a consent to nobody.
UNSAID = "chưa khai báo"
NO_NAME = f"đơn vị tổ chức lấy ý kiến ({UNSAID})"
NO_RETENTION = f"đến khi hết mục đích lấy ý kiến ({UNSAID} thời hạn)"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who asks, whom to turn to, and how long answers are kept."""

    name: str
    contact: str = ""
    retention: str = ""

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The settings that residents would read as blanks, as the configuration names them."""
        said = {"name": self.name, "contact": self.contact, "retention": self.retention}
        return tuple(f"organisation.{key}" for key, value in said.items() if not value.strip() or UNSAID in value)


def require_said(organisation: Organisation, round_name: str, *, sample: bool) -> None:
    """Raises `SurveyError` where a round of this name may not open, since residents would agree to an unknown.

    A sample asks nobody, so it is free of it.
    """
    if organisation.unsaid and not sample:
        raise SurveyError(
            f"chưa mở được đợt “{round_name}”: {UNSAID} {', '.join(organisation.unsaid)}. "
            "Bà con phải biết ai hỏi, hỏi lại ở đâu, giữ câu trả lời đến khi nào; "
            "hãy ghi vào phần [organisation] của tệp cấu hình"
        )
