// Both ends of many open streams: a backend that answers each call with a stream that stays open, and clients that open them
// through what is between. Commands come on standard input, one a line, and each is answered by one line.
//
//	backend                        -> its port
//	http2 PORT CONNECTIONS STREAMS -> opens them; how many streams have their header
//	http1 PORT CONNECTIONS         -> the same, a call each, from several source addresses
//	websocket PORT CONNECTIONS     -> a WebSocket each, whose client has sent a message; how many calls the backend has
//	message COUNT                  -> so many messages to each, one if COUNT is left out; how many have come
//	say COUNT                      -> the same of each client on its WebSocket, to the backend
//	ends SECONDS                   -> waits until all streams have ended, at most so long; ended, with a status, seconds
//	close                          -> closes all connections of clients
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What clients have seen.
type seen struct {
	heads, messages, ended, statuses atomic.Int64
}

// Waits until a count has been reached or nothing has come for some seconds.
func await(count *atomic.Int64, wanted int64, patience time.Duration) int64 {
	last, moved := count.Load(), time.Now()
	for last < wanted && time.Since(moved) < patience {
		time.Sleep(5 * time.Millisecond)
		if now := count.Load(); now != last {
			last, moved = now, time.Now()
		}
	}
	return count.Load()
}

func main() {
	server := newBackend()
	var all clients
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		words := strings.Fields(in.Text())
		numbers := []int{0, 0, 0}
		for i, word := range words[1:] {
			numbers[i], _ = strconv.Atoi(word)
		}
		switch words[0] {
		case "backend":
			fmt.Println(server.port())
		case "http2":
			all.openHTTP2(numbers[0], numbers[1], numbers[2])
			fmt.Println(await(&all.seen.heads, all.streams, 30*time.Second))
		case "http1":
			all.openHTTP1(numbers[0], numbers[1])
			fmt.Println(await(&all.seen.heads, all.streams, 30*time.Second))
		case "websocket":
			before := server.opened.Load()
			all.openWebSockets(numbers[0], numbers[1])
			fmt.Println(await(&server.opened, before+all.streams, 30*time.Second) - before)
		case "say":
			before := server.heard.Load()
			sent := all.sayOnAll(max(1, numbers[0]))
			fmt.Println(await(&server.heard, before+sent, 30*time.Second) - before)
		case "message":
			before := all.seen.messages.Load()
			sent := server.sendToAll(max(1, numbers[0]))
			fmt.Println(await(&all.seen.messages, before+sent, 30*time.Second) - before)
		case "ends":
			began := time.Now()
			await(&all.seen.ended, all.streams, time.Duration(numbers[0])*time.Second)
			fmt.Println(all.seen.ended.Load(), all.seen.statuses.Load(), time.Since(began).Seconds())
		case "close":
			all.closeAll()
			fmt.Println("closed")
		default:
			fmt.Println("unknown command", words[0])
		}
	}
}
