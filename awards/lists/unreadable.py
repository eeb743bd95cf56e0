"""Why an uploaded nominee list cannot be read at all, in the words people see."""

from workflows.errors import WorkflowError
from workflows.words import N_


class UnreadableList(WorkflowError):
    """The file as a whole cannot be read as a nominee list; nothing of it was taken."""


def empty_file() -> UnreadableList:
    return UnreadableList(N_("Tệp này rỗng, không có nội dung nào."))


def file_too_large(megabytes: int) -> UnreadableList:
    return UnreadableList(
        N_("Tệp lớn hơn %(limit)s MB. Chia danh sách thành nhiều tệp nhỏ hơn."),
        limit=megabytes,
    )


def not_xlsx() -> UnreadableList:
    return UnreadableList(
        N_("Tệp này không phải là bảng tính Excel (.xlsx). Lưu danh sách thành .xlsx.")
    )


def old_office_file() -> UnreadableList:
    return UnreadableList(
        N_("Đây là tệp Office kiểu cũ. Mở bằng Excel và lưu lại thành tệp .xlsx.")
    )


def protected() -> UnreadableList:
    return UnreadableList(N_("Tệp này có mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên."))


def damaged() -> UnreadableList:
    return UnreadableList(
        N_("Tệp này bị hỏng. Mở bằng Excel, lưu lại thành tệp mới rồi tải lên.")
    )


def too_large_inside() -> UnreadableList:
    return UnreadableList(
        N_("Tệp này bung ra quá lớn. Chép riêng bảng danh sách sang một tệp mới.")
    )


def stretched_to(cell: str) -> UnreadableList:
    return UnreadableList(
        N_("Bảng tính kéo dài tới ô %(cell)s. Xóa các ô thừa ở xa danh sách rồi lưu lại."),
        cell=cell,
    )


def no_content() -> UnreadableList:
    return UnreadableList(N_("Bảng tính này trống, không có ô nào được ghi."))


def no_header(rows: int) -> UnreadableList:
    return UnreadableList(
        N_(
            "Không tìm thấy dòng tiêu đề trong %(rows)s dòng đầu. "
            "Cần một dòng có tên các cột như trong mẫu danh sách."
        ),
        rows=rows,
    )


def missing_columns(titles: list[str], *, row: int) -> UnreadableList:
    return UnreadableList(
        N_("Dòng tiêu đề (dòng %(row)s) thiếu cột: %(columns)s."),
        row=row,
        columns="; ".join(titles),
    )


def no_nominees() -> UnreadableList:
    return UnreadableList(N_("Danh sách chưa có ai: dưới dòng tiêu đề không có dòng nào."))


def too_many_nominees(limit: int) -> UnreadableList:
    return UnreadableList(
        N_("Danh sách có hơn %(limit)s dòng. Chia danh sách thành nhiều tệp nhỏ hơn."),
        limit=limit,
    )
