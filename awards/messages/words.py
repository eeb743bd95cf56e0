"""What messages say and where they lead: one sentence and one address each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from awards.messages.news import CORRECTED, GIVEN, REVOKED, TAKEN, TO_UNIT
from awards.messages.signatures import CORRECTION, PROPOSAL, REVOCATION
from models.awards import Result
from models.messages import Message, MessageKind
from workflows.words import N_

KINDS = {
    MessageKind.TASK: N_("Việc mới đến"),
    MessageKind.RETURN: N_("Hồ sơ bị trả lại"),
    MessageKind.DECISION: N_("Kết quả xét khen thưởng"),
    MessageKind.DELEGATION: N_("Bắt đầu được ủy quyền"),
    MessageKind.SIGNATURE: N_("Văn bản chờ ký"),
    MessageKind.REASSIGNMENT: N_("Việc được giao lại"),
}
_ONE = {
    (MessageKind.TASK, ""): N_("Việc mới ở bước “%(step)s”: %(nominee)s"),
    (MessageKind.RETURN, ""): N_("Trả lại bước “%(step)s”: %(nominee)s"),
    (MessageKind.RETURN, TO_UNIT): N_("Hồ sơ được trả lại để bổ sung: %(nominee)s"),
    (MessageKind.DECISION, Result.AWARDED): N_("Được khen thưởng: %(nominee)s"),
    (MessageKind.DECISION, Result.NOT_SELECTED): N_("Không được suy tôn: %(nominee)s"),
    (MessageKind.DECISION, Result.REFUSED): N_("Không được khen thưởng: %(nominee)s"),
    (MessageKind.DECISION, Result.CANCELLED): N_("Hồ sơ đã bị hủy: %(nominee)s"),
    (MessageKind.DECISION, CORRECTED): N_("Có quyết định đính chính: %(nominee)s"),
    (MessageKind.DECISION, REVOKED): N_("Có quyết định hủy bỏ khen thưởng: %(nominee)s"),
    (MessageKind.DELEGATION, ""): N_(
        "Bạn được ủy quyền làm việc thay %(holder)s, %(title)s, đến hết ngày %(until)s"
    ),
    (MessageKind.SIGNATURE, PROPOSAL): N_("Tờ trình chờ bạn ký: %(movement)s"),
    (MessageKind.SIGNATURE, CORRECTION): N_(
        "Chờ bạn ký đính chính Quyết định số %(symbol)s"
    ),
    (MessageKind.SIGNATURE, REVOCATION): N_(
        "Chờ bạn ký hủy bỏ khen thưởng theo Quyết định số %(symbol)s"
    ),
    (MessageKind.REASSIGNMENT, GIVEN): N_(
        "Bạn được giao việc ở bước “%(step)s”: %(nominee)s"
    ),
    (MessageKind.REASSIGNMENT, TAKEN): N_(
        "Việc của bạn ở bước “%(step)s” đã giao lại: %(nominee)s"
    ),
}
_MANY = {
    (MessageKind.TASK, ""): N_("%(count)s việc mới ở bước “%(step)s”"),
    (MessageKind.RETURN, ""): N_("%(count)s hồ sơ trả lại bước “%(step)s”"),
    (MessageKind.RETURN, TO_UNIT): N_("%(count)s hồ sơ được trả lại để bổ sung"),
    (MessageKind.DECISION, Result.AWARDED): N_("%(count)s đề nghị được khen thưởng"),
    (MessageKind.DECISION, Result.NOT_SELECTED): N_("%(count)s đề nghị không được suy tôn"),
    (MessageKind.DECISION, Result.REFUSED): N_("%(count)s đề nghị không được khen thưởng"),
    (MessageKind.DECISION, Result.CANCELLED): N_("%(count)s hồ sơ đã bị hủy"),
    (MessageKind.DECISION, CORRECTED): N_("%(count)s khen thưởng có quyết định đính chính"),
    (MessageKind.DECISION, REVOKED): N_("%(count)s khen thưởng bị hủy bỏ"),
    (MessageKind.SIGNATURE, PROPOSAL): N_("%(count)s tờ trình chờ bạn ký"),
    (MessageKind.SIGNATURE, CORRECTION): N_("%(count)s đính chính chờ bạn ký"),
    (MessageKind.SIGNATURE, REVOCATION): N_("%(count)s hủy bỏ khen thưởng chờ bạn ký"),
    (MessageKind.REASSIGNMENT, GIVEN): N_("Bạn được giao %(count)s việc ở bước “%(step)s”"),
    (MessageKind.REASSIGNMENT, TAKEN): N_(
        "%(count)s việc của bạn ở bước “%(step)s” đã giao lại"
    ),
}
_WITH_NOTICE = (Result.REFUSED, Result.CANCELLED, CORRECTED, REVOKED)
NOTICE = N_("Thông báo kèm lý do có ở trang Hồ sơ.")


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence to be translated and filled with `values`; `step` among them is translated too."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def vietnamese(self) -> str:
        """As a letter says it."""
        return self.message % self.values


def title(message: Message) -> Words:
    """What has happened, in one sentence."""
    key = message.kind, message.subject
    if delegation := message.delegation:
        values = {
            "holder": delegation.post.person.name,
            "title": delegation.post.title,
            "until": delegation.valid_to.strftime("%d/%m/%Y"),
        }
        return Words(_ONE[key], values)
    if message.proposal is not None:
        return Words(_ONE[key], {"movement": message.proposal.movement.name})
    if message.draft is not None:
        return Words(_ONE[key], {"symbol": message.draft.refers_to.symbol})
    if message.nomination is None:
        return Words(_MANY[key], {"count": str(message.count), "step": message.step})
    nominee = message.nomination.nominee
    name = f"{nominee.honorific} {nominee.name}".strip()
    return Words(_ONE[key], {"nominee": name, "step": message.step})


def has_notice(message: Message) -> bool:
    """Whether a written notice with the reason was made for the unit too."""
    return message.subject in _WITH_NOTICE


def path(message: Message) -> str:
    """The page that shows it. Opening it changes nothing."""
    if message.delegation_id:
        return "/delegations"
    if message.kind == MessageKind.SIGNATURE:
        return _to_sign(message)
    if message.task_id:
        return f"/tasks/{message.task_id}"
    if message.nomination is not None:
        return f"/nominations/{message.nomination.code}"
    if message.element_id and message.subject != TAKEN:
        tab = "mine" if message.subject == GIVEN else "groups"
        return "/inbox?" + urlencode({"tab": tab, "step": message.element_id})
    return "/nominations"


def _to_sign(message: Message) -> str:
    if message.draft_id:
        return f"/decisions#draft-{message.draft_id}"
    if message.subject != PROPOSAL:
        return "/decisions"
    return f"/proposals/{message.proposal_id}" if message.proposal_id else "/proposals"
