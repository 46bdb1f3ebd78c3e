"""Danger is never missed for want of accents, and daily words that only sound like it are left alone."""

import json
from pathlib import Path

import pytest

from faq.content.entries import load_entries, load_none_examples
from faq.danger import KINDS, danger
from faq.search.building import build_dangers
from faq.search.dangers import DangerIndex, load_examples
from faq.search.index import StaleIndex
from faq.search.shipped_index import place_of_dangers
from places.shipped import shipped_rows
from vietnamese.folding import fold

HELD_OUT = Path(__file__).with_name("danger_held_out.jsonl")  # written before anything was tried on it

IN_DANGER = """
cứu tôi với, chồng tôi đánh tôi|cuu toi voi chong toi danh toi|chong tui dang danh tui|ổng cầm dao rượt tui
ong cam dao doi chem|no doi giet toi|nó dọa giết cả nhà|ba em danh em hoai|bị chồng đánh gãy tay
bi chong danh bam mat|hàng xóm đang đánh nhau|có người chém nhau ngoài chợ|co nguoi dam nhau|nha em bi cuop
con gái tôi bị hiếp|bi xam hai|chồng em bạo hành em|bao luc gia dinh|cháy nhà rồi|chay nha roi cuu voi
nhà bên cạnh đang cháy|nha hang xom bi chay|lua chay toi noc nha|xì gas trong bếp|no binh gas|cháy chợ
hoa hoan o ap 2|khoi mu mit trong nha|con tôi rớt xuống sông|chau nho te xuong ao|có người chết đuối
co nguoi bi duoi nuoc|ghe bị lật ngoài sông|chim xuong|lat ghe roi|tôi muốn chết|toi muon chet|em khong muon song nua
ko muon song nua|chán sống quá rồi|con tui đòi tự tử|toi muon tu tu|uong thuoc sau roi|chong toi uong thuoc sau
nó uống thuốc diệt cỏ|em cat co tay|song lam gi nua|chết cho rồi|bị nhốt trong phòng không ra được|em bi nhot o day
bị bắt cóc|bi lua sang campuchia|họ giam tôi không cho về|khong cho em ra ngoai|cha dượng sờ mó bé gái
co nguoi danh dap tre em|đứa nhỏ bị đánh bầm mình|chau be bi bo doi|con nit bi hanh ha|mẹ tôi bất tỉnh
me toi bat tinh roi|ba em khó thở quá|ba toi dot quy|bị điện giật|bi ran can|ran ho mang can chan
tai nạn xe máu ra nhiều|chảy máu không cầm|co nguoi xiu ngoai ruong|cấp cứu|can cap cuu gap|ngộ độc cả nhà
be uong nham axit|cuwus tooi vowis|chasy nhaf rooif|ck tui đánh tui|chồng em đang cầm dao đòi chém em|nhà tôi cháy
con tôi bị đuối nước|em bị chồng đánh chảy máu|thằng hàng xóm nó dọa giết cả nhà tui|co ai cuu voi chay nha
ba tôi bị đột quỵ méo miệng|mẹ tôi té xỉu|tôi bị đánh|ông xã đánh tui|chong danh vo|cha ruột đánh con gãy tay
co nguoi dang bop co vo|bị ổng nhốt dưới nhà|nó cầm cây rượt đánh|tôi sợ ông ấy giết tôi|hắn đe dọa tính mạng tôi
có trộm vô nhà cầm dao|em bị ép làm gái|bị bạo lực gia đình|con bé hàng xóm bị ông chú xâm hại|thầy giáo sàm sỡ
muốn nhảy cầu|tôi uống thuốc trừ sâu|vợ tôi treo cổ|có người nhảy cầu Cần Thơ|cháu bé bị điện giật|bà già té giếng
cây đổ đè người|xe tông chết người|tai nan giao thong co nguoi chet|đau ngực dữ dội khó thở|ba toi dau nguc du doi
bé sốt co giật|ong đốt nhiều quá khó thở|ăn trúng nấm độc|ngộ độc rượu|con tôi mất tích hai ngày nay|chau di lac
người ta đang đánh nhau chảy máu đầu|bên nhà bên ổng đánh vợ kêu la|chồng tôi say rượu đập phá đòi giết vợ con|cứu em
cứu|giup toi voi nguy hiem lam|gọi công an giùm tôi có người cầm dao|anh tôi hăm tạt xăng đốt nhà
chồng tôi hay đánh tôi|tôi bị chồng bạo hành nhiều năm|nó bóp cổ em|em sợ quá ổng đòi giết|muốn chết quá
em muốn tự tử|khong muon song nua|con tui nó cắt tay|tôi nghĩ tới cái chết hoài|chan doi qua khong thiet song
tôi bị bắt làm việc không cho về bên cam|bị lừa qua Miên làm, họ nhốt|nhà sập đè người rồi|nuoc lu cuon troi nguoi
sạt lở nhà tui rớt xuống sông rồi|ghe chim 2 nguoi mat tich|bị rắn cắn sưng tay|dien giat chong toi roi
cháy lớn quá ở chợ|chay o ap 3|khói mù mịt nhà hàng xóm|hàng xóm đánh con nhỏ hoài|con nít bị đánh
bé gái hàng xóm bị sờ|ba dượng làm bậy với con tui|bị hãm hiếp|bị hiếp dâm|bị quấy rối tình dục|má tôi ngưng tim
vợ tôi sắp sanh ra máu nhiều quá|tôi bị đâm|bị chém|bị người ta rượt chém|có người đem súng|mẹ em bị ba đánh
ba đánh mẹ|ck e đánh e hoài|ck đánh e|bị đánh|ống nước cháy|ជួយផង|ភ្លើងឆេះផ្ទះ|ប្តីវាយខ្ញុំ|fire|my house is burning
he is going to kill me|someone is drowning|i am being beaten|bác em bị máy cắt lúa cắt đứt tay máu chảy quá trời
có thằng cầm mã tấu đứng trước nhà|anh ơi nhà kế bên cháy bự lắm|chong toi say ruou cam dao duoi chem ca nha
con toi nuot phai pin|toi bi chong danh bam dap ca nguoi|bi bao hanh phai lam sao|em bị ba ruột cưỡng hiếp
toi khong thiet song nua|chắc tui chết quá bà con ơi không muốn sống|bà nội uống thuốc rầy rồi|thuyen chim
3 đứa nhỏ tắm sông bị chìm|cháu té xuống kinh|bi dien giat bat tinh|rắn lục cắn|chồng tôi đuổi đánh tôi ra khỏi nhà
ho bat coc con toi|con tôi bị bắt cóc đòi tiền chuộc|người lạ dụ dỗ con gái tôi đi|nhà sập|dang bi danh|bị nó đánh
nó đánh em|ba danh con|má bị té gãy xương bất tỉnh|chay nha|cháy|chay nha o ap 5 roi bà con oi|cứu hỏa|xe cứu thương
gọi cấp cứu số mấy|chú họ hiếp cháu|toi muon chet cho xong|em định uống thuốc ngủ chết cho rồi|help me i am bleeding
my husband beats me|the house is on fire|i want to die
ba em nhậu về đánh mẹ em gãy tay rồi|ba em nhau ve danh me em gay tay roi|con gái tôi bị ông hàng xóm sờ mó
nhà có mùi gas nồng nặc sợ nổ quá|con re cam cay dap vo|trộm vô nhà|co trom trong nha|cướp cướp bà con ơi
nuoc len ngap nha ket tren noc|ba toi doi chet|bị chồng nhậu say về đánh hoài|ông chồng quýnh vợ|nó oánh em
con toi uong lon dau hoi|má em tự nhiên xỉu|dua nho bi bo roi khoc ngoai cho|chay ray lan toi nha|ổng đòi giếc em
k mún sống nữa|mún chết wá|oánh vợ|chồng đáh em|hep mi
""".replace("\n", "|")
HARMLESS = """
thuốc sâu cho lúa loại nào|mua thuoc sau o dau|phun thuốc sâu cho rau|máy chết không lên nguồn|chết máy giữa đường
xe chet may|dien thoai toi bi chet|điện thoại hết pin chết nguồn|cá chết trắng ao|tom chet hang loat|heo chết báo ai
lua chet do man|chồng tôi chết rồi làm khai tử ở đâu|chong toi chet lam khai tu o dau
mẹ tôi mới chết năm ngoái, sang tên đất|giấy chứng tử|bị đánh cắp mật khẩu|bi danh cap tai khoan
đánh giá sao trên app|danh gia muc do hai long|đánh máy tên sai|danh dau vao o nao|danh bai co bi phat khong|đánh đề
danh sách hộ nghèo|danh sach ho ngheo|giả danh công an gọi điện|gia danh cong an|cháy túi rồi, trợ cấp bao giờ có
bán hàng cháy hàng|chay xe may can bang gi|chạy xe ôm|chay viec|chạy nhanh lên|bóng đèn đường bị cháy
phòng cháy chữa cháy hộ kinh doanh|bảo hiểm cháy nổ bắt buộc|đốt rơm có bị phạt không|dot dong co bi phat
giết mổ heo cần giấy gì|giet thoi gian|lò giết mổ ở đâu|từ từ để tôi coi|tu tu roi noi|tu tu toi lam|cười chết luôn
mệt muốn chết với cái app này|lo muon chet|sợ muốn chết, có bị phạt không|vui quá trời|đường ngập, xe chết máy hoài
họ dọa khóa tài khoản|doa cat dien|dọa phạt tiền|bị bắt nộp thêm giấy|bat buoc khong|phim giết người|mã số nuôi tôm
ma so vung trong|đăng ký tạm trú|dang ky tam tru|làm sao vào VNeID|quên mật khẩu|quen mat khau|bị lừa chuyển tiền
bi lua mat tien|mất điện thoại|mat sim|hài lòng|chưa hài lòng|ko|3|dạ có|đường hư quá|rác nhiều quá
con tôi mới sinh làm khai sinh|cấp lại căn cước|cap doi can cuoc|nhà tôi bị cắt điện|tien dien thang nay
khám chữa bệnh bằng căn cước|tôi đánh chữ không được|danh rang|bán dưa đầu mùa|gia lua hom nay|trời nóng muốn chết
mạng chết hoài|camera trong nhà|ba tôi 80 tuổi xin trợ cấp|nước yếu quá|nước ngập ruộng|nuoc may chay yeu
sạt lở đường đi|con gà cục tác|bị phạt vì đánh bắt cá|thuốc trừ sâu loại nào|cây đổ ngoài đường
chó cắn có phải đăng ký|con tôi bị bạn đánh giá thấp|làm sao cứu tài khoản|cứu dữ liệu trong máy|cấp cứu hồ sơ
máy tôi bị đơ muốn đập|điện thoại rớt xuống nước|bị cướp tài khoản facebook|quay camera|nhảy số|lửa trại
đám cháy rừng tin tức|chết tiền|tai nạn xe bảo hiểm trả bao nhiêu|bao lực|đi lạc đường chỉ đường giùm|sợ bị phạt
dao này mấy tiền|dao duc|bị nó lừa hết tiền|họ dọa bắt tôi qua điện thoại|ba tôi chết năm ngoái|giúp tôi với
cần giúp gấp|gấp lắm|nguy cơ|ông xã tôi đăng ký|chồng tôi đứng tên|mua súng bắn keo|chết mất máy hư rồi
hư muốn chết luôn|trời ơi chết tui rồi quên mật khẩu|đánh con gì hôm nay|đánh vần tên con tôi sai|đánh sai tên con
ba đánh máy giùm|khai bị đánh rơi căn cước|tôi đánh mất căn cước|danh mat can cuoc|đánh rơi giấy khai sinh của con
danh roi giay to cua con|bị mất|danh sach con em ho ngheo|chong toi danh may|chuyển khoản ck cho em|ck cho con
bắt cháu đi học|nhốt gà|rừng cháy|hết tiền muốn chết luôn|cầm dao cắt cỏ|xin cấp sổ khám|con đường ấp tôi lở rồi
danh con ho ngheo|ba danh tien cho con di hoc|chong dung ten so do, vo muon them ten|đánh số nhà|anh trai tôi dap ho
dap an|thầy dạy con|ho so dang bi giu|bị giữ bằng lái|giữ người già|bao gio nuoc len|nước ngập nhà|nhà dột|mưa lớn
lũ có được hỗ trợ gì|sạt lở bờ sông báo ai|bị trộm|mất trộm xe|trom cho|hàng xóm chửi|hàng xóm ồn
say rượu hát karaoke|chó cắn|ong|ran|ngu|thuốc|con ho sốt|đau bụng|mệt|buồn quá|chán quá|mất ngủ|nhảy việc|lật sổ
bán dao|bị bắt làm lại giấy|họ không cho tôi đăng ký|không cho ra giấy|cán bộ không cho tôi về nộp sau|nhốt phí
sống ở đâu thì đăng ký ở đó|không muốn sống chung hộ khẩu|muốn sống ở quê|hết muốn làm|tôi hết hạn|cháy máy bơm
bac toi chet roi lam giay to gi|con dau ngoai bi chet lam khai tu|danh can cuoc|danh cho nguoi gia|cai danh
xe bị giam 7 ngày|ruong lua ngo doc huu co|help me write an essay|de ve ba bay, danh ba tam
bà dành cho cháu|ba toi danh dum duoc it tien|nguoi ta noi|ho danh so dien thoai|bi danh vo mat khau|chua duoc cap
""".replace("\n", "|")


@pytest.mark.parametrize("text", [text for text in IN_DANGER.split("|") if text])
def test_danger_is_heard(text: str) -> None:
    assert danger(text), text


@pytest.mark.parametrize("text", [text for text in HARMLESS.split("|") if text])
def test_daily_words_are_no_danger(text: str) -> None:
    assert danger(text) is None, text


def test_a_long_story_is_read_to_its_end() -> None:
    story = "hôm qua tôi đi chợ mua rau rồi về nhà nấu cơm. " * 150 + "giờ chồng tôi cầm dao đòi giết tôi"
    assert danger(story) == "violence"
    assert danger("🤔" * 5000) is None and danger("") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tôi muốn tự tử", "self"), ("cháy nhà rồi", "fire"), ("tai nạn xe ngoài lộ", "accident"),
        ("xe đụng người gần cầu", "accident"), ("con gái tui bị người ta rờ mó", "child"),
        ("con tui bị dụ qua campuchia", "trafficked"), ("vợ tui sắp đẻ mà chưa có xe", "birth"),
        ("ong đốt sưng hết mặt", "bite"), ("con tui té sông", "water"), ("chồng tui rượt chém tui", "violence"),
        ("tui chán sống quá", "self"), ("dien giat chong toi roi", "electric"), ("be uong nham xang", "poison"),
        ("chau toi di lac tu sang", "missing"), ("tui bị nhốt trong phòng", "held"), ("cứu với", "help"),
        ("sập nhà đè người rồi", "disaster"), ("ba tui bị đột quỵ", "life"),
        ("nó đang kêu đọc otp", "scam"), ("ពស់ចឹកកូនខ្ញុំ", "bite"),
    ],
)  # fmt: skip
def test_the_kind_is_told(text: str, kind: str) -> None:
    assert danger(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "nợ muốn chết", "bị đánh bản quyền", "bị đánh thuế hai lần", "cháy máy", "chết tiệt", "cười chết",
        "nhà cháy hết, giờ xin trợ cấp ở đâu", "tai nạn lao động được hưởng chế độ gì", "hồi năm ngoái bị rắn cắn",
        "phim gì mà đánh nhau ghê quá", "sắp sinh cần đăng ký gì không",
    ],
)  # fmt: skip
def test_bygones_papers_films_and_figures_of_speech_are_none(text: str) -> None:
    assert danger(text) is None


def held_out() -> list[tuple[str, str]]:
    return [(row["text"], row["kind"]) for row in map(json.loads, HELD_OUT.read_text(encoding="utf-8").splitlines())]


def test_what_is_held_out_is_not_learnt_from() -> None:
    learnt = {fold(text) for _, text in load_examples()}
    assert [text for text, _ in held_out() if fold(text) in learnt] == []
    assert {kind for kind, _ in load_examples()} == {*KINDS, "harmless"}


def test_phrases_alone_hear_most_of_what_they_were_not_written_for() -> None:
    heard = [danger(text) is not None for text, kind in held_out() if kind]
    false = [danger(text) is not None for text, kind in held_out() if not kind]
    assert len(heard) >= 120 and len(false) >= 120
    assert sum(heard) / len(heard) >= 0.72 and sum(false) / len(false) <= 0.17


@pytest.mark.slow
def test_likeness_hears_more_and_errs_less() -> None:
    try:
        index = DangerIndex.load(*place_of_dangers())
    except StaleIndex:
        build_dangers()
        index = DangerIndex.load(*place_of_dangers())
    heard = [danger(text, index.judge) for text, kind in held_out() if kind]
    false = [danger(text, index.judge) is not None for text, kind in held_out() if not kind]
    right = [found == kind for found, (_, kind) in zip(heard, filter(lambda row: row[1], held_out()), strict=True)]
    assert sum(map(bool, heard)) / len(heard) >= 0.83 and sum(false) / len(false) <= 0.13
    assert sum(right) / sum(map(bool, heard)) >= 0.88
    asked = [text for entry in load_entries() for text in entry.examples] + list(load_none_examples())
    assert sum(danger(text, index.judge) is not None for text in asked) / len(asked) <= 0.004
    communes = [row["name"] for row in shipped_rows("can-tho-communes-2025-07-01.csv")]
    assert [name for name in communes if danger(name, index.judge) or danger(fold(name), index.judge)] == []


def test_how_many_are_tried() -> None:
    assert len([1 for text in IN_DANGER.split("|") if text]) >= 60
    assert len([1 for text in HARMLESS.split("|") if text]) >= 60
