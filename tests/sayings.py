"""How people in the communes say what they mean: what the residents of the tests type."""

# To a question with the answers satisfied and not satisfied, by language. Each of these must be understood.
SATISFIED = {
    "vi": (
        "Hài lòng", "hài lòng", "hai long", "HAI LONG", "1", "số 1", "câu 1", "một", "mot", "có", "dạ có", "da co",
        "ừ", "dạ", "dạ được", "vâng", "ok", "hài lòng ạ", "dạ hài lòng", "hai long nha", "hài lòng lắm",
    ),
    "en": ("Satisfied", "satisfied", "SATISFIED", "1", "yes", "ok", "hai long"),
    "km": ("ពេញចិត្ត", "1", "dạ có", "Hài lòng"),
}  # fmt: skip
NOT_SATISFIED = {
    "vi": (
        "Chưa hài lòng", "chưa hài lòng", "chua hai long", "CHUA HAI LONG", "2", "số 2", "số hai", "chưa", "dạ chưa",
        "không", "khong", "ko", "dạ không", "da ko", "hông", "hổng hài lòng", "ko hai long", "không hài lòng",
        "chưa hài lòng lắm",
    ),
    "en": ("Not satisfied", "not satisfied", "NOT SATISFIED", "2", "no", "nope"),
    "km": ("មិនទាន់ពេញចិត្ត", "2", "dạ không", "Chưa hài lòng"),
}  # fmt: skip
LEVELS = {  # of five, from the first
    "1": ("1", "một", "Rất không hài lòng", "rat khong hai long", "số 1"),
    "2": ("2", "Không hài lòng", "khong hai long", "số hai"),
    "3": ("3", "ba", "Bình thường", "binh thuong", "mức ba"),
    "4": ("4", "bốn", "Hài lòng", "hai long"),
    "5": ("5", "năm", "Rất hài lòng", "rat hai long", "số 5"),
}
UNCLEAR = ("asdf qwer", "???", "999", "0", "xyzxyz 12 tỷ", "🤔🤔", "hm…", "- -", "hai")  # "hai": two, or "hài" (lòng)
REASONS = (
    "Đường ấp còn lầy, mưa là ngập.",
    "nuoc may yeu qua, chieu nao cung mat",
    "=HYPERLINK('http://x','y')",
    '<b>rác</b> & mùi hôi "gần" chợ',
    "Cán bộ tiếp dân lâu\nchờ cả buổi",
    "😞 trạm y tế thiếu thuốc",
    "ខ្វះទឹកស្អាត",
    "1",
    "hài lòng hết, chỉ thiếu đèn",
)
YES = {
    "vi": ("dạ có", "đồng ý", "dong y", "ừ", "1", "có", "da dong y", "Đồng ý"),
    "en": ("yes", "I agree", "1", "ok"),
    "km": ("យល់ព្រម", "1", "dạ có"),
}
BACK = {"vi": ("quay lại", "quay lai", "lùi lại", "/back"), "en": ("back", "go back"), "km": ("quay lại", "back")}
SKIP = {"vi": ("bỏ qua", "bo qua"), "en": ("skip",), "km": ("skip",)}
CONTINUE = {"vi": ("tiếp tục", "tiep tuc", "làm tiếp"), "en": ("continue", "go on"), "km": ("continue",)}
STOP = ("/stop", "dừng", "ngung", "stop")

# Communes as people know them: today's name, old ones, with and without accents.
COMMUNES = {
    "Xã Thuận Hòa": (
        "Thuận Hòa", "thuan hoa chau thanh", "Xã Thuận Hoà", "phu tan chau thanh soc trang",
        "Phú Tân, Châu Thành, Sóc Trăng", "phu tan chau thanh",
    ),
    "Xã An Thạnh": ("An Thạnh", "an thanh", "xã an thạnh", "an thạnh 1 cù lao dung", "An Thạnh Tây", "an thanh tay"),
}  # fmt: skip
NOWHERE = ("xqzw", "sao hỏa vwxz", "qqqq")
