"""A made-up notice of results, for previews of templates."""

from typing import Any

from awards.templates import common


def sample() -> dict[str, Any]:
    """Twenty awarded, two not."""
    awarded = [
        [str(n), f"Bà Nguyễn Thị Hường {n}", "Chuyên viên, Sở Tư pháp", "07/QĐ-CTUBND"]
        for n in range(1, 21)
    ]
    others = [
        ["1", "Ông Bùi Văn Thẵng", "Không khen", "Sáng kiến đã dùng để khen năm 2024."],
        [
            "2",
            "Bà Lê Thị Lan",
            "Không được suy tôn",
            "Điểm Khối chấm thấp hơn mức suy tôn.",
        ],
    ]
    return {
        **common.SAMPLE_DEPARTMENT,
        "number_line": "Số: 31/TB-SNV",
        "subject": "Kết quả xét khen thưởng",
        "to": "Sở Tư pháp",
        "paragraphs": ["Sở Nội vụ thông báo kết quả xét khen thưởng như sau:"],
        "groups": [
            {
                "heading": "I. ĐƯỢC KHEN THƯỞNG (20)",
                "columns": ["STT", "Tên", "Chức vụ, đơn vị", "Quyết định"],
                "rows": awarded,
            },
            {
                "heading": "II. KHÔNG ĐƯỢC KHEN THƯỞNG (02)",
                "columns": ["STT", "Tên", "Kết quả", "Lý do"],
                "rows": others,
            },
        ],
        "closing": ["Đề nghị Sở Tư pháp thông báo tới các cá nhân có liên quan."],
        "signer_titles": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        "signer_name": "Nguyễn Thị Hà",
        "recipients": ["Như trên;", "Lưu: VT, TĐKT."],
    }
