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


class NothingChosen(WorkflowError):
    message = N_("Chưa chọn việc nào. Đánh dấu các việc cần xử lý trước.")
