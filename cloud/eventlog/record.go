package eventlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/callweave/callweave/tenants"
)

// A record is what one message of the log holds: the batches that were waiting for their partition at one moment.
//
//	version u8 = 1 | batch*
//	batch: tenant [16] | agent [16] | pbx u32 | stream u64 | first u64 | last u64 | length u32 | bytes     (big endian)
const (
	recordVersion = 1
	batchHeader   = 16 + 16 + 4 + 8 + 8 + 8 + 4
)

var errRecord = errors.New("record of the event log cannot be read")

func appendBatch(dst []byte, m *Message) []byte {
	tenant := m.Tenant.UUID()
	dst = append(dst, tenant[:]...)
	dst = append(dst, m.Agent[:]...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(m.PBX))
	dst = binary.BigEndian.AppendUint64(dst, m.Stream)
	dst = binary.BigEndian.AppendUint64(dst, m.FirstSeq)
	dst = binary.BigEndian.AppendUint64(dst, m.LastSeq)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(m.Batch)))
	return append(dst, m.Batch...)
}

// readRecord calls fn for each batch; its bytes are part of rec.
func readRecord(rec []byte, fn func(Message)) error {
	if len(rec) == 0 || rec[0] != recordVersion {
		return errRecord
	}
	for rec = rec[1:]; len(rec) > 0; {
		if len(rec) < batchHeader {
			return errRecord
		}
		m := Message{
			Tenant:   tenants.FromUUID(uuid.UUID(rec[:16])),
			Agent:    uuid.UUID(rec[16:32]),
			PBX:      int32(binary.BigEndian.Uint32(rec[32:])),
			Stream:   binary.BigEndian.Uint64(rec[36:]),
			FirstSeq: binary.BigEndian.Uint64(rec[44:]),
			LastSeq:  binary.BigEndian.Uint64(rec[52:]),
		}
		size := int(binary.BigEndian.Uint32(rec[60:]))
		if rec = rec[batchHeader:]; size > len(rec) {
			return errRecord
		}
		m.Batch, rec = rec[:size:size], rec[size:]
		fn(m)
	}
	return nil
}

// dedupeID names a batch for the log's window of duplicates.
func dedupeID(m *Message) string {
	return fmt.Sprintf("%s/%x/%x-%x", m.Agent, m.Stream, m.FirstSeq, m.LastSeq)
}
