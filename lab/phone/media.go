package phone

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// media is the audio of a call: 20 ms packets of µ-law silence to wherever the other end's SDP says.
type media struct {
	conn net.PacketConn
	ip   string
	port int
	mute bool

	mu      sync.Mutex
	to      *net.UDPAddr
	running chan struct{} // closed to stop the sender; nil when it does not run
	closed  bool
}

func openMedia(c Config) (*media, error) {
	conn, err := net.ListenPacket("udp4", c.IP+":0")
	if err != nil {
		return nil, fmt.Errorf("open audio: %w", err)
	}
	return &media{conn: conn, ip: c.IP, mute: c.Mute, port: conn.LocalAddr().(*net.UDPAddr).Port}, nil
}

var (
	sdpHost = regexp.MustCompile(`(?m)^c=IN IP4 (\S+)`)
	sdpPort = regexp.MustCompile(`(?m)^m=audio (\d+)`)
)

// aim learns from an SDP where to send.
func (m *media) aim(sdp []byte) {
	host, port := sdpHost.FindSubmatch(sdp), sdpPort.FindSubmatch(sdp)
	if host == nil || port == nil {
		return
	}
	n, err := strconv.Atoi(string(port[1]))
	if err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.to = &net.UDPAddr{IP: net.ParseIP(string(host[1])), Port: n}
}

// start begins to send; a second start does nothing.
func (m *media) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running == nil && !m.closed && !m.mute {
		m.running = make(chan struct{})
		go m.send(m.running)
	}
}

func (m *media) send(stop chan struct{}) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	packet := make([]byte, 12+160)
	packet[0] = 0x80 // version 2, payload type 0 follows
	binary.BigEndian.PutUint32(packet[8:], rand.Uint32())
	for i := range packet[12:] {
		packet[12+i] = 0xff
	}
	for n := uint32(0); ; n++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		binary.BigEndian.PutUint16(packet[2:], uint16(n))
		binary.BigEndian.PutUint32(packet[4:], n*160)
		m.mu.Lock()
		to := m.to
		m.mu.Unlock()
		if to != nil {
			_, _ = m.conn.WriteTo(packet, to) // lost audio is like any lost audio
		}
	}
}

// close ends sending and gives the socket back; a second close does nothing.
func (m *media) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.closed = true
	if m.running != nil {
		close(m.running)
	}
	_ = m.conn.Close() // nothing was promised about audio
}

// sdp describes our audio.
func (m *media) sdp(revision int, direction string) string {
	return fmt.Sprintf("v=0\r\no=- 1 %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 8\r\n"+
		"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=%s\r\n", revision, m.ip, m.ip, m.port, direction)
}

type bodied interface {
	AppendHeader(sip.Header)
	SetBody([]byte)
}

// offer puts our audio into a request.
func (c *Call) offer(req *sip.Request, direction string) { c.describe(req, direction) }

// describe puts our audio into a message.
func (c *Call) describe(m bodied, direction string) {
	c.phone.mu.Lock()
	c.sdpRev++
	body := c.media.sdp(c.sdpRev, direction)
	c.phone.mu.Unlock()
	m.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	m.SetBody([]byte(body))
}
