"""PDFs made to hang or to fill whoever reads them, each small itself."""

import random
import zlib

_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
_CATALOG = b"<< /Type /Catalog /Pages 2 0 R %s >>"
_MEGABYTE = 1 << 20
_NOISE = random.Random(8).randbytes(16_000)
_PADDING = _NOISE + b" " * (_MEGABYTE - len(_NOISE))


def _again(piece: bytes, times: int) -> bytes:
    """The same so many times, as a part of a deflated stream that others may follow."""
    packer = zlib.compressobj(9, wbits=-15)
    return (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)) * times


def packed(megabytes: int) -> bytes:
    """Whose pages lie in a stream of objects that unpacks to so many megabytes.

    It becomes sixty times as large. pyHanko itself refuses a hundred times, and 64 MB.
    """
    objects = [_CATALOG % b"", _PAGES, _PAGE]
    places, head = 0, []
    for number, one in enumerate(objects, start=1):
        head.append(b"%d %d" % (number, places))
        places += len(one) + 1
    index = b" ".join(head) + b"\n"
    words = index + b"\n".join(objects) + b"\n"
    packer = zlib.compressobj(9, wbits=-15)
    inner = packer.compress(words) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, wbits=-15).flush()
    adler = zlib.adler32(words)
    for _ in range(megabytes):
        adler = zlib.adler32(_PADDING, adler)
    whole = (
        b"\x78\xda" + inner + _again(_PADDING, megabytes) + end + adler.to_bytes(4, "big")
    )
    kind = b"/Type /ObjStm /N 3 /First %d /Filter /FlateDecode" % len(index)
    return _with_index([(4, kind, whole)], [(2, 4, 0), (2, 4, 1), (2, 4, 2)])


def packed_index(megabytes: int) -> bytes:
    """Whose index of objects unpacks to so many megabytes."""
    whole = (
        b"\x78\xda"
        + _again(bytes(_MEGABYTE), megabytes)
        + zlib.compressobj(9, wbits=-15).flush()
    )
    return _file([_CATALOG % b"", _PAGES, _PAGE], index=whole)


def rows(megabytes: int) -> bytes:
    """Whose index is written in rows of one byte that are each to be reckoned."""
    whole = zlib.compress(b"\x02\x00" * (megabytes * _MEGABYTE // 2))
    extra = b"/DecodeParms << /Predictor 12 /Columns 1 >>"
    return _file([_CATALOG % b"", _PAGES, _PAGE], index=whole, extra=extra)


def deep(levels: int) -> bytes:
    """Whose form's fields lie in so many lists within lists."""
    form = b"/AcroForm << /Fields " + b"[" * levels + b"]" * levels + b" >>"
    return plain([_CATALOG % form, _PAGES, _PAGE])


def circle() -> bytes:
    """Whose form's fields are their own children."""
    form = b"/AcroForm << /Fields [4 0 R] >>"
    field = b"<< /T (a) /Kids [4 0 R] /Parent 4 0 R >>"
    return plain([_CATALOG % form, _PAGES, _PAGE, field])


def long_index() -> bytes:
    """Whose index says that it has four thousand million lines."""
    return plain([_CATALOG % b"", _PAGES, _PAGE], lines=4_294_967_295)


def long_stream() -> bytes:
    """One of whose streams says that it is larger than any disk."""
    form = b"/AcroForm 4 0 R"
    stream = b"<< /Length 99999999999999 >>\nstream\nx\nendstream"
    return plain([_CATALOG % form, _PAGES, _PAGE, stream])


def plain(objects: list[bytes], *, lines: int = 0) -> bytes:
    """A file with these objects and an index as text."""
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    count = lines or len(objects) + 1
    index = b"xref\n0 %d\n0000000000 65535 f \n" % count
    index += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + index + end % (count, len(body))


def _file(objects: list[bytes], *, index: bytes, extra: bytes = b"") -> bytes:
    """A file whose index is this packed stream."""
    body = b"%PDF-1.7\n"
    for number, one in enumerate(objects, start=1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    return body + _index_object(len(objects) + 1, 2**31 - 1, index, len(body), extra)


def _with_index(
    streams: list[tuple[int, bytes, bytes]], entries: list[tuple[int, int, int]]
) -> bytes:
    """A file with these streams, and an index that says so: type, place or stream, number in it."""
    body, lines = b"%PDF-1.7\n", [(0, 0, 65535), *entries]
    for number, kind, content in streams:
        lines.append((1, len(body), 0))
        body += b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, kind, len(content))
        body += content + b"\nendstream\nendobj\n"
    lines.append((1, len(body), 0))
    index = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + rest.to_bytes(2, "big")
        for kind, place, rest in lines
    )
    return body + _index_object(len(lines) - 1, len(lines), zlib.compress(index), len(body))


def _index_object(
    number: int, size: int, content: bytes, place: int, extra: bytes = b""
) -> bytes:
    head = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Filter /FlateDecode %s" % (
        size,
        extra,
    )
    return (
        b"%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (
            number,
            head,
            len(content),
            content,
        )
        + b"startxref\n%d\n%%%%EOF\n" % place
    )
