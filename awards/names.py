"""What roles, kinds and states are called: on pages, and in the spreadsheets people exchange."""

from awards.listings import Status
from models.awards import NomineeKind, Outcome
from models.history import EventKind
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
NOMINEE_KINDS = {
    NomineeKind.INDIVIDUAL: N_("Cá nhân"),
    NomineeKind.COLLECTIVE: N_("Tập thể"),
    NomineeKind.HOUSEHOLD: N_("Hộ gia đình"),
}
STATUSES = {
    Status.WAITING: N_("Đang chờ"),
    Status.RETURNED: N_("Trả lại bổ sung"),
    Status.OVERDUE: N_("Quá hạn"),
    Status.AWARDED: N_("Được khen"),
    Status.NOT_SELECTED: N_("Không suy tôn"),
    Status.REFUSED: N_("Không khen"),
    Status.WITHDRAWN: N_("Đã rút"),
    Status.CANCELLED: N_("Đã hủy"),
}
OUTCOMES = {
    Outcome.APPROVE: N_("Đồng ý"),
    Outcome.RETURN: N_("Trả lại"),
    Outcome.NOT_SELECTED: N_("Không suy tôn"),
    Outcome.FAIL_VOTE: N_("Không đủ phiếu"),
    Outcome.REFUSE: N_("Không khen"),
    Outcome.WITHDRAW: N_("Rút hồ sơ"),
}
EVENTS = {
    EventKind.INSTANCE_STARTED: N_("Lập hồ sơ"),
    EventKind.TASK_OPENED: N_("Mở bước"),
    EventKind.TASK_CLAIMED: N_("Nhận việc"),
    EventKind.TASK_UNCLAIMED: N_("Nhả việc"),
    EventKind.TASK_RELEASED: N_("Việc trở về nhóm"),
    EventKind.INSTANCE_REHOMED: N_("Hồ sơ chuyển đơn vị"),
    EventKind.TASK_COMPLETED: N_("Hoàn thành bước"),
    EventKind.TASK_CANCELLED: N_("Hủy bước"),
    EventKind.SERVICE_COMPLETED: N_("Bước tự động"),
    EventKind.MESSAGE_RECEIVED: N_("Đơn vị rút hồ sơ"),
    EventKind.INSTANCE_ENDED: N_("Kết thúc"),
    EventKind.DEADLINE_FIRED: N_("Đến hạn"),
    EventKind.TASK_REMINDED: N_("Nhắc việc"),
    EventKind.TASK_OVERDUE: N_("Quá hạn"),
    EventKind.TASK_ESCALATED: N_("Báo cấp trên"),
    EventKind.CLOCK_STARTED: N_("Bắt đầu tính thời hạn"),
    EventKind.CLOCK_PAUSED: N_("Tạm dừng thời hạn"),
    EventKind.CLOCK_RESUMED: N_("Tiếp tục thời hạn"),
    EventKind.CLOCK_STOPPED: N_("Kết thúc thời hạn"),
    EventKind.CLOCK_EXTENDED: N_("Gia hạn"),
    EventKind.CLOCK_EXPIRED: N_("Hết thời hạn"),
    EventKind.INCIDENT_RAISED: N_("Bước tự động gặp lỗi"),
    EventKind.INCIDENT_RESOLVED: N_("Bước tự động đã chạy lại"),
    EventKind.OPERATION_REQUESTED: N_("Đề nghị can thiệp"),
    EventKind.OPERATION_DECLINED: N_("Không chấp nhận can thiệp"),
    EventKind.TASK_REASSIGNED: N_("Chuyển người xử lý"),
    EventKind.INSTANCE_CANCELLED: N_("Hủy hồ sơ"),
    EventKind.INSTANCE_PLACED: N_("Đưa về bước trước"),
    EventKind.INSTANCE_SUSPENDED: N_("Tạm dừng hồ sơ"),
    EventKind.INSTANCE_RESUMED: N_("Mở lại hồ sơ"),
    EventKind.INSTANCE_MIGRATED: N_("Chuyển phiên bản quy trình"),
    EventKind.TASK_BARRED: N_("Không được xử lý"),
    EventKind.INTEREST_DECLARED: N_("Kê khai quan hệ"),
    EventKind.COMMENT_ADDED: N_("Trao đổi"),
    EventKind.FILE_ATTACHED: N_("Đính kèm giấy tờ"),
    EventKind.FILE_REMOVED: N_("Gỡ giấy tờ"),
    EventKind.AWARD_CORRECTED: N_("Đính chính quyết định"),
    EventKind.AWARD_REVOKED: N_("Hủy bỏ khen thưởng"),
    EventKind.CERTIFICATE_NUMBERED: N_("Vào sổ cấp bằng"),
    EventKind.WORDS_ERASED: N_("Xóa dữ liệu cá nhân"),
    EventKind.PAPER_SIGNED: N_("Đưa lên văn bản đã ký"),
    EventKind.DOSSIER_COPIED: N_("Chép từ hồ sơ cũ"),
    EventKind.STORY_PUBLISHED: N_("Đăng điển hình"),
    EventKind.STORY_WITHDRAWN: N_("Gỡ bài điển hình"),
    EventKind.HOLD_PLACED: N_("Giữ lại, không cho xóa"),
    EventKind.HOLD_LIFTED: N_("Thôi giữ lại"),
    EventKind.FILE_SCANNED: N_("Quét vi-rút"),
    EventKind.IDENTITY_CORRECTED: N_("Sửa số định danh"),
}
