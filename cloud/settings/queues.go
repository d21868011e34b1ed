package settings

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// Queue is what was decided about a queue of a PBX.
type Queue struct {
	ID       int32  `json:"id"`
	Station  string `json:"station" doc:"Where it was seen"`
	Number   string `json:"number" doc:"As the PBX names it"`
	Seen     string `json:"seen" doc:"What the PBX calls it"`
	Name     string `json:"name" doc:"What it is called here; empty: as the PBX calls it"`
	Zone     string `json:"zone" doc:"IANA time zone; empty: the tenant's"`
	Calendar *int32 `json:"calendar" doc:"Its working hours; null: always open"`
}

const queues = `SELECT q.id, st.name, q.number, q.name, coalesce(s.name, ''), coalesce(s.zone, ''), s.calendar_id FROM queues q
	JOIN stations st ON st.tenant_id = q.tenant_id AND st.id = q.station_id
	LEFT JOIN queue_settings s ON s.tenant_id = q.tenant_id AND s.queue_id = q.id
	WHERE q.tenant_id = current_tenant()`

// Queues lists what was seen and decided, by station and number.
func Queues(ctx context.Context, tx pgx.Tx) ([]Queue, error) {
	return all[Queue](ctx, tx, queues+` ORDER BY st.name, q.number`)
}

// label is what a queue is called in the audit.
func (q Queue) label() string { return q.Station + "/" + q.Number }

func (e *Editor) queue(ctx context.Context, id int32) (Queue, error) {
	if _, err := e.text(ctx, `SELECT number FROM queues WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id); err != nil {
		return Queue{}, err
	}
	return one[Queue](ctx, e.tx, queues+` AND q.id = $1`, id)
}

// SetQueue names the queue of that id and says where and when it works. Station, number and seen are the PBX's to say.
func (e *Editor) SetQueue(ctx context.Context, q Queue) (Queue, error) {
	was, err := e.queue(ctx, q.ID)
	if err != nil {
		return q, err
	}
	q.Station, q.Number, q.Seen = was.Station, was.Number, was.Seen
	if q.Name, err = name(q.Name, false); err != nil {
		return q, err
	}
	if q.Zone != "" {
		if err := checkZone(q.Zone); err != nil {
			return q, err
		}
	}
	before, err := e.toldQueue(ctx, was)
	if err != nil {
		return q, err
	}
	after, err := e.toldQueue(ctx, q)
	if err != nil {
		return q, err
	}
	err = e.exec(ctx, `INSERT INTO queue_settings (tenant_id, queue_id, name, zone, calendar_id) VALUES (current_tenant(), $1, $2, $3, $4)
		ON CONFLICT (tenant_id, queue_id) DO UPDATE SET name = $2, zone = $3, calendar_id = $4`, q.ID, q.Name, q.Zone, q.Calendar)
	if err != nil {
		return q, err
	}
	return q, e.changed(ctx, "queue.change", q.label(), before, after)
}

type toldQueue struct {
	Name     string `json:"name"`
	Zone     string `json:"zone"`
	Calendar string `json:"calendar"`
}

func (e *Editor) toldQueue(ctx context.Context, q Queue) (toldQueue, error) {
	told := toldQueue{Name: cmp.Or(q.Name, q.Seen), Zone: q.Zone}
	if q.Calendar == nil {
		return told, nil
	}
	var err error
	told.Calendar, err = e.text(ctx, `SELECT name FROM calendars WHERE tenant_id = current_tenant() AND id = $1 FOR KEY SHARE`, *q.Calendar)
	if err == nil && told.Calendar == "" {
		return told, invalid(locale.Say("There are no such hours. Add them first."))
	}
	return told, err
}
