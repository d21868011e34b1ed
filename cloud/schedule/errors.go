package schedule

import (
	"errors"

	"github.com/callweave/callweave/cloud/locale"
)

// ErrNotFound is a schedule that is not there, or not the user's to see.
var ErrNotFound = errors.New("there is no such schedule")

// RefusalError is why a schedule was not taken, in words for whoever gave it.
type RefusalError struct{ Say locale.Sentence }

func (e *RefusalError) Error() string { return e.Say.String() }

func refuse(say locale.Sentence) error { return &RefusalError{say} }
