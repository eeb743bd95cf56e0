"""What the demo province is made of: units, Khối, the movement of the seed letter, its award."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.bonuses import rules
from models.awards import Award, Criterion, DossierItem, LegalBasis, Movement, NomineeKind
from models.organisation import Block, BlockMember, Unit, UnitKind
from workflows import calendar

TWO_TIERS = date(2025, 7, 1)  # since then a province has communes and no districts
BLOCKS = {
    "K01": "Khối thi đua các sở, ngành",
    "K02": "Khối thi đua xã, phường và đơn vị sự nghiệp",
}
UNITS = (
    ("SO-TP", "Sở Tư pháp", UnitKind.ADMINISTRATIVE, "K01"),
    ("SO-YT", "Sở Y tế", UnitKind.ADMINISTRATIVE, "K01"),
    ("SO-XD", "Sở Xây dựng", UnitKind.ADMINISTRATIVE, "K01"),
    ("TT-HCC", "Trung tâm Phục vụ hành chính công", UnitKind.PUBLIC_SERVICE, "K02"),
    ("XA-VG", "UBND xã Văn Giang", UnitKind.COMMUNE, "K02"),
    ("P-PH", "UBND phường Phố Hiến", UnitKind.WARD, "K02"),
)
SILENT_UNITS = (  # on the province's list, without accounts or nominations yet
    ("SO-TC", "Sở Tài chính", UnitKind.ADMINISTRATIVE, "K01"),
    ("SO-NNMT", "Sở Nông nghiệp và Môi trường", UnitKind.ADMINISTRATIVE, "K01"),
    ("SO-GDDT", "Sở Giáo dục và Đào tạo", UnitKind.ADMINISTRATIVE, "K01"),
    ("XA-KC", "UBND xã Khoái Châu", UnitKind.COMMUNE, "K02"),
)
MOVEMENT = "VHCS-2025"
AWARD = "BKT"
PROCESS = "movement_award"

PURPOSE = (  # of the prime minister's decision 733/QĐ-TTg and the letter that all this began with
    "Xây dựng môi trường văn hóa công sở văn minh, thân thiện, liêm chính, tận tụy, gương mẫu, "
    "chuyên nghiệp, vì Nhân dân phục vụ; mỗi cơ quan tự đề ra mục tiêu đo được, mỗi người tự "
    "thay đổi cách giao tiếp và giải quyết việc cho tổ chức, công dân.\n"
    "Khen thưởng hướng trước hết đến người trực tiếp làm việc với tổ chức, công dân."
)
_INDIVIDUAL = (
    (
        "on_time",
        30,
        "Hồ sơ giải quyết đúng hạn",
        "Tỷ lệ % hồ sơ đúng hạn",
        "Báo cáo một cửa",
    ),
    ("complaints", 20, "Phản ánh, kiến nghị", "Số phản ánh đúng", "Sổ tiếp nhận phản ánh"),
    ("citizens", 20, "Giao tiếp, ứng xử", "Điểm hài lòng của công dân", "Phiếu khảo sát"),
    ("discipline", 15, "Kỷ luật, giờ giấc", "Số lần vi phạm", "Bảng chấm công, biên bản"),
    ("initiative", 10, "Sáng kiến, chuyển đổi số", "Số sáng kiến", "Giấy chứng nhận"),
    (
        "workplace",
        5,
        "Trang phục, nơi làm việc",
        "Điểm kiểm tra nội bộ",
        "Biên bản kiểm tra",
    ),
)
_COLLECTIVE = (
    (
        "on_time",
        25,
        "Hồ sơ giải quyết đúng hạn",
        "Tỷ lệ % hồ sơ đúng hạn",
        "Báo cáo một cửa",
    ),
    ("citizens", 20, "Hài lòng của người dân", "Chỉ số hài lòng %", "Kết quả khảo sát"),
    ("online", 15, "Hồ sơ trực tuyến", "Tỷ lệ % hồ sơ trực tuyến", "Cổng dịch vụ công"),
    (
        "rules",
        15,
        "Quy chế văn hóa công sở",
        "Đã ban hành, đã kiểm tra",
        "Quyết định, biên bản",
    ),
    ("discipline", 15, "Không có vi phạm kỷ luật", "Số vụ việc", "Xác nhận của đơn vị"),
    ("office", 10, "Nơi làm việc xanh, sạch, gọn", "Điểm kiểm tra 5S", "Biên bản kiểm tra"),
)
CRITERIA = {
    NomineeKind.INDIVIDUAL: _INDIVIDUAL,
    NomineeKind.COLLECTIVE: _COLLECTIVE,
    NomineeKind.HOUSEHOLD: _INDIVIDUAL[2:4],
}
DOSSIER = (
    ("to_trinh", "Tờ trình của đơn vị", True),
    ("bao_cao", "Báo cáo thành tích", True),
    ("bien_ban", "Biên bản họp xét khen thưởng", True),
    ("sang_kien", "Chứng nhận sáng kiến, đề tài", False),
)
_DOSSIER_BASIS = "Luật Thi đua, khen thưởng 2022, Điều 84 khoản 2"
_LAWS = (
    (
        "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
        date(2025, 6, 16),
        None,
    ),
    (
        "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
        date(2024, 1, 1),
        date(2026, 9, 30),
    ),
    (
        (
            "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022; Luật số 06/2026/QH16 ngày 23 "
            "tháng 4 năm 2026 sửa đổi, bổ sung một số điều của Luật Thi đua, khen thưởng"
        ),
        date(2026, 10, 1),
        None,
    ),
    (
        (
            "Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ quy định về "
            "phân cấp, phân quyền trong lĩnh vực thi đua, khen thưởng"
        ),
        date(2025, 7, 1),
        date(2027, 2, 28),
    ),
)
_UNSEEN = " (chưa kiểm chứng)"  # from memory: the text of the law is still to be looked at
BASE_SALARIES = (
    (1_490_000, date(2019, 7, 1), f"Nghị định số 38/2019/NĐ-CP{_UNSEEN}"),
    (1_800_000, date(2023, 7, 1), f"Nghị định số 24/2023/NĐ-CP{_UNSEEN}"),
    (2_340_000, date(2024, 7, 1), "Nghị định số 73/2024/NĐ-CP"),
    (2_530_000, date(2026, 7, 1), "Nghị định số 161/2026/NĐ-CP ngày 15 tháng 5 năm 2026"),
)
FUND = "Quỹ thi đua, khen thưởng của tỉnh"
ROUNDING = (
    (10_000, date(2017, 10, 1), f"Nghị định số 91/2017/NĐ-CP{_UNSEEN}"),
    (10_000, date(2024, 1, 1), "Nghị định số 98/2023/NĐ-CP, Điều 53"),
    (
        10_000,
        date(2025, 7, 1),
        f"Nghị định số 152/2025/NĐ-CP, như Nghị định số 98/2023/NĐ-CP, Điều 53{_UNSEEN}",
    ),
)
_DECREE = "Nghị định số 152/2025/NĐ-CP"
MULTIPLES_FROM = date(2025, 7, 1)
_ALONE, _GROUP = NomineeKind.INDIVIDUAL, NomineeKind.COLLECTIVE
_HOME = NomineeKind.HOUSEHOLD
MULTIPLES = (  # award, awardee, hundredths of the base salary, legal basis
    ("LDTT", _ALONE, 30, _DECREE),
    ("CSTDCS", _ALONE, 100, _DECREE),
    ("CSTDT", _ALONE, 300, _DECREE),
    ("CSTDTQ", _ALONE, 450, _DECREE),
    ("TTLDTT", _GROUP, 80, _DECREE),
    ("TTLDXS", _GROUP, 150, _DECREE),
    ("COT", _GROUP, 800, f"{_DECREE}{_UNSEEN}"),
    ("COCP", _GROUP, 1_200, _DECREE),
    ("GDVH", _HOME, 10, f"{_DECREE}{_UNSEEN}"),
    ("GK", _ALONE, 30, _DECREE),
    ("GK", _GROUP, 60, f"{_DECREE}: gấp hai lần cá nhân{_UNSEEN}"),
    (AWARD, _ALONE, 150, _DECREE),
    (AWARD, _GROUP, 300, f"{_DECREE}: gấp hai lần cá nhân{_UNSEEN}"),
    (AWARD, _HOME, 150, f"{_DECREE}: như cá nhân{_UNSEEN}"),
    ("KNC", _ALONE, 100, f"{_DECREE}: không quá 1,0"),
)
"""Those of awards that are not set up yet wait here for whoever sets them up."""


def make(session: Session, now: datetime) -> None:
    """Put the units, the movement, the award and the law into an empty database."""
    blocks = {code: Block(code=code, name=name) for code, name in BLOCKS.items()}
    session.add_all(blocks.values())
    for code, name, kind, block in UNITS + SILENT_UNITS:
        unit = Unit(code=code, name=name, kind=kind, valid_from=TWO_TIERS)
        session.add(BlockMember(unit=unit, block=blocks[block], valid_from=TWO_TIERS))
    session.add(movement(calendar.today(now)))
    session.add(_award())
    session.add_all(
        LegalBasis(position=n, text=text, valid_from=start, valid_to=end)
        for n, (text, start, end) in enumerate(_LAWS)
    )
    session.flush()
    make_bonus_rules(session)


def make_bonus_rules(session: Session) -> None:
    """Base salaries, rounding, and the multiples of the awards that are set up."""
    for amount, since, basis in BASE_SALARIES:
        rules.add_salary(session, amount, basis=basis, since=since)
    for step, since, basis in ROUNDING:
        rules.add_policy(session, step, fund=FUND, basis=basis, since=since)
    awards = {award.code: award.id for award in session.scalars(select(Award))}
    for code, kind, hundredths, basis in MULTIPLES:
        if code in awards:
            rules.add_multiple(
                session, awards[code], kind, hundredths, basis=basis, since=MULTIPLES_FROM
            )


def movement(today: date) -> Movement:
    """The demo's movement, open for a year."""
    return Movement(
        code=MOVEMENT,
        name="“Cán bộ, công chức, viên chức thi đua thực hiện văn hóa công sở”, giai đoạn "
        "2019 - 2025",
        launched_by="Kế hoạch số 115/KH-UBND ngày 09/9/2019; Công văn số 3304/UBND-NC ngày "
        "05/12/2022 của UBND tỉnh Hưng Yên",
        purpose=PURPOSE,
        period_from=date(2019, 6, 14),
        period_to=date(2025, 12, 31),
        nominations_from=today - timedelta(days=300),
        nominations_to=today + timedelta(days=365),
        criteria=[
            Criterion(
                nominee_kind=kind,
                code=code,
                position=n,
                name=name,
                max_points=points,
                measure=measure,
                evidence=evidence,
            )
            for kind, lines in CRITERIA.items()
            for n, (code, points, name, measure, evidence) in enumerate(lines)
        ],
    )


def _award() -> Award:
    return Award(
        code=AWARD,
        name="Bằng khen của Chủ tịch UBND tỉnh",
        process_key=PROCESS,
        dossier_items=[
            DossierItem(
                code=code,
                position=n,
                name=name,
                is_required=is_required,
                legal_basis=_DOSSIER_BASIS,
            )
            for n, (code, name, is_required) in enumerate(DOSSIER)
        ],
    )
