package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"net"
	"strings"
)

// Opcodes of RFC 6455 section 5.2, with the bit of a last fragment.
const (
	binaryFrame = 0x82
	closeFrame  = 0x88
	pingFrame   = 0x89
	pongFrame   = 0x8a
)

// A frame of a client, with zeros for a mask, which leave the bytes as they are (RFC 6455 section 5.3).
func clientFrame(opcode byte, parts ...[]byte) []byte {
	frame := []byte{opcode, 0x80, 0, 0, 0, 0}
	for _, part := range parts {
		frame = append(frame, part...)
	}
	frame[1] |= byte(len(frame) - 6) // all are shorter than 126
	return frame
}

// Opens WebSockets of the grpc-websockets protocol, whose call is a stream both ways.
func (c *clients) openWebSockets(port, connections int) {
	c.streams += int64(connections)
	handshake := "GET /news.News/Talk HTTP/1.1\r\nhost: gateway.test\r\nupgrade: websocket\r\nconnection: Upgrade\r\n" +
		"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: grpc-websockets\r\n" +
		"origin: https://app.example\r\n\r\n"
	head := []byte("content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n")
	each(connections, func(number int) {
		conn := c.connect(port, number)
		io.WriteString(conn, handshake)
		in := bufio.NewReaderSize(conn, 512)
		if status := skipHead(in); !strings.HasPrefix(status, "HTTP/1.1 101") {
			log.Fatal("the handshake of a WebSocket: ", status)
		}
		conn.Write(append(clientFrame(binaryFrame, head), clientFrame(binaryFrame, []byte{0}, message)...))
		go c.readWebSocket(conn, in)
	})
}

// Reads the head of a response, and returns its first line.
func skipHead(in *bufio.Reader) string {
	first := ""
	for {
		line, err := in.ReadString('\n')
		if first == "" {
			first = line
		}
		if err != nil || line == "\r\n" {
			return first
		}
	}
}

func (c *clients) readWebSocket(conn net.Conn, in *bufio.Reader) {
	defer c.seen.ended.Add(1)
	var response body
	for {
		opcode, payload, err := readFrame(in)
		if err != nil || opcode == closeFrame {
			return
		}
		if opcode == pingFrame {
			conn.Write(clientFrame(pongFrame, payload))
			continue
		}
		response.read(payload, &c.seen)
	}
}

// No frame is longer than 64 KiB here.
func readFrame(in *bufio.Reader) (byte, []byte, error) {
	var head, long [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, err
	}
	size := int(head[1])
	if size == 126 {
		if _, err := io.ReadFull(in, long[:]); err != nil {
			return 0, nil, err
		}
		size = int(binary.BigEndian.Uint16(long[:]))
	}
	payload := make([]byte, size)
	_, err := io.ReadFull(in, payload)
	return head[0], payload, err
}

// Messages of each client on its WebSocket.
func (c *clients) sayOnAll(count int) int64 {
	frames := bytes.Repeat(clientFrame(binaryFrame, []byte{0}, message), count)
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, conn := range c.conns {
		conn.Write(frames)
	}
	return int64(len(c.conns) * count)
}
