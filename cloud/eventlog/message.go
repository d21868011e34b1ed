package eventlog

import (
	"github.com/google/uuid"

	"github.com/callweave/callweave/tenants"
)

// Message is one sealed batch on its way from an agent to the assembler. Without a batch it says nothing but that the
// tenant is to be looked at.
type Message struct {
	Tenant                    tenants.ID
	Agent                     uuid.UUID
	PBX                       int32
	Stream, FirstSeq, LastSeq uint64
	Batch                     []byte
}
