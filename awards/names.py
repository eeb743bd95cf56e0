"""What roles and kinds of units are called: in forms, in lists, and in the rosters people send."""

from models.organisation import Role, UnitKind
from workflows.words import N_

ROLES = {
    Role.UNIT_OFFICER: N_("Chuyên viên của đơn vị"),
    Role.UNIT_HEAD: N_("Thủ trưởng đơn vị"),
    Role.BLOCK_LEAD: N_("Khối trưởng"),
    Role.DEPARTMENT_CLERK: N_("Văn thư Sở Nội vụ"),
    Role.DEPARTMENT_SPECIALIST: N_("Chuyên viên Sở Nội vụ"),
    Role.DEPARTMENT_HEAD: N_("Lãnh đạo Sở Nội vụ"),
    Role.OFFICE_SPECIALIST: N_("Chuyên viên Văn phòng UBND tỉnh"),
    Role.CHAIRMAN: N_("Chủ tịch, Phó Chủ tịch UBND tỉnh"),
    Role.RECORDS_CLERK: N_("Văn thư ban hành quyết định"),
    Role.COUNCIL_MEMBER: N_("Thành viên Hội đồng Thi đua, khen thưởng"),
    Role.AUDITOR: N_("Thanh tra, kiểm tra"),
    Role.PROCESS_ADMIN: N_("Quản trị quy trình"),
    Role.SYSTEM_ADMIN: N_("Quản trị hệ thống"),
}
UNIT_KINDS = {
    UnitKind.ADMINISTRATIVE: N_("Sở, ban, ngành"),
    UnitKind.PUBLIC_SERVICE: N_("Đơn vị sự nghiệp"),
    UnitKind.COMMUNE: N_("Xã"),
    UnitKind.WARD: N_("Phường"),
    UnitKind.MASS_ORGANISATION: N_("Mặt trận, đoàn thể"),
    UnitKind.ENTERPRISE: N_("Doanh nghiệp"),
}
