"""Words that many kinds of papers share, with what each of them is, and a made-up office."""

from typing import Any

from workflows.words import N_

HEAD = {
    "parent": N_("Cơ quan chủ quản, in hoa; rỗng nếu không có"),
    "lines": N_("Tên cơ quan ban hành, từng dòng, in hoa"),
    "number_line": N_("Số và ký hiệu: “Số: 07/QĐ-UBND”"),
    "date_line": N_("Địa danh và ngày: “Hưng Yên, ngày 05 tháng 02 năm 2026”"),
    "date": N_("Ngày của văn bản: year, month, day; rỗng ở dự thảo"),
    "authority": N_("Cơ quan hoặc người ban hành, viết thường"),
    "subject": N_("Trích yếu nội dung"),
}
SIGNATURE = {
    "signer_titles": N_("Quyền hạn, chức vụ người ký, từng dòng, in hoa"),
    "signer_name": N_("Họ và tên người ký"),
    "recipients": N_("Nơi nhận, từng dòng, không có gạch đầu dòng"),
}
GROUPS = {
    "groups": N_(
        "Các bảng: heading (tên bảng), columns (tên cột), rows (các dòng, mỗi dòng là các ô)"
    )
}
SAMPLE_DAY: dict[str, Any] = {
    "date_line": "Hưng Yên, ngày 05 tháng 02 năm 2026",
    "date": {"year": 2026, "month": 2, "day": 5},
}
SAMPLE_DEPARTMENT: dict[str, Any] = {
    "parent": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
    "lines": ["SỞ NỘI VỤ"],
    "authority": "Sở Nội vụ",
    **SAMPLE_DAY,
}
