"""Write docs/permissions.md, which role may do what, from surveys/roles.py: `python -m tools.permissions_page`.

A test keeps the page fresh.
"""

from pathlib import Path

from handlers.catalogue import load_catalogue
from surveys.roles import ALLOWED, Deed, Role

PAGE = Path(__file__).parent.parent / "docs" / "permissions.md"
_INTRODUCTION = """\
# Ai được làm gì

<!-- Made by tools/permissions_page.py from surveys/roles.py and the catalogues; edit those. -->

Mỗi tài khoản có một vai trò và một đơn vị, và chỉ làm được trong đơn vị ấy cùng mọi nơi thuộc nó; một đợt thì phải
phụ trách mọi nơi mà đợt hỏi. Trang web, trò chuyện và lệnh (`--as TÊN`, `--by TÊN`) cùng theo một bảng này; ô không
có dấu ✓ thì vai trò ấy không làm được. Người vận hành gõ lệnh mà không nêu tài khoản nào thì làm được mọi việc, kể cả
sao lưu, nhập xã ấp, trả lời yêu cầu về dữ liệu cá nhân. Đóng đợt luôn cần hai người. Trước khi đóng không ai xem được
câu trả lời.

An account has a role and a unit, and acts there and below only; for a round it must be in charge of all that the round
asks. Pages, chats and commands follow this one table: where there is no ✓ the role may not. Who answers requests also
sees those of the commune around their hamlet. The operator at the command line, who names no account, may do
everything, backups, places and requests about personal data besides.
"""


def page() -> str:
    """The whole page: the roles, then a row for each deed."""
    say = load_catalogue().say
    lines = [
        _INTRODUCTION,
        *(f"- `{role}`: {say('vi', f'role.{role}')} ({say('en', f'role.{role}')})" for role in Role),
    ]
    lines += ["", f"| việc | {' | '.join(f'`{role}`' for role in Role)} | deed |", f"|---|{':-:|' * len(Role)}---|"]
    for deed in Deed:
        marks = " | ".join("✓" if deed in ALLOWED[role] else "" for role in Role)
        lines.append(f"| {deed.words} | {marks} | {deed.sentence} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
