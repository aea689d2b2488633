package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"log"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const window = 1 << 30

// A gRPC message of 16 bytes.
var message = append(binary.BigEndian.AppendUint32([]byte{0}, 16), make([]byte, 16)...)

type backend struct {
	listener net.Listener
	lock     sync.Mutex
	links    map[*link]bool

	opened atomic.Int64

	// Messages of clients; all have the length of ours, and a DATA frame has whole ones.
	heard atomic.Int64
}

// A connection of the gateway.
type link struct {
	net.Conn
	framer  *http2.Framer
	out     *bufio.Writer
	lock    sync.Mutex
	room    sync.Cond
	credit  int64
	streams map[uint32]bool
	gone    bool
}

func newBackend() *backend {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	made := &backend{listener: listener, links: map[*link]bool{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go made.serve(conn)
		}
	}()
	return made
}

func (b *backend) port() int {
	return b.listener.Addr().(*net.TCPAddr).Port
}

func (b *backend) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	if _, err := io.CopyN(io.Discard, in, int64(len(http2.ClientPreface))); err != nil {
		conn.Close()
		return
	}
	out := bufio.NewWriterSize(conn, 1<<16)
	one := &link{Conn: conn, framer: http2.NewFramer(out, in), out: out, credit: 65535, streams: map[uint32]bool{}}
	one.room.L = &one.lock
	b.lock.Lock()
	b.links[one] = true
	b.lock.Unlock()
	one.lock.Lock()
	one.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	one.framer.WriteWindowUpdate(0, window)
	out.Flush()
	one.lock.Unlock()
	one.read(in, b)
	one.lock.Lock()
	one.gone = true
	one.room.Broadcast()
	one.lock.Unlock()
	b.lock.Lock()
	delete(b.links, one)
	b.lock.Unlock()
	conn.Close()
}

func (l *link) read(in *bufio.Reader, b *backend) {
	head := responseHead()
	for {
		frame, err := l.framer.ReadFrame()
		if err != nil {
			return
		}
		l.lock.Lock()
		switch frame := frame.(type) {
		case *http2.HeadersFrame:
			b.opened.Add(1)
			l.streams[frame.StreamID] = true
			l.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: frame.StreamID, BlockFragment: head, EndHeaders: true})
		case *http2.DataFrame:
			b.heard.Add(int64(len(frame.Data()) / len(message)))
		case *http2.RSTStreamFrame:
			delete(l.streams, frame.StreamID)
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				l.framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				l.framer.WritePing(true, frame.Data)
			}
		case *http2.WindowUpdateFrame:
			if frame.StreamID == 0 {
				l.credit += int64(frame.Increment)
				l.room.Broadcast()
			}
		}
		if in.Buffered() == 0 {
			l.out.Flush()
		}
		l.lock.Unlock()
	}
}

// The same for each stream: nothing in it is put into the table of the connection.
func responseHead() []byte {
	var block writer
	encoder := hpack.NewEncoder(&block)
	encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200", Sensitive: true})
	encoder.WriteField(hpack.HeaderField{Name: "content-type", Value: "application/grpc", Sensitive: true})
	return block
}

type writer []byte

func (w *writer) Write(part []byte) (int, error) {
	*w = append(*w, part...)
	return len(part), nil
}

// Returns how many were sent.
func (b *backend) sendToAll(count int) int64 {
	b.lock.Lock()
	links := make([]*link, 0, len(b.links))
	for one := range b.links {
		links = append(links, one)
	}
	b.lock.Unlock()
	var sent int64
	for _, one := range links {
		sent += one.send(count)
	}
	return sent
}

func (l *link) send(count int) int64 {
	l.lock.Lock()
	defer l.lock.Unlock()
	ids := make([]uint32, 0, len(l.streams))
	for id := range l.streams {
		ids = append(ids, id)
	}
	for _, id := range ids {
		for range count {
			for l.credit < int64(len(message)) && !l.gone {
				l.out.Flush()
				l.room.Wait()
			}
			l.credit -= int64(len(message))
			l.framer.WriteData(id, false, message)
		}
	}
	l.out.Flush()
	return int64(len(ids) * count)
}
