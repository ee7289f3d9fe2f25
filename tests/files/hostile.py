"""Files that mean harm, made from a seed. None may come in: each is (name, content, kinds that the form asks for)."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

EVERYTHING = ("pdf", "image", "ofd", "xml", "xlsx", "csv", "docx")
PAPERS = ("pdf", "image", "ofd", "xml")
Hostile = tuple[str, bytes, tuple[str, ...]]
MEGABYTE = 1 << 20
END = b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def hostile(seed: int) -> Iterator[Hostile]:
    """One after the other, so that only one is in memory."""
    chance = random.Random(seed)
    yield from _disguised(chance)
    yield from _pdfs()
    yield from _packages()
    yield from _xml()
    yield from _pictures(chance)
    yield from _texts(chance)
    yield from _names()
    yield from _sizes()


def pdf(*parts: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + b"".join(parts) + END


def stream(body: bytes, more: bytes = b"", *, number: int = 9, filters: bytes = b"/FlateDecode") -> bytes:
    head = b"%d 0 obj<</Length %d/Filter %s%s>>stream\n" % (number, len(body), filters, more)
    return head + body + b"\nendstream endobj\n"


def objects(text: bytes, **around: bytes) -> bytes:
    """An object stream: objects packed away from plain sight."""
    return stream(zlib.compress(b"5 0 " + text), b"/Type/ObjStm/N 1/First 4", **around)


def package(parts: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        made.comment = comment
    return out.getvalue()


OFD = {"OFD.xml": b"<?xml version='1.0'?><OFD/>", "Doc_0/Document.xml": b"<Document/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
SHELLS = (("发票.ofd", OFD), ("名单.xlsx", XLSX), ("合同.docx", DOCX))


def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed; made piece by piece."""
    packing, piece = zlib.compressobj(9), bytes(MEGABYTE)
    return b"".join(packing.compress(piece) for _ in range(megabytes)) + packing.flush()


LAUGHS = (
    b"<!DOCTYPE a [<!ENTITY b 'ha'>"
    + b"".join(
        b"<!ENTITY c%d '&%s;&%s;'>" % (n, b"c%d" % (n - 1) if n else b"b", b"c%d" % (n - 1) if n else b"b")
        for n in range(30)
    )
    + b"]><a>&c29;</a>"
)
XXE = b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"


def _disguised(chance: random.Random) -> Iterator[Hostile]:
    """Of another kind than the name says, or of none that is taken."""
    bodies = {
        "exe": b"MZ" + chance.randbytes(300),
        "elf": b"\x7fELF" + chance.randbytes(300),
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "sh": b"#!/bin/sh\nrm -rf /\n",
        "rar": b"Rar!\x1a\x07\x00" + chance.randbytes(99),
        "7z": b"7z\xbc\xaf\x27\x1c" + chance.randbytes(99),
        "gz": b"\x1f\x8b\x08" + chance.randbytes(99),
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(600),
        "gif": b"GIF89a" + chance.randbytes(60),
        "bmp": b"BM" + chance.randbytes(60),
        "rtf": b"{\\rtf1 {\\object\\objemb }}",
        "mht": b"From: <Saved>\0MIME-Version: 1.0\n",
        "jar": package({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}),
        "apk": package({"AndroidManifest.xml": b"x", "classes.dex": b"dex"}),
        "two-kinds": package(OFD | XLSX),
        "ps": b"%!PS-Adobe-3.0\n",
        "late-pdf": b"\n" * 30 + pdf(),
    }
    for kind, body in bodies.items():
        yield f"{kind}.pdf", body, PAPERS
    for name in ("合同.pdf.exe", "合同.html", "合同.ofd", "合同.png", "合同"):
        yield name, pdf(), PAPERS
    yield "表.pdf", package(XLSX), PAPERS


def _pdfs() -> Iterator[Hostile]:
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    actions = {
        "plain": b"4 0 obj" + script + b"endobj\n",
        "hex-name": b"4 0 obj<</S/J#61va#53cript/JS(x)>>endobj\n",
        "all-hex": b"4 0 obj<</S/#4a#61#76#61#53#63#72#69#70#74/JS(x)>>endobj\n",
        "packed": objects(script),
        "packed-hex-type": stream(zlib.compress(b"5 0 " + script), b"/Type/Obj#53tm/N 1/First 4"),
        "packed-hex-name": objects(b"<</S/J#61vaScript/JS(x)>>"),
        "packed-late": objects(b" " * (3 * MEGABYTE) + script),
        "packed-on-the-seam": objects(b" " * (MEGABYTE - 9) + script),
        "packed-twice": stream(
            zlib.compress(zlib.compress(script)), b"/Type/ObjStm/N 1/First 4", filters=b"[/FlateDecode/FlateDecode]"
        ),
        "packed-ascii": stream(script.hex().encode() + b">", b"/Type/ObjStm/N 1/First 4", filters=b"/ASCIIHexDecode"),
        "packed-lzw": stream(b"\x80\x0b\x60\x50", b"/Type/ObjStm/N 1/First 4", filters=b"/LZWDecode"),
        "packed-predicted": objects(script, filters=b"/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>"),
        "packed-damaged": stream(zlib.compress(script)[:-9], b"/Type/ObjStm/N 1/First 4"),
        "packed-without-type": stream(zlib.compress(script), b"/N 1/First 4"),
        "launch": b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj\n",
        "launch-packed": objects(b"<</S/Launch/F(cmd.exe)>>"),
        "attached": b"4 0 obj<</Type/Filespec/EF<</F 6 0 R>>>>endobj\n5 0 obj<</Type/EmbeddedFile>>endobj\n",
        "attached-packed": objects(b"<</Names<</EmbeddedFiles 9 0 R>>>>"),
        "rich-media": b"4 0 obj<</Subtype/RichMedia>>endobj\n",
        "rendition": b"4 0 obj<</S/Rendition/JS(x)>>endobj\n",
        "submit": b"4 0 obj<</S/SubmitForm/F(https://example.org)>>endobj\n",
        "import": b"4 0 obj<</S/ImportData/F(x)>>endobj\n",
        "xfa": b"4 0 obj<</AcroForm<</XFA [(x) 5 0 R]>>>>endobj\n",
        "xfa-packed": objects(b"<</XFA (x)>>"),
        "go-to-attached": b"4 0 obj<</S/GoToE/T<<>>>>endobj\n",
        "encrypted": b"4 0 obj<<>>endobj\ntrailer<</Encrypt 7 0 R>>\n",
        "encrypted-direct": b"trailer<</Encrypt<</Filter/Standard>>>>\n",
        "bomb": stream(zeros(400)),
        "bombs": stream(zeros(60)) * 5,
        "objects-bomb": stream(zeros(400), b"/Type/ObjStm/N 1/First 4"),
        "many-streams": b"9 0 obj<</Filter/FlateDecode>>stream\n" * 100_000,
    }
    for name, body in actions.items():
        yield f"{name}.pdf", pdf(body), PAPERS
    yield "zip-behind.pdf", pdf() + package({"a.exe": b"MZ"}), PAPERS
    yield "zip-inside.pdf", pdf(package({"a.exe": b"MZ"})), PAPERS
    yield "cut.pdf", pdf()[:60], PAPERS
    yield "head-only.pdf", b"%PDF-1.7\n", PAPERS


def _packages() -> Iterator[Hostile]:
    for name, shell in SHELLS:
        ways = {
            "up": shell | {"../../etc/cron.d/x": b"x"},
            "root": shell | {"/etc/passwd": b"x"},
            "drive": shell | {"C:/windows/x.dll": b"x"},
            "back": shell | {"..\\..\\x": b"x"},
            "bidi": shell | {"a\u202efdp.exe": b"x"},
            "nested": shell | {"media/a.bin": package({"b": b"x" * 99})},
            "nested-rar": shell | {"media/a.png": b"Rar!\x1a\x07\x00xx"},
            "program": shell | {"media/a.png": b"MZ\x90\x00"},
            "script": shell | {"a.js": b"alert(1)"},
            "ole": shell | {"xl/embeddings/oleObject1.bin": b"x"},
            "macro": shell | {"xl/vbaProject.bin": b"x"},
            "macro-type": shell
            | {
                "[Content_Types].xml": b"<Types><Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>"
            },
            "xxe": shell | {"part.xml": XXE},
            "laughs": shell | {"part.xml": LAUGHS},
            "laughs-utf16": shell | {"part.xml": LAUGHS.decode().encode("utf-16")},
            "ratio": shell | {"part.xml": bytes(30 * MEGABYTE)},
            "many": shell | {f"p{number}": b"" for number in range(3_000)},
            "case": shell | {next(iter(shell)).upper(): b"x"},
        }
        for way, parts in ways.items():
            yield f"{way}-{name}", package(parts), EVERYTHING
        whole = package(shell | {"filling": random.Random(1).randbytes(5_000)})
        yield f"cut-{name}", whole[: len(whole) // 2], EVERYTHING
        yield f"behind-{name}", whole + pdf(), EVERYTHING
        yield f"locked-{name}", _locked(whole), EVERYTHING
        yield f"overlap-{name}", _overlapping(shell), EVERYTHING
        yield f"link-{name}", _linked(shell), EVERYTHING
    bomb = package(OFD | {"part.xml": bytes(230 * MEGABYTE)})
    yield "bomb.ofd", bomb, EVERYTHING
    yield "lies.ofd", _lying(bomb), EVERYTHING


def _locked(whole: bytes) -> bytes:
    """The flag of encryption set in every directory entry."""
    return whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def _lying(whole: bytes) -> bytes:
    """The directory says one byte of what unpacks to 230 MB."""
    return whole.replace(struct.pack("<I", 230 * MEGABYTE), struct.pack("<I", 1))


def _overlapping(shell: dict[str, bytes]) -> bytes:
    """Many names for the same packed bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in shell.items():
            made.writestr(name, content)
        made.writestr("base", bytes(20 * MEGABYTE))
        first = made.getinfo("base")
        for number in range(40):
            copy = zipfile.ZipInfo(f"copy{number}")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(copy, field, getattr(first, field))
            made.filelist.append(copy)
            made.NameToInfo[copy.filename] = copy
    return out.getvalue()


def _linked(shell: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in shell.items():
            made.writestr(name, content)
        link = zipfile.ZipInfo("passwd")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return out.getvalue()


def _xml() -> Iterator[Hostile]:
    head = b"<?xml version='1.0'?>"
    bodies = {
        "xxe": head + XXE,
        "laughs": head + LAUGHS,
        "utf16": (head + XXE).decode().encode("utf-16"),
        "parameter": head + b"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><a/>",
        "public": head + b"<!DOCTYPE a PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'http://127.0.0.1/x.dtd'><a/>",
        "utf7": b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE a+AD4<a/>",
        "ebcdic": b"<?xml version='1.0' encoding='cp037'?><a/>",
        "xhtml": head + b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
        "svg": head + b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "svg-inside": head + b"<a><svg xmlns='http://www.w3.org/2000/svg' onload='x'/></a>",
        "styled": head + b"<?xml-stylesheet href='x.xsl' type='text/xsl'?><a/>",
        "deep": head + b"<a>" * 20_000 + b"</a>" * 20_000,
        "open": head + b"<a><b></a>",
        "cut": head + b"<a>",
        "long-name": head + b"<" + b"a" * (11 * MEGABYTE // 10) * 2 + b"/>",
    }
    for name, body in bodies.items():
        yield f"{name}.xml", body, PAPERS


def _pictures(chance: random.Random) -> Iterator[Hostile]:
    clean = {}
    for kind in ("PNG", "JPEG"):
        out = io.BytesIO()
        Image.effect_noise((200, 160), 60).convert("RGB").save(out, kind)
        clean[kind] = out.getvalue()
    for kind, suffix in (("PNG", "png"), ("JPEG", "jpg")):
        whole = clean[kind]
        yield f"cut.{suffix}", whole[: len(whole) // 2], PAPERS
        yield f"head.{suffix}", whole[:16], PAPERS
        yield f"zip-behind.{suffix}", whole + package({"a.exe": b"MZ"}), PAPERS
        yield f"page-behind.{suffix}", whole + b"<html><script>alert(1)</script>", PAPERS
        yield f"php-behind.{suffix}", whole + b"<?php system($_GET[0]);", PAPERS
        yield f"pdf-behind.{suffix}", whole + pdf(), PAPERS
    yield (
        "script-comment.jpg",
        clean["JPEG"][:2] + b"\xff\xfe\x00\x1b<script>alert(12)</script>"[:29] + clean["JPEG"][2:],
        PAPERS,
    )
    yield "huge.png", _png(60_000, 60_000), PAPERS
    yield "wide.png", _png(1_000_000, 1), PAPERS
    yield "square.png", _png(9_000, 9_000), PAPERS
    yield "no-data.png", _png(100, 100, data=False), PAPERS
    yield "text-bomb.png", _png(8, 8, text=zeros(80)), PAPERS
    yield "noise.jpg", b"\xff\xd8\xff\xe0" + chance.randbytes(3_000), PAPERS
    yield "huge.jpg", _jpeg_of_size(clean["JPEG"], 65_000, 65_000), PAPERS


def _png(width: int, height: int, *, data: bool = True, text: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    more = chunk(b"zTXt", b"a\0\0" + text) if text else b""
    body = chunk(b"IDAT", zlib.compress(bytes(min(width * height, MEGABYTE)))) if data else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + body + chunk(b"IEND", b"")


def _jpeg_of_size(whole: bytes, width: int, height: int) -> bytes:
    place = whole.index(b"\xff\xc0") + 5
    return whole[:place] + struct.pack(">HH", height, width) + whole[place + 4 :]


def _texts(chance: random.Random) -> Iterator[Hostile]:
    bodies = {
        "zero": b"a,b\0c",
        "late-zero": b"a,b\n" * 5_000 + b"\0",
        "escape": b"a,b\n\x1b]0;x\x07",
        "backspace": b"=1\x08\x08",
        "noise": chance.randbytes(4_000),
        "page": b"  <html>",
        "utf16": "a,b".encode("utf-16"),
        "script": b"#!/usr/bin/env python\n",
        "blank": b"   \n\n",
    }
    for name, body in bodies.items():
        yield f"{name}.csv", body, ("csv",)


def _names() -> Iterator[Hostile]:
    for name in (
        "合同\u202efdp.exe",
        "合同\u202egnp.pdf",
        "a\nb.pdf",
        "a\x00b.pdf",
        "a\x1b[2J.pdf",
        "\u2066合同\u2069.pdf",
        "合同\r.pdf",
    ):
        yield name, pdf(), PAPERS


def _sizes() -> Iterator[Hostile]:
    yield "leer.pdf", b"", PAPERS
    yield "21MB.pdf", pdf() + bytes(21 * MEGABYTE), PAPERS
    yield "21MB.ofd", package(OFD | {"filling": random.Random(2).randbytes(21 * MEGABYTE)}), PAPERS
    yield "11MB.png", _png(8, 8) + bytes(11 * MEGABYTE), PAPERS
    yield "3MB.xml", b"<?xml version='1.0'?><a>" + b" " * 3 * MEGABYTE + b"</a>", PAPERS
    yield "6MB.csv", b"a,b\n" * 1_600_000, ("csv",)
