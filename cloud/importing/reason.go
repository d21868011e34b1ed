package importing

// Sentence says in plain words why the logs differ, "" where it is not known.
func (d *Difference) Sentence() string {
	switch d.Reason {
	case NoHolds:
		return "the logs do not tell holds"
	case NoNumber:
		return "queue_log does not tell what number was dialled"
	case AfterTransfer:
		return "queue_log ends with a transfer, or counts the talk after it as the member's"
	case NoDevice:
		return "queue_log names a member of which no device is known"
	case OutsideQueues:
		return "queue_log tells of queues only"
	case NoBridges:
		return "CDR does not tell who heard whom"
	case HeardInPart:
		return "it was heard in part only"
	case RefusedUnseen:
		return "the logs do not tell that a queue refused the call"
	case NoConsultation:
		return "nothing in the logs ties a consultation to the call it was about"
	case Unknown:
	}
	return ""
}
