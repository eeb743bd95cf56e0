"""Steps and ends in our conventions: forms, topics, outcomes, days, results."""

from collections.abc import Iterator

from workflows import calendar
from workflows.errors import BadDefinition
from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, found
from workflows.namespaces import NS
from workflows.words import N_

MAX_PRIORITY = 9_999


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """What is registered in code, and what the diagram says of days and results."""
    for node in drawing.of("userTask"):
        yield from _form(node, known)
        yield from _outcomes(node, known)
        yield from _paper(node, known)
        yield from _times(node)
    for node in drawing.of("serviceTask", "sendTask"):
        yield from _topic(node, known)
    for node in drawing.of("endEvent"):
        if node.scope == drawing.key and known.results and not drawing.is_called_only:
            yield from _result(node, known)


def _form(node: Node, known: Known) -> Iterator[Finding]:
    key = node.camunda("formKey")
    has_fields = node.xml.find("b:extensionElements/c:formData", NS) is not None
    if bool(key) == has_fields:
        yield found(
            node.xml,
            N_("Bước này chưa có biểu mẫu, hoặc có hai."),
            N_(
                "Ghi camunda:formKey của một biểu mẫu đã đăng ký, hoặc vẽ trường bằng formData."
            ),
        )
    elif key and key not in known.forms:
        yield found(
            node.xml,
            N_("Không có biểu mẫu “%(key)s”."),
            N_("Dùng một biểu mẫu: %(forms)s; hoặc vẽ trường bằng camunda:formData."),
            key=key,
            forms=", ".join(sorted(known.forms)),
        )
    if not (node.xml.get("name") or "").strip():
        yield found(
            node.xml, N_("Bước này chưa có tên."), N_("Ghi tên như người xử lý sẽ đọc.")
        )


def _outcomes(node: Node, known: Known) -> Iterator[Finding]:
    for outcome in node.property("outcomes").split():
        if outcome not in known.outcomes:
            yield found(
                node.xml,
                N_("Không có kết quả “%(outcome)s”."),
                N_("Dùng: %(outcomes)s."),
                outcome=outcome,
                outcomes=", ".join(sorted(known.outcomes)),
            )


def _paper(node: Node, known: Known) -> Iterator[Finding]:
    paper = node.property("signs")
    if paper and paper not in known.papers:
        yield found(
            node.xml,
            N_("Không có loại văn bản “%(paper)s” để ký ở bước này."),
            N_("Dùng: %(papers)s; hoặc bỏ thuộc tính signs."),
            paper=paper,
            papers=", ".join(sorted(known.papers)),
        )


def _times(node: Node) -> Iterator[Finding]:
    for name in ("dueDate", "followUpDate"):
        text = node.camunda(name)
        if text and not _is_days(text):
            yield found(
                node.xml,
                N_("camunda:%(name)s “%(text)s” không phải số ngày làm việc."),
                N_("Ghi dạng P5D: năm ngày làm việc."),
                name=name,
                text=text,
            )
    priority = node.camunda("priority") or "50"
    if not (priority.isascii() and priority.isdecimal()) or len(priority) > len(
        str(MAX_PRIORITY)
    ):
        yield found(
            node.xml,
            N_("Độ ưu tiên “%(text)s” không phải số."),
            N_("Ghi số từ 0 đến %(limit)s."),
            text=priority,
            limit=MAX_PRIORITY,
        )


def _is_days(text: str) -> bool:
    try:
        calendar.parse_working_days(text)
    except BadDefinition:
        return False
    return True


def _topic(node: Node, known: Known) -> Iterator[Finding]:
    topic = node.camunda("topic")
    if topic not in known.topics or node.camunda("type") not in {"", "external"}:
        yield found(
            node.xml,
            N_("Không có việc tự động “%(topic)s”."),
            N_('Ghi camunda:type="external" và một camunda:topic: %(topics)s.'),
            topic=topic,
            topics=", ".join(sorted(known.topics)),
        )


def _result(node: Node, known: Known) -> Iterator[Finding]:
    result = node.property("result")
    if result not in known.results and "error" not in node.events:
        yield found(
            node.xml,
            N_("Chỗ kết thúc này có kết quả “%(result)s”."),
            N_(
                "Ghi thuộc tính result: %(results)s; quy trình chỉ để gọi thì bỏ dấu “Startable”."
            ),
            result=result,
            results=", ".join(sorted(known.results)),
        )
