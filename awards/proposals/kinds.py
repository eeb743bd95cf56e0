"""The three kinds of tờ trình as kinds of papers, with a sample of each."""

from typing import Any

from awards.templates import common
from awards.templates.registry import PaperKind, register
from models.proposals import ProposalKind
from workflows.words import N_

_WORDS = {
    **common.HEAD,
    "issuer": N_("Đơn vị trình"),
    "place": N_("Địa danh"),
    "reference": N_("Dòng “Kèm theo Tờ trình số …” của các danh sách, từng dòng"),
    "to": N_("Nơi nhận tờ trình, sau chữ “Kính gửi:”"),
    "grounds": N_("Các căn cứ, mỗi căn cứ một dòng, chưa có dấu câu"),
    "paragraphs": N_("Nội dung, từng đoạn"),
    **common.GROUPS,
    "left_out": N_("Bảng những trường hợp không đề nghị: số, tên, kết quả, lý do"),
    **common.SIGNATURE,
}
_AWARD = "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"
_SAMPLES: dict[ProposalKind, dict[str, Any]] = {
    ProposalKind.UNIT: {
        "issuer": "UBND xã Ái Quốc",
        "authority": "UBND xã Ái Quốc",
        "parent": "",
        "lines": ["ỦY BAN NHÂN DÂN", "XÃ ÁI QUỐC"],
        "number_line": "Số: 05/TTr-UBND",
        "to": "Khối thi đua các xã số 1",
        "signer_titles": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    },
    ProposalKind.BLOCK: {
        "issuer": "Khối thi đua các sở, ngành số 1",
        "authority": "Khối thi đua các sở, ngành số 1",
        "parent": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
        "lines": ["KHỐI THI ĐUA CÁC SỞ, NGÀNH SỐ 1"],
        "number_line": "Số: 02/TTr-K01",
        "to": "Sở Nội vụ tỉnh Hưng Yên",
        "signer_titles": ["KHỐI TRƯỞNG"],
    },
    ProposalKind.DEPARTMENT: {
        **common.SAMPLE_DEPARTMENT,
        "issuer": "Sở Nội vụ",
        "number_line": "Số: 21/TTr-SNV",
        "to": "Chủ tịch Ủy ban nhân dân tỉnh Hưng Yên",
        "signer_titles": ["GIÁM ĐỐC"],
    },
}
_NAMES = {
    ProposalKind.UNIT: N_("Tờ trình của đơn vị"),
    ProposalKind.BLOCK: N_("Tờ trình của Khối thi đua"),
    ProposalKind.DEPARTMENT: N_("Tờ trình của Sở Nội vụ"),
}


def _in_a_sentence(office: dict[str, Any]) -> str:
    return str(office["number_line"]).replace("Số: ", "số ")


def _sample(kind: ProposalKind) -> dict[str, Any]:
    office = _SAMPLES[kind]
    columns = ["STT", "Họ và tên", "Chức vụ, đơn vị"]
    rows = [
        [str(n), f"Bà Nguyễn Thị Hường {n}", "Chuyên viên, Sở Tư pháp"]
        for n in range(1, 26)
    ]
    return {
        **common.SAMPLE_DAY,
        "place": "Hưng Yên",
        "subject": f"Về việc đề nghị tặng {_AWARD}",
        "reference": [
            f"Kèm theo Tờ trình {_in_a_sentence(office)} ngày 05 tháng 02 năm 2026",
            f"của {office['issuer']}",
        ],
        "grounds": ["Căn cứ Luật Thi đua, khen thưởng"],
        "paragraphs": [
            "Sau khi xét thành tích trong phong trào mẫu, đề nghị khen 25 cá nhân (có danh sách)."
        ],
        "groups": [{"heading": "I. CÁ NHÂN (25)", "columns": columns, "rows": rows}],
        "left_out": [
            ["1", "Ông Bùi Văn Thẵng, Sở Tư pháp", "Không suy tôn", "Thiếu điểm."]
        ],
        "signer_name": "Đỗ Tiến Sỹ",
        "recipients": ["Như trên;", "Lưu: VT."],
        **office,
    }


KINDS_OF_PAPER = {
    kind: register(
        PaperKind(
            key=kind.value,
            name=_NAMES[kind],
            file="proposal",
            words=_WORDS,
            sample=lambda kind=kind: _sample(kind),  # type: ignore[misc] # binds the loop's kind
        )
    )
    for kind in ProposalKind
}
"""How each tờ trình looks on paper."""
