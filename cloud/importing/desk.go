package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
)

// ErrBusy says that too many imports wait already.
var ErrBusy = errors.New("too many imports wait; try again when some are done")

// mostWaiting bounds the imports that wait, and with them the files that are kept.
const mostWaiting = 4

// Desk takes imports from people and does them one after the other. Files are kept in its folder until they are read.
type Desk struct {
	deps Deps
	dir  string
	list chan *waiting
}

type waiting struct {
	run *run
	dir string
}

// NewDesk keeps files below dir; "" is the system's place for such.
func NewDesk(d Deps, dir string) *Desk {
	return &Desk{deps: d, dir: dir, list: make(chan *waiting, mostWaiting)}
}

// Upload is a file somebody sends.
type Upload struct {
	Name string
	io.Reader
}

// Take keeps the files and notes the run. What is wrong with the job itself is said here; what becomes of it is in the
// table imports.
func (d *Desk) Take(ctx context.Context, job Job, files []Upload) (err error) {
	dir, err := os.MkdirTemp(d.dir, "callweave-import-*")
	if err != nil {
		return fmt.Errorf("keep files: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	for i, f := range files {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := keep(path, f); err != nil {
			return fmt.Errorf("keep %s: %w", f.Name, err)
		}
		job.Sources = append(job.Sources, Source{Name: f.Name, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	job.Dir = dir
	if len(d.list) == cap(d.list) {
		return ErrBusy
	}
	r, err := begin(ctx, d.deps, job)
	if err != nil {
		return err
	}
	select {
	case d.list <- &waiting{run: r, dir: dir}:
		return nil
	default:
		err = ErrBusy
		return errors.Join(err, r.finish(context.WithoutCancel(ctx), err))
	}
}

func keep(path string, from io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}

// Run does what was taken until ctx ends. What is not done by then is noted as interrupted.
func (d *Desk) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			d.clear(ctx)
			return nil
		case w := <-d.list:
			d.do(ctx, w)
		}
	}
}

func (d *Desk) do(ctx context.Context, w *waiting) {
	defer func() { _ = os.RemoveAll(w.dir) }()
	sum, err := w.run.do(ctx)
	if err != nil {
		d.deps.Log.WarnContext(ctx, "import failed", slog.String("tenant", w.run.job.Tenant.String()), slog.String("import", w.run.job.ID.String()), slog.Any("error", err))
		return
	}
	d.deps.Log.InfoContext(ctx, "import done", slog.String("tenant", w.run.job.Tenant.String()), slog.String("import", w.run.job.ID.String()),
		slog.Int("calls", sum.Calls), slog.Int("written", sum.Written))
}

// clear notes that what waits will not be done.
func (d *Desk) clear(ctx context.Context) {
	for {
		select {
		case w := <-d.list:
			_ = w.run.finish(context.WithoutCancel(ctx), context.Canceled)
			_ = os.RemoveAll(w.dir)
		default:
			return
		}
	}
}
