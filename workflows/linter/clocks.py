"""Statutory clocks and escalations: what belongs together stands together."""

from collections.abc import Iterator

from workflows.linter.drawings import Drawing
from workflows.linter.findings import Finding, found
from workflows.words import N_


def check(drawing: Drawing) -> Iterator[Finding]:
    """Steps that name half of a clock, clocks of two lengths, stops and escalations of nothing."""
    steps = list(drawing.of("userTask"))
    lengths: dict[str, str] = {}
    for step in steps:
        clock, days = step.property("clock"), step.property("clock_days")
        if bool(clock) != bool(days):
            yield found(
                step.xml,
                N_("Thuộc tính clock và clock_days phải đi cùng nhau."),
                N_("Ghi cả tên đồng hồ và số ngày (P20D), hoặc xóa cả hai."),
            )
        elif lengths.setdefault(clock, days) != days:
            yield found(
                step.xml,
                N_("Đồng hồ “%(clock)s” ở đây dài %(days)s, ở bước khác dài %(other)s."),
                N_("Ghi cùng một số ngày ở mọi bước của đồng hồ."),
                clock=clock,
                days=days,
                other=lengths[clock],
            )
        if step.property("escalation") and not step.camunda("dueDate"):
            yield found(
                step.xml,
                N_("Bước này báo cấp trên khi quá hạn (escalation) mà không có hạn."),
                N_("Ghi camunda:dueDate, hoặc xóa thuộc tính escalation."),
            )
    for step in steps:
        stopped = step.property("clock_stop")
        if stopped and stopped not in lengths:
            yield found(
                step.xml,
                N_("Không có đồng hồ “%(clock)s” để dừng ở đây."),
                N_("Ghi tên một đồng hồ đang chạy ở bước khác, hoặc xóa clock_stop."),
                clock=stopped,
            )
