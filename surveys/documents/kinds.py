"""The kinds of papers, and the fields that a Word template of each may name."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["ballot", "minutes", "report", "notice", "poster"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Of every paper.
COMMON = frozenset(
    {
        *("co_quan", "ten_dot", "don_vi", "dia_ban", "mau_phieu", "mo_luc", "dong_luc", "cach_dem", "lien_he"),
        *("dia_chi", "ban_du_thao", "so_lieu_mau"),
    }
)
# Of papers that tell results: the figures, and what is said of them.
FIGURES = frozenset(
    {
        *("so_ho", "so_phieu", "do_phu", "neu_im_lang"),
        *("chung_hai_long", "chung_chua", "chung_trong", "ty_le_chung", "ty_le_chung_chua", "khoang_chung"),
        *("ty_le_trung_binh", "khoang_trung_binh", "ty_le_moi_noi_dung", "khoang_moi_noi_dung"),
    }
)
RESULT = FIGURES | {
    *("ma_giay", "trang_thai", "nguoi_dong_1", "nguoi_dong_2", "ghi_chu"),
    *("bo_quy_tac", "can_cu", "tinh_trang_quy_tac"),
}
# Rows: a line of a Word table that names one of these is repeated.
QUESTION = ("cau_so", "cau_noi_dung", "cau_hai_long", "cau_ty_le", "cau_chua", "cau_ty_le_chua", "cau_trong")
MARK = ("moc_ten", "moc_nguong", "moc_dat_duoc", "moc_theo_so", "moc_ket_luan")
HAMLET = ("ap_so", "ap_ten", "ap_ho", "ap_phieu", "ap_do_phu", "ap_chung")
MODE = ("cach_ten", "cach_phieu", "cach_chung", "cach_trung_binh")
ITEM = ("muc_so", "muc_cau", "muc_tra_loi")
CARD = ("the_ho", "the_ap", "the_xa", "the_ma")
TABLES = {"cau": QUESTION, "moc": MARK, "ap": HAMLET, "cach": MODE, "muc": ITEM, "the": CARD}


@dataclass(frozen=True, slots=True)
class Template:
    """One layout: the name of its Word template and of its PDF layout, and what they may be filled with."""

    name: str
    title: str
    fields: frozenset[str]
    tables: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every field that a Word template of this may name."""
        return self.fields | {column for table in self.tables for column in TABLES[table]}


_RESULTS = ("cau", "moc", "ap", "cach")
TEMPLATES = {
    template.name: template
    for template in (
        Template("ballot", "phiếu lấy ý kiến", COMMON, ("muc",)),
        Template("minutes", "biên bản kiểm phiếu", COMMON | RESULT, _RESULTS),
        Template("report", "báo cáo tổng hợp", COMMON | RESULT, _RESULTS),
        Template("notice", "thông báo trên loa", COMMON),
        Template("notice-results", "thông báo kết quả trên loa", COMMON | RESULT, _RESULTS),
        Template("poster", "áp phích", COMMON),
    )
}

INTERNAL = ("minutes", "report")  # what officials sign: with their figures of each hamlet

# Household cards are no paper of a round.
CARDS = Template("cards", "thẻ hộ", frozenset({"co_quan"}), ("the",))
EDITABLE = TEMPLATES | {CARDS.name: CARDS}  # what an office may edit in Word


def template_of(kind: Kind, *, closed: bool) -> Template:
    """The template of a kind: what a loudspeaker says differs once there are results."""
    return TEMPLATES["notice-results" if kind == "notice" and closed else kind]
