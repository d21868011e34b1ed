package api_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// sentNow stands for the queue of jobs.
type sentNow struct {
	mu  sync.Mutex
	ids []int32
}

func (s *sentNow) SendNow(_ context.Context, _ tenants.ID, id int32) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, id)
	return time.Now(), nil
}

// aSchedule goes to a user whose log-in is an address, who is there after the first call.
func (f *fixture) aSchedule(name string) map[string]any {
	f.t.Helper()
	if f.people["boris@acme.test"] == [16]byte{} {
		f.addReader()
	}
	return map[string]any{
		"name": name, "query": map[string]any{
			"report": "queues", "from": 0, "to": 0, "zone": "", "count": "", "interval": 0, "filter": map[string]any{"hours": ""}, "sort": "", "limit": 0, "days": 0, "same": false, "now": 0,
		}, "search": "queue=1,2", "period": "yesterday", "rhythm": map[string]any{"every": "week", "weekdays": []int{1}, "at": 480, "zone": "Europe/Moscow"},
		"language": "ru", "formats": []string{"xlsx"}, "users": []string{f.people["boris@acme.test"].String()}, "addresses": []string{}, "paused": false,
	}
}

func (f *fixture) addReader() {
	f.t.Helper()
	id, err := users.New(f.db, users.NewTestPasswords(), time.Now).CreateUser(f.t.Context(), f.mine, users.NewUser{Login: "boris@acme.test", Name: "BORIS", Password: password, Role: rights.Supervisor})
	must(f.t, err)
	f.people["boris@acme.test"] = id
}

func (f *fixture) addSchedule(login string) (s api.Schedule) {
	f.t.Helper()
	f.as(login).do("POST", "/schedules", f.aSchedule("Mornings")).into(f.t, &s)
	return s
}

func TestSchedulesAreSetUpByTheirOwnersAndLookedAfterByAdministrators(t *testing.T) {
	f := newFixture(t)
	made := f.addSchedule("sveta")
	if made.Next == nil || made.Next.Weekday() != time.Monday || made.Next.Hour() != 5 || !made.Own || made.Last != nil {
		t.Errorf("%+v", made)
	}
	anna := f.as("anna")
	var list struct{ Schedules []api.Schedule }
	anna.do("GET", "/schedules", nil).into(t, &list)
	if len(list.Schedules) != 1 || list.Schedules[0].Owner != "SVETA" || list.Schedules[0].Own {
		t.Errorf("an administrator sees %+v", list.Schedules)
	}
	f.as("boris@acme.test").do("GET", "/schedules", nil).into(t, &list)
	if len(list.Schedules) != 0 {
		t.Errorf("another supervisor sees %+v", list.Schedules)
	}
	paused := f.aSchedule("Mornings")
	paused["paused"] = true
	var after api.Schedule
	anna.do("PUT", "/schedules/"+itoa(made.ID), paused).into(t, &after)
	if !after.Paused || after.Next != nil || after.Owner != "SVETA" {
		t.Errorf("paused: %+v", after)
	}
	if r := f.as("sveta").do("POST", "/schedules/"+itoa(made.ID)+"/send", nil); r.status != 202 || len(f.sent.ids) != 1 || f.sent.ids[0] != made.ID {
		t.Errorf("%d %s, sent %v", r.status, r.body, f.sent.ids)
	}
	if r := anna.do("GET", "/audit?action=schedule", nil); strings.Count(string(r.body), `"action":"schedule.`) != 3 {
		t.Errorf("audit: %s", r.body)
	}
}

func TestHistoryTellsInTheViewersLanguageWhatWentWrong(t *testing.T) {
	f := newFixture(t)
	s := f.addSchedule("sveta")
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO sendings (tenant_id, schedule_id, due, by_hand, from_at, to_at, state, why, ended) VALUES (current_tenant(), $1, now(), false, now(), now(), 'failed', 'sign-in', now())`, s.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `INSERT INTO letters (tenant_id, schedule_id, due, address, state, why, detail) SELECT current_tenant(), schedule_id, due, 'boris@acme.test', 'failed', 'sign-in', '535 no' FROM sendings`)
		return err
	}))
	sveta := f.as("sveta")
	sveta.do("PATCH", "/session", map[string]string{"language": "ru"})
	var history struct{ Sendings []api.Sending }
	sveta.do("GET", "/schedules/"+itoa(s.ID)+"/sendings", nil).into(t, &history)
	if len(history.Sendings) != 1 || len(history.Sendings[0].Letters) != 1 {
		t.Fatalf("%+v", history)
	}
	if l := history.Sendings[0].Letters[0]; l.Problem != "Почтовый сервер не принимает логин и пароль." || l.Detail != "535 no" || l.State != "failed" {
		t.Errorf("%+v", l)
	}
	var list struct{ Schedules []api.Schedule }
	sveta.do("GET", "/schedules", nil).into(t, &list)
	if list.Schedules[0].Last == nil || list.Schedules[0].Last.State != "failed" {
		t.Errorf("%+v", list.Schedules[0].Last)
	}
}

func TestScheduleToAnAddressNobodyAllowedIsRefusedInWords(t *testing.T) {
	f := newFixture(t)
	s := f.aSchedule("Mornings")
	s["addresses"] = []string{"boss@elsewhere.test"}
	r := f.as("sveta").do("POST", "/schedules", s)
	if r.status != 422 || r.code(t) != "invalid" || !strings.Contains(string(r.body), "boss@elsewhere.test") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestRecipientsAreUsersWithAnAddressAndWhatIsAllowed(t *testing.T) {
	f := newFixture(t)
	f.addReader()
	f.as("anna").do("PUT", "/settings/mail", someMail())
	var got struct {
		Mail    bool
		Users   []api.Recipient
		Allowed []string
	}
	f.as("sveta").do("GET", "/recipients", nil).into(t, &got)
	if !got.Mail || len(got.Users) != 1 || got.Users[0].Name != "BORIS" || got.Users[0].Address != "boris@acme.test" || len(got.Allowed) != 1 {
		t.Errorf("%+v", got)
	}
}
