"""HTTP/1.1 and HTTP/2 over raw sockets, for both ends: what is sent is sent as it stands, what arrives is written down as it came."""
import asyncio
import socket
import struct

import hpack
from hyperframe import frame as frames

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
CODES = ("NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM "
         "CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED").split()


def abort(writer):
    """Closes a connection with a TCP reset."""
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Message:
    """One request or response as it arrived: `end` is None until nothing more can come, then `clean` or how it broke off."""

    def __init__(self):
        self.info, self.head, self.body, self.trailers, self.end = [], None, bytearray(), None, None
        self.changed = asyncio.Event()

    def finish(self, how):
        if self.end is None:
            self.end = how
        self.changed.set()

    async def until(self, condition, limit):
        """Waits until the condition holds or the message has ended, at most `limit` seconds."""
        try:
            async with asyncio.timeout(limit):
                while not condition() and self.end is None:
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            pass


class Http2:
    """One end of an HTTP/2 connection; streams are Messages by number."""

    def __init__(self, reader, writer, server, opened=None):
        self.reader, self.writer, self.server, self.opened = reader, writer, server, opened
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder(max_header_list_size=1 << 20)
        self.streams, self.next, self.block = {}, 1, None
        self.ready = asyncio.Event()
        if not server:
            self.send(PREFACE)
        settings = frames.SettingsFrame(0)
        settings.settings = {4: 1 << 20} if server else {2: 0, 4: 1 << 20}
        self.send(settings.serialize())
        window = frames.WindowUpdateFrame(0)
        window.window_increment = 1 << 24
        self.send(window.serialize())

    def send(self, blob):
        if not self.writer.transport.is_closing():
            self.writer.write(blob)

    def headers(self, number, fields, end):
        frame = frames.HeadersFrame(number, self.encoder.encode([(n.encode("latin-1"), v.encode("latin-1")) for n, v in fields]))
        frame.flags.add("END_HEADERS")
        if end:
            frame.flags.add("END_STREAM")
        self.send(frame.serialize())

    def data(self, number, blob, end):
        """Bodies here are small: they fit the windows that both programs open with."""
        for at in range(0, max(len(blob), 1), 16384):
            frame = frames.DataFrame(number, bytes(blob[at:at + 16384]))
            if end and at + 16384 >= len(blob):
                frame.flags.add("END_STREAM")
            self.send(frame.serialize())

    def reset(self, number, code):
        frame = frames.RstStreamFrame(number)
        frame.error_code = CODES.index(code)
        self.send(frame.serialize())

    def request(self, fields, end):
        number, self.next = self.next, self.next + 2
        self.streams[number] = Message()
        self.headers(number, fields, end)
        return number, self.streams[number]

    async def run(self):
        how = "closed"
        try:
            if self.server:
                await self.reader.readexactly(len(PREFACE))
            while True:
                frame, size = frames.Frame.parse_frame_header(memoryview(await self.reader.readexactly(9)))
                frame.parse_body(memoryview(await self.reader.readexactly(size) if size else b""))
                self.take(frame, size)
        except asyncio.IncompleteReadError:
            pass
        except OSError:
            how = "aborted"
        for message in self.streams.values():
            message.finish(how)
        self.ready.set()

    def take(self, frame, size):
        number = frame.stream_id
        message = self.streams.get(number)
        if isinstance(frame, (frames.SettingsFrame, frames.PingFrame)) and "ACK" not in frame.flags:
            self.ready.set()
            answer = type(frame)(0, flags=["ACK"])
            if isinstance(frame, frames.PingFrame):
                answer.opaque_data = frame.opaque_data
            self.send(answer.serialize())
        elif isinstance(frame, frames.HeadersFrame):
            self.block = (number, bytearray(frame.data), "END_STREAM" in frame.flags)
        elif isinstance(frame, frames.ContinuationFrame):
            self.block[1].extend(frame.data)
        elif isinstance(frame, frames.DataFrame) and message:
            message.body += frame.data
            message.changed.set()
            for at in (0, number):
                if size:
                    window = frames.WindowUpdateFrame(at)
                    window.window_increment = size
                    self.send(window.serialize())
            if "END_STREAM" in frame.flags:
                message.finish("clean")
        elif isinstance(frame, frames.RstStreamFrame) and message:
            message.rst = CODES[frame.error_code]
            message.finish("reset " + message.rst)
        if isinstance(frame, (frames.HeadersFrame, frames.ContinuationFrame)) and "END_HEADERS" in frame.flags:
            self.take_head(*self.block)

    def take_head(self, number, block, end):
        fields = [(bytes(n).decode("latin-1"), bytes(v).decode("latin-1")) for n, v in self.decoder.decode(bytes(block), raw=True)]
        fresh = self.server and number not in self.streams
        message = self.streams.setdefault(number, Message())
        if not self.server and message.head is None and fields[0][1].startswith("1"):
            message.info.append(fields)
        elif message.head is None:
            message.head = fields
        else:
            message.trailers = fields
        message.changed.set()
        if end:
            message.finish("clean")
        if fresh:
            self.opened(self, number, message)


class Http1:
    """Reads HTTP/1.1 messages one after another from a connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def read(self, message, server, method=None):
        """Reads one message into `message`; False where none began."""
        try:
            while True:
                lines = (await self.reader.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1").split("\r\n")
                fields = [(n.lower(), v.strip(" \t")) for n, v in (line.split(":", 1) for line in lines[1:])]
                first = lines[0].split(" ", 2)
                if server:
                    message.head = [(":method", first[0]), (":path", first[1])] + fields
                elif first[1].startswith("1") and first[1] != "101":
                    message.info.append([(":status", first[1])] + fields)
                    continue
                else:
                    message.head = [(":status", first[1])] + fields
                break
            message.changed.set()
            plain = dict(fields)
            if "chunked" in plain.get("transfer-encoding", "") and method != "HEAD":
                await self.chunks(message)
            elif "content-length" in plain and method != "HEAD" and first[1] not in ("204", "304"):
                await self.some(message, int(plain["content-length"]))
            elif not server and method != "HEAD" and first[1] not in ("204", "304"):
                while blob := await self.reader.read(65536):
                    message.body += blob
            message.finish("clean")
            return True
        except asyncio.IncompleteReadError as error:
            message.finish("closed" if message.head or error.partial else "closed without a response")
        except OSError:
            message.finish("aborted")
        except (ValueError, IndexError, asyncio.LimitOverrunError) as error:
            message.finish(f"not HTTP: {type(error).__name__}")
        return False

    async def some(self, message, size):
        while size:
            blob = await self.reader.read(min(size, 65536))
            if not blob:
                raise asyncio.IncompleteReadError(b"x", size)
            message.body += blob
            message.changed.set()
            size -= len(blob)

    async def chunks(self, message):
        while True:
            size = int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16)
            if not size:
                break
            await self.some(message, size)
            await self.reader.readexactly(2)
        while (line := await self.reader.readuntil(b"\r\n")) != b"\r\n":
            name, value = line.decode("latin-1").strip("\r\n").split(":", 1)
            message.trailers = (message.trailers or []) + [(name.lower(), value.strip(" \t"))]
