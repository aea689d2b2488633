"""The two ends of a call: a client that sends what a case says, and a backend that records what arrives and answers as told."""
import asyncio

from wire import Http1, Http2, Message, abort


class Backend:
    """One port of one case: the first request gets the first answer of the case, and so on; the last one repeats."""

    def __init__(self, name, kind, case_requests, answers):
        self.name, self.kind, self.requests, self.answers = name, kind, case_requests, answers
        self.tasks, self.writers = set(), []

    async def start(self):
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", 0, limit=1 << 20)
        return self.server.sockets[0].getsockname()[1]

    def stop(self):
        self.server.close()
        for task in list(self.tasks):
            task.cancel()
        for writer in self.writers:
            abort(writer)

    async def connected(self, reader, writer):
        self.writers.append(writer)
        if self.kind == "h2":
            await Http2(reader, writer, True, self.opened).run()
            writer.close()
            return
        connection = Http1(reader, writer)
        while True:
            message = Message()
            reading = asyncio.ensure_future(connection.read(message, True))
            await message.until(lambda: message.head, 30)
            if message.head is None:
                break
            self.requests.append((self.name, message))
            await self.play(Answer1(writer, message, connection), message)
            if not await reading or writer.transport.is_closing():
                break
        writer.close()

    def opened(self, connection, number, message):
        self.requests.append((self.name, message))
        task = asyncio.ensure_future(self.play(Answer2(connection, number), message))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def play(self, answer, message):
        steps = self.answers[min(len(self.requests), len(self.answers)) - 1]
        for step in steps:
            (verb, value), = step.items()
            if verb == "wait":
                await message.until(lambda: value != "end" and len(message.body) >= value, 10)
            elif verb == "sleep":
                await asyncio.sleep(value)
            else:
                getattr(answer, verb)(value)
        if steps and "trailers" not in steps[-1] and "rst" not in steps[-1]:
            answer.over()


class Answer2:
    def __init__(self, connection, number):
        self.connection, self.number = connection, number

    def info(self, fields):
        self.connection.headers(self.number, fields, False)

    def head(self, fields):
        self.connection.headers(self.number, fields, False)

    def only(self, fields):
        self.connection.headers(self.number, fields, True)

    def data(self, text):
        self.connection.data(self.number, bytes.fromhex(text), False)

    def last(self, text):
        self.connection.data(self.number, bytes.fromhex(text), True)

    def trailers(self, fields):
        self.connection.headers(self.number, fields, True)

    def rst(self, code):
        if code == "close":
            self.connection.writer.close()
        else:
            self.connection.reset(self.number, code)

    def over(self):
        pass


class Answer1:
    """The same steps over HTTP/1.1: chunked unless the head gives a length."""

    def __init__(self, writer, message, connection):
        self.writer, self.chunked = writer, True

    def write(self, first, fields):
        lines = [first] + [f"{n}: {v}" for n, v in fields if not n.startswith(":")]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def info(self, fields):
        self.write(f"HTTP/1.1 {dict(fields)[':status']} Info", fields)

    def head(self, fields):
        plain = dict(fields)
        self.chunked = "content-length" not in plain and plain[":status"] not in ("204", "304")
        self.write(f"HTTP/1.1 {plain[':status']} Reason", fields + ([["transfer-encoding", "chunked"]] if self.chunked else []))

    def only(self, fields):
        self.chunked = False
        status = dict(fields)[":status"]
        self.write(f"HTTP/1.1 {status} Reason", fields + ([["content-length", "0"]] if status not in ("204", "304") else []))

    def data(self, text):
        blob = bytes.fromhex(text)
        if blob:
            self.writer.write(b"%x\r\n%s\r\n" % (len(blob), blob) if self.chunked else blob)

    def last(self, text):
        self.data(text)
        self.trailers([])

    def trailers(self, fields):
        if self.chunked:
            self.write("0", fields)
        self.chunked = False

    def rst(self, code):
        abort(self.writer)

    def over(self):
        if self.chunked:
            self.trailers([])


class Client:
    """One connection of a case."""

    def __init__(self, version, port):
        self.version, self.port = version, port
        self.connection = None

    async def open(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        self.writer = writer
        if self.version == "h2":
            self.connection = Http2(reader, writer, False)
            self.task = asyncio.ensure_future(self.connection.run())
            await asyncio.wait_for(self.connection.ready.wait(), 5)
        else:
            self.connection = Http1(reader, writer)

    def close(self):
        if self.connection:
            self.writer.close()

    async def call(self, call, limit):
        """Sends one call and returns its response."""
        if self.connection is None or self.writer.transport.is_closing() or self.writer.transport.get_extra_info("peername") is None:
            await self.open()
        pieces = [bytes.fromhex(piece) for piece in call["body"]]
        message = await (self.call2 if self.version == "h2" else self.call1)(call, pieces, limit)
        if message.end is None:
            message.end = "nothing more"
        if message.end != "clean" and self.version == "h1" or message.end == "closed" \
                or dict(message.head or []).get("connection") == "close":
            self.close()
            self.connection = None
        return message

    async def call2(self, call, pieces, limit):
        fields = [[":method", call["method"]], [":scheme", "http"], [":path", call["path"]], [":authority", call["host"]]]
        bare = not pieces and "trailers" not in call
        number, message = self.connection.request(fields + call["headers"], bare)
        for i, piece in enumerate(pieces):
            self.connection.data(number, piece, i == len(pieces) - 1 and "trailers" not in call)
            if i < len(pieces) - 1:
                await asyncio.sleep(0.01)
        if "trailers" in call:
            self.connection.headers(number, call["trailers"], True)
        if "cancel" in call:
            await asyncio.sleep(0.1)
            self.connection.reset(number, call["cancel"])
            message.finish("cancelled")
        await message.until(lambda: False, limit)
        return message

    async def call1(self, call, pieces, limit):
        lines = [f"{call['method']} {call['path']} HTTP/1.1", f"host: {call['host']}"] + [f"{n}: {v}" for n, v in call["headers"]]
        chunked = call.get("chunked") or len(pieces) > 1
        if chunked:
            lines.append("transfer-encoding: chunked")
        elif pieces or call["method"] == "POST":
            lines.append(f"content-length: {sum(map(len, pieces))}")
        message = Message()
        blob = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if not chunked:
            self.writer.write(blob + b"".join(pieces))
        reading = asyncio.ensure_future(self.connection.read(message, False, call["method"]))
        if chunked:
            self.writer.write(blob)
            for piece in pieces:
                await asyncio.sleep(0.01)
                if piece:
                    self.writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            trailers = "".join(f"{n}: {v}\r\n" for n, v in call.get("trailers", []))
            self.writer.write(b"0\r\n" + trailers.encode("latin-1") + b"\r\n")
        if "cancel" in call:
            await asyncio.sleep(0.1)
            message.finish("cancelled")
        await message.until(lambda: False, limit)
        if not reading.done():
            reading.cancel()
        return message
