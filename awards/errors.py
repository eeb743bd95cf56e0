"""What can go wrong with a nomination and be told to people."""

from workflows.errors import WorkflowError
from workflows.words import N_


class OutsidePeriod(WorkflowError):
    message = N_("Phong trào này chưa mở hoặc đã hết hạn nhận đề nghị.")


class DossierIncomplete(WorkflowError):
    message = N_("Hồ sơ còn thiếu giấy tờ bắt buộc: %(items)s.")


class BadFile(WorkflowError):
    """A file that is not what an office dossier may hold."""


class ReceiptIsFinal(WorkflowError):
    message = N_("Ngày tiếp nhận đã ghi và không sửa được.")


class NoSigner(WorkflowError):
    message = N_("Chưa có người ký: hồ sơ chưa qua bước quyết định.")


class PaperNotReady(WorkflowError):
    message = N_("Văn bản chưa được lập.")


class NothingToExtend(WorkflowError):
    message = N_("Thời hạn thẩm định chưa bắt đầu hoặc đã kết thúc, không gia hạn được.")


class BadDelegation(WorkflowError):
    """A delegation that makes no sense; the sentence says why."""


class NothingChosen(WorkflowError):
    message = N_("Chưa chọn việc nào. Đánh dấu các việc cần xử lý trước.")


class NothingToPropose(WorkflowError):
    message = N_("Không có hồ sơ nào chờ để đưa vào tờ trình.")


class NoLongerWaiting(WorkflowError):
    message = N_(
        "%(count)s hồ sơ trong tờ trình không còn chờ ở bước này. Bỏ các hồ sơ đó ra rồi ký lại."
    )


class NotForThisSigner(WorkflowError):
    message = N_(
        "%(count)s hồ sơ phải để người khác ký, vì bạn có liên quan hoặc đã xử lý ở bước khác. "
        "Bỏ các hồ sơ đó ra rồi ký lại."
    )


class BadAmendment(WorkflowError):
    """A correction or revocation that makes no sense; the sentence says why."""


class BadAddress(WorkflowError):
    message = N_("Địa chỉ thư điện tử không đúng. Ghi theo dạng ten@coquan.gov.vn.")


class WeakPassword(WorkflowError):
    """A password that is too easy to guess; the sentence says why."""


class WrongPassword(WorkflowError):
    message = N_("Mật khẩu hiện tại không đúng.")


class TooBusy(WorkflowError):
    message = N_("Đang có quá nhiều lượt đăng nhập. Đợi ít giây rồi thử lại.")


class BadLogin(WorkflowError):
    message = N_(
        "Tên đăng nhập bắt đầu bằng chữ cái, gồm chữ thường không dấu và chữ số, "
        "có thể nối bằng dấu chấm: lan.tuphap."
    )


class LoginTaken(WorkflowError):
    message = N_("Tên đăng nhập “%(login)s” đã có người dùng.")


class BadPost(WorkflowError):
    """A post that cannot be given or ended like this; the sentence says why."""


class LinkIsOver(WorkflowError):
    message = N_(
        "Liên kết này đã dùng hoặc đã hết hạn. Nhờ quản trị hệ thống cấp liên kết mới."
    )


class BadChange(WorkflowError):
    """A change of units or Khối that makes no sense; the sentence says why."""
