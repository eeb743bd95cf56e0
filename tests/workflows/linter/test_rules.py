"""One diagram per rule: what is found in it, at which element, and nothing beside it."""

import pytest

from tests.workflows.linter import conftest as d
from tests.workflows.linter.conftest import (
    boundary,
    end,
    event,
    flow,
    flows,
    node,
    one_step,
    properties,
    service,
    start,
    timer,
    user,
)

GATEWAY = "exclusiveGateway"
CATCH = "intermediateCatchEvent"
ERROR_END = event("error", "e1")


def choice(*more, default="out", begin="begun>ask>which", **attributes):
    """A step, a gateway with a default, and two ends."""
    given = {"default": default} if default else {}
    return "".join(
        [
            start(),
            user(**attributes),
            node(GATEWAY, "which", **given),
            end("here"),
            end("there"),
            flows(begin),
            flow("out", "which", "here"),
            *more,
        ]
    )


def sub(id_, inside, **attributes):
    return node("subProcess", id_, inside, **attributes)


def step(id_, begun, done, *more):
    """A sub-process with one step."""
    ways = flows(f"{begun}>{id_}_ask>{done}")
    return sub(
        id_,
        start(begun) + user(f"{id_}_ask") + node("endEvent", done) + ways + "".join(more),
    )


def nested(depth, inside="x"):
    for n in range(depth):
        inside = sub(f"s{n}", start(f"b{n}") + inside + node("endEvent", f"e{n}"))
    return inside


def around(inside):
    """Start and end around something that is one element `it`."""
    return start() + inside + end() + flows("begun>it>done")


SOUND = {
    "a step": one_step(),
    "a choice": choice(flow("back", "which", "there", "${outcome == 'return'}")),
    "a loop with a step on it": choice(
        flow("back", "which", "ask", "x == 1"), flow("off", "which", "there", "x == 2")
    ),
    "a sub-process": around(step("it", "b", "e")),
    "a fork and a join": start()
    + node("parallelGateway", "fork")
    + user("a")
    + user("b")
    + node("parallelGateway", "join")
    + end()
    + flows("begun>fork>a>join>done fork>b>join"),
    "a deadline": one_step(
        boundary("late", "ask", timer(), cancelActivity="false"),
        end("told"),
        flows("late>told"),
    ),
    "a race": start()
    + node("eventBasedGateway", "race")
    + node(CATCH, "replied", event("message", "m1"))
    + node(CATCH, "late", timer())
    + end()
    + flows("begun>race>replied>done race>late>done"),
    "a call": around(node("callActivity", "it", calledElement="asking")),
    "a call that may fail": around(node("callActivity", "it", calledElement="failing"))
    + boundary("failed", "it", event("error", "e1"))
    + flows("failed>done"),
    "an error that is caught": start()
    + sub(
        "it",
        start("b") + user() + node("endEvent", "e", ERROR_END) + flows("b>ask>e"),
    )
    + boundary("failed", "it", event("error"))
    + end()
    + flows("begun>it>done failed>done"),
    "a receive task": around(node("receiveTask", "it", messageRef="m1")),
    "a send task": around(node("sendTask", "it", camunda_topic="notify")),
    "a termination": one_step(
        boundary("off", "ask", event("message", "m1")),
        end("stopped", inside="<bpmn:terminateEventDefinition />"),
        flows("off>stopped"),
    ),
    "things to look at": one_step(
        node("textAnnotation", "note", "<bpmn:text>Đọc kỹ</bpmn:text>"),
        node("association", "line", sourceRef="ask", targetRef="note"),
        node("dataObject", "data"),
        node("dataObjectReference", "paper", dataObjectRef="data"),
        node("group", "box"),
        "<!-- a remark --><?remark too?>",
    ),
    "a deadline that leads to a grant through a step": one_step(
        boundary("late", "ask", timer()),
        user("decide"),
        end("given", "granted"),
        flows("late>decide>given"),
    ),
    "a step in a lane": node(
        "laneSet",
        "lanes",
        node("lane", "chief", "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef>", name="Sếp"),
    )
    + one_step(camunda_candidateGroups=""),
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_sound_diagram_has_no_findings(findings, body):
    assert findings(body) == []


CASES = [
    # elements
    (one_step(node("scriptTask", "odd")), "odd", "scriptTask không dùng được."),
    (one_step(node("callChoreography", "odd")), "odd", "callChoreography không dùng được."),
    (
        one_step(node("dataStoreReference", "odd")),
        "odd",
        "dataStoreReference không dùng được.",
    ),
    (one_step(node("ioSpecification", "odd")), "odd", "ioSpecification không dùng được."),
    (
        around(user("it", "<bpmn:multiInstanceLoopCharacteristics />")),
        "it",
        "multiInstanceLoopCharacteristics không dùng được.",
    ),
    (
        around(user("it", "<bpmn:standardLoopCharacteristics />")),
        "it",
        "standardLoopCharacteristics không dùng được.",
    ),
    (
        around(
            sub(
                "it",
                start("b")
                + user()
                + node("endEvent", "e")
                + flows("b>ask>e")
                + "<bpmn:multiInstanceLoopCharacteristics />",
            )
        ),
        "it",
        "multiInstanceLoopCharacteristics không dùng được.",
    ),
    (
        one_step('<odd xmlns="http://example.org/" />'),
        "leave",
        "“{http://example.org/}odd” không thuộc BPMN.",
    ),
    # extensions
    (
        one_step(camunda_assignee="lan"),
        "ask",
        "Thuộc tính camunda:assignee không dùng được ở đây.",
    ),
    (
        around(
            node(
                "callActivity",
                "it",
                calledElement="asking",
                camunda_calledElementBinding="latest",
            )
        ),
        "it",
        "Thuộc tính camunda:calledElementBinding không dùng được ở đây.",
    ),
    (
        one_step(isForCompensation="true"),
        "ask",
        'Thuộc tính isForCompensation="true" không dùng được.',
    ),
    (
        around(
            sub(
                "it",
                start("b") + user() + node("endEvent", "e") + flows("b>ask>e"),
                triggeredByEvent="true",
            )
        ),
        "it",
        'Thuộc tính triggeredByEvent="true" không dùng được.',
    ),
    *[
        (
            around(user("it", f"<bpmn:extensionElements>{part}</bpmn:extensionElements>")),
            "it",
            f"Phần mở rộng “{name}” không dùng được ở đây.",
        )
        for part, name in [
            ('<camunda:in source="a" target="b" />', "in"),
            ("<camunda:inputOutput />", "inputOutput"),
            ('<camunda:taskListener event="create" />', "taskListener"),
            (
                '<s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">x</s:preScript>',
                "preScript",
            ),
            (
                '<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" />',
                "taskDefinition",
            ),
        ]
    ],
    (
        choice(flow("back", "which", "there", "x == 1<!-- or 2 -->")),
        "back",
        "Có chú thích hoặc phần tử lạ bên trong conditionExpression.",
    ),
    # ids
    (
        around(user("it.EndJoin"))
        .replace("it.EndJoin", "a.EndJoin")
        .replace('"it"', '"a.EndJoin"'),
        "a.EndJoin",
        "Id này dành riêng cho hệ thống.",
    ),
    (
        around(user("Root")).replace('"it"', '"Root"'),
        "Root",
        "Id này dành riêng cho hệ thống.",
    ),
    (
        around(user("1 2")).replace('"it"', '"1 2"'),
        "1 2",
        "Id này dài quá hoặc có ký tự lạ.",
    ),
    (
        one_step(node("association", "ask", sourceRef="ask", targetRef="done")),
        "ask",
        "Id này có 2 lần trong tệp.",
    ),
    (one_step(name="x" * 301), "ask", "Tên dài quá 300 ký tự."),
    # flows
    (
        one_step(flow("lost", "nowhere", "ask")),
        "lost",
        "Luồng nối tới “nowhere” không có ở cùng tầng của sơ đồ.",
    ),
    (
        choice(flow("back", "which", "there", "os.system('x')")),
        "back",
        "Không đọc được điều kiện “os.system('x')”.",
    ),
    (
        choice(flow("back", "which", "there"), default="out"),
        "back",
        "Luồng này không có điều kiện, cũng không phải luồng mặc định.",
    ),
    (
        choice(flow("back", "which", "there", "x == 1"), default=""),
        "which",
        "Cổng chưa có luồng mặc định.",
    ),
    (
        choice(flow("back", "which", "there", "x == 1"), default="begun_to_ask"),
        "which",
        "Luồng mặc định “begun_to_ask” không đi ra từ cổng này.",
    ),
    (
        start() + user() + end() + flows("begun>ask") + flow("on", "ask", "done", "x == 1"),
        "on",
        "Luồng có điều kiện nhưng không đi ra từ cổng loại trừ hay cổng bao hàm.",
    ),
    (one_step(end("other"), flows("ask>other")), "ask", "Có 2 luồng đi ra."),
    # events
    (
        one_step().replace(
            'id="begun">', 'id="begun"><bpmn:messageEventDefinition messageRef="m1" />'
        ),
        "begun",
        "Sự kiện loại này (message) không dùng được ở đây.",
    ),
    *[
        (
            one_step(
                boundary("off", "ask", f"<bpmn:{kind}EventDefinition />"), flows("off>done")
            ),
            "off",
            f"Sự kiện loại này ({kind}) không dùng được ở đây.",
        )
        for kind in ("signal", "conditional", "compensate", "cancel", "link")
    ],
    (
        one_step(
            end("thrown", inside=event("compensate")),
            boundary("off", "ask", event("message", "m1")),
            flows("off>thrown"),
        ),
        "thrown",
        "Sự kiện loại này (compensate) không dùng được ở đây.",
    ),
    *[
        (
            one_step(boundary("late", "ask", timer(text)), flows("late>done")),
            "late",
            f"Hẹn giờ không đọc được: “{text}”.",
        )
        for text in ("PT0S", "P0D", "R3/PT1H", "${due}", '"P3D"', "P3W")
    ],
    (
        one_step(
            boundary(
                "late",
                "ask",
                "<bpmn:timerEventDefinition><bpmn:timeDate>2026-11-23</bpmn:timeDate></bpmn:timerEventDefinition>",
            ),
            flows("late>done"),
        ),
        "late",
        "Hẹn giờ không đọc được: “2026-11-23”.",
    ),
    *[
        (
            one_step(boundary("off", "ask", event("message", ref)), flows("off>done")),
            "off",
            "Chưa nói chờ thông điệp nào.",
        )
        for ref in ("", "nameless", "nowhere")
    ],
    (around(node("receiveTask", "it")), "it", "Chưa nói chờ thông điệp nào."),
    (
        around(service("it")) + boundary("late", "it", timer()) + flows("late>done"),
        "late",
        "Sự kiện này không bao giờ xảy ra: “it” làm xong ngay, không chờ.",
    ),
    (
        start()
        + node("eventBasedGateway", "race")
        + node(CATCH, "soon", timer("P1D"))
        + node(CATCH, "late", timer())
        + end()
        + flows("begun>race>soon>done race>late>done"),
        "race",
        "Hai hẹn giờ ở một cổng sự kiện.",
    ),
    (
        start()
        + node("eventBasedGateway", "race")
        + node(CATCH, "late", timer())
        + end()
        + flows("begun>race>late>done"),
        "race",
        "Sau cổng sự kiện phải là từ hai sự kiện chờ trở lên.",
    ),
    # throws
    (
        one_step(
            boundary("off", "ask", event("message", "m1")),
            end("failed", inside=ERROR_END),
            flows("off>failed"),
        ),
        "failed",
        "Không nơi nào bắt lỗi này.",
    ),
    (
        around(step("it", "b", "e"))
        + boundary("failed", "it", event("error", "e1"))
        + flows("failed>done"),
        "failed",
        "Sự kiện này không bao giờ xảy ra: bên trong không có gì phát ra nó.",
    ),
    (
        around(node("callActivity", "it", calledElement="failing")),
        "it",
        "Không nơi nào bắt lỗi này.",
    ),
    # paths
    (one_step(user("lost"), flows("lost>done")), "lost", "Không có đường nào dẫn tới đây."),
    (one_step(boundary("late", "ask", timer())), "late", "Đường đi cụt ở đây."),
    (
        choice(
            flow("back", "which", "it", "x == 1"),
            service("it"),
            end("off"),
            flows("it>which"),
            flow("aside", "which", "there", "x == 2"),
            flow("y", "which", "off", "x == 3"),
        ),
        "which",
        "Vòng lặp tự chạy mãi, không chờ ai: which, it.",
    ),
    (
        choice(
            flow("back", "which", "it", "x == 1"),
            flow("aside", "which", "there", "x == 2"),
            node("callActivity", "it", calledElement="silent"),
            flows("it>which"),
        ),
        "which",
        "Vòng lặp tự chạy mãi, không chờ ai: which, it.",
    ),
    (
        start()
        + node("parallelGateway", "fork")
        + user("a")
        + user("b")
        + node("parallelGateway", "join")
        + node(GATEWAY, "again", default="on")
        + end()
        + node(GATEWAY, "merge")
        + flows("begun>merge>fork>a>join>again fork>b>join")
        + flow("on", "again", "done")
        + flow("back", "again", "merge", "x == 1"),
        "join",
        "Cổng gộp nằm trên một vòng lặp của chính tầng này.",
    ),
    # deadlines
    (
        one_step(
            boundary("late", "ask", timer()),
            service("tell"),
            end("given", "granted"),
            flows("late>tell>given"),
        ),
        "late",
        "Hết hạn ở đây dẫn thẳng tới “given” mà không qua người nào.",
    ),
    (
        start()
        + step("it", "b", "e", boundary("late", "it_ask", timer()), flows("late>e"))
        + end("given", "granted")
        + flows("begun>it>given"),
        "late",
        "Hết hạn ở đây dẫn thẳng tới “given” mà không qua người nào.",
    ),
    (
        start()
        + node("callActivity", "it", calledElement="lapsing")
        + end("given", "granted")
        + flows("begun>it>given"),
        "it",
        "Hết hạn ở đây dẫn thẳng tới “given” mà không qua người nào.",
    ),
    # calls
    *[
        (around(node("callActivity", "it", calledElement=key)), "it", message)
        for key, message in [
            ("", "Chưa có quy trình “” nào được xác nhận."),
            ("${key}", "Chưa có quy trình “${key}” nào được xác nhận."),
            ("leave", "Quy trình gọi lại chính nó qua “leave”."),
            ("calling", "Quy trình gọi lại chính nó qua “calling”."),
        ]
    ],
    # people
    (
        one_step(camunda_candidateGroups=""),
        "ask",
        "Bước này chưa thuộc làn nào, chưa có vai trò.",
    ),
    (
        one_step(camunda_candidateGroups="clerk,chief"),
        "ask",
        "Không có vai trò “clerk,chief”.",
    ),
    (
        node(
            "laneSet",
            "lanes",
            node("lane", "chief", "<bpmn:flowNodeRef></bpmn:flowNodeRef>"),
        )
        + one_step(),
        "chief",
        "Làn ghi phần tử “” không có trong sơ đồ.",
    ),
    (
        node(
            "laneSet",
            "lanes",
            node("lane", "chief", "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef>")
            + node("lane", "clerk", "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef>"),
        )
        + one_step(),
        "ask",
        "Phần tử nằm trong hai làn.",
    ),
    # steps
    (one_step(camunda_formKey="unknown"), "ask", "Không có biểu mẫu “unknown”."),
    (one_step(camunda_formKey=""), "ask", "Bước này chưa có biểu mẫu, hoặc có hai."),
    (one_step(name=""), "ask", "Bước này chưa có tên."),
    (
        one_step(camunda_dueDate="5D"),
        "ask",
        "camunda:dueDate “5D” không phải số ngày làm việc.",
    ),
    (one_step(camunda_priority="high"), "ask", "Độ ưu tiên “high” không phải số."),
    (
        around(user("it", properties(outcomes="approve maybe"))),
        "it",
        "Không có kết quả “maybe”.",
    ),
    (
        around(node("serviceTask", "it", camunda_topic="unknown")),
        "it",
        "Không có việc tự động “unknown”.",
    ),
    (one_step().replace("refused", "lost"), "done", "Chỗ kết thúc này có kết quả “lost”."),
    # clocks
    *(
        (
            around(user("it", properties(**half))),
            "it",
            "Thuộc tính clock và clock_days phải đi cùng nhau.",
        )
        for half in ({"clock": "c"}, {"clock_days": "P20D"})
    ),
    (
        start()
        + user("ask", properties(clock="c", clock_days="P20D"))
        + user("it", properties(clock="c", clock_days="P10D"))
        + end()
        + flows("begun>ask>it>done"),
        "it",
        "Đồng hồ “c” ở đây dài P10D, ở bước khác dài P20D.",
    ),
    (
        around(user("it", properties(clock_stop="c"))),
        "it",
        "Không có đồng hồ “c” để dừng ở đây.",
    ),
    (
        around(user("it", properties(escalation="P2D"))),
        "it",
        "Bước này báo cấp trên khi quá hạn (escalation) mà không có hạn.",
    ),
]


@pytest.mark.parametrize(
    ("body", "element", "message"), CASES, ids=map(str, range(len(CASES)))
)
def test_finding_names_the_element_and_what_is_wrong(findings, body, element, message):
    assert findings(body) == [(element, message)]


def test_all_findings_are_given_at_once(findings):
    body = one_step(
        node("scriptTask", "odd"), camunda_formKey="unknown", camunda_dueDate="x"
    )

    assert findings(body) == [
        ("odd", "scriptTask không dùng được."),
        ("ask", "Không có biểu mẫu “unknown”."),
        ("ask", "camunda:dueDate “x” không phải số ngày làm việc."),
    ]


def test_sub_processes_nest_ten_deep_and_no_deeper(findings):
    assert "Sub-process lồng nhau quá 10 tầng." not in dict(findings(nested(10))).values()
    assert findings(nested(12)) == [("s1", "Sub-process lồng nhau quá 10 tầng.")]


def test_a_diagram_has_three_hundred_elements_and_no_more(findings):
    body = "".join(user(f"u{n}") for n in range(301))

    assert findings(body) == [("leave", "Sơ đồ có 301 phần tử, quá 300.")]
    assert len(findings("".join(user(f"u{n}") for n in range(300)))) > 1


def test_processes_that_are_only_called_need_no_result_and_may_fail(findings):
    body = one_step(
        boundary("off", "ask", event("message", "m1")),
        end("failed", "", ERROR_END),
        flows("off>failed"),
    )
    called = d.file(body).replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:isStartableInTasklist="false"'
    )

    assert d.lint(called, d.KNOWN) == []
    assert d.lint(d.file(body), d.KNOWN)[0].element == "failed"


def test_an_element_off_the_list_is_one_finding_and_not_many(findings):
    body = start() + user() + node("task", "odd") + end() + flows("begun>ask>odd>done")

    assert findings(body) == [("odd", "task không dùng được.")]
