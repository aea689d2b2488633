package main

import (
	"bytes"
	"encoding/binary"
)

// What has come of a response and is not yet a whole frame of gRPC-Web.
type body []byte

// Counts the frames that part ends: messages, and fields with a status.
func (b *body) read(part []byte, seen *seen) {
	all := append(*b, part...)
	for len(all) >= 5 {
		size := 5 + int(binary.BigEndian.Uint32(all[1:]))
		if len(all) < size {
			break
		}
		if all[0]&0x80 == 0 {
			seen.messages.Add(1)
		} else if bytes.Contains(all[:size], []byte("grpc-status")) {
			seen.statuses.Add(1)
		}
		all = all[size:]
	}
	*b = append((*b)[:0], all...)
}
