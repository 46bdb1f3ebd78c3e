"""Writes the Word templates of the papers (surveys/documents/word/): `.venv/bin/python tools/word_templates.py`.

The same bytes every time; a test holds the shipped files against it. Staff edit copies of them in Word.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from word_xml import document, paragraph, qr_picture, row, table

from surveys.documents.typst_pdf import qr_png

FOLDER = Path(__file__).parents[1] / "surveys" / "documents" / "word"
DOTS, POST = "…………………………", "………………"
LINE = DOTS * 4
DATE = "……………, ngày …… tháng …… năm ……"
WIDE = 168  # millimetres between the margins


def heading(number: bool = True) -> list[str]:
    """Who writes on the left, the national heading on the right, the draft's mark below."""
    widths = (68, 100)
    left = paragraph("**{co_quan}**", align="center", size=12, after=0)
    left += paragraph("Số: ………………", align="center", after=0) if number else ""
    right = paragraph("**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**", align="center", size=12, after=0)
    right += paragraph("**Độc lập - Tự do - Hạnh phúc**", align="center", after=0)
    right += paragraph("————————", align="center", size=9, after=0)
    right += paragraph(f"_{DATE}_", align="center", after=0) if number else ""
    marks = paragraph("**{ban_du_thao}**", align="center", size=10, before=80, after=0)
    marks += paragraph("**{so_lieu_mau}**", align="center", size=10, after=0)
    return [table(widths, [row(widths, (left, right))], lines=False), marks]


def title(name: str, *below: str) -> list[str]:
    first = paragraph(f"**{name}**", align="center", size=15, before=160, after=40)
    return [first, *(paragraph(f"**{text}**", align="center", after=40) for text in below)]


def part(text: str) -> str:
    return paragraph(f"**{text}**", before=120, keep=True)


def grid(widths: Sequence[int], heads: Sequence[str], fields: Sequence[str], left: Sequence[int] = (1,)) -> str:
    """A table with a head, and one line that is repeated for every row."""
    head = [paragraph(f"**{text}**", align="center", size=11.5, after=0) for text in heads]
    line = [
        paragraph(f"{{{name}}}", align="left" if place in left else "center", size=11.5, after=0)
        for place, name in enumerate(fields)
    ]
    return table(widths, [row(widths, head, head=True), row(widths, line)]) + paragraph(after=0, size=6)


QUESTIONS = grid(
    (11, 66, 19, 18, 19, 18, 17),
    ("TT", "Nội dung", "Hài lòng (phiếu)", "Tỷ lệ", "Chưa hài lòng (phiếu)", "Tỷ lệ", "Để trống"),
    ("cau_so", "cau_noi_dung", "cau_hai_long", "cau_ty_le", "cau_chua", "cau_ty_le_chua", "cau_trong"),
)
PARTS = grid(
    (11, 61, 22, 22, 24, 28),
    ("TT", "Đơn vị", "Số hộ", "Số phiếu", "Độ phủ", "Hài lòng chung"),
    ("ap_so", "ap_ten", "ap_ho", "ap_phieu", "ap_do_phu", "ap_chung"),
)
MODES = grid(
    (68, 30, 35, 35),
    ("Cách trả lời", "Số phiếu", "Hài lòng chung", "Trung bình các nội dung"),
    ("cach_ten", "cach_phieu", "cach_chung", "cach_trung_binh"),
    left=(0,),
)
MARKS = grid(
    (54, 26, 24, 28, 36),
    ("Mốc", "Ngưỡng", "Đạt được", "Theo con số", "Kết luận"),
    ("moc_ten", "moc_nguong", "moc_dat_duoc", "moc_theo_so", "moc_ket_luan"),
    left=(0,),
)


def signatures(*names: str) -> str:
    """One block, never torn over two pages."""
    widths = [WIDE // len(names)] * len(names)
    above = [paragraph(f"**{name}**", align="center", size=12, after=0, keep=True) for name in names]
    below = [
        paragraph("_(ký, ghi rõ họ tên)_", align="center", size=11, after=1100, keep=True)
        + paragraph(DOTS, align="center", size=11, after=120, keep=True)
    ] * len(names)
    return table(widths, [row(widths, above), row(widths, below)], lines=False)


def verification() -> str:
    widths = (36, 132)
    told = paragraph("**Kiểm tra giấy này:** quét mã, hoặc mở {dia_chi}", align="left", size=11)
    told += paragraph(
        "Mã giấy: **{ma_giay}**. Số in ở đây khác số trên trang ấy là giấy đã bị sửa.", align="left", size=11
    )
    return table(widths, [row(widths, (qr_picture(32), told))], lines=False)


MINUTES = [
    *heading(),
    *title("BIÊN BẢN KIỂM PHIẾU", "{ten_dot}", "Địa bàn: {dia_ban}"),
    part("I. Thời gian, địa điểm, thành phần"),
    paragraph("Hôm nay, …… giờ …… phút, ngày …… tháng …… năm ……, tại " + POST, align="left"),
    paragraph(f"1. Ông/bà {DOTS}, chức vụ {POST}, tổ trưởng tổ kiểm phiếu", align="left"),
    paragraph(f"2. Ông/bà {DOTS}, chức vụ {POST}, thư ký", align="left"),
    paragraph(f"3. Ông/bà {DOTS}, chức vụ {POST}, thành viên", align="left"),
    paragraph(f"Người giám sát: ông/bà {DOTS}, chức vụ {POST}", align="left"),
    part("II. Đợt lấy ý kiến"),
    paragraph("Mẫu phiếu: {mau_phieu}. Mở lúc {mo_luc}, đóng lúc {dong_luc}. Cách đếm: {cach_dem}."),
    paragraph("Hai người cùng đóng đợt trên phần mềm: {nguoi_dong_1}; {nguoi_dong_2}."),
    part("III. Kết quả kiểm phiếu"),
    paragraph("1. Tổng số hộ: **{so_ho}**"),
    paragraph("2. Số phiếu phát ra: ……………… (ghi tay; phần mềm không biết số này)"),
    paragraph(
        "3. Số phiếu thu về và được tính: **{so_phieu}**, đạt **{do_phu}** tổng số hộ. Chia theo cách trả lời:",
        keep=True,
    ),
    MODES,
    paragraph("4. Kết quả từng nội dung (tỷ lệ trên số phiếu thu về):", keep=True),
    QUESTIONS,
    paragraph(
        "5. Câu hỏi chung: **{chung_hai_long}** phiếu hài lòng (**{ty_le_chung}**), **{chung_chua}** phiếu chưa hài "
        "lòng ({ty_le_chung_chua}), {chung_trong} phiếu để trống."
    ),
    paragraph("6. Theo đơn vị:", keep=True),
    PARTS,
    paragraph("Ghi chú: {ghi_chu}"),
    paragraph(
        "Biên bản lập xong lúc …… giờ …… phút cùng ngày, đã đọc lại cho mọi người cùng nghe, thống nhất ký tên; "
        "lập thành …… bản.",
        keep=True,
    ),
    signatures("THƯ KÝ", "NGƯỜI GIÁM SÁT", "TỔ TRƯỞNG"),
    verification(),
]

REPORT = [
    *heading(),
    *title("BÁO CÁO", "Tổng hợp kết quả lấy ý kiến", "{ten_dot}", "Địa bàn: {dia_ban}"),
    part("I. Căn cứ"),
    paragraph("Bộ quy tắc áp dụng: {bo_quy_tac}. Căn cứ: {can_cu}. Tình trạng: {tinh_trang_quy_tac}."),
    part("II. Tổ chức thực hiện"),
    paragraph("Mẫu phiếu: {mau_phieu}. Mở lúc {mo_luc}, đóng lúc {dong_luc}. Trạng thái: {trang_thai}."),
    paragraph("Cách đếm: {cach_dem}. Số tổ lấy ý kiến: ………. Số phiếu phát ra: ………."),
    part("III. Kết quả"),
    paragraph("1. Độ phủ: **{so_phieu}** phiếu thu về trên **{so_ho}** hộ, đạt **{do_phu}**."),
    paragraph("2. Từng nội dung (tỷ lệ trên số phiếu thu về):", keep=True),
    QUESTIONS,
    paragraph("3. Chung:"),
    paragraph(
        "- Câu hỏi chung: hài lòng **{ty_le_chung}** ({chung_hai_long} phiếu), khoảng tin cậy 95% {khoang_chung};"
    ),
    paragraph("- Trung bình các nội dung: **{ty_le_trung_binh}**, khoảng tin cậy 95% {khoang_trung_binh};"),
    paragraph("- Hài lòng mọi nội dung: **{ty_le_moi_noi_dung}**, khoảng tin cậy 95% {khoang_moi_noi_dung};"),
    paragraph("- Nếu mọi hộ chưa trả lời đều chưa hài lòng thì câu hỏi chung còn: {neu_im_lang}."),
    paragraph("4. So với các mốc (“chưa đủ căn cứ”: khoảng tin cậy nằm hai bên mốc):", keep=True),
    MARKS,
    paragraph("5. Theo đơn vị:", keep=True),
    PARTS,
    paragraph("6. Theo cách trả lời:", keep=True),
    MODES,
    part("IV. Lý do chưa hài lòng và ý kiến khác"),
    paragraph("(Tổng hợp từ các câu bà con tự viết; không ghi tên ai.)"),
    *[paragraph(LINE, align="left")] * 3,
    part("V. Nhận xét, kiến nghị"),
    *[paragraph(LINE, align="left", keep=True)] * 3,
    paragraph("Ghi chú: {ghi_chu}", keep=True),
    signatures("NGƯỜI TỔNG HỢP", "TM. {co_quan}"),
    verification(),
]

NOTICE = [
    *heading(number=False),
    *title("THÔNG BÁO", "Đọc trên loa truyền thanh, chậm, hai lần"),
    paragraph("Kính thưa bà con {don_vi}!", size=14, before=120),
    paragraph("{co_quan} đang lấy ý kiến bà con, đợt “{ten_dot}”.", size=14),
    paragraph("Thời gian: từ {mo_luc} đến {dong_luc}. Đợt này {cach_dem}.", size=14),
    paragraph(
        "Bà con lấy điện thoại quét mã trên áp phích của ấp, nhà có thẻ hộ thì quét mã trên thẻ, rồi trả lời chừng hai "
        "phút. Không có điện thoại thì nhờ người của tổ công nghệ số cộng đồng giúp, hoặc điền phiếu giấy.",
        size=14,
    ),
    paragraph("Phiếu không ghi tên. Bà con thấy sao trả lời vậy; không ai xem được nhà mình trả lời gì.", size=14),
    paragraph("Không ai được thu tiền, hỏi mật khẩu hay mã OTP của bà con vì việc này.", size=14),
    paragraph("Cần hỏi thêm, bà con liên hệ: {lien_he}.", size=14),
    paragraph("Trân trọng cảm ơn bà con!", size=14, after=160, keep=True),
    signatures("NGƯỜI ĐỌC", "TM. {co_quan}"),
    qr_picture(32, "left"),
    paragraph("{dia_chi}", align="left", size=11),
]

NOTICE_RESULTS = [
    *heading(number=False),
    *title("THÔNG BÁO KẾT QUẢ", "Đọc trên loa truyền thanh, chậm, hai lần"),
    paragraph("Kính thưa bà con {don_vi}!", size=14, before=120),
    paragraph("{co_quan} xin báo kết quả lấy ý kiến bà con, đợt “{ten_dot}”.", size=14),
    paragraph("Đợt này mở lúc {mo_luc}, đóng lúc {dong_luc}; {cach_dem}.", size=14),
    paragraph("Có {so_phieu} phiếu gửi về, trên tổng số {so_ho} hộ, đạt {do_phu}.", size=14),
    paragraph("Nói chung hài lòng: {ty_le_chung} số phiếu. Tính trung bình các nội dung: {ty_le_trung_binh}.", size=14),
    paragraph("Trả lời chưa hài lòng ở câu hỏi chung: {chung_chua} phiếu.", size=14),
    paragraph("{ghi_chu}", size=14),
    paragraph("Bà con muốn xem đầy đủ, quét mã trên bản niêm yết của thông báo này.", size=14),
    paragraph("Trân trọng cảm ơn bà con!", size=14, after=160, keep=True),
    signatures("NGƯỜI ĐỌC", "TM. {co_quan}"),
    verification(),
]

POSTER = [
    *heading(number=False),
    paragraph("**MỜI BÀ CON GÓP Ý**", align="center", size=34, before=160, after=40),
    paragraph("**{ten_dot}**", align="center", size=20),
    paragraph("{dia_ban}", align="center", size=18),
    qr_picture(92),
    paragraph("**Quét mã bằng máy ảnh hay Zalo, trả lời chừng hai phút**", align="center", size=16, before=80),
    paragraph("សូមស្កេនកូដនេះ ដើម្បីឆ្លើយ", align="center", size=18),
    paragraph("Hoặc mở: {dia_chi}", align="center", size=13),
    paragraph("Từ {mo_luc} đến {dong_luc}. Đợt này {cach_dem}.", align="center", size=14),
    paragraph("Phiếu không ghi tên. Không ai thu tiền, hỏi mật khẩu hay mã OTP.", align="center", size=14),
    paragraph("Không có điện thoại: nhờ tổ công nghệ số cộng đồng của ấp.", align="center", size=13),
    paragraph("Liên hệ: {lien_he}", align="center", size=13),
]

BALLOT = [
    *heading(number=False),
    *title("PHIẾU LẤY Ý KIẾN", "{mau_phieu}", "{ten_dot}. Địa bàn: {dia_ban}"),
    paragraph(
        "Phiếu không ghi tên. Bà con đánh dấu × vào ô mình chọn. Gửi lại trước {dong_luc}. Đợt này {cach_dem}; "
        "đã trả lời bằng điện thoại thì thôi không điền phiếu này."
    ),
    grid((11, 97, 60), ("TT", "Nội dung", "Trả lời"), ("muc_so", "muc_cau", "muc_tra_loi"), left=(1, 2)),
    paragraph(
        "Cảm ơn bà con! Muốn trả lời bằng điện thoại: quét mã, hoặc mở {dia_chi}", align="left", size=11, keep=True
    ),
    qr_picture(28, "left"),
]

CARD_WIDTHS = (54, 38)
CARDS = [
    table(
        CARD_WIDTHS,
        [
            row(
                CARD_WIDTHS,
                (
                    paragraph("**{co_quan}**", align="left", size=10, before=120, after=60)
                    + paragraph("**THẺ HỘ LẤY Ý KIẾN**", align="left", size=13, after=60)
                    + paragraph("Hộ số **{the_ho}**", align="left", size=18, after=0)
                    + paragraph("{the_ap}, {the_xa}", align="left", size=11, after=100)
                    + paragraph("Quét mã để trả lời; hoặc gõ:", align="left", size=10, after=0)
                    + paragraph("**{the_ma}**", align="left", size=12, after=100)
                    + paragraph("Mỗi hộ một phiếu. Ai cầm thẻ là trả lời được.", align="left", size=9, after=0),
                    paragraph("", size=6, after=60) + qr_picture(34),
                ),
                height=64,
            )
        ],
    ),
    paragraph("", size=2, after=0),
]

PAPERS = {
    "ballot": BALLOT,
    "minutes": MINUTES,
    "report": REPORT,
    "notice": NOTICE,
    "notice-results": NOTICE_RESULTS,
    "poster": POSTER,
}


def build(name: str) -> bytes:
    """One template as it is shipped."""
    qr = qr_png("https://example.invalid/")
    if name == "cards":
        return document(CARDS, "", qr, name, margins=(10, 10, 14, 10), columns=2)
    return document(PAPERS[name], "{ban_du_thao}", qr, name)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in (*PAPERS, "cards"):
        (FOLDER / f"{name}.docx").write_bytes(build(name))
        print(FOLDER / f"{name}.docx")
