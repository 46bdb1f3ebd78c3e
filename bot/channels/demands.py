"""What the program needs of its channels, said in one sentence before anything is started."""

from collections.abc import Iterator, Mapping

from bot.channels.abilities import Polled, Webhook, sends
from handlers.messages import Channel


def contradictions(channels: Mapping[str, Channel], rates: Mapping[str, float], *, served: bool) -> Iterator[str]:
    """Why these channels can't be started like this; `served`: whether our pages are."""
    if not channels:
        yield "telegram.token, web.enabled: không có kênh nào được bật"
    for name, channel in channels.items():
        if channel.name != name:
            yield f"{name}: kênh tự gọi mình là {channel.name}; hai tên phải là một"
        if isinstance(channel, Webhook) and not served:
            yield f"{name}: kênh này nhận tin qua webhook /in/{name} nên cần web.enabled = true"
        if sends(channel) and not isinstance(channel, (Webhook, Polled)):
            yield f"{name}: kênh này gửi được nhưng không nhận được tin nào (thiếu verify hoặc poll)"
        if sends(channel) and name not in rates:
            yield f"{name}.rate: kênh này gửi tin nên cần biết mỗi giây được gửi mấy tin"


def shortcomings(channels: Mapping[str, Channel]) -> Iterator[str]:
    """What will not work with these channels, for whoever starts the program."""
    if not any(channel.capabilities.can_push for channel in channels.values()):
        names = ", ".join(channels)
        yield f"{names}: không kênh nào nhắn trước được, nên lời mời và lời nhắc không tới ai; bà con tự mở trang"
