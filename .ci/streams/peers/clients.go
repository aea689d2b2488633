package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httputil"
	"strings"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// So many connections of HTTP/1.1 have one source address.
const perAddress = 5000

// At once while they connect.
const connecting = 64

// An empty gRPC-Web message.
var request = make([]byte, 5)

type clients struct {
	seen    seen
	streams int64
	lock    sync.Mutex
	conns   []net.Conn
}

func (c *clients) connect(port, number int) net.Conn {
	source := net.IPv4(127, 0, 1, byte(number/perAddress+1))
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: source}}
	conn, err := dialer.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		log.Fatal(err)
	}
	c.lock.Lock()
	c.conns = append(c.conns, conn)
	c.lock.Unlock()
	return conn
}

// Does it for each connection, some at once.
func each(count int, open func(int)) {
	var group sync.WaitGroup
	places := make(chan bool, connecting)
	for i := range count {
		places <- true
		group.Go(func() {
			open(i)
			<-places
		})
	}
	group.Wait()
}

func (c *clients) openHTTP2(port, connections, streams int) {
	c.streams += int64(connections) * int64(streams)
	each(connections, func(number int) {
		conn := c.connect(port, number)
		out := bufio.NewWriter(conn)
		framer := http2.NewFramer(out, bufio.NewReader(conn))
		out.WriteString(http2.ClientPreface)
		framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
		framer.WriteWindowUpdate(0, window)
		var block writer
		encoder := hpack.NewEncoder(&block)
		for i := range streams {
			block = block[:0]
			for _, field := range [][2]string{{":method", "POST"}, {":scheme", "http"}, {":path", "/news.News/Watch"},
				{":authority", "gateway.test"}, {"content-type", "application/grpc-web+proto"}, {"x-grpc-web", "1"}} {
				encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
			}
			id := uint32(2*i + 1)
			framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block, EndHeaders: true})
			framer.WriteData(id, true, request)
		}
		out.Flush()
		go c.readHTTP2(framer, out)
	})
}

func (c *clients) readHTTP2(framer *http2.Framer, out *bufio.Writer) {
	answered := map[uint32]bool{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.HeadersFrame:
			if !answered[frame.StreamID] {
				answered[frame.StreamID] = true
				c.seen.heads.Add(1)
			}
			if frame.StreamEnded() {
				c.seen.ended.Add(1)
			}
		case *http2.DataFrame:
			// A DATA frame has whole frames of gRPC-Web, since these are small.
			new(body).read(frame.Data(), &c.seen)
			if frame.StreamEnded() {
				c.seen.ended.Add(1)
			}
		case *http2.RSTStreamFrame:
			c.seen.ended.Add(1)
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				framer.WriteSettingsAck()
				out.Flush()
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				framer.WritePing(true, frame.Data)
				out.Flush()
			}
		}
	}
}

func (c *clients) openHTTP1(port, connections int) {
	c.streams += int64(connections)
	head := "POST /news.News/Watch HTTP/1.1\r\nhost: gateway.test\r\ncontent-type: application/grpc-web+proto\r\n" +
		"x-grpc-web: 1\r\ncontent-length: 5\r\n\r\n" + string(request)
	each(connections, func(number int) {
		conn := c.connect(port, number)
		io.WriteString(conn, head)
		go c.readHTTP1(conn)
	})
}

func (c *clients) readHTTP1(conn net.Conn) {
	defer c.seen.ended.Add(1)
	in := bufio.NewReaderSize(conn, 512)
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = in.ReadString('\n'); err != nil {
			return
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.HasPrefix(line, "HTTP/1.1 200") {
			log.Print(line)
		}
	}
	c.seen.heads.Add(1)
	chunks := httputil.NewChunkedReader(in)
	part := make([]byte, 128)
	var response body
	for {
		count, err := chunks.Read(part)
		response.read(part[:count], &c.seen)
		if err != nil {
			return
		}
	}
}

func (c *clients) closeAll() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
	c.streams = 0
	c.seen.heads.Store(0)
	c.seen.messages.Store(0)
	c.seen.ended.Store(0)
	c.seen.statuses.Store(0)
}
