#!/usr/bin/env python3
"""Kiểm tra một gói chứng minh lịch sử (bundle) mà không cần máy chủ nào.

    python3 verify_history.py GÓI.jsonl [--checkpoint ĐIỂM-KIỂM-TRA.txt] [--english]

Checks a bundle that `flask --app app history export` has written, without the server: one file,
the standard library alone, Python 3.8 or newer. docs/bundle.md says what a bundle holds;
docs/tutorial-thanh-tra.md, in Vietnamese, how to use this.

Exit code: 0 all holds · 1 something was changed · 2 no bundle, or a torn one · 3 nothing wrong
was found, but something could not be compared with what is known from outside.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Tuple  # noqa: UP035 - as Python 3.8 needs it

HOLDS, CHANGED, UNREADABLE, UNSURE = range(4)
GENESIS = "0" * 64
SHOWN = 20
SAYS = {  # Vietnamese, English
    "torn": (
        "Tệp không phải là gói chứng minh, hoặc bị hỏng, ở dòng {line}. Chưa kết luận được gì "
        "về lịch sử: hãy xin lại gói.",
        "This is no bundle, or a torn one, at line {line}. It says nothing of the history: ask "
        "for it again.",
    ),
    "cut_off": (
        "Gói bị cắt cụt: thiếu dòng kết thúc. Chưa kết luận được gì về lịch sử: hãy xin lại gói.",
        "The bundle was cut off: its last line is missing. It says nothing of the history: ask "
        "for it again.",
    ),
    "lines": (
        "Gói có {found} dòng, dòng kết thúc lại ghi {expected}: thiếu hoặc thừa dòng ở giữa. "
        "Chưa kết luận được gì về lịch sử: hãy xin lại gói.",
        "The bundle has {found} lines, its last one says {expected}: lines are missing or too "
        "many. It says nothing of the history: ask for it again.",
    ),
    "bad_key": (
        "Khóa {what} không đúng dạng: chép nguyên dòng khóa trong thư, từ tên tới hết.",
        "The key {what} is none: copy the whole line of the letter, from the name to its end.",
    ),
    "state": (
        "Không đọc được tệp nhớ {what}. Đổi tên nó đi rồi chạy lại: công cụ sẽ coi là lần đầu.",
        "The file {what} with what was seen before cannot be read. Rename it and run this "
        "again, as for the first time.",
    ),
    "kept": (
        "Để lần sau đối chiếu, đã nhớ điểm kiểm tra và khóa này trong tệp {what}.",
        "For the next check, this checkpoint and key are kept in {what}.",
    ),
    "not_kept": (
        "Không ghi được tệp nhớ {what}: lần sau sẽ không đối chiếu được với lần này.",
        "The file {what} cannot be written: the next check will not compare with this one.",
    ),
    "given_key": (
        "Khóa {id} đúng là khóa đã cho.",
        "The key {id} is the one that was given.",
    ),
    "now": (
        "  Nay ghi: người số {actor}, lúc {at}, kết quả {outcome}. Trước đó ghi gì thì gói này "
        "không cho biết.",
        "  It now says: person {actor}, at {at}, outcome {outcome}. What it said before cannot "
        "be told from this bundle.",
    ),
    "missing": (
        "sự kiện không còn trong cơ sở dữ liệu",
        "the event is gone from the database",
    ),
    "body": (
        "nội dung đã bị sửa: không khớp với mã băm của nó",
        "its body was changed: it does not fit its hash",
    ),
    "leaf": (
        "nội dung không phải là nội dung đã niêm phong ở chỗ {place} của nhật ký",
        "its body is not what was sealed at place {place} of the log",
    ),
    "no_event": (
        "không đọc được nội dung",
        "its body cannot be read",
    ),
    "sequence": (
        "số thứ tự không liên tục, đúng ra là số {expected}",
        "its number does not follow; it should be {expected}",
    ),
    "previous": (
        "không nối với sự kiện ngay trước nó",
        "it does not link to the event before it",
    ),
    "submission": (
        "nội dung đã nhập (số {id}) bị sửa, bị xóa hoặc thuộc hồ sơ khác",
        "what was entered (no. {id}) was changed, deleted or belongs elsewhere",
    ),
    "slipped": (
        "sự kiện chen vào sau khi nhật ký đã niêm phong qua chỗ của nó",
        "it was slipped in after the log had been sealed past it",
    ),
    "place": (
        "chỗ trong nhật ký không liên tục, đúng ra là chỗ {expected}",
        "its place in the log does not follow; it should be {expected}",
    ),
    "inclusion": (
        "bằng chứng không dẫn tới gốc của điểm kiểm tra cỡ {size}",
        "its proof does not lead to the root of the checkpoint of size {size}",
    ),
    "end": (
        "chuỗi có {found} sự kiện, đúng ra là {expected}",
        "its chain has {found} events, not {expected}",
    ),
    "head": (
        "chuỗi kết thúc ở sự kiện khác với sự kiện mà hồ sơ ghi là cuối",
        "its chain ends in another event than the nomination says",
    ),
    "key": (
        "Khóa {id} không đúng với tên của nó.",
        "The key {id} is not the one it is named after.",
    ),
    "introduction": (
        "Lời giới thiệu khóa {id} không đúng chữ ký.",
        "The key {id} is introduced by a wrong signature.",
    ),
    "signature": (
        "Điểm kiểm tra cỡ {size}: chữ ký không đúng.",
        "Checkpoint of size {size}: its signature is wrong.",
    ),
    "root": (
        "Điểm kiểm tra cỡ {size}: gốc không khớp với các sự kiện; chỗ sai nằm từ {start} "
        "đến trước {size}.",
        "Checkpoint of size {size}: its root does not fit the events; what is wrong "
        "stands from {start} to before {size}.",
    ),
    "consistency": (
        "Điểm kiểm tra cỡ {size} không tiếp nối điểm trước nó.",
        "The checkpoint of size {size} does not continue the one before.",
    ),
    "beyond": (
        "Điểm kiểm tra cỡ {size} lớn hơn nhật ký ({found} sự kiện): phần cuối đã bị cắt, "
        "hoặc gói này cũ hơn điểm kiểm tra đó.",
        "The checkpoint of size {size} is beyond the log ({found} events): its end was "
        "cut off, or this bundle is older than the checkpoint.",
    ),
    "outside": (
        "Điểm kiểm tra từ bên ngoài ({what}, cỡ {size}) không khớp với nhật ký này: LỊCH "
        "SỬ ĐÃ BỊ VIẾT LẠI, hoặc hai nơi được cho xem hai nhật ký khác nhau.",
        "The checkpoint from outside ({what}, size {size}) does not fit this log: "
        "HISTORY WAS REWRITTEN, or two people were shown two logs.",
    ),
    "other_log": (
        "Điểm kiểm tra {what} là của nhật ký khác ({log}).",
        "The checkpoint {what} is of another log ({log}).",
    ),
    "cannot": (
        "Chưa đối chiếu được với {what} (cỡ {size}): gói này không chứa điểm kiểm tra "
        "đó. Hãy xin gói đầy đủ.",
        "Could not compare with {what} (size {size}): this bundle does not contain it. "
        "Ask for the full bundle.",
    ),
    "new_key": (
        "CHÚ Ý: khóa {id} chưa từng thấy và không được khóa cũ giới thiệu. Hãy hỏi lại "
        "nơi giữ khóa.\n"
        "  {verifier}",
        "NOTE: the key {id} was never seen and no known key introduces it. Ask who keeps "
        "the key.\n"
        "  {verifier}",
    ),
    "first": (
        "Lần kiểm tra đầu tiên. So khóa này với khóa trong thư gửi kiểm toán:\n"
        "  {verifier}",
        "First check. Compare this key with the one in the letter to auditors:\n"
        "  {verifier}",
    ),
    "none": (
        "Gói chưa có điểm kiểm tra nào: chỉ kiểm tra được các chuỗi.",
        "There is no checkpoint yet: the chains alone were checked.",
    ),
    "remembered": (
        "lần kiểm tra trước",
        "the last check",
    ),
    "wrong": (
        "LỊCH SỬ KHÔNG NGUYÊN VẸN: {count} dấu hiệu (một chỗ bị sửa có thể để lại nhiều dấu "
        "hiệu), dấu hiệu đầu tiên ở trên cùng.",
        "THE HISTORY DOES NOT HOLD: {count} signs of it; one change may leave several.",
    ),
    "more": (
        "… và {count} dấu hiệu nữa.",
        "… and {count} more.",
    ),
    "holds": (
        "NGUYÊN VẸN: {events} sự kiện của {chains} chuỗi, {covered} đã nằm trong nhật ký "
        "cỡ {size}, {checkpoints} điểm kiểm tra đúng chữ ký.",
        "ALL HOLDS: {events} events of {chains} chains, {covered} stand in the log of "
        "size {size}, {checkpoints} checkpoints are signed.",
    ),
    "compared": (
        "Đã đối chiếu với {what} (cỡ {size}): khớp.",
        "Compared with {what} (size {size}): it fits.",
    ),
}


class Torn(Exception):
    """What was given is no bundle, no note, or a torn one."""


class Note(NamedTuple):
    log: str
    size: int
    root: bytes
    key: str
    signature: bytes
    text: str


def main(arguments: list[str] | None = None) -> int:
    """Check a bundle and say what was found; gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # another encoding may lack our letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    chosen = options().parse_args(arguments)
    say = Speaker(is_english=chosen.english)
    try:
        memory = {} if chosen.no_state else recall(chosen.state, say)
        for key in chosen.key:
            if not is_verifier(key):
                raise Torn(say("bad_key", what=key))
        outside = [
            (path.name, read_note(path.read_text("utf-8"))) for path in chosen.checkpoint
        ]
        with chosen.bundle.open("rb") as file:
            check = Check(say, outside, memory, chosen.key)
            code = check.run(file)
    except (Torn, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    if code in (HOLDS, UNSURE) and not chosen.no_state:
        remember(chosen.state, memory, check)
    return code


def options() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else "",
        epilog="Mã kết thúc: 0 nguyên vẹn · 1 có chỗ bị sửa · 2 tệp hỏng hoặc không phải gói "
        "chứng minh · 3 không thấy gì sai nhưng chưa đối chiếu được hết.",
    )
    parser.add_argument("bundle", metavar="GÓI", type=Path, help="tệp .jsonl đã nhận")
    parser.add_argument(
        "--checkpoint",
        metavar="TỆP",
        type=Path,
        action="append",
        default=[],
        help="điểm kiểm tra đã giữ (thư gửi kiểm toán, lưu thành tệp); dùng được nhiều lần",
    )
    parser.add_argument(
        "--key",
        metavar="KHÓA",
        action="append",
        default=[],
        help="nguyên dòng khóa công khai trong thư: tên+số+chữ",
    )
    parser.add_argument(
        "--state",
        metavar="TỆP",
        type=Path,
        default=Path(__file__).with_suffix(".state.json"),
        help="nơi nhớ lần kiểm tra này cho lần sau; mặc định cạnh công cụ",
    )
    parser.add_argument("--no-state", action="store_true", help="không đọc, không nhớ gì")
    parser.add_argument("--english", action="store_true", help="trả lời bằng tiếng Anh")
    return parser


class Speaker:
    """Sentences in the reader's language."""

    def __init__(self, *, is_english: bool) -> None:
        self._language = int(is_english)

    def __call__(self, key: str, **values: object) -> str:
        return SAYS[key][self._language].format(**values)

    def event(self, body: Any, what: str, line: int = 0) -> str:
        """A sentence about one event: which nomination, number and kind; where it stands."""
        chain = body.get("business_key") or body.get("chain") or body.get("record")
        words = ("Hồ sơ {}, sự kiện số {} ({}): ", "{}, event {} ({}): ")[self._language]
        told = words.format(
            chain, body.get("sequence", body.get("id")), body.get("kind", "…")
        )
        place = (" (dòng {} của gói)", " (line {} of the bundle)")[self._language]
        return told + what + (place.format(line) if line else "")


class Check:
    """One run over one bundle. It keeps the end of each chain, and of the tree its right edge."""

    def __init__(
        self,
        say: Speaker,
        outside: list[tuple[str, Note]],
        memory: dict[str, Any],
        keys: list[str],
    ) -> None:
        self.say, self.outside, self.memory = say, outside, memory
        self.given = set(keys)
        self.trusted: set[str] = set()
        self.keys: dict[str, tuple[str, bytes]] = {}
        self.verifiers: list[str] = []
        self.notes: list[Note] = []
        self.remembered: list[Note] = []
        self.wanted: set[int] = set()
        self.submissions: dict[int, tuple[int, str]] = {}
        self.chains: dict[Any, tuple[int, str]] = {}
        self.names: dict[Any, str] = {}
        self.line = 0
        self.ended: set[Any] = set()
        self.edge: list[tuple[int, bytes]] = []
        self.leaves = self.events = self.covered = self.good = 0
        self.last_id: dict[str, int] = {}
        self.roots: dict[int, bytes] = {}
        self.faults: list[str] = []
        self.doubts: list[str] = []
        self.told: list[str] = []
        self.log, self.is_whole = "", False

    def run(self, lines: Any) -> int:
        """Read line after line, then say what came of it."""
        number, is_over = 0, False
        for number, text in enumerate(lines, 1):
            self.line = number
            try:
                line = json.loads(text)
                kind = line["type"]
                if is_over or (number == 1) != (kind == "bundle"):
                    self.torn(number)
                if kind == "event":
                    self.event(line)
                elif kind == "end":
                    is_over = line["lines"] == number
                    if not is_over:
                        raise Torn(self.say("lines", found=number, expected=line["lines"]))
                else:
                    getattr(self, "take_" + kind)(line)
            except Torn:
                raise
            except (AttributeError, KeyError, TypeError, ValueError, IndexError):
                self.torn(number)
        if not is_over:
            raise Torn(self.say("cut_off"))
        self.compare()
        return self.tell()

    def torn(self, number: int) -> NoReturn:
        raise Torn(self.say("torn", line=number))

    def fault(self, sentence: str, **values: object) -> None:
        self.faults.append(self.say(sentence, **values))

    def take_bundle(self, line: Any) -> None:
        if line["version"] != 1:
            self.torn(1)
        self.log, self.is_whole = line["log"] or "", line["scope"] == "all"
        known = self.memory.get(self.log, {})
        self.remembered = [read_note(text) for text in known.get("notes", ())]
        self.wanted = {note.size for _what, note in self.outside}
        self.wanted |= {note.size for note in self.remembered}

    def take_key(self, line: Any) -> None:
        """A key is known, or introduced by one that is known, or doubtful."""
        name, id_, shown = line["verifier"].split("+", 2)
        raw = base64.b64decode(shown, validate=True)
        if id_ != line["id"] or id_ != key_id(name, raw) or raw[:1] != b"\x01":
            return self.fault("key", id=line["id"])
        self.keys[id_] = name, raw[1:]
        self.verifiers.append(line["verifier"])
        before = self.keys.get(line["introduced_by"])
        is_introduced = False
        if before:
            words = name + "\nkey " + shown + "\n"
            signature = base64.b64decode(line["introduction"])
            if not ed25519(before[1], words.encode(), signature):
                return self.fault("introduction", id=id_)
            is_introduced = line["introduced_by"] in self.trusted
        known = self.memory.get(self.log, {}).get("keys")
        if line["verifier"] in self.given:
            self.trusted.add(id_)
            self.told.append(self.say("given_key", id=id_))
        elif is_introduced or line["verifier"] in (known or ()):
            self.trusted.add(id_)
        elif known is None and not self.trusted and not self.given:
            self.trusted.add(id_)
            self.told.append(self.say("first", verifier=line["verifier"]))
        else:
            self.doubts.append(self.say("new_key", id=id_, verifier=line["verifier"]))
        return None

    def take_checkpoint(self, line: Any) -> None:
        note = read_note(line["note"])
        key = self.keys.get(note.key)
        if (
            not key
            or key[0] != note.log
            or note.size != line["size"]
            or not ed25519(key[1], note.text.encode(), note.signature)
        ):
            self.fault("signature", size=line["size"])
        if not self.is_whole and self.notes:
            proof = [base64.b64decode(one) for one in line["consistency"]]
            old = self.notes[-1]
            if not is_consistent(old.size, note.size, old.root, note.root, proof):
                self.fault("consistency", size=note.size)
        self.notes.append(note)
        self.wanted.add(note.size)
        if not self.is_whole:
            self.roots[note.size] = note.root

    def take_submission(self, line: Any) -> None:
        self.submissions[line["id"]] = line["instance"], line["digest"]

    def event(self, line: Any) -> None:
        """One event: its body, its hash, its place, its chain."""
        text, place, id_ = line["body"], line["place"], line["id"]
        if text is None:
            body, leaf = {"business_key": "?", "sequence": "?", "kind": "?"}, b""
            self.blame(body, "missing")
        else:
            raw = text.encode()
            leaf = hashlib.sha256(b"\x00" + raw).digest()
            body = self.linked(text, raw, line)
        self.events += 1
        if place is None:
            if id_ <= self.last_id.get(line["source"], 0):
                self.blame(body, "slipped")
            return
        if self.is_whole:
            self.last_id[line["source"]] = max(id_, self.last_id.get(line["source"], 0))
            sealed = base64.b64decode(line["leaf"])
            if leaf and sealed != leaf:
                self.blame(body, "leaf", place=place)
            self.grow(body, place, leaf or sealed)
        elif self.notes and place < self.notes[-1].size:
            newest = self.notes[-1]
            proof = [base64.b64decode(one) for one in line["proof"]]
            if is_included(leaf, place, newest.size, proof, newest.root):
                self.covered += 1
            else:
                self.blame(body, "inclusion", size=newest.size)

    def linked(self, text: str, raw: bytes, line: Any) -> Any:
        """What the event says, once it was seen whether it follows the one before in its chain."""
        found = hashlib.sha256(raw).hexdigest()
        try:
            body = json.loads(text)
            if line["source"] == "records":  # each stands for itself
                if found != line["hash"]:
                    self.blame(body, "body")
                return body
            chain = body["instance"] if line["source"] == "history" else body["chain"]
            if line["source"] == "history":  # the instance says which nomination it is
                code = self.names.setdefault(chain, body["business_key"])
                body = dict(body, business_key=code)
            length, head = self.chains.get(chain, (0, GENESIS))
            problem = ""
            if found != line["hash"]:
                problem = "body"
            elif body["sequence"] != length + 1:
                problem = "sequence"
            elif body["previous"] != head:
                problem = "previous"
            told = body["details"].get("submission")
            if told is not None and self.submissions.get(told) != (
                chain,
                body["details"]["submission_digest"],
            ):
                self.blame(body, "submission", id=told)
        except (AttributeError, KeyError, TypeError, ValueError):
            body = {"business_key": "?", "sequence": "?", "kind": "?"}
            self.blame(body, "no_event")
            return body
        if problem:
            self.blame(body, problem, expected=length + 1)
        follows = body["previous"] == head  # a changed number is to accuse no other event
        self.chains[chain] = length + 1 if follows else body["sequence"], line["hash"]
        return body

    def blame(self, body: Any, what: str, **values: object) -> None:
        sentence = self.say.event(body, self.say(what, **values), self.line)
        if what == "body" and "at" in body:
            outcome = body.get("details", {}).get("outcome", "–")
            said = {"actor": body.get("actor"), "at": body["at"], "outcome": outcome}
            sentence += "\n" + self.say("now", **said)
        self.faults.append(sentence)

    def grow(self, body: Any, place: int, leaf: bytes) -> None:
        """Put a leaf on the right edge of the tree; keep the roots that are asked for."""
        if place != self.leaves:
            self.blame(body, "place", expected=self.leaves)
        edge, level = self.edge, 0
        while edge and edge[-1][0] == level:
            leaf = hashlib.sha256(b"\x01" + edge.pop()[1] + leaf).digest()
            level += 1
        edge.append((level, leaf))
        self.leaves += 1
        if self.leaves in self.wanted:
            found = edge[-1][1]
            for _level, left in edge[-2::-1]:
                found = hashlib.sha256(b"\x01" + left + found).digest()
            self.roots[self.leaves] = found

    def take_instance(self, line: Any) -> None:
        length, head = self.chains.get(line["id"], (0, GENESIS))
        self.ended.add(line["id"])
        if (length, head) != (line["events"], line["head"]):
            body = {"business_key": line["key"], "sequence": length, "kind": "…"}
            what = "head" if length == line["events"] else "end"
            self.blame(body, what, found=length, expected=line["events"])

    def compare(self) -> None:
        """The log against its checkpoints, then against what is known from outside."""
        start = 0
        for note in self.notes if self.is_whole else ():
            if note.size > self.leaves:
                self.fault("beyond", size=note.size, found=self.leaves)
            elif self.roots[note.size] != note.root:
                self.fault("root", size=note.size, start=start)
            else:
                start, self.covered = note.size, note.size
        for chain in self.chains.keys() - self.ended:
            if isinstance(chain, int):
                self.faults.append(
                    self.say.event(
                        {"business_key": chain}, self.say("end", found="?", expected=0)
                    )
                )
        for what, note in self.outside:
            if not self.compare_outside(what, note):
                self.doubts.append(self.say("cannot", what=what, size=note.size))
        what = self.say("remembered")
        compared = [self.compare_outside(what, note) for note in self.remembered]
        if compared and not any(compared):
            size = self.remembered[-1].size
            self.doubts.append(self.say("cannot", what=what, size=size))
        if not self.notes:
            self.doubts.append(self.say("none"))

    def compare_outside(self, what: str, note: Note) -> bool:
        """Compare with one checkpoint that came by another way; False where that cannot be done."""
        key = self.keys.get(note.key)
        size = self.leaves if self.is_whole else max([0, *(one.size for one in self.notes)])
        if note.log != self.log:
            self.fault("other_log", what=what, log=note.log)
        elif key and not ed25519(key[1], note.text.encode(), note.signature):
            self.fault("signature", size=note.size)
        elif note.size > size:
            self.fault("beyond", size=note.size, found=size)
        elif note.size not in self.roots:
            return False
        elif self.roots[note.size] != note.root or not key:
            self.fault("outside", what=what, size=note.size)
        else:
            self.told.append(self.say("compared", what=what, size=note.size))
        return True

    def tell(self) -> int:
        if self.faults:
            print(self.say("wrong", count=len(self.faults)))
            for one in self.faults[:SHOWN]:
                print("- " + one)
            if len(self.faults) > SHOWN:
                print(self.say("more", count=len(self.faults) - SHOWN))
            return CHANGED
        size = self.notes[-1].size if self.notes else 0
        print(
            self.say(
                "holds",
                events=self.events,
                chains=len(self.chains),
                covered=self.covered,
                size=size,
                checkpoints=len(self.notes),
            )
        )
        for one in self.told + self.doubts:
            print(one)
        return UNSURE if self.doubts else HOLDS


def read_note(text: str) -> Note:
    """A checkpoint as people mail it: log, size, root, time, an empty line, the signature."""
    lines = [line.strip() for line in text.strip().splitlines()]
    try:
        log, size, root, _at, empty, signed = lines
        dash, name, code = signed.split(" ")
        raw = base64.b64decode(code, validate=True)
        found = Note(
            log,
            int(size),
            base64.b64decode(root, validate=True),
            raw[:4].hex(),
            raw[4:],
            "\n".join(lines[:4]) + "\n",
        )
        if (
            empty
            or dash != "\N{EM DASH}"
            or name != log
            or len(raw) != 68
            or len(found.root) != 32
        ):
            raise ValueError
    except ValueError:
        message = "Không đọc được điểm kiểm tra / this is no checkpoint: " + repr(text[:40])
        raise Torn(message) from None
    return found


def written(note: Note) -> str:
    """A checkpoint as it was read."""
    signed = base64.b64encode(bytes.fromhex(note.key) + note.signature).decode()
    return note.text + "\n\N{EM DASH} " + note.log + " " + signed + "\n"


def recall(path: Path, say: Speaker) -> dict[str, Any]:
    """What was seen at the last checks: for each log the newest checkpoint and the keys."""
    if not path.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for log in found.values():
            log["notes"], log["keys"]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Torn(say("state", what=path)) from None
    return found


def remember(path: Path, memory: dict[str, Any], check: Check) -> None:
    """Keep the newest checkpoint and the keys that are trusted, for the next check."""
    if not check.notes or check.doubts:
        return
    notes = [written(note) for note in check.notes[-3:]]  # older ones stay in later bundles
    memory[check.log] = {"notes": notes, "keys": check.verifiers}
    fresh, is_first = path.with_name(path.name + ".new"), not path.exists()
    try:
        fresh.write_text(json.dumps(memory, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(path)
    except OSError:
        print(check.say("not_kept", what=path))
    else:
        if is_first:
            print(check.say("kept", what=path))


def is_verifier(text: str) -> bool:
    """Whether this is a public key on one line: the log's name, the key's id, the key."""
    try:
        name, id_, shown = text.split("+", 2)
        raw = base64.b64decode(shown, validate=True)
    except ValueError:
        return False
    return id_ == key_id(name, raw) and len(raw) == 33


def key_id(name: str, raw: bytes) -> str:
    """The eight hex digits by which checkpoints name a key."""
    return hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(
    leaf: bytes, place: int, size: int, proof: list[bytes], root: bytes
) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= place < size or any(len(one) != 32 for one in proof):
        return False
    at, last, found = place, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node(one, found)
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, one)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, size: int, before: bytes, after: bytes, proof: list[bytes]
) -> bool:
    """RFC 9162, 2.1.4.2."""
    if not 0 < old <= size or any(len(one) != 32 for one in proof):
        return False
    if old == size:
        return not proof and before == after
    path = proof if old & (old - 1) else [before, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            first, second = node(one, first), node(one, second)
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and (first, second) == (before, after)


# Ed25519 by RFC 8032, verification alone. Points are (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]  # noqa: UP006 - Python 3.8 evaluates this
ZERO: Point = (0, 1, 1, 0)


def ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is by this key (5.1.7): [S]B - [k]A is R."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, s = point(public_key), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(hashed, "little") % ORDER
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    both = add(BASE, minus_key)
    found = ZERO
    for bit in range(252, -1, -1):
        found = add(found, found)
        which = (s >> bit & 1) + 2 * (k >> bit & 1)
        if which:
            found = add(found, (BASE, minus_key, both)[which - 1])
    return encoded(found) == signature[:32]


def add(one: Point, other: Point) -> Point:
    """The sum of two points (5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> Point | None:
    """The point that these 32 bytes stand for (5.1.3), or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x % 2 != sign else x
    return x, y, 1, x * y % P


def encoded(one: Point) -> bytes:
    """The 32 bytes that stand for a point (5.1.2)."""
    inverse = pow(one[2], P - 2, P)
    x, y = one[0] * inverse % P, one[1] * inverse % P
    return (y | (x % 2) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, P - 2, P) % P
BASE: Point = point(_BASE_Y.to_bytes(32, "little")) or ZERO


if __name__ == "__main__":
    sys.exit(main())
