"""What can go wrong with a nomination and be told to people."""

from workflows.errors import WorkflowError
from workflows.words import N_


class OutsidePeriod(WorkflowError):
    message = N_("Phong trào này chưa mở hoặc đã hết hạn nhận đề nghị.")


class UnitIsOver(WorkflowError):
    message = N_("Đơn vị %(unit)s không còn hoạt động; lập hồ sơ ở đơn vị tiếp nhận.")


class NoBlock(WorkflowError):
    message = N_(
        "Đơn vị %(unit)s chưa thuộc Khối thi đua nào nên không có ai xét hồ sơ ở Khối. "
        "Nhờ quản trị hệ thống xếp Khối, ở trang Đơn vị."
    )


class DossierIncomplete(WorkflowError):
    message = N_("Hồ sơ còn thiếu giấy tờ bắt buộc: %(items)s.")


class BadFile(WorkflowError):
    """A file that is not what an office dossier may hold."""


class DossierTooLarge(WorkflowError):
    message = N_(
        "Các tệp của một hồ sơ cộng lại không quá 100 MB. Gỡ bớt hoặc nén ảnh lại."
    )


class FileWithheld(WorkflowError):
    message = N_("Tệp này chưa được máy quét vi-rút cho qua nên chưa mở được.")


class FilesWithheld(WorkflowError):
    message = N_(
        "Chưa gửi được vì máy quét vi-rút chưa cho qua: %(names)s. Xem ghi chú bên từng tệp."
    )


class ReceiptIsFinal(WorkflowError):
    message = N_("Ngày tiếp nhận đã ghi và không sửa được.")


class NoSigner(WorkflowError):
    message = N_("Chưa có người ký: hồ sơ chưa qua bước quyết định.")


class NoBonusRule(WorkflowError):
    message = N_(
        "Chưa ghi đủ mức lương cơ sở, hệ số và cách làm tròn cho ngày %(day)s. Nhờ quản trị hệ "
        "thống ghi ở trang Tiền thưởng."
    )


class PaperNotReady(WorkflowError):
    message = N_("Văn bản chưa được lập.")


class NothingToExtend(WorkflowError):
    message = N_("Thời hạn thẩm định chưa bắt đầu hoặc đã kết thúc, không gia hạn được.")


class BadDelegation(WorkflowError):
    """A delegation that makes no sense; the sentence says why."""


class NothingChosen(WorkflowError):
    message = N_("Chưa chọn việc nào. Đánh dấu các việc cần xử lý trước.")


class NobodyChosen(WorkflowError):
    message = N_("Chưa chọn ai. Đánh dấu những người cần liên kết đặt mật khẩu trước.")


class NumberUnchanged(WorkflowError):
    message = N_("Đây đúng là số đang ghi trong hồ sơ.")


class NumberOfAnother(WorkflowError):
    """Another nominee has this identity number; `cases` names those the actor may see."""

    message = N_(
        "Số này đang ghi cho người khác tên: %(cases)s. Xem lại từng chữ số; nếu vẫn đúng, gửi "
        "lần nữa để ghi."
    )


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


class Erased(WorkflowError):
    message = N_("Dữ liệu cá nhân của hồ sơ này đã được xóa rồi.")


class NoSuchNomination(WorkflowError):
    message = N_("Không có hồ sơ mang mã này.")


class BadChange(WorkflowError):
    """A change of units or Khối that makes no sense; the sentence says why."""


class FlowIsOver(WorkflowError):
    message = N_("Lượt đăng nhập này không còn hiệu lực. Bấm nút đăng nhập lại từ đầu.")


class ProviderIsSilent(WorkflowError):
    message = N_(
        "Không liên hệ được nơi đăng nhập chung. Thử lại sau ít phút, hoặc dùng mật khẩu."
    )


class NotProved(WorkflowError):
    message = N_(
        "Nơi đăng nhập chung trả lời không đúng, nên chưa đăng nhập được. "
        "Thử lại; nếu vẫn vậy thì báo quản trị hệ thống."
    )


class NotAgreed(WorkflowError):
    message = N_("Bạn chưa đăng nhập ở nơi đăng nhập chung, hoặc chưa đồng ý. Thử lại.")


class NobodyHere(WorkflowError):
    message = N_(
        "Tài khoản này chưa được gắn với ai ở đây. Đăng nhập bằng mật khẩu rồi gắn ở trang "
        "Tài khoản của tôi, hoặc nhờ quản trị hệ thống gắn."
    )


class TakenByAnother(WorkflowError):
    message = N_("Tài khoản ở nơi đăng nhập chung này đã gắn với người khác.")


class BadSignedPaper(WorkflowError):
    """A signed file that is not kept; the sentence says why."""


class InfectedPaper(WorkflowError):
    message = N_("Không nhận tệp “%(name)s”: máy quét thấy mã độc (%(finding)s).")


class UnjudgedPaper(WorkflowError):
    message = N_("Không nhận tệp “%(name)s”: máy quét vi-rút không kiểm tra được tệp này.")


class NotCompared(WorkflowError):
    message = N_(
        "Tệp không có chữ để máy so số và ngày (bản quét, hoặc số được đóng dấu). Tự so với bản "
        "giấy, đánh dấu “Tôi đã so” rồi chọn lại tệp."
    )


class ArchiveTooLarge(WorkflowError):
    message = N_(
        "Các giấy tờ cần đóng gói cộng lại %(size)s, một tệp ZIP chứa nhiều nhất %(limit)s."
    )


class NotToBeTold(WorkflowError):
    message = N_(
        "Chỉ viết về người đã được khen, khi bài chưa đăng và dữ liệu của người đó chưa xóa."
    )


class NotToBeCopied(WorkflowError):
    message = N_("Không có hồ sơ nào của đơn vị đã kết thúc với mã “%(code)s”.")


class TooManyRows(WorkflowError):
    message = N_(
        "Danh sách có %(count)s dòng, một tệp chứa nhiều nhất %(limit)s dòng. "
        "Lọc bớt rồi xuất lại."
    )


class UnderLegalHold(WorkflowError):
    message = N_("Hồ sơ %(code)s đang được giữ lại, nên chưa xóa được gì của người này.")


class AlreadyHeld(WorkflowError):
    message = N_("Hồ sơ %(code)s đang được giữ lại rồi.")


class ViewNameTaken(WorkflowError):
    message = N_("Đã có chế độ xem tên “%(name)s”. Đặt tên khác.")


class TooManyViews(WorkflowError):
    message = N_("Mỗi người lưu nhiều nhất %(limit)s chế độ xem. Xóa bớt rồi lưu lại.")


class NothingToDraw(WorkflowError):
    message = N_("Không có hồ sơ nào như vậy để lấy mẫu.")
