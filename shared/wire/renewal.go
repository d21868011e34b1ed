package wire

// Renew asks, over a connection that the old certificate has opened, for the agent's next certificate.
type Renew struct {
	Request []byte `cbor:"1,keyasint"` // PKCS #10, DER; only its key counts
}

// Certificate answers Renew.
type Certificate struct {
	Chain []byte `cbor:"1,keyasint"` // PEM, the agent's certificate first
}

// Kind of a Renew.
func (Renew) Kind() FrameKind { return FrameRenew }

// Kind of a Certificate.
func (Certificate) Kind() FrameKind { return FrameCertificate }
