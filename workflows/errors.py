"""What can go wrong and be told to people. Anything else is a bug."""

from workflows.words import N_


class WorkflowError(Exception):
    """A sentence for the person who acted, with the values it speaks of."""

    message = ""

    def __init__(self, message: str = "", **values: object) -> None:
        self.message = message or self.message
        self.values = values
        super().__init__(self.message % values if values else self.message)


class NotAllowed(WorkflowError):
    """The person may not do this. Pages answer as if the thing did not exist."""

    message = N_("Bạn không có quyền làm việc này.")


class TaskChanged(WorkflowError):
    """Somebody else was first, or the page is older than the task."""

    message = N_("Việc này vừa có thay đổi.")


class UnknownOutcome(WorkflowError):
    message = N_("Kết quả này không có ở bước đang xử lý.")


class ActFailed(WorkflowError):
    """One act among many came upon a bug; the log tells which."""

    message = N_("Hệ thống gặp lỗi ở hồ sơ này; hồ sơ giữ nguyên như trước.")


class MessageNotAwaited(WorkflowError):
    message = N_("Hồ sơ không còn ở bước có thể nhận yêu cầu này.")


class InstanceSuspended(WorkflowError):
    """An administrator has stopped the instance for the time being."""

    message = N_(
        "Hồ sơ đang tạm dừng. Quản trị quy trình cho chạy tiếp rồi mới xử lý được."
    )


class ActRefused(WorkflowError):
    """An operator's act that makes no sense, or none any more; the sentence says why."""


class BadDefinition(WorkflowError):
    """A BPMN file that cannot be run as it is; says which element and what to do."""


class SamePerson(WorkflowError):
    """Whoever deploys a version does not let it serve: two people look at it."""

    message = N_("Phiên bản này phải do người khác xác nhận, không phải người triển khai.")


class AlreadyServing(WorkflowError):
    """There is a confirmed version, so people are there to confirm the next one."""

    message = N_(
        "Quy trình đã có phiên bản được xác nhận. Bản mới do người thứ hai xác nhận."
    )


class BadExpression(WorkflowError):
    """A condition outside our grammar."""


class ProcessStuck(WorkflowError):
    """The engine took more automatic steps than any sane diagram needs."""


class StillRunning(WorkflowError):
    message = N_("Hồ sơ chưa kết thúc. Rút hoặc hủy hồ sơ trước, rồi mới xóa.")


class UnreadableNote(WorkflowError):
    message = N_("Đây không phải là một điểm kiểm tra: hãy dán nguyên văn, từ dòng đầu.")


class BadCheckpointKey(WorkflowError):
    """The file of the key that signs checkpoints cannot be used; the sentence says why."""


class LogBroken(WorkflowError):
    """The log does not continue what was signed before. Nothing is signed then."""

    message = N_(
        "Nhật ký không tiếp nối điểm kiểm tra cỡ %(size)s: có người đã sửa cơ sở dữ liệu."
    )
